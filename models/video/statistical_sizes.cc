#include "models/video/statistical_sizes.h"

#include <algorithm>
#include <cmath>

namespace callflow::video {
namespace {

// RFC 8593, table 1.
constexpr Duration kReaction = Duration::ms(200);  // tau_v
constexpr int kBurstFrames = 8;                    // K_d
constexpr double kBurstFrame = 13'500 * 8;         // B_d, bits
constexpr double kSizeScale = 0.15;                // SCALE_B
constexpr double kIntervalScale = 0.15;            // SCALE_t
constexpr double kLeastRate = 150'000;             // R_min

// cisco/syncodecs: a change of half the rate or more is a great one; what repays a burst keeps a
// fifth of its size.
constexpr double kGreatChange = 0.5;
constexpr double kLeastOfMean = 0.2;

}  // namespace

StatisticalSizes::StatisticalSizes(std::uint64_t draws) : random_("rfc8593-frames", draws) {}

double StatisticalSizes::laplace() {
  const double draw = random_.uniform() - 0.5;
  return (draw < 0 ? 1 : -1) * std::log(1 - 2 * std::abs(draw));
}

void StatisticalSizes::setRate(DataRate rate, TimePoint now) {
  asked_ = std::max(static_cast<double>(rate.count()), kLeastRate);
  if (rate_ == 0) {
    rate_ = asked_;
    burst_ = kBurstFrames;
  } else if (change_ == TimePoint::max() && asked_ != rate_) {
    change_ = now + kReaction;
  }
}

void StatisticalSizes::follow(TimePoint now) {
  if (now < change_) return;
  if (std::abs(asked_ - rate_) >= kGreatChange * rate_) burst_ = kBurstFrames;
  rate_ = asked_;
  change_ = TimePoint::max();
}

DataSize StatisticalSizes::next(TimePoint now, double framesPerSecond, bool key) {
  follow(now);
  const double mean = rate_ / framesPerSecond;
  if (key) burst_ = kBurstFrames;
  double bits = 0;
  if (burst_ == kBurstFrames) {
    bits = std::max(kBurstFrame, mean);
  } else if (burst_ > 0) {
    const double rest = (kBurstFrames * mean - kBurstFrame) / (kBurstFrames - 1);
    bits = std::clamp(rest, kLeastOfMean * mean, mean);
  } else {
    bits = mean * (1 + kSizeScale * laplace());
  }
  burst_ = std::max(burst_ - 1, 0);
  return DataSize::bytes(std::max<std::int64_t>(1, std::llround(bits / 8)));
}

Duration StatisticalSizes::interval(double framesPerSecond) {
  const double share = std::max(1 + kIntervalScale * laplace(), 0.0);
  return Duration::fromSeconds(share / framesPerSecond);
}

}  // namespace callflow::video
