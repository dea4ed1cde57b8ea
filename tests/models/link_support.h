// Instants, packets and links in few words, for tests of a link.
#pragma once

#include <cstdint>

#include "models/fabric/link.h"

namespace callflow::fabric {

inline TimePoint at(Duration time) {
  return TimePoint::at(time);
}

inline Packet packetOf(std::uint16_t size) {
  Packet packet;
  packet.size = size;
  packet.flags = packet_flag::kMedia | packet_flag::kNewData;
  return packet;
}

inline LinkParameters plain(DataRate rate, Duration delay) {
  LinkParameters parameters;
  parameters.rate = rate;
  parameters.delay = delay;
  return parameters;
}

}  // namespace callflow::fabric
