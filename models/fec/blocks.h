// Which media packets a sender's parity is over: libwebrtc's UlpfecGenerator, FlexfecSender.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/fec/parity.h"
#include "models/fec/protection.h"

namespace callflow::fec {

// Media packets, perhaps with others that are not protected in between, and how many parity packets
// follow the last one at once.
struct Block {
  std::array<std::int64_t, kMostMediaPackets> media{};  // sequence numbers, rising
  int mediaPackets = 0;
  int parityPackets = 0;
};

class Blocks {
 public:
  // Holds from the next packet on.
  void setProtection(const Protection& protection) { next_ = protection; }
  // A media packet that is to be protected leaves; `last` of its frame. A block ends with a frame:
  // when it has as many frames as it may, or when it is so large that rounding adds little. Then
  // it is told, if there is parity of it; it holds until the next packet.
  const Block* onPacket(std::int64_t sequence, bool ofKeyFrame, bool last);

 private:
  Share share() const { return keyFrame_ ? now_.keyFrames : now_.deltaFrames; }
  bool isLargeEnough() const;

  Protection now_;
  std::optional<Protection> next_;
  Block block_;
  bool complete_ = false;
  int frames_ = 0;
  int leastPackets_ = 1;
  bool keyFrame_ = false;
};

}  // namespace callflow::fec
