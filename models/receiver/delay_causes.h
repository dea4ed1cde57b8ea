// Where a frame's delay comes from, as the models see it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "src/units/units.h"

namespace callflow::receiver {

// Why a packet took the time it took. The parts of one packet add up exactly to its total.
enum class DelayCause : std::uint8_t {
  packetization,   // capture of one frame
  lookahead,       // the encoder's
  sendWait,        // TCP: from the write to the first transmission (window, send buffer)
  retransmission,  // TCP: from the first transmission to that of the copy that arrived
  propagation,
  jitter,  // a link's random extra delay
  serialization,
  queueing,      // waiting for a link; split by element
  processing,    // relay, media processor
  headOfLine,    // TCP: from the arrival of the bytes to their delivery in order
  jitterBuffer,  // from delivery to playout
  count_
};
inline constexpr std::size_t kDelayCauseCount = static_cast<std::size_t>(DelayCause::count_);

// One amount for each cause.
class DelayParts {
 public:
  Duration& operator[](DelayCause cause) { return parts_[static_cast<std::size_t>(cause)]; }
  Duration operator[](DelayCause cause) const { return parts_[static_cast<std::size_t>(cause)]; }
  DelayParts& operator+=(const DelayParts& other) {
    for (std::size_t i = 0; i < kDelayCauseCount; ++i) parts_[i] += other.parts_[i];
    return *this;
  }
  Duration sum() const {
    Duration total;
    for (const Duration part : parts_) total += part;
    return total;
  }

 private:
  std::array<Duration, kDelayCauseCount> parts_{};
};

// A share of DelayCause::queueing spent at one element; which element an index stands for is the
// caller's business.
struct QueueingAt {
  std::size_t element = 0;
  Duration wait;
};

}  // namespace callflow::receiver
