// A stream at its receiver: what came of it is measured and reported.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "models/client/arrival_log.h"
#include "models/client/loss_report.h"
#include "models/fabric/packet.h"
#include "models/path/transit.h"
#include "models/receiver/stream_meter.h"
#include "models/rtp/session.h"

namespace callflow::client {

// What each packet touches fits in its first cache line.
class alignas(64) IncomingStream : public path::MediaEnd {
 public:
  // `ssrc`: the number of its sender in the call.
  IncomingStream(path::Transit& transit, const receiver::MeterConfig& meter, std::uint32_t ssrc);

  // Where its frames may have to wait (links, and boxes that hold packets): positions in places()
  // are the elements of its report's queueing. Others come behind as frames wait there.
  void addPlaces(std::span<const fabric::LinkId> places);

  // What comes is part of a session, which must outlive it.
  void setSession(rtp::Session& session) { session_ = &session; }

  // Measures what has come up to now as well.
  void onSent(std::span<const path::SentFrame> frames) override;
  void onArrival(path::FrameHandle handle, TimePoint now) override;
  void onLost(path::FrameHandle handle) override;
  void onLeftOver(path::FrameHandle handle) override { keepTrace(handle); }

  std::uint32_t ssrc() const { return ssrc_; }
  LossReporter& losses() { return losses_; }
  void scoreFrom(TimePoint time) { meter_.scoreFrom(time); }
  // Audio-video synchronization: as it stands by what was told last.
  void holdBack(Duration least) { meter_.holdBack(least); }
  receiver::Standing standing() const { return meter_.standing(); }
  // Settles it, when all that was sent has been told; once. Frames on their way count as in flight.
  receiver::StreamReport finish(TimePoint end);
  const std::vector<fabric::LinkId>& places() const { return places_; }
  // By sequence; traced runs only.
  const std::map<std::int64_t, std::vector<path::Crossing>>& crossings() const {
    return crossings_;
  }

 private:
  void measure(const Arrival& arrival);
  std::size_t positionOf(fabric::LinkId place);
  void keepTrace(path::FrameHandle handle);

  path::Transit& transit_;
  ArrivalLog log_;  // what the meter has not been told
  LossReporter losses_;
  std::uint32_t ssrc_;
  rtp::Session* session_ = nullptr;
  receiver::StreamMeter meter_;
  std::vector<fabric::LinkId> places_;
  std::vector<receiver::QueueingAt> queueing_;  // of one frame; kept for its memory
  std::map<std::int64_t, std::vector<path::Crossing>> crossings_;
};

}  // namespace callflow::client
