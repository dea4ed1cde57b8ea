#include "validation/source.h"

namespace callflow::validation {
namespace {

constexpr DataSize audioPacket = DataSize::bytes(172);
constexpr Duration audioInterval = Duration::ms(20);

constexpr std::int64_t framesPerSecond = 30;
constexpr std::int64_t keyFrameEvery = 120;
constexpr DataSize deltaFrame = DataSize::bytes(6097);
constexpr DataSize keyFrame = DataSize::bytes(24390);
constexpr DataSize largestPacket = DataSize::bytes(1200);
// What one write takes: the delay of a frame (from its first write) exceeds that of its last packet
// by 5 of them, 0.13 ms over TCP and 0.14 over UDP.
constexpr Duration writeTime = Duration::us(27);

}  // namespace

std::vector<MediaPacket> audioSource(Duration length) {
  std::vector<MediaPacket> packets;
  for (Duration due; due < length; due += audioInterval) {
    packets.push_back({due, audioPacket, true, due});
  }
  return packets;
}

std::vector<MediaPacket> videoSource(Duration length) {
  std::vector<MediaPacket> packets;
  for (std::int64_t frame = 0;; ++frame) {
    const Duration start = Duration::s(frame) / framesPerSecond;
    if (start >= length) return packets;
    const std::int64_t bytes = (frame % keyFrameEvery == 0 ? keyFrame : deltaFrame).count();
    const std::int64_t count = (bytes + largestPacket.count() - 1) / largestPacket.count();
    for (std::int64_t i = 0; i < count; ++i) {
      const DataSize size = DataSize::bytes(bytes * (i + 1) / count - bytes * i / count);
      packets.push_back({start + writeTime * i, size, i + 1 == count, start});
    }
  }
}

}  // namespace callflow::validation
