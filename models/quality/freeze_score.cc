#include "models/quality/freeze_score.h"

#include <algorithm>
#include <cmath>

namespace callflow::quality {
namespace {

// A freeze, and the score without and with it.
struct Anchor {
  Duration frozen;
  double without, with;
  double perSecond() const {
    return std::log((without - 1) / (with - 1)) / frozen.seconds();  // 1 / Fc
  }
};
constexpr Anchor kKester{Duration::ms(360), 4.0, 3.5};       // Fc 1.97 s
constexpr Anchor kVideoCallMos{Duration::s(1), 3.52, 2.95};  // Fc 3.90 s

double left(double vq, Duration frozen, const Anchor& anchor) {
  return 1 + (vq - 1) * std::exp(-frozen.seconds() * anchor.perSecond());
}

}  // namespace

FreezeScore freezeScore(double vq, Duration frozen) {
  const Duration time = std::max(frozen, Duration{});
  return {left(vq, time, kKester), left(vq, time, kVideoCallMos)};
}

}  // namespace callflow::quality
