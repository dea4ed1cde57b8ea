#include "models/client/outgoing_stream.h"

#include <algorithm>

namespace callflow::client {

namespace {

receiver::FrameKind kindOf(const media::AudioPacket& packet) {
  if (packet.comfortNoise) return receiver::FrameKind::comfortNoise;
  return packet.quiet ? receiver::FrameKind::quiet : receiver::FrameKind::speech;
}

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
      frames_(source_.packetsIn(setup.duration)) {}

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
    end_.onSent(sent_, packet->size, kindOf(*packet), now);
    transit_.send(flow_, sent_, packet->size, packet->carriesPrevious);
  }
  return ++captured_ < frames_;
}

}  // namespace callflow::client
