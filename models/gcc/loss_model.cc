#include "models/gcc/loss_model.h"

#include <algorithm>
#include <cmath>

namespace callflow::gcc {
namespace {

// libwebrtc, goog_cc/loss_based_bwe_v2.cc, the values in use where no field trial says otherwise.
constexpr double kLeastInherent = 1e-3;
constexpr double kMostInherentOfAll = 0.05;
constexpr double kNewtonStep = 0.75;
constexpr double kPreferencePerKbps = 0.0002;
constexpr double kPreferencePerLog = 0.02;
constexpr double kPreferenceSmoothing = 0.002;
constexpr double kLeastProbability = 1e-6;

// That a packet is lost which was sent at this rate.
double lossProbability(const LossChannel& channel, DataRate rate) {
  double probability = channel.inherentLoss;
  if (rate > channel.bandwidth) {
    const double excess = static_cast<double>((rate - channel.bandwidth).count());
    probability += (1 - channel.inherentLoss) * excess / static_cast<double>(rate.count());
  }
  return std::clamp(probability, kLeastProbability, 1 - kLeastProbability);
}

}  // namespace

LossChannel LossModel::feasible(LossChannel channel) const {
  double most = 1;
  if (channel.bandwidth > DataRate{}) {
    most = std::min(1.0, kMostInherentOfAll + static_cast<double>(balance_.count()) /
                                                  static_cast<double>(channel.bandwidth.count()));
  }
  channel.inherentLoss = std::min(std::max(channel.inherentLoss, kLeastInherent), most);
  return channel;
}

// Newton's method on the likelihood's derivative by the loss probability.
LossChannel LossModel::refined(LossChannel channel, const LossObservations& observations) const {
  double first = 0;
  double second = 0;
  observations.forEach([&](const LossObservation& observation, double weight) {
    const double lost = lossProbability(channel, observation.rate);
    const double kept = 1 - lost;
    const double ofLost = observation.lost / lost;
    const double ofKept = (observation.sent - observation.lost) / kept;
    first += weight * (ofLost - ofKept);
    second -= weight * (ofLost / lost + ofKept / kept);
  });
  if (second >= 0) second = -kLeastProbability;  // nothing was sent
  channel.inherentLoss -= kNewtonStep * first / second;
  return feasible(channel);
}

double LossModel::likelihood(const LossChannel& channel,
                             const LossObservations& observations) const {
  const double preferred = preference(channel.bandwidth, observations.averageLoss());
  double sum = 0;
  observations.forEach([&](const LossObservation& observation, double weight) {
    const double lost = lossProbability(channel, observation.rate);
    sum += weight * (observation.lost * std::log(lost) +
                     (observation.sent - observation.lost) * std::log(1 - lost));
    sum += weight * preferred * observation.sent;
  });
  return sum;
}

double LossModel::preference(DataRate bandwidth, double averageLoss) const {
  const double kbps = std::round(static_cast<double>(bandwidth.count()) / 1000);
  const double below = preferred_ - averageLoss;
  const double sign = below / (kPreferenceSmoothing + std::abs(below));
  return sign * (kPreferencePerKbps * kbps + kPreferencePerLog * std::log(1 + kbps));
}

}  // namespace callflow::gcc
