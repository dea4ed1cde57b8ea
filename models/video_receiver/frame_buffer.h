// Frames wait for what they depend on, and for their turn to be decoded: libwebrtc's FrameBuffer.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>

#include "models/video_receiver/numbered_ring.h"
#include "models/video_receiver/packet.h"

namespace callflow::video_receiver {

class FrameBuffer {
 public:
  enum class Inserted {
    refused,     // it is there or decoded already, the time for it is past, or there is no room
    waiting,     // for a frame that it depends on, directly or by others
    continuous,  // all that it depends on is there or decoded
  };

  Inserted insert(const Frame& frame);
  std::size_t size() const { return frames_.size(); }

  // A frame is decodable when the one that it depends on is decoded: the first such one, and the
  // last; null if there is none.
  const Frame* next() const { return next_ ? &frames_[*next_].frame : nullptr; }
  const Frame* last() const { return next_ ? &frames_[last_].frame : nullptr; }
  // next() is decoded, and what was before it never will be.
  Frame take();
  // Neither next() nor what was before it will be decoded.
  void dropNext();

  // Frames that were to be decoded and were not.
  std::int64_t dropped() const { return dropped_; }
  // Continuous frames so far.
  std::int64_t continuous() const { return continuous_; }
  // Of the newest continuous frame: what is missing before it can only hold up frames of higher
  // temporal layers.
  std::optional<std::int64_t> continuousUpTo() const { return continuousUpTo_; }

 private:
  struct Held {
    std::int64_t number = 0;
    Frame frame;
    bool continuous = false;
  };

  bool wasDecoded(std::int64_t number) const;
  void noteDecoded(std::int64_t number);
  bool isContinuous(const Frame& frame);
  // What waited for what has come.
  void propagate(std::size_t from);
  void findDecodable();

  // How far back it is known which frames were decoded: libwebrtc,
  // video_stream_buffer_controller.cc.
  static constexpr std::int64_t kHistory = 1 << 13;

  NumberedRing<Held> frames_;
  std::optional<std::size_t> next_;  // index
  std::size_t last_ = 0;
  std::int64_t newestContinuous_ = -1;  // number
  std::optional<std::int64_t> continuousUpTo_;
  std::int64_t continuous_ = 0;
  std::int64_t dropped_ = 0;
  std::int64_t lastDecoded_ = -1;
  std::bitset<kHistory> decoded_;
};

}  // namespace callflow::video_receiver
