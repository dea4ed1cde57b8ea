#include "models/video_receiver/synchronization.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, video/stream_synchronization.cc.
constexpr Duration kMostDelay = Duration::s(10);
constexpr Duration kMostChange = Duration::ms(80);
constexpr Duration kNoticed = Duration::ms(30);
constexpr std::int64_t kFilter = 4;

}  // namespace

std::optional<Synchronization::Delays> Synchronization::update(const Newest& audio,
                                                               const Newest& video,
                                                               Duration audioDelay,
                                                               Duration videoDelay) {
  // Nothing new of one of them.
  const bool same = audio.arrived == audioArrived_ || video.arrived == videoArrived_;
  audioArrived_ = audio.arrived;
  videoArrived_ = video.arrived;
  if (same) return std::nullopt;
  const Duration behind = (video.arrived - audio.arrived) - (video.captured - audio.captured);
  if (behind > kMostDelay || behind < -kMostDelay) return std::nullopt;

  // How much later the picture is than the sound.
  const Duration difference = videoDelay - audioDelay + behind;
  difference_ = ((kFilter - 1) * difference_ + difference) / kFilter;
  if (difference_ < kNoticed && difference_ > -kNoticed) return std::nullopt;
  const Duration by = std::clamp(difference_ / 2, -kMostChange, kMostChange);
  difference_ = Duration{};
  if (by > Duration{})
    shift(video_, audio_, by);
  else
    shift(audio_, video_, -by);
  // libwebrtc lets only the sound owe something.
  video_.extra = std::max(video_.extra, Duration{});
  return Delays{settle(audio_), settle(video_)};
}

void Synchronization::shift(Extra& late, Extra& early, Duration by) {
  if (late.extra > Duration{}) {
    late.extra -= by;
    early.extra = Duration{};
  } else {
    early.extra += by;
    late.extra = Duration{};
  }
}

Duration Synchronization::settle(Extra& stream) {
  // One stream at a time: the other stays where it was.
  if (stream.extra > Duration{}) stream.last = std::min(stream.extra, kMostDelay);
  return stream.last;
}

}  // namespace callflow::video_receiver
