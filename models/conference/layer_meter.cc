#include "models/conference/layer_meter.h"

namespace callflow::conference {

namespace {

constexpr Duration kWindow = Duration::s(1);
// LiveKit's stream tracker takes as long to find a layer silent (pkg/sfu/streamtracker: 500 ms).
constexpr Duration kSilence = Duration::ms(500);

}  // namespace

void LayerMeter::add(int temporal, DataSize size, TimePoint now) {
  recent_.push_back({now, size, temporal});
  sums_[static_cast<std::size_t>(temporal)] += size;
  forget(now);
}

void LayerMeter::forget(TimePoint now) {
  while (!recent_.empty() && recent_.front().at + kWindow <= now) {
    DataSize& sum = sums_[static_cast<std::size_t>(recent_.front().temporal)];
    sum = sum - recent_.front().size;
    recent_.pop_front();
  }
}

std::array<DataRate, kMostTemporal> LayerMeter::rates(TimePoint now) {
  std::array<DataRate, kMostTemporal> rates{};
  forget(now);
  if (recent_.empty() || recent_.back().at + kSilence <= now) return rates;
  DataSize sum;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    // A layer that nothing comes of is not there.
    if (sums_[i] == DataSize{}) continue;
    sum += sums_[i];
    rates[i] = rateOf(sum, kWindow);
  }
  return rates;
}

}  // namespace callflow::conference
