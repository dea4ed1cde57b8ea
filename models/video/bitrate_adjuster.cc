#include "models/video/bitrate_adjuster.h"

#include <algorithm>
#include <cstddef>

namespace callflow::video {
namespace {

constexpr int kFramesToKnow = 30;
constexpr double kUnknown = 1.2;
constexpr double kMostOvershoot = 2;  // beyond, frames are dropped

double bps(DataRate rate) {
  return static_cast<double>(rate.count());
}

}  // namespace

void BitrateAdjuster::layOut(const std::vector<StreamTarget>& targets) {
  if (streams_.size() != targets.size()) {
    streams_.assign(targets.size(), {});
    frames_ = 0;
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::size_t layers = targets[i].rate == DataRate{} ? 0 : targets[i].layerShares.size();
    if (streams_[i].layers.size() == layers) continue;
    streams_[i] = {};
    streams_[i].layers.resize(layers);
    frames_ = 0;
  }
}

BitrateAdjuster::Factors BitrateAdjuster::factorsOf(Stream& stream, const StreamTarget& target,
                                                    TimePoint now) const {
  if (frames_ < kFramesToKnow) return {kUnknown, kUnknown};
  if (target.rate == DataRate{}) return {};
  Factors factors{0, stream.mean.factor(now).value_or(kUnknown)};
  for (std::size_t layer = 0; layer < stream.layers.size(); ++layer) {
    const std::optional<double> factor = stream.layers[layer].factor(now);
    if (!factor) {
      factors.line = kUnknown;
      break;
    }
    factors.line += target.layerShares[layer] * *factor;
  }
  factors.line = std::clamp(factors.line, 1.0, kMostOvershoot);
  return factors;
}

std::vector<DataRate> BitrateAdjuster::adjust(const std::vector<StreamTarget>& targets,
                                              DataRate available, double framesPerSecond,
                                              TimePoint now) {
  layOut(targets);
  std::vector<double> line, wanted;  // wanted: bit/s over the target, if the path has them
  double wantedSum = 0, targetSum = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].rate > DataRate{}) streams_[i].mean.setTarget(targets[i].rate, now);
    const Factors factors = factorsOf(streams_[i], targets[i], now);
    line.push_back(factors.line);
    // What is too much for a moment only may stay where the path has room for it.
    wanted.push_back(std::max(0.0, factors.line - std::max(1.0, factors.mean)) *
                     bps(targets[i].rate));
    wantedSum += wanted.back();
    targetSum += bps(targets[i].rate);
  }
  const double room = std::max(0.0, bps(available) - targetSum);
  const double granted = wantedSum > 0 ? std::min(1.0, room / wantedSum) : 0;

  std::vector<DataRate> out;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const double target = bps(targets[i].rate);
    double factor = line[i];
    if (target > 0) factor *= target / (target + granted * wanted[i]);
    double told = std::min(target / factor, target);
    if (targets[i].least < targets[i].rate) told = std::max(told, bps(targets[i].least));
    out.push_back(DataRate::bitsPerSecond(static_cast<std::int64_t>(told + 0.5)));
    for (std::size_t layer = 0; layer < streams_[i].layers.size(); ++layer) {
      streams_[i].layers[layer].setTarget(scaled(out.back(), targets[i].layerShares[layer]),
                                          framesPerSecond * targets[i].frameShares[layer], now);
    }
  }
  return out;
}

void BitrateAdjuster::onFrame(int stream, int temporalLayer, DataSize size, TimePoint now) {
  ++frames_;
  Stream& of = streams_.at(static_cast<std::size_t>(stream));
  const auto layer = static_cast<std::size_t>(temporalLayer);
  if (layer < of.layers.size()) of.layers[layer].onFrame(size, now);
  of.mean.onFrame(size, now);
}

}  // namespace callflow::video
