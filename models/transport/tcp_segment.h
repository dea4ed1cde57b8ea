// What two TCPs of a connection send each other.
#pragma once

#include <array>
#include <cstdint>

#include "models/transport/message_tracker.h"
#include "models/transport/parameters.h"
#include "src/units/units.h"

namespace callflow::transport {

// Ethernet's 1500 bytes less IP 20, TCP 20 and the timestamps option 12 (RFC 7323).
inline constexpr std::int64_t kMaximumSegment = 1448;
// Beside timestamps (RFC 2018 section 3).
inline constexpr std::int32_t kMostSelectiveBlocks = 3;

// RFC 2018 and 2883: what the receiver has beyond a hole; the first block of a duplicate is the
// duplicate.
struct SelectiveAcks {
  std::array<ByteRange, 3> blocks{};  // three fit beside timestamps
  std::int32_t count = 0;             // at most kMostSelectiveBlocks
  bool firstIsDuplicate = false;
};

// A segment on the wire. Offsets count the bytes of each direction's stream from 0.
struct TcpSegment {
  enum class Kind : std::uint8_t { syn, synAck, data };  // `data` may be empty: a pure ACK
  Kind kind = Kind::data;
  ByteRange bytes;
  std::int64_t acknowledged = 0;  // all before it has been received
  std::int64_t window = 0;        // bytes beyond `acknowledged` that the receiver takes
  SelectiveAcks selective;
  bool push = false;  // nothing more was written when it was sent
  TimePoint sent;     // RFC 7323's timestamp value
  TimePoint echoed;   // and echo reply: when what it answers was sent

  bool empty() const { return bytes.begin == bytes.end; }
};

}  // namespace callflow::transport
