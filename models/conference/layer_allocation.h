// Which layers of whose video a receiver gets of what its path carries. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/conference/parameters.h"
#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::conference {

inline constexpr int kMostTemporal = 3;

// Nothing at all: spatial is kPaused.
inline constexpr int kPaused = -1;
struct Layer {
  int spatial = kPaused;
  int temporal = 0;

  bool operator==(const Layer&) const = default;
};

// What a sender offers of its video just now.
struct Offer {
  // By spatial layer, smallest first, and temporal layer: what that and all below it take, as
  // measured. Zero: it is not being sent.
  std::array<std::array<DataRate, kMostTemporal>, video::kMostLayers> rates{};
  // What the receiver can make use of at most, by the size that it shows the video in.
  int spatial = 0, temporal = kMostTemporal - 1;
  int priority = 1;     // from 1 on; of mediasoup's rule
  Layer current = {};   // that it gets
  bool mayRise = true;  // to a larger size than that

  DataRate rate(const Layer& layer) const {
    if (layer.spatial == kPaused) return {};
    return rates[static_cast<std::size_t>(layer.spatial)][static_cast<std::size_t>(layer.temporal)];
  }
};

struct Allocation {
  std::vector<Layer> layers;  // by offer
  DataRate total, wanted;     // what these take; and what would be taken if there were no limit
};

// Offers are in order of importance. Nothing is allocated beyond `budget`.
Allocation allocate(AllocationRule rule, const std::vector<Offer>& offers, DataRate budget);

}  // namespace callflow::conference
