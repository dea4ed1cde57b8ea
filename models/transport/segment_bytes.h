// The bytes of a TCP segment of Linux' kind (RFC 9293 3.1; options in the order of
// net/ipv4/tcp_output.c).
#pragma once

#include <cstdint>
#include <optional>

#include "models/transport/stream.h"
#include "models/transport/stream_contents.h"
#include "models/transport/tcp_segment.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::transport {

// What a segment's bytes say beside the segment.
struct SegmentPlace {
  std::uint32_t connection = 0;  // by which initial sequence numbers differ
  End from = End::client;
  TimePoint peerSyn;  // when the other end sent its first: echoed until there is more to echo
  std::int64_t largestSegment = kMaximumSegment;
  std::optional<DataSize> receiveBuffer;
};

// The first of an end's sequence numbers, its SYN's.
std::uint32_t initialSequence(std::uint32_t connection, End end);
// How far windows are shifted (RFC 7323 2.2): so far that the largest fits.
std::uint32_t windowScale(const std::optional<DataSize>& receiveBuffer);

// Ports and checksum stay zero. `size` is that of the TCP header and all behind it; where its
// options do not fit (the fabric does not count all of a segment that is sent again), it has fewer
// blocks of selective acknowledgement. A FIN makes it a byte shorter: the fabric counts one for it.
void writeSegment(const TcpSegment& segment, const SegmentPlace& place,
                  const StreamContents& contents, DataSize size, wire::Bytes& bytes);

}  // namespace callflow::transport
