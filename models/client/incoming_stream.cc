#include "models/client/incoming_stream.h"

#include <algorithm>
#include <utility>

namespace callflow::client {

namespace {

receiver::MeterConfig withPlaces(receiver::MeterConfig config, std::size_t places, bool traced) {
  config.queueingElements = places;
  config.trace = traced;
  return config;
}

}  // namespace

IncomingStream::IncomingStream(path::Transit& transit, const receiver::MeterConfig& meter,
                               std::vector<fabric::LinkId> places, std::uint32_t ssrc)
    : transit_(transit),
      ssrc_(ssrc),
      meter_(withPlaces(meter, places.size(), transit.traced())),
      places_(std::move(places)) {}

void IncomingStream::onArrival(path::FrameHandle handle, TimePoint now) {
  const path::Frame& frame = transit_[handle];
  const path::Journey& journey = transit_.journey(handle);
  log_.addArrival(now, frame.sequence, frame.carriesPrevious, journey.copies, journey.parts,
                  journey.waits);
  losses_.received(frame.sequence);
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
    const auto at = std::find(places_.begin(), places_.end(), wait.link);
    queueing_.push_back({static_cast<std::size_t>(at - places_.begin()), wait.time});
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
