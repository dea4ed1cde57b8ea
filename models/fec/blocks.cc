#include "models/fec/blocks.h"

#include <algorithm>
#include <cstddef>

namespace callflow::fec {
namespace {

// libwebrtc, modules/rtp_rtcp/source/ulpfec_generator.cc.
constexpr int kMostExcess = 50;  // 256ths of the media packets, by which parity may pass its share
constexpr Share kHighShare = 80;
constexpr int kLeastOfHighShare = 4;  // media packets
constexpr double kFewPerFrame = 2;

}  // namespace

const std::vector<Parity>& Blocks::onPacket(std::int64_t sequence, DataSize size, bool ofKeyFrame,
                                            bool last) {
  parity_.clear();
  if (next_) {
    now_ = *next_;
    next_.reset();
    leastPackets_ = share() > kHighShare ? kLeastOfHighShare : 1;
  }
  keyFrame_ |= ofKeyFrame;
  if (packets_ < kMostMediaPackets) media_[static_cast<std::size_t>(packets_++)] = {sequence, size};
  if (!last) return parity_;
  ++frames_;
  if (frames_ < now_.frames && !isLargeEnough()) return parity_;
  makeParity();
  packets_ = frames_ = 0;
  keyFrame_ = false;
  return parity_;
}

bool Blocks::isLargeEnough() const {
  const int excess = parityPackets(packets_, share()) * 256 / packets_ - share();
  const int least = packets_ < kFewPerFrame * frames_ ? leastPackets_ : leastPackets_ + 1;
  return excess < kMostExcess && packets_ >= least;
}

void Blocks::makeParity() {
  const int count = parityPackets(packets_, share());
  const std::int64_t first = media_[0].sequence;
  // Its header cannot name what is farther apart (forward_error_correction.cc).
  if (count == 0 || media_[static_cast<std::size_t>(packets_ - 1)].sequence - first >= kReach)
    return;
  const Masks masks = masksOf(packets_, count);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    Parity parity;
    parity.first = first;
    for (std::size_t packet = 0; packet < static_cast<std::size_t>(packets_); ++packet) {
      if ((masks.over[i] >> packet & 1) == 0) continue;
      parity.over |= Packets{1} << (media_[packet].sequence - first);
      parity.longest = std::max(parity.longest, media_[packet].size);
    }
    parity_.push_back(parity);
  }
}

}  // namespace callflow::fec
