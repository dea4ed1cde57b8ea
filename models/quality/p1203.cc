#include "models/quality/p1203.h"

#include <algorithm>
#include <cmath>

namespace callflow::quality {

double upscalingLoss(std::int64_t coded, std::int64_t shown) {
  if (coded <= 0) return 100;
  if (shown <= coded) return 0;
  const double times = static_cast<double>(shown) / static_cast<double>(coded);
  return std::clamp(72.61 * std::log10(0.32 * (times - 1) + 1), 0.0, 100.0);
}

double frameRateLoss(double framesPerSecond, double left) {
  if (framesPerSecond >= 24) return 0;
  const double frames = std::max(0.0, framesPerSecond);
  return std::clamp(left * (30.98 - 1.29 * frames) / (64.65 + frames), 0.0, left);
}

}  // namespace callflow::quality
