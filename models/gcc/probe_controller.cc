#include "models/gcc/probe_controller.h"

#include <algorithm>
#include <utility>

namespace callflow::gcc {
namespace {

// libwebrtc, goog_cc/probe_controller.cc, the values in use where no field trial says otherwise.
constexpr DataRate kMostByDefault = DataRate::mbps(5);
constexpr Duration kWait = Duration::s(1);  // for what a probe finds out
// A probe.
constexpr int kPackets = 5;
constexpr Duration kLength = Duration::ms(15);
constexpr Duration kSpacing = Duration::ms(2);
// Times the start rate.
constexpr double kFirst = 3;
constexpr double kSecond = 6;
// A result above this share of what was probed: the path carries more, at so many times it.
constexpr double kFurtherAbove = 0.7;
constexpr double kFurther = 2;
// Times what could be used, but no more than so many times what is known.
constexpr double kAllocationSecond = 2;
constexpr double kAllocationOfEstimate = 2;
constexpr std::int64_t kMostOfAllocation = 2;  // any probe
constexpr double kLossLimited = 1.5;           // of the estimate, while losses limit it
constexpr double kPeriodic = 2;                // of the estimate
constexpr Duration kPeriod = Duration::s(5);
// A great fall, and the way back.
constexpr double kFall = 0.66;
constexpr double kBack = 0.85;
constexpr double kWorthIt = 0.95;  // of what would be probed must be more than is known
constexpr Duration kFallAgo = Duration::s(5);
constexpr Duration kLimitEndedAgo = Duration::s(3);
constexpr Duration kBetweenRecoveries = Duration::s(5);

DataRate finite(DataRate most) {
  return most.isUnlimited() ? kMostByDefault : most;
}

}  // namespace

void ProbeController::begin(DataRate start, DataRate most, TimePoint now) {
  estimate_ = start;
  most_ = finite(most);
  probe({scaled(start, kFirst), scaled(start, kSecond)}, true, now);
}

void ProbeController::setMost(DataRate most, TimePoint now) {
  const DataRate before = std::exchange(most_, finite(most));
  const bool room = estimate_ > DataRate{} && estimate_ < most_ && before < most_;
  if (state_ == State::complete && room) probe({most_}, false, now);
}

void ProbeController::setAllocation(DataRate most, TimePoint now) {
  const bool wanted = state_ == State::complete && limitedSince_ && most != allocation_ &&
                      estimate_ < most_ && estimate_ < most;
  allocation_ = most.isUnlimited() ? DataRate{} : most;
  if (!wanted || most.isUnlimited()) return;
  const DataRate reach = scaled(estimate_, kAllocationOfEstimate);
  const DataRate second = scaled(most, kAllocationSecond);
  std::vector<DataRate> rates = {std::min(most, reach)};
  if (reach > most) rates.push_back(std::min(second, reach));
  // What ends at what is known twice over may go on from what it finds.
  probe(rates, reach < second, now);
}

void ProbeController::onEstimate(DataRate rate, Limit limit, TimePoint now) {
  limit_ = limit;
  if (rate < scaled(estimate_, kFall)) {
    fell_ = now;
    beforeFall_ = estimate_;
  }
  estimate_ = rate;
  if (state_ == State::waiting && rate > furtherAbove_) {
    probe({scaled(rate, kFurther)}, true, now);
  }
}

void ProbeController::onRecovered(TimePoint now) {
  const bool limited = limitedSince_ || (limitEnded_ && now - *limitEnded_ < kLimitEndedAgo);
  if (!limited || state_ != State::complete) return;
  const DataRate rate = scaled(beforeFall_, kBack);
  const bool worth = scaled(rate, kWorthIt) > estimate_ && now - fell_ < kFallAgo;
  if (!worth || (recoveryProbe_ && now - *recoveryProbe_ <= kBetweenRecoveries)) return;
  recoveryProbe_ = now;
  probe({rate}, false, now);
}

void ProbeController::process(TimePoint now) {
  if (state_ == State::waiting && now - lastProbe_ > kWait) {
    state_ = State::complete;
    furtherAbove_ = DataRate::unlimited();
  }
  if (state_ != State::complete || estimate_ <= DataRate{}) return;
  if (periodic_ && limitedSince_ && now >= std::max(*limitedSince_, lastProbe_) + kPeriod) {
    probe({scaled(estimate_, kPeriodic)}, true, now);
  }
}

void ProbeController::reset(TimePoint now) {
  state_ = State::before;
  limit_ = Limit::delay;
  furtherAbove_ = DataRate::unlimited();
  lastProbe_ = TimePoint{};
  estimate_ = DataRate{};
  most_ = kMostByDefault;
  limitEnded_.reset();
  fell_ = now;
  recoveryProbe_ = now;
  beforeFall_ = DataRate{};
}

std::vector<congestion::Probe> ProbeController::take() {
  return std::exchange(probes_, {});
}

// Empty: while this limits the estimate no probe is sent.
std::optional<DataRate> ProbeController::highest() const {
  DataRate highest = most_;
  if (allocation_ > DataRate{}) {
    highest = std::min(highest, DataRate::bitsPerSecond(allocation_.count() * kMostOfAllocation));
  }
  switch (limit_) {
    case Limit::loss:
    case Limit::delayIncreased:
    case Limit::highRoundTrip:
      return std::nullopt;
    case Limit::lossIncreasing:
      return std::min(highest, scaled(estimate_, kLossLimited));
    case Limit::delay:
      break;
  }
  return highest;
}

void ProbeController::probe(const std::vector<DataRate>& rates, bool further, TimePoint now) {
  const std::optional<DataRate> most = highest();
  if (!most) return;
  DataRate last;
  for (const DataRate wanted : rates) {
    if (wanted >= *most) further = false;
    last = std::min(wanted, *most);
    probes_.push_back({next_, last, dataIn(last, kLength), kPackets, kSpacing, now});
    ++next_;
  }
  lastProbe_ = now;
  state_ = further ? State::waiting : State::complete;
  furtherAbove_ = further ? scaled(last, kFurtherAbove) : DataRate::unlimited();
}

}  // namespace callflow::gcc
