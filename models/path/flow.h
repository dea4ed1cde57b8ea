// Paths, and the flows of frames that take them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/path/frame.h"
#include "models/receiver/frame_kind.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::path {

class Leg;

// From whoever sends to whoever the frames are for, over relays and proxies: legs one behind the
// other. Flows share it. One without legs leads nowhere: what is sent on it is lost at once.
struct Path {
  std::vector<Leg*> legs;
  TimePoint found = {};  // when agents have found it; the beginning, if it was planned
};

// What frames of a flow are for. It is told what becomes of each of them.
class FlowEnd {
 public:
  virtual ~FlowEnd() = default;
  // A frame has come. From now on it is the end's, to be released or sent on.
  virtual void onArrival(FrameHandle handle, TimePoint now) = 0;
  // A frame will never come; it is gone after this call.
  virtual void onLost(FrameHandle handle) = 0;
  // Of a traced run that is over: a frame is still on its way.
  virtual void onLeftOver(FrameHandle handle) { static_cast<void>(handle); }
};

struct SentFrame {
  std::int64_t sequence = 0;
  TimePoint sent;
  DataSize size;
  receiver::FrameKind kind = receiver::FrameKind::speech;
};

// The end of a flow of media, which is also told what was sent: of many frames at once, when the
// last of them is sent or later. Then it knows of all that has been sent.
class MediaEnd : public FlowEnd {
 public:
  virtual void onSent(std::span<const SentFrame> frames) = 0;
};

// Knows what is in the frames of a flow, of those that are on their way; asked only where packets
// are captured.
class FrameWriter {
 public:
  virtual ~FrameWriter() = default;
  // What it leaves out at the end is content that nobody knows.
  virtual void writeFrame(const Frame& frame, wire::Bytes& bytes) const = 0;
};

// Frames of one sender. Its path may be replaced while it runs: frames on their way stay on the one
// that they were sent on.
struct Flow {
  const Path* path = nullptr;
  FlowEnd* end = nullptr;
  std::uint32_t draws = 0;      // fabric::Packet::stream of its UDP packets
  std::uint32_t legBefore = 0;  // of a flow that a media processor sends on: legs up to there
  bool media = true;
  const FrameWriter* writer = nullptr;  // none: nobody knows what is in its frames
  mutable std::int64_t unsent = 0;      // frames while its path led nowhere
};

}  // namespace callflow::path
