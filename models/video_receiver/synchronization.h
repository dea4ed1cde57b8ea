// Sound and picture that were taken together are heard and seen together: libwebrtc's
// StreamSynchronization. What comes earlier is held back.
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::video_receiver {

class Synchronization {
 public:
  // The newest packet of a stream; its capture by the clock that the sender's RTCP sender reports
  // relate both streams to.
  struct Newest {
    TimePoint captured;
    TimePoint arrived;
  };
  // So long each stream is to be delayed at least, from expected arrival to playout.
  struct Delays {
    Duration audio;
    Duration video;
  };

  // The time from one update to the next.
  static constexpr Duration kInterval = Duration::s(1);

  // `audioDelay`, `videoDelay`: what each stream is delayed by now (audio) or would be (video, its
  // target). Nothing if all may stay as it is.
  std::optional<Delays> update(const Newest& audio, const Newest& video, Duration audioDelay,
                               Duration videoDelay);

 private:
  struct Extra {
    Duration extra;
    Duration last;
  };
  // Takes away what this stream was held back, or else holds back the other.
  static void shift(Extra& late, Extra& early, Duration by);
  static Duration settle(Extra& stream);

  TimePoint audioArrived_ = TimePoint::max();
  TimePoint videoArrived_ = TimePoint::max();
  Duration difference_;
  Extra audio_;
  Extra video_;
};

}  // namespace callflow::video_receiver
