// A stream at its sender: each frame is captured, encoded and sent by the sender's clock.
#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "models/client/clock.h"
#include "models/client/in_band_fec.h"
#include "models/client/loss_report.h"
#include "models/client/rtcp_report.h"
#include "models/fabric/timers.h"
#include "models/media/audio_sender.h"
#include "models/media/conversation.h"
#include "models/path/transit.h"
#include "models/rtp/session.h"

namespace callflow::client {

class OutgoingStream : public fabric::TickHandler, public path::FrameWriter {
 public:
  struct Setup {
    media::Audio audio;
    InBandFecParameters fec;
    Clock clock;
    std::uint64_t draws = 0;        // which of the random streams of senders is used
    std::uint32_t ssrc = 0;         // RFC 3550
    std::uint32_t participant = 0;  // of the conversation
    Duration duration;              // of media
  };
  // `flow`, whose end is `end`, and `conversation` (null: everybody speaks all the time) must
  // outlive it.
  OutgoingStream(path::Transit& transit, const path::Flow& flow, path::MediaEnd& end,
                 media::Conversation* conversation, const Setup& setup);

  // Its packets are numbered with those of the session from now on, which must outlive it.
  void setSession(rtp::Session& session) { session_ = &session; }
  // The call's media begins at `mediaStart`.
  void start(fabric::PeriodicTimers& timers, TimePoint mediaStart);
  // Nothing more is sent.
  void stop();
  // When it ends, if it begins then.
  TimePoint end(TimePoint mediaStart) const;
  // What its receivers have reported.
  void report(const LossReport& loss, TimePoint now);

  // What its sender reports would say of it, where packets are captured.
  SenderInfo info(TimePoint now) const;
  void writeFrame(const path::Frame& frame, wire::Bytes& bytes) const override;

  // Whether somebody spoke in one of the last frames.
  bool spoke(std::int64_t sequence) const {
    return spoke_[static_cast<std::size_t>(sequence) % kRemembered];
  }

  bool onTick(std::uint32_t index, TimePoint now) override;
  // Tells its end of what it has not been told yet.
  void tell();

 private:
  static constexpr std::size_t kRemembered = 4096;  // more than a minute's

  // What is in a packet, where packets are captured.
  struct Written {
    std::int64_t captured = 0;  // the frame's number, from 0
    TimePoint sent;
    bool marker = false, voice = true;
  };

  Duration period() const { return setup_.clock.rate.lasts(setup_.audio.frame); }
  void note(const media::AudioPacket& packet, TimePoint now);

  path::Transit& transit_;
  const path::Flow& flow_;
  path::MediaEnd& end_;
  std::vector<path::SentFrame> untold_;  // of what was sent
  media::Conversation* conversation_;
  Setup setup_;
  media::AudioSource source_;
  media::AudioSender sender_;
  InBandFec fec_;
  bool mayCarryFec_;
  rtp::Session* session_ = nullptr;
  std::bitset<kRemembered> spoke_;  // by sequence
  std::int64_t frames_;             // to be captured in all
  std::int64_t captured_ = 0;       // of these
  std::int64_t sent_ = 0;           // of these; in a pause none is
  bool stopped_ = false;
  TimePoint mediaStart_;
  TimePoint reported_;            // when the last report of its losses came
  std::vector<Written> written_;  // by sequence, from 1 on
  DataSize payloads_;             // of all these
};

}  // namespace callflow::client
