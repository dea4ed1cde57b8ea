// The rates of spatial layers that are coded one upon the other, of VP9 and AV1 (libwebrtc:
// svc_config.cc, svc_rate_allocator.cc).
#pragma once

#include <vector>

#include "models/video/parameters.h"
#include "models/video/simulcast.h"
#include "src/units/units.h"

namespace callflow::video {

// Smallest first, each half as wide and high as the next; fewer than `layers` where the smallest
// would be under 240x135.
std::vector<StreamLimits> svcLayers(Resolution captured, int layers);
// Of a shared screen: all of one size, at 5, 10 and 30 frames a second.
std::vector<StreamLimits> svcShareLayers(Resolution captured, int layers);

class SvcAllocator {
 public:
  enum class Kind { camera, share };
  explicit SvcAllocator(std::vector<StreamLimits> layers, Kind kind = Kind::camera);

  // Zero: the layer is off. There is no hysteresis, and the first is always on.
  std::vector<DataRate> allocate(DataRate total) const;
  // The rate from which on the first, the first two and so on are on.
  const std::vector<DataRate>& starts() const { return starts_; }

 private:
  std::vector<DataRate> ofCamera(DataRate total, int layers) const;
  std::vector<DataRate> ofShare(DataRate total, int layers) const;
  DataRate startOf(int layers) const;

  std::vector<StreamLimits> layers_;
  Kind kind_;
  std::vector<DataRate> starts_;
};

// Of the rate of a spatial layer with so many temporal layers.
std::vector<double> svcTemporalShares(int layers);

}  // namespace callflow::video
