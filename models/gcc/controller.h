// Google congestion control as libwebrtc has it (goog_cc_network_control.cc): what delay, loss and
// probes say of the path becomes the target of encoders and the rate of the pacer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/congestion/controller.h"
#include "models/gcc/alr.h"
#include "models/gcc/delay_based.h"
#include "models/gcc/loss_based.h"
#include "models/gcc/parameters.h"
#include "models/gcc/probe_controller.h"
#include "models/gcc/probe_estimate.h"
#include "models/gcc/pushback.h"
#include "models/gcc/target.h"
#include "models/gcc/throughput.h"

namespace callflow::gcc {

class Controller final : public congestion::Controller {
 public:
  explicit Controller(const Parameters& parameters);

  void onDemand(const congestion::Demand& demand, TimePoint now) override;
  void onSent(const congestion::SentPacket& packet, DataSize inFlight) override;
  void onFeedback(const congestion::Feedback& feedback) override;
  void onRoundTrip(Duration roundTrip, TimePoint now) override;
  void onLoss(std::int64_t lost, std::int64_t expected, TimePoint now) override;
  void onPathChanged(TimePoint now) override;
  void process(TimePoint now) override;
  Duration period() const override;

  const congestion::Targets& targets() const override { return targets_; }
  std::vector<congestion::Probe> takeProbes() override;

 private:
  // What depends on the path.
  struct PathState {
    explicit PathState(Version version);

    std::unique_ptr<Throughput> throughput;
    ProbeEstimate probeEstimate;
    DelayBased delayBased;
    std::optional<LossBased> lossBased;  // nothing: by the rules
  };

  void begin(DataRate start, TimePoint now);
  void setLimits();
  void takeArrived(const congestion::Feedback& feedback);
  void noteRoundTrips(const congestion::Feedback& feedback);
  void noteEndOfLimitedPeriod(TimePoint now);
  std::optional<DataRate> probed(std::optional<DataRate> acknowledged);
  void useDelayBased(const DelayBased::Result& result);
  void useLosses(const congestion::Feedback& feedback);
  void refresh(TimePoint now);
  Limit limit() const;
  void pace();

  Parameters parameters_;
  congestion::Demand demand_;
  bool begun_ = false, heard_ = false;
  bool wasLimited_ = false;

  PathState path_;
  Target target_;
  ProbeController probes_;
  AlrDetector alr_;
  Pushback pushback_;

  std::vector<congestion::PacketResult> arrived_;  // of the latest feedback, in order of arrival
  congestion::Targets targets_;
  DataRate reduced_;  // the target that encoders get while too much is in flight
  LossState lossState_ = LossState::delayBased;
};

}  // namespace callflow::gcc
