// What one participant says, at a media processor that mixes: as at any receiver it waits in a
// jitter buffer until it sounds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "models/client/outgoing_stream.h"
#include "models/conference/server.h"
#include "models/receiver/jitter_buffer.h"

namespace callflow::conference {

class MixInput : public Publication, private receiver::PlayoutListener {
 public:
  MixInput(Server& processor, std::unique_ptr<receiver::JitterBuffer> buffer)
      : Publication(processor), buffer_(std::move(buffer)) {}

  // Asked of each packet what is in it: of one who pauses, which the buffer has to know.
  void setSender(client::OutgoingStream& sender) { sender_ = &sender; }

  // Plays up to `until`; ready() has what began to sound before that, until clear().
  void play(TimePoint until);
  const std::vector<path::FrameHandle>& ready() const { return ready_; }
  void clear();
  // One of these for an end that it was forked to; false: no such end is left.
  bool copyTo(const path::MediaEnd& end, path::FrameHandle handle, path::FrameHandle& copy);

  void onSent(std::span<const path::SentFrame> frames) override;
  void onArrival(path::FrameHandle handle, TimePoint now) override;

 private:
  void played(std::int64_t sequence, TimePoint at, const receiver::Aim& aim) override;
  void concealed(std::int64_t, TimePoint, Duration, Duration) override {}
  void paused(std::int64_t, TimePoint, Duration) override {}
  void stretched(std::int64_t, Duration) override {}
  void discarded(std::int64_t sequence) override;
  // It will never sound: for those who listen it is as good as lost.
  void giveUp(path::FrameHandle handle);

  // A frame that is here.
  struct Held {
    path::FrameHandle handle = 0;
    TimePoint since;
    TimePoint sounds = TimePoint::max();  // from then on
  };

  std::unique_ptr<receiver::JitterBuffer> buffer_;
  client::OutgoingStream* sender_ = nullptr;
  std::map<std::int64_t, Held> held_;                    // by sequence
  std::map<std::int64_t, receiver::FrameKind> unusual_;  // that are no speech, until they come
  std::vector<path::FrameHandle> ready_;
};

}  // namespace callflow::conference
