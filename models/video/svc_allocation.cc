#include "models/video/svc_allocation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace callflow::video {
namespace {

constexpr int kSmallestLong = 240, kSmallestShort = 135;
constexpr int kLeastRate = 30;   // kbit/s
constexpr double kSplit = 0.55;  // the rate of a layer over that of the next

// Parts of 1 that grow by 1 / kSplit.
std::vector<double> growingShares(int parts) {
  std::vector<double> out;
  double sum = 0;
  for (int i = 0; i < parts; ++i) {
    out.push_back(std::pow(kSplit, parts - 1 - i));
    sum += out.back();
  }
  for (double& share : out) share /= sum;
  return out;
}

int fittingLayers(Resolution size) {
  const int across = std::max(size.width, size.height), down = std::min(size.width, size.height);
  int layers = 1;
  while (across >> layers >= kSmallestLong && down >> layers >= kSmallestShort) ++layers;
  return layers;
}

// As many of the layers as the split leaves enough; what is over the most of one goes to the next.
std::vector<DataRate> fitted(const std::vector<StreamLimits>& limits, DataRate total, int layers) {
  std::vector<DataRate> out;
  DataRate excess, split;
  const std::vector<double> shares = growingShares(layers);
  for (int i = 0; i < layers; ++i) {
    const auto at = static_cast<std::size_t>(i);
    // The last has what rounding has left.
    const DataRate share = i + 1 == layers ? total - split : scaled(total, shares[at]);
    split += share;
    const DataRate rate = share + excess;
    if (rate < limits[at].least) return layers == 1 ? std::vector{rate} : out;
    out.push_back(std::min(rate, limits[at].most));
    excess = rate - out.back();
  }
  return out;
}

}  // namespace

std::vector<StreamLimits> svcLayers(Resolution captured, int layers) {
  const int number = std::min(layers, fittingLayers(captured));
  std::vector<StreamLimits> out;
  for (int i = number - 1; i >= 0; --i) {
    const Resolution size{captured.width >> (number - 1) << (number - 1) >> i,
                          captured.height >> (number - 1) << (number - 1) >> i};
    const double pixels = size.pixels();
    // Whole kilobits.
    const int least =
        std::max(kLeastRate, static_cast<int>((600 * std::sqrt(pixels) - 95'000) / 1000));
    const int most = static_cast<int>((1.6 * pixels + 50'000) / 1000);
    out.push_back(
        {size, DataRate::kbps(least), DataRate::kbps((least + most) / 2), DataRate::kbps(most)});
  }
  return out;
}

std::vector<StreamLimits> svcShareLayers(Resolution captured, int layers) {
  static constexpr int kRates[kMostLayers][3] = {{30, 150, 250}, {200, 350, 500}, {500, 950, 950}};
  std::vector<StreamLimits> out;
  for (const auto& [least, target, most] : kRates) {
    if (static_cast<int>(out.size()) == layers) break;
    out.push_back({captured, DataRate::kbps(least), DataRate::kbps(target), DataRate::kbps(most)});
  }
  return out;
}

SvcAllocator::SvcAllocator(std::vector<StreamLimits> layers, Kind kind)
    : layers_(std::move(layers)), kind_(kind) {
  if (layers_.empty()) throw std::invalid_argument("SvcAllocator: no layers");
  for (std::size_t i = 1; i <= layers_.size(); ++i) starts_.push_back(startOf(static_cast<int>(i)));
}

DataRate SvcAllocator::startOf(int layers) const {
  if (layers == 1) return layers_.front().least;
  DataRate low, high;
  for (int i = 0; i + 1 < layers; ++i) {
    const StreamLimits& layer = layers_[static_cast<std::size_t>(i)];
    low += kind_ == Kind::share ? layer.target : layer.least;
    high += layer.most;
  }
  const DataRate last = layers_[static_cast<std::size_t>(layers - 1)].least;
  if (kind_ == Kind::share) return low + last;
  // The least rate that the split leaves enough for all of them.
  high += last;
  while (high - low > DataRate::bitsPerSecond(1)) {
    const DataRate middle = DataRate::bitsPerSecond((low.count() + high.count()) / 2);
    const bool enough = static_cast<int>(fitted(layers_, middle, layers).size()) == layers;
    (enough ? high : low) = middle;
  }
  return high;
}

std::vector<DataRate> SvcAllocator::ofCamera(DataRate total, int layers) const {
  return fitted(layers_, total, layers);
}

std::vector<DataRate> SvcAllocator::ofShare(DataRate total, int layers) const {
  if (total < layers_.front().least) return {total};
  std::vector<DataRate> out;
  DataRate left = total;
  for (int i = 0; i < layers; ++i) {
    const StreamLimits& layer = layers_[static_cast<std::size_t>(i)];
    if (left < layer.least) break;
    out.push_back(std::min(left, layer.target));
    left -= out.back();
  }
  out.back() = std::min(out.back() + left, layers_[out.size() - 1].most);
  return out;
}

std::vector<DataRate> SvcAllocator::allocate(DataRate total) const {
  int on = 1;
  while (on < static_cast<int>(starts_.size()) && starts_[static_cast<std::size_t>(on)] <= total) {
    ++on;
  }
  std::vector<DataRate> out = kind_ == Kind::share ? ofShare(total, on) : ofCamera(total, on);
  out.resize(layers_.size());
  return out;
}

std::vector<double> svcTemporalShares(int layers) {
  const std::vector<double> shares = growingShares(layers);
  if (layers <= 1) return {1};
  if (layers == 2) return {shares[1], shares[0]};
  // The highest of three has two frames for each of the others.
  return {shares[2], shares[0], shares[1]};
}

}  // namespace callflow::video
