// Streams that a server sends on have numbers of their own: of packets and frames that are left
// out, and of changes between sizes, their receiver sees nothing (RFC 7667 3.7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/video_receiver/packet.h"

namespace callflow::conference {

class Renumbering {
 public:
  // So many packets are remembered.
  explicit Renumbering(std::size_t remembered = 1 << 12);
  // From here on another stream is sent on, of which this packet is the first.
  void restart(const video_receiver::Packet& first);
  // The packet with the numbers that it goes on with; none if it does not. Those before it that
  // have not come keep numbers for when they do, and then go on, `wanted` or not: their receiver
  // waits for them.
  std::optional<video_receiver::Packet> forward(const video_receiver::Packet& packet, bool wanted);

 private:
  static constexpr std::int64_t kLeftOut = -1;
  // Numbers for all up to this one, without the last.
  void keepUpTo(std::int64_t sequence);
  std::int64_t& slot(std::int64_t sequence);

  std::vector<std::int64_t> numbers_;  // by sequence, as they come
  std::int64_t first_ = 0, next_ = 0;  // sequences: of the stream's first packet, and the next one
  std::int64_t nextOut_ = 0;
  std::int64_t frameShift_ = 0, lastFrame_ = -1;
};

}  // namespace callflow::conference
