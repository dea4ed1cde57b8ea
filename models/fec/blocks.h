// Which media packets a sender's parity is over: libwebrtc's UlpfecGenerator, FlexfecSender.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/fec/parity.h"
#include "models/fec/protection.h"
#include "src/units/units.h"

namespace callflow::fec {

class Blocks {
 public:
  // Holds from the next packet on.
  void setProtection(const Protection& protection) { next_ = protection; }
  // A media packet that is to be protected leaves, in the order of their numbers; `last` of its
  // frame. A block ends with a frame: when it has as many frames as it may, or when it is so large
  // that rounding adds little. Then its parity is told, if there is any; it is to follow at once,
  // and holds until the next packet.
  const std::vector<Parity>& onPacket(std::int64_t sequence, DataSize size, bool ofKeyFrame,
                                      bool last);

 private:
  Share share() const { return keyFrame_ ? now_.keyFrames : now_.deltaFrames; }
  bool isLargeEnough() const;
  void makeParity();

  struct Media {
    std::int64_t sequence = 0;
    DataSize size;
  };

  Protection now_;
  std::optional<Protection> next_;
  std::array<Media, kMostMediaPackets> media_{};
  int packets_ = 0;
  int frames_ = 0;
  int leastPackets_ = 1;
  bool keyFrame_ = false;
  std::vector<Parity> parity_;
};

}  // namespace callflow::fec
