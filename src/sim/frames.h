// Frames on their way: what a packet or a TCP message stands for, wherever it is just now.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/fabric/packet.h"
#include "models/receiver/delay_causes.h"
#include "src/metrics/run_record.h"
#include "src/units/units.h"

namespace callflow::sim {

// Handle of a frame in the pool: the payload of its packets, the token of its TCP messages.
using FrameHandle = std::uint32_t;
inline constexpr FrameHandle kNoFrame = 0xffffffff;

struct Frame {
  std::uint32_t flow = 0;  // see MediaPlane
  std::uint32_t leg = 0;   // position in the flow's legs
  std::int64_t sequence = 0;
  DataSize size;                 // of its SRTP packet, or of a control message
  bool carriesPrevious = false;  // its packet has the frame before it as well (in-band FEC)
  receiver::DelayParts parts;    // of the network, so far
  std::vector<fabric::Wait> waits;
  std::int32_t copies = 1;                      // most transmissions on any leg
  std::vector<metrics::LegCrossing> crossings;  // traced flows only
};

// Slots are used again with the memory of their vectors, so that a running call allocates nothing.
class FramePool {
 public:
  FrameHandle add() {
    if (free_.empty()) {
      frames_.emplace_back();
      return static_cast<FrameHandle>(frames_.size() - 1);
    }
    const FrameHandle handle = free_.back();
    free_.pop_back();
    Frame& frame = frames_[handle];
    frame.leg = 0;
    frame.carriesPrevious = false;
    frame.parts = {};
    frame.waits.clear();
    frame.copies = 1;
    frame.crossings.clear();
    return handle;
  }
  FrameHandle clone(FrameHandle original) {
    const FrameHandle handle = add();
    frames_[handle] = frames_[original];
    return handle;
  }
  void release(FrameHandle handle) {
    frames_[handle].flow = kUnused;
    free_.push_back(handle);
  }
  Frame& operator[](FrameHandle handle) { return frames_[handle]; }

  template <class Visit>
  void forEach(Visit&& visit) {
    for (Frame& frame : frames_) {
      if (frame.flow != kUnused) visit(frame);
    }
  }

 private:
  static constexpr std::uint32_t kUnused = 0xffffffff;
  std::vector<Frame> frames_;
  std::vector<FrameHandle> free_;
};

}  // namespace callflow::sim
