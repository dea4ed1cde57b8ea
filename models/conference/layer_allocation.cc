#include "models/conference/layer_allocation.h"

#include <algorithm>
#include <optional>

namespace callflow::conference {

namespace {

bool isSent(const Offer& offer, const Layer& layer) {
  return offer.rate(layer) > DataRate{};
}

bool allowed(const Offer& offer, const Layer& layer) {
  if (layer.spatial > offer.spatial || layer.temporal > offer.temporal) return false;
  // A size that has stopped is not waited for.
  const bool rises = layer.spatial > offer.current.spatial && offer.current.spatial != kPaused;
  return isSent(offer, layer) && (offer.mayRise || !rises);
}

// The next that is better: more frames, or a larger size.
std::optional<Layer> above(const Offer& offer, const Layer& layer) {
  Layer next = layer;
  if (layer.spatial != kPaused && layer.temporal + 1 < kMostTemporal) {
    next.temporal = layer.temporal + 1;
    if (allowed(offer, next)) return next;
  }
  for (int spatial = layer.spatial + 1; spatial < video::kMostLayers; ++spatial)
    for (int temporal = 0; temporal < kMostTemporal; ++temporal) {
      next = {spatial, temporal};
      // Fewer frames of a larger size that take no more are no step up.
      if (allowed(offer, next) && offer.rate(next) > offer.rate(layer)) return next;
    }
  return {};
}

class Rise {
 public:
  Rise(const std::vector<Offer>& offers, DataRate budget) : offers_(offers), budget_(budget) {
    result_.layers.resize(offers.size());
  }

  // Whether the stream could rise by one step.
  bool step(std::size_t i) {
    const auto next = above(offers_[i], result_.layers[i]);
    if (!next) return false;
    const DataRate more = offers_[i].rate(*next) - offers_[i].rate(result_.layers[i]);
    if (more > budget_ - result_.total) return false;
    result_.total += more;
    result_.layers[i] = *next;
    return true;
  }
  Allocation result() {
    for (const Offer& offer : offers_) {
      Layer best;
      while (const auto next = above(offer, best)) best = *next;
      result_.wanted += offer.rate(best);
    }
    return result_;
  }

 private:
  const std::vector<Offer>& offers_;
  DataRate budget_;
  Allocation result_;
};

}  // namespace

Allocation allocate(AllocationRule rule, const std::vector<Offer>& offers, DataRate budget) {
  Rise rise(offers, budget);
  for (bool any = true, first = true; any; first = false) {
    any = false;
    for (std::size_t i = 0; i < offers.size(); ++i) {
      const int steps = rule == AllocationRule::mediasoup && !first ? offers[i].priority : 1;
      for (int n = 0; n < steps; ++n) any = rise.step(i) || any;
    }
  }
  return rise.result();
}

}  // namespace callflow::conference
