// A stream at its receiver: what came of it is measured and reported.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "models/client/loss_report.h"
#include "models/fabric/packet.h"
#include "models/path/transit.h"
#include "models/receiver/stream_meter.h"

namespace callflow::client {

class IncomingStream : public path::MediaEnd {
 public:
  // `ssrc`: the number of its sender in the call. `places`: where its frames may have to wait
  // (links, and boxes that hold packets), as often as they are passed; positions there are the
  // elements of its report's queueing.
  IncomingStream(path::Transit& transit, const receiver::MeterConfig& meter,
                 std::vector<fabric::LinkId> places, std::uint32_t ssrc);

  void onSent(std::int64_t sequence, DataSize size, receiver::FrameKind kind,
              TimePoint now) override;
  void onArrival(path::FrameHandle handle, TimePoint now) override;
  void onLost(const path::Frame& frame) override;
  void onLeftOver(const path::Frame& frame) override { keepTrace(frame); }

  std::uint32_t ssrc() const { return ssrc_; }
  LossReporter& losses() { return losses_; }
  void scoreFrom(TimePoint time) { meter_.scoreFrom(time); }
  // Settles it; once. Frames on their way count as in flight.
  receiver::StreamReport finish(TimePoint end) { return meter_.finish(end); }
  const std::vector<fabric::LinkId>& places() const { return places_; }
  // By sequence; traced runs only.
  const std::map<std::int64_t, std::vector<path::Crossing>>& crossings() const {
    return crossings_;
  }

 private:
  void keepTrace(const path::Frame& frame);

  path::Transit& transit_;
  receiver::StreamMeter meter_;
  LossReporter losses_;
  std::uint32_t ssrc_;
  std::vector<fabric::LinkId> places_;
  std::vector<receiver::QueueingAt> queueing_;  // of one frame; kept for its memory
  std::map<std::int64_t, std::vector<path::Crossing>> crossings_;
};

}  // namespace callflow::client
