// The buffer that an encoder at constant rate fills with its frames and the line drains: what the
// next frame may take, and when frames are dropped (libvpx and libaom, one pass, constant rate).
#pragma once

#include "models/video/parameters.h"
#include "src/units/units.h"

namespace callflow::video {

struct BufferSettings {
  Duration initial, optimal, size;  // in time at the target rate
  double undershoot, overshoot;     // of a frame's share at most half of this less, or more
  bool drops = false;               // frames, when it runs dry
};

BufferSettings bufferSettings(Codec codec);

class RateBuffer {
 public:
  explicit RateBuffer(const BufferSettings& settings);

  void setRate(DataRate rate, double framesPerSecond);
  // The next frame is there, so long after the one before.
  void elapse(Duration time);
  // Whether this one, which is no key frame, is dropped. To be asked once a frame.
  bool drops();
  // What it shall take, in bits.
  double target() const;
  void spend(double bits);

  double level() const { return level_; }  // bits; negative: more was spent than there was

 private:
  double bitsIn(Duration time) const { return rate_ * time.seconds(); }
  void decimate();

  BufferSettings settings_;
  double rate_ = 0;      // bit/s
  double perFrame_ = 0;  // bits
  double level_ = 0;
  bool started_ = false;
  int decimation_ = 0;  // so many are dropped for each that is coded
  int dropping_ = 0;    // so many more
};

}  // namespace callflow::video
