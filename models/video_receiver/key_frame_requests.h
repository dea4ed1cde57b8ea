// When a receiver of video asks for a key frame (beside having lost too much): libwebrtc's
// VideoReceiveStreamTimeoutTracker and what VideoReceiveStream2 makes of it.
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::video_receiver {

class KeyFrameRequests {
 public:
  // `history`: for how long the sender can send again what is lost (RFC 4588 rtx-time).
  KeyFrameRequests(TimePoint start, Duration history);

  // A packet with media has come, as it was sent first; the stream ticks from the first one on.
  void onPacket(bool ofKeyFrame, TimePoint now);
  // A frame is complete. True if a key frame is to be asked for: it is the first, and none itself.
  bool onComplete(bool keyFrame);
  // A frame goes to the decoder.
  void onReleased(TimePoint now);
  // The decoder is ready for another.
  void onReady(TimePoint now);

  // When the wait for a frame is over; max() if nobody waits.
  TimePoint timeout() const { return timeout_; }
  struct Silence {
    bool request = false;   // a key frame is to be asked for
    bool inactive = false;  // the sender has paused
  };
  // At timeout(). `ready`: the decoder is.
  Silence onTimeout(bool ready, TimePoint now);

 private:
  Duration wait() const { return keyFrameNeeded_ ? keyFrameWait_ : frameWait_; }

  TimePoint start_;
  Duration keyFrameWait_;
  Duration frameWait_;
  bool keyFrameNeeded_ = true;  // until the first frame
  bool anyFrame_ = false;
  std::optional<TimePoint> lastPacket_;
  std::optional<TimePoint> lastKeyFramePacket_;
  TimePoint timeout_ = TimePoint::max();
};

}  // namespace callflow::video_receiver
