// What the tests of models/video_receiver have in common.
#pragma once

#include <cstdint>
#include <vector>

#include "models/video_receiver/packet.h"

namespace callflow::video_receiver {

inline TimePoint at(double milliseconds) {
  return TimePoint::at(Duration::fromSeconds(milliseconds / 1000));
}

// The packets of one frame of 30 a second: as many as said, of 1000 bytes each.
inline std::vector<Packet> packetsOf(std::int64_t frame, std::int64_t firstSequence, int count,
                                     std::int64_t dependsOn) {
  std::vector<Packet> packets;
  for (int i = 0; i < count; ++i) {
    Packet packet;
    packet.sequence = firstSequence + i;
    packet.frame = frame;
    packet.dependsOn = dependsOn;
    packet.captured = TimePoint::at(Duration::us(33'333) * frame);
    packet.size = DataSize::bytes(1000);
    packet.width = 640;
    packet.height = 360;
    packet.first = i == 0;
    packet.last = i == count - 1;
    packet.key = dependsOn == kNoFrame;
    packets.push_back(packet);
  }
  return packets;
}

inline Frame frameOf(std::int64_t number, std::int64_t dependsOn) {
  Frame frame;
  frame.number = number;
  frame.dependsOn = dependsOn;
  frame.lastSequence = 10 * number + 9;
  frame.captured = TimePoint::at(Duration::us(33'333) * number);
  frame.key = dependsOn == kNoFrame;
  return frame;
}

}  // namespace callflow::video_receiver
