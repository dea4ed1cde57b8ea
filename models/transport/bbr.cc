#include "models/transport/bbr.h"

#include <algorithm>
#include <utility>

namespace callflow::transport {

namespace {

// All of this: net/ipv4/tcp_bbr.c.

// 2/ln 2, the least gain with which the rate can double each round trip, and its inverse.
constexpr Gain kHighGain = kGainUnit * 2885 / 1000 + 1;
constexpr Gain kDrainGain = kGainUnit * 1000 / 2885;
constexpr Gain kSteadyWindowGain = kGainUnit * 2;
constexpr std::array<Gain, 8> kCycle = {kGainUnit * 5 / 4, kGainUnit * 3 / 4, kGainUnit, kGainUnit,
                                        kGainUnit,         kGainUnit,         kGainUnit, kGainUnit};
// A cycle begins anywhere but with the second phase.
constexpr std::int32_t kFirstPhases = 7;

constexpr std::int64_t kBandwidthRounds = 10;
constexpr Duration kRttWindow = Duration::s(10);
constexpr Duration kProbeRttLength = Duration::ms(200);
constexpr std::int32_t kLeastWindow = 4;
constexpr std::int32_t kInitialWindow = 10;  // TCP_INIT_CWND

constexpr Gain kGrownBy = kGainUnit * 5 / 4;
constexpr std::int32_t kRoundsUntilFilled = 3;

constexpr std::int32_t kExcessWindow = 5;            // round trips
constexpr Duration kMostExcess = Duration::ms(100);  // at the bandwidth
constexpr std::int64_t kMostLump = (std::int64_t{1} << 20) - 1;

constexpr DataSize kFullSegment = DataSize::bytes(1448);
// Segments that leave together: what 1/1024 s takes (sk_pacing_shift), two at least from 1.2 Mbit/s
// on, 127 and 64 KiB with headers at most.
constexpr std::int64_t kBurstsPerSecond = 1024;
constexpr DataRate kPairsFrom = DataRate::bitsPerSecond(1'200'000);
constexpr std::int64_t kLargestBurst = 65'536 - 1 - 320;
constexpr std::int64_t kMostAtOnce = 127;

}  // namespace

Bbr::Bbr(const KernelTicks& ticks, fabric::RandomStream random)
    : ticks_(ticks), random_(std::move(random)), fastest_(kBandwidthRounds) {}

void Bbr::start(const CongestionWindow& window, const RateSampler& sampler, Duration smallestRtt,
                const Flow& flow) {
  smallestRtt_ = smallestRtt;
  smallestRttAt_ = flow.ticks;
  startPacing(window, flow);
  policer_.reset(totals(sampler, flow.lost));
  lumpStart_ = flow.now;
}

void Bbr::acknowledged(CongestionWindow& window, RateSampler& sampler, const RateSample& sample,
                       const Flow& flow) {
  updateBandwidth(sampler, sample, flow);
  updateAggregation(sampler, sample, window);
  updatePhase(sampler, sample, flow);
  checkFilled(sample);
  checkDrained(window, sampler, flow);
  updateSmallestRtt(window, sampler, sample, flow);
  updateGains();
  setPacing(bandwidth(), pacingGain_, window, flow);
  setWindow(window, sampler, sample, flow);
}

// ---- events -------------------------------------------------------------------------------------

void Bbr::sendsAgain(CongestionWindow& window, const RateSampler& sampler, const Flow& flow) {
  if (!sampler.limited()) return;
  idleRestart_ = true;
  lumpStart_ = flow.now;
  lump_ = 0;
  if (mode_ == Mode::probeBandwidth) {
    setPacing(bandwidth(), kGainUnit, window, flow);
  } else if (mode_ == Mode::probeRtt) {
    checkProbeRttDone(window, sampler, flow);
  }
}

void Bbr::enteredLoss(const RateSampler& sampler, const Flow& flow) {
  repaired_ = Repair::loss;
  filledAt_ = {};
  roundStarted_ = true;  // a time-out ends a round
  observePolicer(sampler, 1, false, flow);
}

void Bbr::undone(const RateSampler& sampler, std::int64_t lost) {
  filledAt_ = {};
  roundsWithoutGrowth_ = 0;
  policer_.reset(totals(sampler, lost));
}

std::int32_t Bbr::reducedThreshold(const CongestionWindow& window) {
  saveWindow(window);
  return window.threshold;
}

void Bbr::saveWindow(const CongestionWindow& window) {
  const bool cut = repaired_ != Repair::none || mode_ == Mode::probeRtt;
  savedWindow_ = cut ? std::max(savedWindow_, window.size) : window.size;
}

PolicerEstimate::Totals Bbr::totals(const RateSampler& sampler, std::int64_t lost) {
  return {sampler.delivered(), lost, sampler.deliveredAt()};
}

// ---- the model of the path ----------------------------------------------------------------------

void Bbr::updateBandwidth(const RateSampler& sampler, const RateSample& sample, const Flow& flow) {
  roundStarted_ = false;
  if (!sample.valid()) return;
  if (sample.priorDelivered >= roundEnd_) {
    roundEnd_ = sampler.delivered();
    ++rounds_;
    roundStarted_ = true;
    conserve_ = false;
  }
  observePolicer(sampler, sample.lost, sample.applicationLimited, flow);
  const PacketRate rate = PacketRate::of(sample.delivered, sample.interval);
  // What an application did not send says nothing about the path, unless it is more than was known.
  if (!sample.applicationLimited || rate >= fastest_.get()) fastest_.add(rounds_, rate);
}

void Bbr::observePolicer(const RateSampler& sampler, std::int32_t lost, bool limited,
                         const Flow& flow) {
  if (policer_.found()) {
    if (mode_ == Mode::probeBandwidth && roundStarted_ && policer_.outlived()) {
      policer_.reset(totals(sampler, flow.lost));
      enterProbeBandwidth(sampler);
    }
    return;
  }
  policer_.observe(totals(sampler, flow.lost), roundStarted_, lost, limited);
  if (policer_.found()) pacingGain_ = kGainUnit;
}

// How many more packets were acknowledged than the bandwidth would deliver in the time: that many
// more must be in flight to keep sending while acknowledgements are held back.
void Bbr::updateAggregation(const RateSampler& sampler, const RateSample& sample,
                            const CongestionWindow& window) {
  if (sample.acknowledged <= 0 || !sample.valid()) return;
  if (roundStarted_ && ++excessRounds_ >= kExcessWindow) {
    excessRounds_ = 0;
    excessNow_ = 1 - excessNow_;
    excess_[excessNow_] = 0;
  }
  std::int64_t expected = bandwidth().in(sampler.deliveredAt() - lumpStart_);
  if (lump_ <= expected || lump_ + sample.acknowledged > kMostLump) {
    lump_ = 0;
    lumpStart_ = sampler.deliveredAt();
    expected = 0;
  }
  lump_ = std::min(kMostLump, lump_ + sample.acknowledged);
  const std::int64_t excess = std::min<std::int64_t>(lump_ - expected, window.size);
  excess_[excessNow_] = std::max(excess_[excessNow_], excess);
}

void Bbr::updatePhase(const RateSampler& sampler, const RateSample& sample, const Flow& flow) {
  if (mode_ == Mode::probeBandwidth && phaseIsOver(sampler, sample, flow)) nextPhase(sampler);
}

bool Bbr::phaseIsOver(const RateSampler& sampler, const RateSample& sample,
                      const Flow& flow) const {
  const bool fullLength = sampler.deliveredAt() - phaseStart_ > smallestRtt_;
  if (pacingGain_ == kGainUnit) return fullLength;
  const std::int64_t inNetwork = inNetworkAtDeparture(sample.priorInFlight, flow);
  if (pacingGain_ > kGainUnit) {
    // Until as much is in flight as was asked for; longer than a round trip where that is short.
    return fullLength && (sample.lost > 0 || inNetwork >= target(fastest_.get(), pacingGain_));
  }
  return fullLength || inNetwork <= target(fastest_.get(), kGainUnit);
}

void Bbr::nextPhase(const RateSampler& sampler) {
  phase_ = (phase_ + 1) % static_cast<std::int32_t>(kCycle.size());
  phaseStart_ = sampler.deliveredAt();
}

void Bbr::enterProbeBandwidth(const RateSampler& sampler) {
  mode_ = Mode::probeBandwidth;
  phase_ = static_cast<std::int32_t>(kCycle.size()) - 1 -
           static_cast<std::int32_t>(random_.uniform() * kFirstPhases);
  nextPhase(sampler);
}

void Bbr::checkFilled(const RateSample& sample) {
  if (filled_ || !roundStarted_ || sample.applicationLimited) return;
  if (fastest_.get() >= filledAt_.times(kGrownBy)) {
    filledAt_ = fastest_.get();
    roundsWithoutGrowth_ = 0;
    return;
  }
  filled_ = ++roundsWithoutGrowth_ >= kRoundsUntilFilled;
}

void Bbr::checkDrained(CongestionWindow& window, const RateSampler& sampler, const Flow& flow) {
  if (mode_ == Mode::startup && filled_) {
    mode_ = Mode::drain;
    window.threshold = static_cast<std::int32_t>(target(fastest_.get(), kGainUnit));
  }
  if (mode_ == Mode::drain &&
      inNetworkAtDeparture(flow.inFlight, flow) <= target(fastest_.get(), kGainUnit)) {
    enterProbeBandwidth(sampler);
  }
}

void Bbr::updateSmallestRtt(CongestionWindow& window, RateSampler& sampler,
                            const RateSample& sample, const Flow& flow) {
  const bool expired = flow.ticks > smallestRttAt_ + ticks_.ceil(kRttWindow);
  // An equal one does not count, since Linux 5.10 (R. Sharpelletti, "tcp: only postpone PROBE_RTT
  // if RTT is < current min_rtt estimate"): where round trips are equal for hours, as they are
  // here, the path would never be probed.
  if (sample.rtt >= Duration{} &&
      (sample.rtt < smallestRtt_ || (expired && !sample.maybeDelayed))) {
    smallestRtt_ = sample.rtt;
    smallestRttAt_ = flow.ticks;
  }
  if (expired && !idleRestart_ && mode_ != Mode::probeRtt) {
    mode_ = Mode::probeRtt;
    saveWindow(window);
    probeRttDone_ = -1;
  }
  if (mode_ == Mode::probeRtt) {
    sampler.limit(flow.inFlight);  // low rates of this time say nothing
    if (probeRttDone_ < 0 && flow.inFlight <= kLeastWindow) {
      probeRttDone_ = flow.ticks + ticks_.ceil(kProbeRttLength);
      probeRttRound_ = false;
      roundEnd_ = sampler.delivered();
    } else if (probeRttDone_ >= 0) {
      if (roundStarted_) probeRttRound_ = true;
      if (probeRttRound_) checkProbeRttDone(window, sampler, flow);
    }
  }
  if (sample.delivered > 0) idleRestart_ = false;
}

void Bbr::checkProbeRttDone(CongestionWindow& window, const RateSampler& sampler,
                            const Flow& flow) {
  if (probeRttDone_ < 0 || flow.ticks <= probeRttDone_) return;
  smallestRttAt_ = flow.ticks;
  window.size = std::max(window.size, savedWindow_);
  if (filled_) {
    enterProbeBandwidth(sampler);
  } else {
    mode_ = Mode::startup;
  }
}

void Bbr::updateGains() {
  switch (mode_) {
    case Mode::startup:
      pacingGain_ = windowGain_ = kHighGain;
      break;
    case Mode::drain:
      pacingGain_ = kDrainGain;
      windowGain_ = kHighGain;
      break;
    case Mode::probeBandwidth:
      pacingGain_ = policer_.found() ? kGainUnit : kCycle[static_cast<std::size_t>(phase_)];
      windowGain_ = kSteadyWindowGain;
      break;
    case Mode::probeRtt:
      pacingGain_ = windowGain_ = kGainUnit;
      break;
  }
}

// ---- what follows from it -----------------------------------------------------------------------

void Bbr::startPacing(const CongestionWindow& window, const Flow& flow) {
  Duration rtt = Duration::ms(1);  // nominal
  if (flow.smoothedRtt > Duration{}) {
    rtt = flow.smoothedRtt;
    paceFromRtt_ = true;
  }
  pacing_ = PacketRate::of(window.size, rtt).paced(kFullSegment, kHighGain);
}

void Bbr::setPacing(PacketRate bandwidth, Gain gain, const CongestionWindow& window,
                    const Flow& flow) {
  if (!paceFromRtt_ && flow.smoothedRtt > Duration{}) startPacing(window, flow);
  const DataRate rate = bandwidth.paced(kFullSegment, gain);
  // Until the pipe is full the rate never falls: the first samples are of few packets.
  if (filled_ || rate > pacing_) pacing_ = rate;
}

std::int32_t Bbr::segmentsAtOnce() const {
  const std::int64_t bytes = std::min(pacing_.count() / 8 / kBurstsPerSecond, kLargestBurst);
  const std::int64_t least = pacing_ < kPairsFrom ? 1 : 2;
  return static_cast<std::int32_t>(
      std::min(std::max(bytes / kFullSegment.count(), least), kMostAtOnce));
}

std::int64_t Bbr::bandwidthDelay(PacketRate bandwidth, Gain gain) const {
  if (smallestRtt_ == Duration::max()) return kInitialWindow;
  return bandwidth.inflated(smallestRtt_, gain);
}

std::int64_t Bbr::withBudget(std::int64_t window) const {
  window += 3 * segmentsAtOnce();  // in the sender's and the receiver's hosts
  window += window % 2;            // even, for acknowledgements of every other segment
  // The gain of a probe must come to something where few packets are in flight.
  if (mode_ == Mode::probeBandwidth && phase_ == 0) window += 2;
  return window;
}

std::int64_t Bbr::target(PacketRate bandwidth, Gain gain) const {
  return withBudget(bandwidthDelay(bandwidth, gain));
}

std::int64_t Bbr::aggregationAllowance() const {
  if (!filled_) return 0;
  return std::min(std::max(excess_[0], excess_[1]), bandwidth().in(kMostExcess));
}

// What is in flight when the next segment leaves, at the rate at which the network delivers.
std::int64_t Bbr::inNetworkAtDeparture(std::int64_t inFlight, const Flow& flow) const {
  const Duration wait = std::max(flow.nextDeparture - flow.now, Duration{});
  if (pacingGain_ > kGainUnit) inFlight += segmentsAtOnce();
  return std::max<std::int64_t>(inFlight - bandwidth().in(wait), 0);
}

// The first round trip of a recovery sends one packet for each that arrives. True while it does.
bool Bbr::repair(std::int32_t& size, const RateSampler& sampler, const RateSample& sample,
                 const Flow& flow) {
  if (sample.lost > 0) size = std::max(size - sample.lost, 1);
  if (flow.repair == Repair::recovery && repaired_ != Repair::recovery) {
    conserve_ = true;
    roundEnd_ = sampler.delivered();
    size = flow.inFlight + sample.acknowledged;
  } else if (repaired_ != Repair::none && flow.repair == Repair::none) {
    size = std::max(size, savedWindow_);
    conserve_ = false;
  }
  repaired_ = flow.repair;
  if (!conserve_) return false;
  size = std::max(size, flow.inFlight + sample.acknowledged);
  return true;
}

void Bbr::setWindow(CongestionWindow& window, const RateSampler& sampler, const RateSample& sample,
                    const Flow& flow) {
  std::int32_t size = window.size;
  if (sample.acknowledged > 0 && !repair(size, sampler, sample, flow)) {
    const auto wanted = static_cast<std::int32_t>(
        withBudget(bandwidthDelay(bandwidth(), windowGain_) + aggregationAllowance()));
    if (filled_) {
      size = std::min(size + sample.acknowledged, wanted);
    } else if (size < wanted || sampler.delivered() < kInitialWindow) {
      size += sample.acknowledged;
    }
    size = std::max(size, kLeastWindow);
  }
  window.size = mode_ == Mode::probeRtt ? std::min(size, kLeastWindow) : size;
}

}  // namespace callflow::transport
