#include "models/video/frame_noise.h"

#include <cmath>
#include <cstddef>
#include <numbers>

namespace callflow::video {
namespace {

struct Point {
  double use, value;
};

constexpr Point kSpread[] = {{0.4, 0.12}, {0.6, 0.20}, {0.8, 0.35}, {1.0, 0.50}};
constexpr Point kCorrelation[] = {{0.4, 0.05}, {0.8, 0.35}, {1.0, 0.65}};

template <std::size_t kPoints>
double between(const Point (&points)[kPoints], double use) {
  if (use <= points[0].use) return points[0].value;
  for (std::size_t i = 1; i < kPoints; ++i) {
    const Point& a = points[i - 1];
    const Point& b = points[i];
    if (use < b.use) return a.value + (b.value - a.value) * (use - a.use) / (b.use - a.use);
  }
  return points[kPoints - 1].value;
}

}  // namespace

double spreadAt(double use) {
  return between(kSpread, use);
}

double correlationAt(double use) {
  return between(kCorrelation, use);
}

FrameNoise::FrameNoise(std::uint64_t draws) : random_("video-frames", draws) {}

double FrameNoise::normal() {
  const double radius = std::sqrt(-2 * std::log(random_.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random_.uniform());
}

double FrameNoise::next(double use) {
  const double likeness = correlationAt(use);
  state_ = likeness * state_ + std::sqrt(1 - likeness * likeness) * normal();
  const double spread = spreadAt(use);
  const double variance = std::log1p(spread * spread);
  return std::exp(std::sqrt(variance) * state_ - variance / 2);
}

}  // namespace callflow::video
