// How made-up sound fades.
#pragma once

#include <algorithm>
#include <cstdint>

#include "src/units/units.h"

namespace callflow::receiver {

// libwebrtc, modules/audio_coding/neteq/expand.cc, in its own whole numbers at 48 kHz: sound is
// made up one pitch period at a time; from the fourth period on it fades by 5 % in 6.25 ms, from
// the eighth by 10 %, until nothing but noise is left. Left out: that the signal itself may ask for
// faster fading.
class Expansion {
 public:
  // A run of made-up sound begins, of periods of this length (2.5 to 15 ms).
  void begin(Duration period) {
    period_ = period;
    calls_ = 0;
    slope_ = 0;
    mute_ = kFull;
  }

  // Makes one more period.
  void extend() {
    if (calls_ == 3) slope_ = 1049 / 6;
    if (calls_ == 7) slope_ = 2097 / 6;
    if (calls_ > 0) {
      const std::int64_t samples = period_.count() * 48 / 1'000'000;
      std::int64_t gain = kFull - ((samples * slope_ + 8192) >> 6);
      gain = (gain * mute_ + 8192) >> 14;
      mute_ = calls_ > 3 && gain >= mute_ ? 0 : gain;
    }
    calls_ = std::min(calls_ + 1, 200);  // kMaxConsecutiveExpands
  }

  Duration period() const { return period_; }
  bool silent() const { return mute_ == 0; }        // nothing but noise
  bool faded() const { return mute_ < kFull / 2; }  // below half the amplitude
  double amplitude() const { return static_cast<double>(mute_) / kFull; }

 private:
  static constexpr std::int64_t kFull = 16384;  // 1 in Q14
  Duration period_;
  int calls_ = 0;
  std::int64_t slope_ = 0;  // Q20, a sample
  std::int64_t mute_ = kFull;
};

}  // namespace callflow::receiver
