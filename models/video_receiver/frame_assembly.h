// Packets become frames: a frame is there when all of its packets are, whatever is missing before
// it. libwebrtc's PacketBuffer.
#pragma once

#include <cstdint>
#include <vector>

#include "models/video_receiver/numbered_ring.h"
#include "models/video_receiver/packet.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

class FrameAssembly {
 public:
  struct Inserted {
    // The frame that the packet has completed; null if none. Holds until the next packet.
    const Frame* frame = nullptr;
    // The packet found no room, and all that was held is forgotten: only a key frame helps.
    bool overflow = false;
  };

  FrameAssembly();
  // `timesAsked`: how often this packet was asked for before it came.
  Inserted insert(const Packet& packet, int timesAsked, TimePoint now);
  // Packets up to this one are of no use any more.
  void clearUpTo(std::int64_t sequence);

 private:
  struct Partial {
    std::int64_t number = 0;
    Frame frame;
    std::int64_t first = -1;  // sequence numbers, once known
    std::int64_t last = -1;
    std::int64_t newest = 0;
    std::int64_t packets = 0;
  };

  std::int64_t& slotOf(std::int64_t sequence) {
    return held_[static_cast<std::size_t>(sequence) & (held_.size() - 1)];
  }
  bool makeRoom(std::int64_t sequence);
  void release(std::int64_t from, std::int64_t to);
  void forget();

  std::vector<std::int64_t> held_;  // sequence numbers of packets of partial frames
  NumberedRing<Partial> partial_;
  std::int64_t cleared_ = -1;
  std::int64_t oldest_ = -1;  // no packet before it is held
  Frame complete_;
};

}  // namespace callflow::video_receiver
