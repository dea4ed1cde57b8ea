// NADA (RFC 8698): one signal of delay and loss, fast growth while there is none, and small steps
// towards the rate at which the signal is what the flow's share asks for.
#pragma once

#include <optional>
#include <vector>

#include "models/congestion/controller.h"
#include "models/nada/observer.h"
#include "models/nada/parameters.h"
#include "src/units/units.h"

namespace callflow::nada {

class Controller final : public congestion::Controller {
 public:
  explicit Controller(const Parameters& parameters = {});

  void onDemand(const congestion::Demand& demand, TimePoint now) override;
  void onSent(const congestion::SentPacket&, DataSize) override {}
  // Each message is a step of the sender's algorithm, section 4.3.
  void onFeedback(const congestion::Feedback& feedback) override;
  void onRoundTrip(Duration roundTrip, TimePoint now) override;
  // Feedback says it of each packet.
  void onLoss(std::int64_t, std::int64_t, TimePoint) override {}
  // What waits in the rate-shaping buffer, section 5.2.
  void onQueue(DataSize waiting) override;
  void process(TimePoint) override {}
  Duration period() const override { return parameters_.feedbackInterval; }

  const congestion::Targets& targets() const override { return targets_; }
  std::vector<congestion::Probe> takeProbes() override { return {}; }  // it has none

 private:
  void grow();
  void adjust(Duration since);
  void publish();

  Parameters parameters_;
  Observer observer_;
  DataRate reference_;                     // r_ref
  Duration signal_;                        // x_prev
  Duration roundTrip_;                     // zero: not known
  std::optional<TimePoint> lastFeedback_;  // t_last
  DataSize waiting_;
  congestion::Targets targets_;
};

}  // namespace callflow::nada
