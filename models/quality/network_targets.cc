#include "models/quality/network_targets.h"

namespace callflow::quality {
namespace {

constexpr Duration kShortWindow = Duration::ms(200);
constexpr Duration kLongWindow = Duration::s(15);

constexpr std::array<TargetRow, kTargetCount> kTable{{
    {Target::burstLoss, "burst-loss", Ratio::percent(10), {}, kShortWindow},
    {Target::loss, "loss", Ratio::percent(1), {}, kLongWindow},
    {Target::jitter, "jitter", {}, Duration::ms(30), kLongWindow},
    {Target::oneWayDelay, "one-way-delay", {}, Duration::ms(50), kLongWindow},
    {Target::roundTrip, "round-trip", {}, Duration::ms(100), {}},
    {Target::reordering, "reordering", Ratio::ppb(500'000), {}, {}},  // 0.05 %
}};

constexpr bool inEnumOrder() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].target) != i) return false;
  }
  return true;
}
static_assert(inEnumOrder());

// In whole numbers, so that a value at its limit is never taken for one below.
void judgeShare(Target target, std::int64_t part, std::int64_t whole, TargetResult& result) {
  if (whole == 0) return;
  ++result.windows;
  constexpr std::int64_t kOne = Ratio::percent(100).count();
  if (part * kOne >= row(target).share.count() * whole) ++result.missed;
  const double share = static_cast<double>(part) / static_cast<double>(whole);
  if (!(share <= result.worst)) result.worst = share;
}

void judgeTime(Target target, Duration sum, std::int64_t count, TargetResult& result) {
  if (count == 0) return;
  ++result.windows;
  if (sum >= row(target).time * count) ++result.missed;
  const double mean = sum.seconds() / static_cast<double>(count);
  if (!(mean <= result.worst)) result.worst = mean;
}

}  // namespace

const TargetRow& row(Target target) {
  return kTable[static_cast<std::size_t>(target)];
}

double TargetResult::missedShare() const {
  return windows == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(missed) / static_cast<double>(windows);
}

void NetworkTargets::advance(TimePoint sent) {
  if (!started_) end_ = sent + kShortWindow;
  started_ = true;
  while (sent >= end_) close();
}

void NetworkTargets::close() {
  TargetResult& burst = at(results_, Target::burstLoss);
  judgeShare(Target::burstLoss, now_.lost, now_.packets(), burst);
  burst.packets += now_.packets();

  static_assert(kShortWindow * kShortInLong == kLongWindow);
  Sum& oldest = closed_[next_];
  long_.received += now_.received - oldest.received;
  long_.lost += now_.lost - oldest.lost;
  long_.waiting += now_.waiting - oldest.waiting;
  long_.delay += now_.delay - oldest.delay;
  long_.change += now_.change - oldest.change;
  oldest = now_;
  next_ = next_ + 1 == kShortInLong ? 0 : next_ + 1;
  if (filled_ < kShortInLong) ++filled_;
  if (filled_ == kShortInLong) {
    TargetResult& loss = at(results_, Target::loss);
    TargetResult& jitter = at(results_, Target::jitter);
    TargetResult& delay = at(results_, Target::oneWayDelay);
    const Sum& added = loss.windows == 0 && delay.windows == 0 ? long_ : now_;
    loss.packets += added.packets();
    jitter.packets += added.received;
    delay.packets += added.withDelay();
    judgeShare(Target::loss, long_.lost, long_.packets(), loss);
    judgeTime(Target::jitter, long_.change, long_.received, jitter);
    judgeTime(Target::oneWayDelay, long_.delay, long_.withDelay(), delay);
  }
  now_ = {};
  end_ += kShortWindow;
}

TargetResults NetworkTargets::results(Duration packet) const {
  if (!started_ || last_ + packet < end_) return results_;
  NetworkTargets whole = *this;
  whole.close();
  return whole.results_;
}

TargetResult roundTripResult(Duration mean, std::int64_t samples) {
  TargetResult result;
  if (mean < Duration{}) return result;
  judgeTime(Target::roundTrip, mean, 1, result);
  result.packets = samples;
  return result;
}

TargetResult reorderingResult(std::int64_t reordered, std::int64_t received) {
  TargetResult result;
  judgeShare(Target::reordering, reordered, received, result);
  result.packets = received;
  return result;
}

}  // namespace callflow::quality
