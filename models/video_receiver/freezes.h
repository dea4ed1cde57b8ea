// Whether what is seen stands still: libwebrtc's VideoQualityObserver, which W3C's freezeCount and
// pauseCount describe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::video_receiver {

class Freezes {
 public:
  // A frame is seen. Tells how long what was seen stood still before it, if that was a freeze: at
  // least three times the mean interval of the last 30 frames, this one included, and 150 ms more
  // than it.
  std::optional<Duration> onFrame(TimePoint seen);
  // The sender sends nothing: until the next frame this is a pause and no freeze.
  void onInactive() { paused_ = true; }

  std::int64_t freezes() const { return freezes_; }
  Duration frozen() const { return frozen_; }
  Duration longestFreeze() const { return longest_; }
  std::int64_t pauses() const { return pauses_; }
  Duration paused() const { return pausedTime_; }
  // From the first frame to the last.
  Duration total() const { return last_ - first_; }
  // Sum of the squares of all intervals, in s squared.
  double squares() const { return squares_; }
  // Frames a second, where standing still counts for more than moving faster. 0 if there were no
  // two frames.
  double harmonicRate() const { return squares_ > 0 ? total().seconds() / squares_ : 0; }
  // From the end of one freeze, pause, or from the first frame, to the start of the next freeze
  // or pause; zero if there was none.
  Duration meanBetween() const { return smooths_ > 0 ? smooth_ / smooths_ : Duration{}; }

 private:
  void endSmooth(TimePoint now);

  static constexpr std::size_t kWindow = 30;
  std::array<Duration, kWindow> intervals_;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  Duration sum_;

  bool any_ = false;
  bool paused_ = false;
  TimePoint first_;
  TimePoint last_;
  TimePoint smoothSince_;
  std::int64_t freezes_ = 0;
  std::int64_t pauses_ = 0;
  std::int64_t smooths_ = 0;
  Duration frozen_;
  Duration longest_;
  Duration pausedTime_;
  Duration smooth_;
  double squares_ = 0;
};

}  // namespace callflow::video_receiver
