// When a frame is shown: when it was to be expected, plus the delay that hides jitter. libwebrtc's
// VCMTiming.
#pragma once

#include "models/video_receiver/time_extrapolator.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

class Timing {
 public:
  explicit Timing(TimePoint start) : extrapolator_(start) {}
  void reset(TimePoint now);

  // A frame is complete that came as it was sent first.
  void onComplete(TimePoint captured, TimePoint arrived) {
    extrapolator_.update(captured, arrived);
  }
  // So long frames should wait by the jitter estimate.
  void setJitterDelay(Duration delay);
  // Bounds of what is added: audio-video synchronization, or the sender's playout-delay extension.
  void setPlayoutDelay(Duration least, Duration most);
  // A frame that was to be shown at `shown` goes to the decoder now. If that is too late the delay
  // grows by as much, up to the target; above the target it falls there at once.
  void onReleased(TimePoint shown, TimePoint now);
  // How long the decoder takes for most frames (95 %).
  void setDecodeTime(Duration time) { decodeTime_ = time; }

  TimePoint renderTime(TimePoint captured, TimePoint now) const;
  // A frame that is shown at this time is decoded at the latest.
  TimePoint latestDecode(TimePoint shown) const { return shown - decodeTime_ - kRenderDelay; }

  Duration target() const;
  Duration current() const { return current_; }
  Duration jitterDelay() const { return jitterDelay_; }
  // The part of target() in front of the decoder: W3C jitterBufferTargetDelay, a frame.
  Duration bufferTarget() const;

 private:
  // libwebrtc, modules/video_coding/timing/timing.h.
  static constexpr Duration kRenderDelay = Duration::ms(10);

  TimeExtrapolator extrapolator_;
  Duration jitterDelay_;
  Duration decodeTime_;
  Duration least_;
  Duration most_ = Duration::s(10);
  Duration current_;
};

}  // namespace callflow::video_receiver
