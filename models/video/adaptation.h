// Which size and how many frames a second are left of what is captured, step by step (libwebrtc:
// video_stream_adapter.cc, video_adapter.cc, balanced_degradation_settings.cc).
#pragma once

#include <optional>

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

// Of the sizes that scaling by 3/4 and 2/3 in turn gives, the one that comes closest to `target`
// pixels and has `most` at most.
Resolution scaledTo(Resolution captured, int target, int most);

class Adaptation {
 public:
  Adaptation(Resolution captured, int framesPerSecond, Degradation degradation);

  // One step; whether there was one left.
  bool down();
  bool up();
  // One step of size, whatever is given up else: a picture that is too large to begin with.
  bool smaller();

  Resolution size() const { return size_; }
  // At most; none: as captured.
  std::optional<int> frameRate() const { return frameRate_; }
  bool restricted() const { return sizeSteps_ > 0 || rateSteps_ > 0; }

 private:
  bool larger();
  bool fewer(int framesPerSecond);
  bool more(int framesPerSecond);
  int currentRate() const { return frameRate_.value_or(capturedRate_); }

  Resolution captured_;
  int capturedRate_;
  Degradation degradation_;
  Resolution size_;
  std::optional<int> frameRate_;
  int sizeSteps_ = 0, rateSteps_ = 0;
};

// libwebrtc: video_stream_encoder.cc (DropDueToSize). Whether a sender that starts at this rate
// leaves out a picture of this size.
bool tooLargeToStart(Resolution size, DataRate start);

// The same before the first is coded: at most four pictures are left out, each for one step.
void reduceToStart(Adaptation& adaptation, DataRate start);

}  // namespace callflow::video
