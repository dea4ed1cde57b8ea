#include "models/fec/blocks.h"

namespace callflow::fec {
namespace {

// libwebrtc, modules/rtp_rtcp/source/ulpfec_generator.cc.
constexpr int kMostExcess = 50;  // 256ths of the media packets, by which parity may pass its share
constexpr Share kHighShare = 80;
constexpr int kLeastOfHighShare = 4;  // media packets
constexpr double kFewPerFrame = 2;

}  // namespace

const Block* Blocks::onPacket(std::int64_t sequence, bool ofKeyFrame, bool last) {
  if (complete_) {
    block_.mediaPackets = frames_ = 0;
    keyFrame_ = complete_ = false;
  }
  if (next_) {
    now_ = *next_;
    next_.reset();
    leastPackets_ = share() > kHighShare ? kLeastOfHighShare : 1;
  }
  keyFrame_ |= ofKeyFrame;
  if (block_.mediaPackets < kMostMediaPackets)
    block_.media[static_cast<std::size_t>(block_.mediaPackets++)] = sequence;
  if (!last) return nullptr;
  ++frames_;
  complete_ = frames_ >= now_.frames || isLargeEnough();
  block_.parityPackets = parityPackets(block_.mediaPackets, share());
  return complete_ && block_.parityPackets > 0 ? &block_ : nullptr;
}

bool Blocks::isLargeEnough() const {
  const int packets = block_.mediaPackets;
  const int excess = parityPackets(packets, share()) * 256 / packets - share();
  const int least = packets < kFewPerFrame * frames_ ? leastPackets_ : leastPackets_ + 1;
  return excess < kMostExcess && packets >= least;
}

}  // namespace callflow::fec
