#include "models/video_receiver/key_frame_requests.h"

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/video_receive_stream2.{h,cc}.
constexpr Duration kKeyFrameWait = Duration::ms(200);
constexpr Duration kFrameWait = Duration::s(3);
constexpr std::int64_t kHistories = 3;
constexpr Duration kInactive = Duration::s(5);

bool isShort(Duration history) {
  return history > Duration{} && kHistories * history < kFrameWait;
}

}  // namespace

KeyFrameRequests::KeyFrameRequests(TimePoint start, Duration history)
    : start_(start),
      keyFrameWait_(isShort(history) ? history : kKeyFrameWait),
      frameWait_(isShort(history) ? kHistories * history : kFrameWait) {}

void KeyFrameRequests::onPacket(bool ofKeyFrame, TimePoint now) {
  // Before the first packet timeouts pass without effect.
  if (!lastPacket_ && timeout_ == TimePoint::max())
    timeout_ = start_ + wait() * ((now - start_) / wait() + 1);
  lastPacket_ = now;
  if (ofKeyFrame) lastKeyFramePacket_ = now;
}

bool KeyFrameRequests::onComplete(bool keyFrame) {
  const bool first = !anyFrame_;
  anyFrame_ = true;
  return first && !keyFrame;
}

void KeyFrameRequests::onReleased(TimePoint now) {
  keyFrameNeeded_ = false;
  timeout_ = now + wait();
}

void KeyFrameRequests::onReady(TimePoint now) {
  if (timeout_ == TimePoint::max()) timeout_ = now + wait();
}

KeyFrameRequests::Silence KeyFrameRequests::onTimeout(bool ready, TimePoint now) {
  timeout_ = TimePoint::max();
  if (!ready) return {};
  timeout_ = now + wait();
  if (!lastPacket_ || now - *lastPacket_ >= kInactive) return {false, true};
  // One may be on its way.
  const bool arriving = lastKeyFramePacket_ && now - *lastKeyFramePacket_ < keyFrameWait_;
  return {!arriving, false};
}

}  // namespace callflow::video_receiver
