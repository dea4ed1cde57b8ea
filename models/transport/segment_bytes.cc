#include "models/transport/segment_bytes.h"

#include <algorithm>

#include "models/wire/header_sizes.h"

namespace callflow::transport {
namespace {

// RFC 9293 3.1 and 3.2, RFC 2018, RFC 7323.
constexpr std::uint32_t kFin = 0x01, kSyn = 0x02, kPush = 0x08, kAck = 0x10;
constexpr std::uint32_t kNoOperation = 1, kMaximumSize = 2, kScale = 3, kSackPermitted = 4,
                        kSack = 5, kTimestamps = 8;
constexpr std::size_t kDataOffsetAt = 12;
constexpr std::int64_t kLargestWindow = 65'535;

// The largest segment is told without what the timestamps option takes of each (RFC 6691).
constexpr std::int64_t kTimestampsSize = 12;

// net.ipv4.tcp_rmem's largest buffer, which a window may grow to if nobody says otherwise.
constexpr DataSize kUsualBuffer = DataSize::bytes(6 << 20);

// In milliseconds, as Linux counts (TCP_TS_HZ), from a beginning that is not 0, which would say
// that there is nothing to echo.
std::uint32_t timestamp(TimePoint when) {
  constexpr std::int64_t kBegin = 1'000'000;
  return static_cast<std::uint32_t>(kBegin + when.sinceStart() / Duration::ms(1));
}

void writeTimestamps(const TcpSegment& segment, const SegmentPlace& place, bool echoes,
                     wire::Bytes& bytes) {
  bytes.u8(kTimestamps);
  bytes.u8(10);
  bytes.u32(timestamp(segment.sent));
  const TimePoint echoed = segment.echoed != TimePoint::max() && segment.echoed != TimePoint{}
                               ? segment.echoed
                               : place.peerSyn;
  bytes.u32(echoes && echoed != TimePoint::max() ? timestamp(echoed) : 0);
}

}  // namespace

std::uint32_t initialSequence(std::uint32_t connection, End end) {
  // Knuth's multiplicative hash, so that no two look alike.
  return (connection * 2 + (end == End::client ? 1 : 2)) * 2'654'435'761U;
}

std::uint32_t windowScale(const std::optional<DataSize>& receiveBuffer) {
  std::uint32_t scale = 0;
  for (std::int64_t space = std::max(receiveBuffer.value_or(kUsualBuffer), kUsualBuffer).count();
       space > kLargestWindow && scale < 14; space /= 2) {
    ++scale;
  }
  return scale;
}

void writeSegment(const TcpSegment& segment, const SegmentPlace& place,
                  const StreamContents& contents, DataSize size, wire::Bytes& bytes) {
  const bool syn = segment.kind != TcpSegment::Kind::data;
  const bool acknowledges = segment.kind != TcpSegment::Kind::syn;
  const bool ends = contents.end() && !segment.empty() && segment.bytes.end > *contents.end();
  const std::uint32_t own = initialSequence(place.connection, place.from);
  const std::uint32_t others = initialSequence(place.connection, other(place.from));
  bytes.u32(0);  // ports
  bytes.u32(own + (syn ? 0 : 1 + static_cast<std::uint32_t>(segment.bytes.begin)));
  bytes.u32(acknowledges ? others + 1 + static_cast<std::uint32_t>(segment.acknowledged) : 0);
  bytes.u8(0);  // data offset
  bytes.u8((syn ? kSyn : 0) | (acknowledges ? kAck : 0) | (segment.push ? kPush : 0) |
           (ends ? kFin : 0));
  const std::int64_t window =
      syn ? std::min(place.receiveBuffer.value_or(DataSize::bytes(kLargestWindow)).count(),
                     kLargestWindow)
          : std::min(segment.window >> windowScale(place.receiveBuffer), kLargestWindow);
  bytes.u16(static_cast<std::uint32_t>(window));
  bytes.u32(0);  // checksum, urgent pointer

  if (syn) {
    bytes.u8(kMaximumSize);
    bytes.u8(4);
    bytes.u16(static_cast<std::uint32_t>(place.largestSegment + kTimestampsSize));
    bytes.u8(kSackPermitted);
    bytes.u8(2);
    writeTimestamps(segment, place, acknowledges, bytes);
    bytes.u8(kNoOperation);
    bytes.u8(kScale);
    bytes.u8(3);
    bytes.u8(windowScale(place.receiveBuffer));
  } else {
    bytes.u16(kNoOperation << 8 | kNoOperation);
    writeTimestamps(segment, place, true, bytes);
    const std::int64_t data = segment.bytes.end - segment.bytes.begin;
    const std::int64_t room =
        (size.count() - data - static_cast<std::int64_t>(bytes.size()) - 4) / 8;
    const auto blocks =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(room, 0, segment.selective.count));
    if (blocks > 0) {
      bytes.u16(kNoOperation << 8 | kNoOperation);
      bytes.u8(kSack);
      bytes.u8(2 + 8 * blocks);
      for (std::uint32_t i = 0; i < blocks; ++i) {
        const ByteRange& block = segment.selective.blocks[i];
        bytes.u32(others + 1 + static_cast<std::uint32_t>(block.begin));
        bytes.u32(others + 1 + static_cast<std::uint32_t>(block.end));
      }
    }
  }
  const auto header = static_cast<std::uint32_t>(bytes.size());
  bytes.put16(kDataOffsetAt, header / 4 << 12 | bytes[kDataOffsetAt + 1]);
  if (!syn) {
    contents.copy({segment.bytes.begin, ends ? *contents.end() : segment.bytes.end}, bytes);
  }
}

}  // namespace callflow::transport
