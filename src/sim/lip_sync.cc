#include "src/sim/lip_sync.h"

#include <algorithm>
#include <cmath>

#include "src/sim/video_call.h"

namespace callflow::sim {

namespace {

using metrics::MetricId;
using video_receiver::Synchronization;

// Of a record.
constexpr std::uint32_t kUpdate = 0;
constexpr std::uint32_t kSample = 1;

// ITU-R BT.1359-1, annex 1: from here on viewers notice that the sound is early, or late.
constexpr double kEarlyNoticed = 0.045;
constexpr double kLateNoticed = -0.125;

double mean(Duration sum, std::int64_t count) {
  return count > 0 ? sum.seconds() / static_cast<double>(count) : std::nan("");
}

}  // namespace

void LipSync::add(client::OutgoingStream& sender, client::IncomingStream& sound,
                  client::IncomingVideo& picture, bool together, const conference::MixOutput* mix) {
  const bool first = std::none_of(couples_.begin(), couples_.end(),
                                  [&](const Couple& couple) { return couple.picture == &picture; });
  couples_.push_back({&sender, &sound, &picture, together && first, mix, {}, {}});
  if (together) sound.holdBack({});
}

void LipSync::start(TimePoint mediaStart, TimePoint mediaEnd, TimePoint scoreFrom) {
  mediaEnd_ = mediaEnd;
  simulator_.pushOutOfOrder(lane_, mediaStart + Synchronization::kInterval, kUpdate);
  simulator_.pushOutOfOrder(lane_, scoreFrom, kSample);
}

void LipSync::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  if (now > mediaEnd_) return;
  for (Couple& couple : couples_) {
    couple.sender->tell();
    if (payload == kUpdate) {
      update(couple);
    } else {
      const receiver::Standing sound = couple.sound->standing();
      couple.samples.push_back({sound.played, sound.mouthToEar});
    }
  }
  if (payload == kUpdate)
    simulator_.pushOutOfOrder(lane_, now + Synchronization::kInterval, kUpdate);
  else if (now < mediaEnd_)
    simulator_.pushOutOfOrder(lane_, std::min(now + kSampled, mediaEnd_), kSample);
}

// libwebrtc, video/rtp_streams_synchronizer2.cc.
void LipSync::update(Couple& couple) {
  if (!couple.together) return;
  const receiver::Standing sound = couple.sound->standing();
  const auto picture = couple.picture->newest();
  if (!sound.delay || !picture) return;
  Synchronization::Newest heard{sound.sent, sound.received};
  if (couple.mix != nullptr) {
    if (!couple.mix->newest()) return;
    heard = {couple.mix->newest()->sent, couple.mix->newest()->received};
  }
  const auto delays =
      couple.synchronization.update(heard, *picture, *sound.delay, couple.picture->targetDelay());
  if (!delays) return;
  for (Couple& each : couples_)
    if (each.picture == couple.picture) each.sound->holdBack(delays->audio);
  couple.picture->holdBack(delays->video);
}

const std::vector<SoundSample>* LipSync::of(const client::IncomingStream& sound,
                                            const client::IncomingVideo& picture) const {
  const auto found = std::find_if(couples_.begin(), couples_.end(), [&](const Couple& couple) {
    return couple.sound == &sound && couple.picture == &picture;
  });
  return found == couples_.end() ? nullptr : &found->samples;
}

std::vector<double> syncOffsets(const std::vector<client::VideoSample>& picture,
                                const std::vector<SoundSample>& sound) {
  std::vector<double> offsets;
  for (std::size_t i = 1; i < std::min(picture.size(), sound.size()); ++i) {
    const client::InboundVideo &before = picture[i - 1].received, &after = picture[i].received;
    const SoundSample &a = sound[i - 1], &b = sound[i];
    offsets.push_back(mean(after.captureToRender - before.captureToRender,
                           after.framesRendered - before.framesRendered) -
                      mean(b.toEar - a.toEar, b.heard - a.heard));
  }
  return offsets;
}

void fillSync(const std::vector<double>& offsets, metrics::StreamRecord& record) {
  double sum = 0, worst = 0;
  int known = 0, noticed = 0;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const double offset = offsets[i];
    if (std::isnan(offset)) continue;
    const bool notices = offset > kEarlyNoticed || offset < kLateNoticed;
    ++known;
    noticed += notices ? 1 : 0;
    sum += offset;
    worst = std::max(worst, std::abs(offset));
    if (i >= record.windows.size()) continue;
    metrics::Values& window = record.windows[i].values;
    window[MetricId::video_sync_offset] = offset;
    window[MetricId::video_sync_offset_max] = std::abs(offset);
    window[MetricId::video_out_of_sync_ratio] = notices ? 1 : 0;
  }
  if (known == 0) return;
  record.totals[MetricId::video_sync_offset] = sum / known;
  record.totals[MetricId::video_sync_offset_max] = worst;
  record.totals[MetricId::video_out_of_sync_ratio] = static_cast<double>(noticed) / known;
}

}  // namespace callflow::sim
