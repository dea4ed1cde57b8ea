#include "models/transport/policer_estimate.h"

namespace callflow::transport {

namespace {

constexpr std::int32_t kLeastRounds = 4;
constexpr std::int64_t kLeastLoss = 50;  // of 256 delivered
// Intervals are alike within an eighth or 4 kbit/s.
constexpr std::int64_t kAlikeShare = 8;
constexpr DataRate kAlikeRate = DataRate::kbps(4);
constexpr DataSize kFullSegment = DataSize::bytes(1448);

std::int64_t milliseconds(TimePoint time) {
  return time.sinceStart() / Duration::ms(1);
}

}  // namespace

void PolicerEstimate::begin(const Totals& totals) {
  start_ = totals;
  rounds_ = 0;
}

void PolicerEstimate::reset(const Totals& totals) {
  found_ = sampling_ = false;
  rate_ = {};
  begin(totals);
}

void PolicerEstimate::observe(const Totals& totals, bool roundStarted, std::int32_t lost,
                              bool applicationLimited) {
  // The first loss shows that the bucket's tokens are used up; before it, the rate is a burst's.
  if (!sampling_) {
    if (lost == 0) return;
    begin(totals);
    sampling_ = true;
  }
  if (applicationLimited) {
    reset(totals);
    return;
  }
  if (roundStarted) ++rounds_;
  if (rounds_ < kLeastRounds) return;
  if (rounds_ > 4 * kLeastRounds) {
    reset(totals);
    return;
  }
  if (lost == 0) return;  // and it ends with a loss, for the same reason
  const std::int64_t delivered = totals.delivered - start_.delivered;
  if (delivered == 0 || (totals.lost - start_.lost) * kGainUnit < kLeastLoss * delivered) return;
  const std::int64_t ms = milliseconds(totals.deliveredAt) - milliseconds(start_.deliveredAt);
  if (ms >= 1) conclude(PacketRate::of(delivered, Duration::ms(ms)), totals);
}

void PolicerEstimate::conclude(PacketRate rate, const Totals& totals) {
  if (rate_.known()) {
    const PacketRate apart = rate.apart(rate_);
    if (apart <= rate_.times(kGainUnit / kAlikeShare) ||
        apart.paced(kFullSegment, kGainUnit) <= kAlikeRate) {
      rate_ = rate.mean(rate_);
      found_ = true;
      rounds_ = 0;
      return;
    }
  }
  rate_ = rate;
  begin(totals);
}

}  // namespace callflow::transport
