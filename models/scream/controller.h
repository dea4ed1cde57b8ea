// SCReAM (RFC 8298): a window of bytes in flight that seeks a queue of 100 ms, and beside it a
// target for encoders that looks at what waits for the window.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/congestion/controller.h"
#include "models/scream/delay_target.h"
#include "models/scream/media_rate.h"
#include "models/scream/parameters.h"
#include "models/scream/queue_delay.h"
#include "models/scream/window.h"
#include "src/units/units.h"

namespace callflow::scream {

class Controller final : public congestion::Controller {
 public:
  explicit Controller(const Parameters& parameters = {});

  void onDemand(const congestion::Demand& demand, TimePoint now) override;
  void onSent(const congestion::SentPacket& packet, DataSize inFlight) override;
  void onFeedback(const congestion::Feedback& feedback) override;
  void onRoundTrip(Duration roundTrip, TimePoint now) override;
  // Feedback says it of each packet.
  void onLoss(std::int64_t, std::int64_t, TimePoint) override {}
  void onQueue(DataSize waiting) override;
  // Sets the rate anew.
  void process(TimePoint now) override;
  Duration period() const override { return parameters_.rateInterval; }

  // `pacing` is all that keeps to the window: while it is full, the least there is. So it must be
  // looked at anew after each packet.
  const congestion::Targets& targets() const override { return targets_; }
  std::vector<congestion::Probe> takeProbes() override { return {}; }  // it has none

  DataSize window() const { return window_.size(); }

 private:
  void countRound(TimePoint now);
  void publish();
  bool windowIsFull() const;

  Parameters parameters_;
  QueueDelay delay_;
  DelayTarget delayTarget_;
  Window window_;
  MediaRate rate_;

  Duration roundTrip_;  // s_rtt
  bool roundTripKnown_ = false;
  std::int64_t acknowledged_ = -1;     // highest sequence
  std::optional<TimePoint> lastLoss_;  // event
  double lossEvents_ = 0;              // loss_event_rate
  TimePoint nextRound_;                // when it is counted next
  bool lostInRound_ = false;

  DataSize inFlight_, packet_;  // packet_: size of the last
  DataSize waiting_, waitingBefore_;
  DataSize leastWaiting_;  // in the interval: frames that only pass through do not count
  DataSize sentInInterval_, acknowledgedInInterval_;
  std::optional<TimePoint> intervalBegan_;
  congestion::Targets targets_;
};

}  // namespace callflow::scream
