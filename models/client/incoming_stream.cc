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
      meter_(withPlaces(meter, places.size(), transit.traced())),
      ssrc_(ssrc),
      places_(std::move(places)) {}

void IncomingStream::onSent(std::int64_t sequence, DataSize size, receiver::FrameKind kind,
                            TimePoint now) {
  meter_.sent(sequence, now, size, kind);
}

void IncomingStream::onArrival(path::FrameHandle handle, TimePoint now) {
  const path::Frame& frame = transit_[handle];
  queueing_.clear();
  for (const fabric::Wait& wait : frame.waits) {
    const auto at = std::find(places_.begin(), places_.end(), wait.link);
    queueing_.push_back({static_cast<std::size_t>(at - places_.begin()), wait.time});
  }
  if (frame.carriesPrevious) {
    meter_.receivedWithin(frame.sequence, frame.sequence - 1, now, frame.parts, queueing_);
  }
  meter_.received(frame.sequence, now, frame.parts, queueing_, frame.copies);
  losses_.received(frame.sequence);
  keepTrace(frame);
  transit_.release(handle);
}

void IncomingStream::onLost(const path::Frame& frame) {
  meter_.dropped(frame.sequence);
  keepTrace(frame);
}

void IncomingStream::keepTrace(const path::Frame& frame) {
  if (transit_.traced()) crossings_[frame.sequence] = frame.crossings;
}

}  // namespace callflow::client
