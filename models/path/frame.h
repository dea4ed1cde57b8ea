// Frames on their way: what a packet or a TCP message stands for, wherever it is just now.
#pragma once

#include <cstdint>
#include <vector>

#include "models/fabric/packet.h"
#include "models/receiver/delay_causes.h"
#include "src/units/units.h"

namespace callflow::path {

struct Flow;
struct Path;

// Handle of a frame in the pool: the payload of its packets, the token of its TCP messages.
using FrameHandle = std::uint32_t;

// One transmission of a traced frame over one leg; a retransmission is a further one.
struct Crossing {
  std::int32_t leg = 0;   // counted from the sender, over media processors
  std::int32_t copy = 1;  // 1: the first transmission on this leg
  TimePoint sent;
  TimePoint arrived = TimePoint::max();    // never, if lost
  TimePoint delivered = TimePoint::max();  // over TCP in order
  // Where it was lost: on a link, at a node, or (`atSocket`) before the socket of a node.
  fabric::LinkId lostOn = fabric::kNoLink;
  fabric::NodeId lostAt = fabric::kNoNode;
  bool atSocket = false;

  bool lost() const { return lostOn != fabric::kNoLink || lostAt != fabric::kNoNode; }
};

struct Frame {
  const Flow* flow = nullptr;  // null: a slot that waits for its next use
  const Path* path = nullptr;  // the flow's when it was sent
  std::uint32_t leg = 0;       // position in the path's legs
  std::int64_t sequence = 0;
  DataSize size;                 // of its SRTP packet, or of a control message
  bool carriesPrevious = false;  // its packet has the frame before it as well (in-band FEC)
  receiver::DelayParts parts;    // of the network, so far
  std::vector<fabric::Wait> waits;
  std::int32_t copies = 1;          // most transmissions on any leg
  std::vector<Crossing> crossings;  // traced runs only
};

// Slots are used again with the memory of their vectors, so that a running call allocates nothing.
// References to frames hold until the next one is added.
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
    frames_[handle].flow = nullptr;
    free_.push_back(handle);
  }
  Frame& operator[](FrameHandle handle) { return frames_[handle]; }

  // Those on their way.
  template <class Visit>
  void forEach(Visit&& visit) const {
    for (const Frame& frame : frames_) {
      if (frame.flow != nullptr) visit(frame);
    }
  }

 private:
  std::vector<Frame> frames_;
  std::vector<FrameHandle> free_;
};

}  // namespace callflow::path
