// What a sender knows of its packets: when they left, and what the other end has said of them
// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
#pragma once

#include <cstdint>
#include <vector>

#include "src/units/units.h"

namespace callflow::congestion {

// Of a packet that is part of no probe.
inline constexpr int kNoCluster = -1;

struct SentPacket {
  std::int64_t sequence = 0;  // transport-wide, from 0, without gaps
  TimePoint sent;
  DataSize size;             // of its RTP packet
  int cluster = kNoCluster;  // of packets that probe a rate: the number of their probe
  bool audio = false;
};

struct PacketResult {
  SentPacket packet;
  // By the receiver's clock, which has nothing to do with the sender's; max(): it says that the
  // packet has not come.
  TimePoint received = TimePoint::max();

  bool arrived() const { return received != TimePoint::max(); }
};

// One message of the receiver, as it came to the sender.
struct Feedback {
  TimePoint at;                       // when that was
  DataSize inFlight;                  // sent, and neither acknowledged nor reported lost
  std::vector<PacketResult> packets;  // in order of their sequence
};

}  // namespace callflow::congestion
