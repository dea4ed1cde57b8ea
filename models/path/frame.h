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
  const Path* path = nullptr;  // of the frame
  std::int32_t leg = 0;        // counted from the sender, over media processors
  std::int32_t copy = 1;       // 1: the first transmission on this leg
  TimePoint sent;
  TimePoint arrived = TimePoint::max();    // never, if lost
  TimePoint delivered = TimePoint::max();  // over TCP in order
  // Where it was lost: on a link, at a node, or (`atSocket`) before the socket of a node.
  fabric::LinkId lostOn = fabric::kNoLink;
  fabric::NodeId lostAt = fabric::kNoNode;
  bool atSocket = false;

  bool lost() const { return lostOn != fabric::kNoLink || lostAt != fabric::kNoNode; }
};

// What lies behind a frame.
struct Journey {
  receiver::DelayParts parts;  // of the network, so far
  std::vector<fabric::Wait> waits;
  std::int32_t copies = 1;          // most transmissions on any leg
  std::vector<Crossing> crossings;  // traced runs only
};

struct Frame {
  const Flow* flow = nullptr;  // null: a slot that waits for its next use
  const Path* path = nullptr;  // the flow's when it was sent
  std::int64_t sequence = 0;
  DataSize size;                 // of its SRTP packet, or of a control message
  std::uint32_t leg = 0;         // position in the path's legs
  std::uint32_t journey = 0;     // FramePool's; 0: it has just been sent
  bool carriesPrevious = false;  // its packet has the frame before it as well (in-band FEC)
};

// Slots are used again with the memory of their vectors, so that a running call allocates nothing.
// References to frames and journeys hold until the next of them is added.
//
// Copies of a frame share its journey until something is added to one of them: to a hundred
// participants a frame is copied a hundred times.
class FramePool {
 public:
  FramePool() : journeys_(1) {}

  FrameHandle add() {
    if (free_.empty()) {
      frames_.emplace_back();
      return static_cast<FrameHandle>(frames_.size() - 1);
    }
    const FrameHandle handle = free_.back();
    free_.pop_back();
    frames_[handle] = {};
    return handle;
  }
  FrameHandle copy(FrameHandle original) {
    const FrameHandle handle = add();
    frames_[handle] = frames_[original];
    ++journeys_[frames_[handle].journey].frames;
    return handle;
  }
  void release(FrameHandle handle) {
    frames_[handle].flow = nullptr;
    free_.push_back(handle);
    releaseJourney(frames_[handle].journey);
  }
  Frame& operator[](FrameHandle handle) { return frames_[handle]; }
  const Frame& operator[](FrameHandle handle) const { return frames_[handle]; }

  const Journey& journey(FrameHandle handle) const {
    return journeys_[frames_[handle].journey].journey;
  }
  // The same to be added to: no other frame has it.
  Journey& ownJourney(FrameHandle handle) {
    std::uint32_t& number = frames_[handle].journey;
    if (number == kNone || journeys_[number].frames > 1) {
      const std::uint32_t before = number;
      number = addJourney();
      if (before != kNone) {
        journeys_[number].journey = journeys_[before].journey;
        --journeys_[before].frames;
      }
    }
    return journeys_[number].journey;
  }

  // Those on their way.
  template <class Visit>
  void forEach(Visit&& visit) const {
    for (std::size_t i = 0; i < frames_.size(); ++i) {
      if (frames_[i].flow != nullptr) visit(static_cast<FrameHandle>(i));
    }
  }

 private:
  struct Slot {
    Journey journey;
    std::uint32_t frames = 0;  // that have it
  };
  static constexpr std::uint32_t kNone = 0;  // nothing lies behind these

  std::uint32_t addJourney() {
    std::uint32_t number = 0;
    if (freeJourneys_.empty()) {
      number = static_cast<std::uint32_t>(journeys_.size());
      journeys_.emplace_back();
    } else {
      number = freeJourneys_.back();
      freeJourneys_.pop_back();
      Journey& journey = journeys_[number].journey;
      journey.parts = {};
      journey.waits.clear();
      journey.copies = 1;
      journey.crossings.clear();
    }
    journeys_[number].frames = 1;
    return number;
  }
  void releaseJourney(std::uint32_t number) {
    if (number == kNone || --journeys_[number].frames > 0) return;
    freeJourneys_.push_back(number);
  }

  std::vector<Frame> frames_;
  std::vector<FrameHandle> free_;
  std::vector<Slot> journeys_;
  std::vector<std::uint32_t> freeJourneys_;
};

}  // namespace callflow::path
