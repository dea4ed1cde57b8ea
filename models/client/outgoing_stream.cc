#include "models/client/outgoing_stream.h"

#include <algorithm>

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

bool OutgoingStream::onTick(std::uint32_t, TimePoint now) {
  const bool speech =
      conversation_ == nullptr || conversation_->talks(setup_.participant, now - mediaStart_);
  const bool fec = mayCarryFec_ && fec_.next();
  if (const auto packet = sender_.next(speech, fec)) {
    ++sent_;
    untold_.push_back({sent_, now, packet->size, kindOf(*packet)});
    if (untold_.size() == kToldAtOnce) tell();
    transit_.send(flow_, sent_, packet->size, packet->carriesPrevious);
  }
  return ++captured_ < frames_;
}

void OutgoingStream::tell() {
  end_.onSent(untold_);
  untold_.clear();
}

}  // namespace callflow::client
