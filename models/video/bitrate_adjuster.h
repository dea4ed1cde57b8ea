// What encoders are told, so that what they make comes to their target (libwebrtc:
// encoder_bitrate_adjuster.cc): the target over what they were seen to overshoot by, over 1.2
// until they were seen.
#pragma once

#include <array>
#include <vector>

#include "models/video/overshoot.h"
#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

// What one stream is to get.
struct StreamTarget {
  DataRate rate, least;
  std::vector<double> layerShares = {1};  // of temporal layers, of the rate
  std::vector<double> frameShares = {1};  // and of the frames
};

class BitrateAdjuster {
 public:
  // `available`: what the path has for all streams together, their targets or more.
  std::vector<DataRate> adjust(const std::vector<StreamTarget>& targets, DataRate available,
                               double framesPerSecond, TimePoint now);
  void onFrame(int stream, int temporalLayer, DataSize size, TimePoint now);

 private:
  struct Stream {
    std::vector<LineOvershoot> layers;
    MeanOvershoot mean;
  };
  struct Factors {
    double line = 1, mean = 1;
  };
  void layOut(const std::vector<StreamTarget>& targets);
  Factors factorsOf(Stream& stream, const StreamTarget& target, TimePoint now) const;

  std::vector<Stream> streams_;
  int frames_ = 0;  // since streams or layers came or went
};

}  // namespace callflow::video
