#include "models/client/incoming_stream.h"

#include <algorithm>
#include <utility>

namespace callflow::client {

namespace {

receiver::MeterConfig traced(receiver::MeterConfig config, bool traced) {
  config.trace = traced;
  return config;
}

}  // namespace

IncomingStream::IncomingStream(path::Transit& transit, const receiver::MeterConfig& meter,
                               std::uint32_t ssrc)
    : transit_(transit), ssrc_(ssrc), meter_(traced(meter, transit.traced())) {}

void IncomingStream::addPlaces(std::span<const fabric::LinkId> places) {
  for (const fabric::LinkId place : places) positionOf(place);
}

std::size_t IncomingStream::positionOf(fabric::LinkId place) {
  const auto found = std::find(places_.begin(), places_.end(), place);
  if (found != places_.end()) return static_cast<std::size_t>(found - places_.begin());
  places_.push_back(place);
  meter_.widen(places_.size());
  return places_.size() - 1;
}

void IncomingStream::onArrival(path::FrameHandle handle, TimePoint now) {
  const path::Frame& frame = transit_[handle];
  const path::Journey& journey = transit_.journey(handle);
  log_.addArrival(now, frame.sequence, frame.carriesPrevious, journey.copies, journey.parts,
                  journey.waits);
  losses_.received(frame.sequence);
  if (session_ != nullptr) session_->noteAudioArrival(frame.sequence, now);
  keepTrace(handle);
  transit_.release(handle);
}

void IncomingStream::onLost(path::FrameHandle handle) {
  log_.addLoss(transit_.now(), transit_[handle].sequence);
  keepTrace(handle);
}

// Frames are told of by what came between them, so that the meter hears all in order of time.
void IncomingStream::onSent(std::span<const path::SentFrame> frames) {
  ArrivalLog::Reader log(log_);
  Arrival arrival;
  bool more = log.next(arrival);
  for (const path::SentFrame& frame : frames) {
    for (; more && arrival.time < frame.sent; more = log.next(arrival)) measure(arrival);
    meter_.sent(frame.sequence, frame.sent, frame.size, frame.kind);
  }
  for (; more; more = log.next(arrival)) measure(arrival);
  log_.clear();
}

void IncomingStream::measure(const Arrival& arrival) {
  if (arrival.lost) {
    meter_.dropped(arrival.sequence);
    return;
  }
  queueing_.clear();
  for (const fabric::Wait& wait : arrival.waits) {
    queueing_.push_back({positionOf(wait.link), wait.time});
  }
  if (arrival.carriesPrevious) {
    meter_.receivedWithin(arrival.sequence, arrival.sequence - 1, arrival.time, arrival.parts,
                          queueing_);
  }
  meter_.received(arrival.sequence, arrival.time, arrival.parts, queueing_, arrival.copies);
}

receiver::StreamReport IncomingStream::finish(TimePoint end) {
  onSent({});
  return meter_.finish(end);
}

void IncomingStream::keepTrace(path::FrameHandle handle) {
  if (transit_.traced()) {
    crossings_[transit_[handle].sequence] = transit_.journey(handle).crossings;
  }
}

}  // namespace callflow::client
