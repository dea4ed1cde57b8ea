// Drops frames before encoders whose rate libwebrtc does not trust (H.264): a bucket of half a
// second, and a share of drops that follows how often it is over (libwebrtc: frame_dropper.cc).
#pragma once

#include "src/units/units.h"

namespace callflow::video {

class FrameDropper {
 public:
  void setRate(DataRate rate);
  // A frame is captured, of so many a second; whether it is dropped.
  bool drops(double framesPerSecond);
  // It was coded.
  void onFrame(DataSize size, bool key);

 private:
  // A large frame counts bit by bit, over the next half second.
  void spread(double bits);
  void leak(double framesPerSecond);
  bool decide(double framesPerSecond);

  double rate_ = 0;    // bit/s
  double level_ = 0;   // bits
  double share_ = 0;   // of frames that are to be dropped
  bool below_ = true;  // the bucket was not over its size
  bool dropNext_ = false;
  int count_ = 0;                // frames since the last of the rarer kind, dropped or kept
  double meanDelta_ = -1;        // bits; -1: none yet
  double keyShare_ = 1.0 / 300;  // of frames: one in ten seconds
  int pieces_ = 0;               // of a large frame, still to be counted
  double piece_ = 0;             // bits
  double spreadFrames_ = 15;
};

}  // namespace callflow::video
