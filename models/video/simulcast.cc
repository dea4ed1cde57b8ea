#include "models/video/simulcast.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <utility>

namespace callflow::video {
namespace {

struct Row {
  Resolution size;
  int most, target, least;  // kbit/s
};

constexpr Row kVp8[] = {
    {{1920, 1080}, 5000, 4000, 800}, {{1280, 720}, 2500, 2500, 600}, {{960, 540}, 1200, 1200, 350},
    {{640, 360}, 700, 500, 150},     {{480, 270}, 450, 350, 150},    {{320, 180}, 200, 150, 30},
};
constexpr Row kVp9[] = {
    {{1920, 1080}, 3367, 3367, 769}, {{1280, 720}, 1524, 1524, 481}, {{960, 540}, 879, 879, 337},
    {{640, 360}, 420, 420, 193},     {{480, 270}, 257, 257, 121},    {{320, 180}, 142, 142, 30},
    {{240, 135}, 101, 101, 30},
};

constexpr double kCameraHysteresis = 1.2;
constexpr double kShareHysteresis = 1.35;

std::span<const Row> tableFor(Codec codec) {
  if (codec == Codec::vp9 || codec == Codec::av1) return kVp9;
  return kVp8;
}

// The rows about a size, and how far down from the upper one it is.
struct Place {
  const Row& upper;
  const Row& lower;
  double down;
};

Place placeIn(std::span<const Row> rows, Resolution size) {
  if (size.pixels() >= rows.front().size.pixels()) return {rows.front(), rows.front(), 0};
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const int upper = rows[i - 1].size.pixels(), lower = rows[i].size.pixels();
    if (size.pixels() < lower) continue;
    return {rows[i - 1], rows[i], static_cast<double>(upper - size.pixels()) / (upper - lower)};
  }
  return {rows.back(), rows.back(), 0};
}

DataRate between(int upper, int lower, double down) {
  return DataRate::bitsPerSecond(
      static_cast<std::int64_t>(1000 * (upper * (1 - down) + lower * down) + 0.5));
}

}  // namespace

StreamLimits simulcastLimits(Codec codec, Resolution size) {
  const Place place = placeIn(tableFor(codec), size);
  return {size, between(place.upper.least, place.lower.least, place.down),
          between(place.upper.target, place.lower.target, place.down),
          between(place.upper.most, place.lower.most, place.down)};
}

std::vector<StreamLimits> simulcastStreams(Codec codec, Resolution captured, int layers) {
  const int number = std::min(layers, mostSimulcastLayers(captured));
  std::vector<StreamLimits> out;
  for (int i = number - 1; i >= 0; --i) {
    // All sizes are whole.
    const Resolution size{captured.width >> (number - 1) << (number - 1) >> i,
                          captured.height >> (number - 1) << (number - 1) >> i};
    out.push_back(simulcastLimits(codec, size));
  }
  out.front().least = kLeastVideoRate;
  return out;
}

std::vector<double> temporalRateShares(int layers) {
  if (layers <= 1) return {1};
  if (layers == 2) return {0.6, 0.4};
  return {0.4, 0.2, 0.4};
}

std::vector<double> temporalFrameShares(int layers) {
  if (layers <= 1) return {1};
  if (layers == 2) return {0.5, 0.5};
  return {0.25, 0.25, 0.5};
}

SimulcastAllocator::SimulcastAllocator(std::vector<StreamLimits> streams, Hysteresis hysteresis)
    : streams_(std::move(streams)),
      hysteresis_(hysteresis == Hysteresis::share ? kShareHysteresis : kCameraHysteresis) {
  if (streams_.empty()) throw std::invalid_argument("SimulcastAllocator: no streams");
}

DataRate SimulcastAllocator::toBegin(const StreamLimits& stream) const {
  return std::min(scaled(stream.least, hysteresis_), stream.target);
}

std::vector<DataRate> SimulcastAllocator::allocate(DataRate total) {
  const bool first = on_.empty();
  on_.resize(streams_.size(), false);
  DataRate left = std::max(total, streams_.front().least);
  std::vector<DataRate> out(streams_.size());
  std::size_t next = 0;
  while (next < streams_.size()) {
    const StreamLimits& stream = streams_[next];
    if (left < (first || on_[next] ? stream.least : toBegin(stream))) break;
    on_[next] = true;
    out[next] = std::min(left, stream.target);
    left -= out[next];
    ++next;
  }
  std::fill(on_.begin() + static_cast<std::ptrdiff_t>(next), on_.end(), false);
  // What is left goes to the largest that is on. The smallest is, but where its hysteresis is over
  // what there is.
  const std::size_t top = next == 0 ? 0 : next - 1;
  out[top] += std::min(left, streams_[top].most - out[top]);
  return out;
}

DataRate SimulcastAllocator::most() const {
  DataRate sum = streams_.back().most;
  for (std::size_t i = 0; i + 1 < streams_.size(); ++i) sum += streams_[i].target;
  return sum;
}

DataRate SimulcastAllocator::padding() const {
  if (streams_.size() == 1) return {};
  DataRate sum = toBegin(streams_.back());
  for (std::size_t i = 0; i + 1 < streams_.size(); ++i) sum += streams_[i].target;
  return sum;
}

}  // namespace callflow::video
