// Several sizes of one picture at once, and which of them a rate suffices for (libwebrtc:
// simulcast.cc, simulcast_rate_allocator.cc).
#pragma once

#include <vector>

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

struct StreamLimits {
  Resolution size;
  DataRate least, target, most;
};

// Of one size, by the table; between its rows linear in the number of pixels.
StreamLimits simulcastLimits(Codec codec, Resolution size);

// Smallest first, each half as wide and high as the next; fewer than `layers` where the picture is
// too small for them. The smallest may go down to 30 kbit/s.
std::vector<StreamLimits> simulcastStreams(Codec codec, Resolution captured, int layers);

// Of the rate of a stream with so many temporal layers, and of its frames.
std::vector<double> temporalRateShares(int layers);
std::vector<double> temporalFrameShares(int layers);

enum class Hysteresis { camera, share };

class SimulcastAllocator {
 public:
  // Smallest first.
  explicit SimulcastAllocator(std::vector<StreamLimits> streams,
                              Hysteresis hysteresis = Hysteresis::camera);

  // What each stream gets of the rate, zero: it is off. The smallest gets its least in any case.
  std::vector<DataRate> allocate(DataRate total);

  // All streams at once.
  DataRate most() const;
  // Up to here more rate switches a stream on.
  DataRate padding() const;

 private:
  // What a stream needs that is off.
  DataRate toBegin(const StreamLimits& stream) const;

  std::vector<StreamLimits> streams_;
  double hysteresis_;
  std::vector<bool> on_;  // empty before the first allocation, which needs no hysteresis
};

}  // namespace callflow::video
