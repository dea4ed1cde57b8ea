#include "models/client/outgoing_stream.h"

#include <algorithm>

#include "models/media/rtp_bytes.h"

namespace callflow::client {

namespace {

receiver::FrameKind kindOf(const media::AudioPacket& packet) {
  if (packet.comfortNoise) return receiver::FrameKind::comfortNoise;
  return packet.quiet ? receiver::FrameKind::quiet : receiver::FrameKind::speech;
}

// Frames that are told of at once. What receivers keep of a stream comes from memory anew with many
// streams, and is read once for all of them; more, and what has come in the meantime, which waits
// at each receiver, leaves the nearer caches.
constexpr std::size_t kToldAtOnce = 32;

}  // namespace

OutgoingStream::OutgoingStream(path::Transit& transit, const path::Flow& flow, path::MediaEnd& end,
                               media::Conversation* conversation, const Setup& setup)
    : transit_(transit),
      flow_(flow),
      end_(end),
      conversation_(conversation),
      setup_(setup),
      source_(setup.audio),
      sender_(source_, setup.audio, setup.draws),
      fec_(setup.fec, setup.audio, setup.draws),
      mayCarryFec_(setup.audio.codec == media::AudioCodec::opus &&
                   setup.audio.fec == media::Fec::automatic),
      frames_(source_.packetsIn(setup.duration)) {
  untold_.reserve(kToldAtOnce);
}

void OutgoingStream::start(fabric::PeriodicTimers& timers, TimePoint mediaStart) {
  mediaStart_ = reported_ = mediaStart;
  timers.start(mediaStart + setup_.clock.phase, period(), *this, 0);
}

TimePoint OutgoingStream::end(TimePoint mediaStart) const {
  return mediaStart + setup_.clock.phase + period() * frames_;
}

void OutgoingStream::report(const LossReport& loss, TimePoint now) {
  if (loss.expected <= 0) return;
  fec_.report(std::max<std::int64_t>(0, loss.lost), loss.expected, now - reported_);
  reported_ = now;
}

void OutgoingStream::stop() {
  stopped_ = true;
  tell();
}

bool OutgoingStream::onTick(std::uint32_t, TimePoint now) {
  if (stopped_) return false;
  const bool speech =
      conversation_ == nullptr || conversation_->talks(setup_.participant, now - mediaStart_);
  const bool fec = mayCarryFec_ && fec_.next();
  if (const auto packet = sender_.next(speech, fec)) {
    ++sent_;
    spoke_[static_cast<std::size_t>(sent_) % kRemembered] = !packet->quiet && !packet->comfortNoise;
    if (transit_.captured()) note(*packet, now);
    untold_.push_back({sent_, now, packet->size, kindOf(*packet)});
    if (untold_.size() == kToldAtOnce) tell();
    if (session_ != nullptr) session_->noteAudioSent(sent_, packet->size, now);
    transit_.send(flow_, sent_, packet->size, packet->carriesPrevious);
  }
  return ++captured_ < frames_;
}

void OutgoingStream::note(const media::AudioPacket& packet, TimePoint now) {
  written_.push_back({captured_, now, packet.marker, !packet.quiet && !packet.comfortNoise});
  payloads_ += packet.size - media::srtpSize({}, setup_.audio.rtpExtensions);
}

SenderInfo OutgoingStream::info(TimePoint now) const {
  const std::int64_t clock = source_.clockRate();
  const std::int64_t ns = (now - mediaStart_ - setup_.clock.phase).count();
  return {.timestamp = static_cast<std::uint32_t>(ns / 1000 * clock / 1'000'000),
          .packets = static_cast<std::uint32_t>(sent_),
          .octets = static_cast<std::uint32_t>(payloads_.count())};
}

void OutgoingStream::writeFrame(const path::Frame& frame, wire::Bytes& bytes) const {
  const Written& written = written_[static_cast<std::size_t>(frame.sequence - 1)];
  media::writeRtpHeader({.codec = setup_.audio.codec,
                         .red = setup_.audio.red && setup_.audio.codec == media::AudioCodec::opus,
                         .marker = written.marker,
                         .voice = written.voice,
                         .sequence = static_cast<std::uint16_t>(frame.sequence),
                         .timestamp = source_.timestampOffset(written.captured),
                         .ssrc = setup_.ssrc,
                         .sent = written.sent,
                         .extensions = setup_.audio.rtpExtensions},
                        bytes);
}

void OutgoingStream::tell() {
  end_.onSent(untold_);
  untold_.clear();
}

}  // namespace callflow::client
