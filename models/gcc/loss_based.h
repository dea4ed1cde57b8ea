// libwebrtc's estimate by losses (goog_cc/loss_based_bwe_v2.cc, in use since 2023): of a few rates
// near the present one that is taken under which the losses seen are the likeliest. It is not
// raised to where losses began for a while, and not faster than by a third in 300 ms.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "models/gcc/loss_model.h"
#include "models/gcc/loss_observations.h"

namespace callflow::gcc {

enum class LossState {
  increasing,             // of its own accord; only where padding is off
  increasingWithPadding,  // padding shows whether the path carries more
  decreasing,             // and what follows, as long as it may not rise
  delayBased,             // losses limit nothing
};

struct LossParameters {
  // Of average losses above 5 %: the estimate is at most this / (loss - 5 %). libwebrtc of 2026;
  // 75 kbit/s in that of 2024.
  DataRate balance = DataRate::kbps(100);
  DataRate inherentBalance = DataRate::kbps(100);      // see LossModel; 75 kbit/s in 2024 too
  int window = 15;                                     // observations that count
  int leastObservations = 3;                           // before it says anything
  std::array<double, 3> candidates = {1.02, 1, 0.95};  // of the present estimate
  double preferredLoss = 0.2;                          // see LossModel
  double rampUp = 1.5;                // of what arrives, when rising; in a hold 1.2
  Duration padding = Duration::s(2);  // how long padding goes on without a rise; 0: none
};

struct LossEstimate {
  DataRate rate = DataRate::unlimited();  // unlimited: it knows none
  LossState state = LossState::delayBased;
};

class LossBased {
 public:
  explicit LossBased(const LossParameters& parameters = {});

  void setLimits(DataRate least, DataRate most);
  // What arrives, as the throughput estimate has it. The estimate never goes below.
  void setAcknowledged(DataRate rate);
  // As if it had been found. For a start from what is known.
  void setEstimate(DataRate rate);
  // `delayBased` is unlimited if there is none yet. `applicationLimited`: less is sent than might
  // be, so that what arrives says little.
  void onFeedback(const std::vector<congestion::PacketResult>& packets, DataRate delayBased,
                  bool applicationLimited);

  // It has seen enough to say something; libwebrtc then uses it from the start of a call on.
  bool ready() const;
  // The delay-based estimate, until ready.
  LossEstimate estimate() const;
  double averageLoss() const { return observations_.averageLoss(); }

 private:
  bool limited() const { return estimate_.state != LossState::delayBased; }
  bool increasing() const;
  bool rises(DataRate from, DataRate to) const;
  bool mayKeepIncreasing(DataRate rate) const;
  DataRate floor() const;
  DataRate ceiling() const;
  LossChannel bestCandidate(bool applicationLimited) const;
  void limitRise(LossChannel& candidate) const;
  void settle(DataRate bounded);
  void openWindow();

  LossParameters parameters_;
  LossModel model_;
  LossObservations observations_;

  DataRate least_ = DataRate::kbps(1);
  DataRate most_ = DataRate::unlimited();
  std::optional<DataRate> acknowledged_;
  DataRate delayBased_ = DataRate::unlimited();

  bool known_ = false;  // channel_ has a bandwidth
  LossChannel channel_;
  LossEstimate estimate_;

  // In each window of 300 ms of a limited state no rise goes beyond the window's limit.
  std::optional<TimePoint> windowFrom_;
  DataRate windowLimit_ = DataRate::unlimited();
  // After a fall the estimate holds, each time for twice as long.
  std::optional<TimePoint> holdUntil_;
  Duration holdFor_;
  DataRate holdRate_ = DataRate::unlimited();
  std::optional<TimePoint> paddingFrom_;
  DataRate paddingRate_;
};

}  // namespace callflow::gcc
