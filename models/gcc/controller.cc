#include "models/gcc/controller.h"

#include <algorithm>
#include <tuple>

namespace callflow::gcc {

namespace {

// goog_cc_network_control.cc; the second also video_send_stream_impl.cc.
constexpr double kPacingBeforeFeedback = 2.5, kPacing = 1.1;
constexpr double kLeastOfAcknowledged = 0.85;
// goog_cc_factory.cc.
constexpr Duration kPeriod = Duration::ms(25);
// bwe_defines.h.
constexpr DataRate kLeastRate = DataRate::kbps(5);

std::unique_ptr<Throughput> throughputOf(Version version) {
  if (version == Version::chrome2020) return std::make_unique<BayesianThroughput>();
  return std::make_unique<RobustThroughput>();
}

std::optional<LossBased> lossBasedOf(Version version) {
  if (version == Version::chrome2020) return {};
  LossParameters parameters;
  if (version == Version::chrome2024) parameters.balance = DataRate::kbps(75);
  return LossBased(parameters);
}

bool earlier(const congestion::PacketResult& a, const congestion::PacketResult& b) {
  return std::tie(a.received, a.packet.sent, a.packet.sequence) <
         std::tie(b.received, b.packet.sent, b.packet.sequence);
}

}  // namespace

Controller::PathState::PathState(Version version)
    : throughput(throughputOf(version)), lossBased(lossBasedOf(version)) {}

Controller::Controller(const Parameters& parameters)
    : parameters_(parameters), path_(parameters.version) {
  probes_.setPeriodic(parameters.probesWhileLimited);
}

Duration Controller::period() const {
  return kPeriod;
}

// ---- what is to be sent -------------------------------------------------------------------------

void Controller::onDemand(const congestion::Demand& demand, TimePoint now) {
  demand_ = demand;
  if (!begun_) {
    begin(parameters_.start, now);
    begun_ = true;
  } else {
    setLimits();
  }
  probes_.setAllocation(demand.most, now);
  refresh(now);
  pace();
}

void Controller::begin(DataRate start, TimePoint now) {
  setLimits();
  start = std::max(start, target_.least());
  target_.set(start);
  path_.delayBased.start(start);
  probes_.begin(start, parameters_.most, now);
}

void Controller::setLimits() {
  const DataRate least = std::max({kLeastRate, parameters_.least, demand_.least});
  target_.setLimits(least, parameters_.most);
  path_.delayBased.setLeast(least);
  if (path_.lossBased) path_.lossBased->setLimits(least, std::max(least, parameters_.most));
}

// All begins anew, at no more than what arrived on the old path.
void Controller::onPathChanged(TimePoint now) {
  const DataRate start =
      std::min(parameters_.start, path_.throughput->rate().value_or(parameters_.start));
  path_ = PathState(parameters_.version);
  target_.forgetPath();
  probes_.reset(now);
  begin(start, now);
  refresh(now);
}

// ---- what happens -------------------------------------------------------------------------------

void Controller::onSent(const congestion::SentPacket& packet, DataSize inFlight) {
  alr_.onSent(packet.size, packet.sent);
  target_.onSent(packet.sent);
  pushback_.setInFlight(inFlight);
  refresh(packet.sent);
}

void Controller::onRoundTrip(Duration roundTrip, TimePoint) {
  path_.delayBased.setRoundTrip(roundTrip);
  target_.setRoundTrip(roundTrip);
}

void Controller::onLoss(std::int64_t lost, std::int64_t expected, TimePoint now) {
  target_.onLossReport(lost, expected, now);
}

void Controller::process(TimePoint now) {
  target_.update(now);
  probes_.setLimitedSince(heard_ ? alr_.since() : std::nullopt);
  probes_.process(now);
  pushback_.setTarget(targets_.target);
  refresh(now);
}

void Controller::onFeedback(const congestion::Feedback& feedback) {
  if (feedback.packets.empty()) return;
  heard_ = true;
  pushback_.setInFlight(feedback.inFlight);
  takeArrived(feedback);
  noteRoundTrips(feedback);
  noteEndOfLimitedPeriod(feedback.at);

  path_.throughput->add(arrived_);
  const std::optional<DataRate> acknowledged = path_.throughput->rate();
  if (acknowledged && path_.lossBased) path_.lossBased->setAcknowledged(*acknowledged);
  const DelayBased::Result result =
      path_.delayBased.onFeedback(arrived_, feedback.at, acknowledged, probed(acknowledged));
  useDelayBased(result);
  useLosses(feedback);
  if (result.estimate) refresh(feedback.at);
  if (result.recovered) {
    probes_.setLimitedSince(alr_.since());
    probes_.onRecovered(feedback.at);
  }
  if (!arrived_.empty()) pushback_.setTarget(targets_.target);
}

void Controller::takeArrived(const congestion::Feedback& feedback) {
  arrived_.clear();
  for (const congestion::PacketResult& result : feedback.packets) {
    if (result.arrived()) arrived_.push_back(result);
  }
  if (!std::is_sorted(arrived_.begin(), arrived_.end(), earlier)) {
    std::sort(arrived_.begin(), arrived_.end(), earlier);
  }
}

// The time that a packet's report waited for later ones is no part of its round trip.
void Controller::noteRoundTrips(const congestion::Feedback& feedback) {
  if (arrived_.empty()) return;
  Duration longest, shortest = Duration::max();
  for (const congestion::PacketResult& result : arrived_) {
    const Duration roundTrip = feedback.at - result.packet.sent;
    const Duration waited = arrived_.back().received - result.received;
    longest = std::max(longest, roundTrip);
    shortest = std::min(shortest, roundTrip - waited);
  }
  pushback_.onFeedback(longest);
  target_.onFeedback(shortest, feedback.at);
}

void Controller::noteEndOfLimitedPeriod(TimePoint now) {
  const bool limited = alr_.since().has_value();
  if (wasLimited_ && !limited) {
    path_.throughput->onLimitedPeriodEnded(now);
    probes_.onLimitEnded(now);
  }
  wasLimited_ = limited;
}

// What probes found. A result far below what arrives anyway is not trusted so far.
std::optional<DataRate> Controller::probed(std::optional<DataRate> acknowledged) {
  for (const congestion::PacketResult& result : arrived_) {
    if (result.packet.cluster != congestion::kNoCluster) path_.probeEstimate.onPacket(result);
  }
  std::optional<DataRate> rate = path_.probeEstimate.take();
  if (rate && acknowledged) {
    rate = std::max(
        *rate, std::min(path_.delayBased.latest(), scaled(*acknowledged, kLeastOfAcknowledged)));
  }
  return rate;
}

void Controller::useDelayBased(const DelayBased::Result& result) {
  if (!result.estimate) return;
  if (result.probed) target_.set(*result.estimate);
  target_.setDelayBased(*result.estimate);
}

void Controller::useLosses(const congestion::Feedback& feedback) {
  if (!path_.lossBased) return;
  path_.lossBased->onFeedback(feedback.packets, target_.delayBased(), alr_.since().has_value());
  if (path_.lossBased->ready()) target_.setLossBased(path_.lossBased->estimate());
  target_.update(feedback.at);
}

// ---- what follows -------------------------------------------------------------------------------

std::vector<congestion::Probe> Controller::takeProbes() {
  std::vector<congestion::Probe> probes = probes_.take();
  for (const congestion::Probe& probe : probes) path_.probeEstimate.expect(probe);
  return probes;
}

void Controller::refresh(TimePoint now) {
  const DataRate rate = target_.rate();
  const DataRate reduced = std::max(target_.least(), pushback_.reduced(rate));
  const bool same = rate == targets_.target && target_.lossState() == lossState_ &&
                    target_.loss() == targets_.loss && target_.roundTrip() == targets_.roundTrip &&
                    reduced == reduced_;
  if (same) return;
  targets_.target = targets_.available = rate;
  targets_.loss = target_.loss();
  targets_.roundTrip = target_.roundTrip();
  targets_.encoderShare = static_cast<double>(reduced.count()) / static_cast<double>(rate.count());
  reduced_ = reduced;
  lossState_ = target_.lossState();
  alr_.setEstimate(rate);
  probes_.onEstimate(rate, limit(), now);
  pace();
}

Limit Controller::limit() const {
  if (path_.delayBased.usage() != Usage::normal) return Limit::delayIncreased;
  if (target_.roundTripTooLong()) return Limit::highRoundTrip;
  switch (target_.lossState()) {
    case LossState::decreasing:
    case LossState::increasingWithPadding:
      return Limit::loss;
    case LossState::increasing:
      return Limit::lossIncreasing;
    case LossState::delayBased:
      break;
  }
  return Limit::delay;
}

// Pushback leaves the pacer alone: it would only move the queue into it.
void Controller::pace() {
  targets_.pacing =
      scaled(std::max(demand_.least, targets_.target), heard_ ? kPacing : kPacingBeforeFeedback);
  // Whether a path that loses packets carries more is found by sending more.
  const bool tries = lossState_ == LossState::increasingWithPadding;
  const DataRate padding = tries ? std::max(demand_.padding, targets_.target) : demand_.padding;
  targets_.padding = std::min(padding, reduced_);
}

}  // namespace callflow::gcc
