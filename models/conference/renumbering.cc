#include "models/conference/renumbering.h"

#include <algorithm>

namespace callflow::conference {

Renumbering::Renumbering(std::size_t remembered) : numbers_(remembered) {}

std::int64_t& Renumbering::slot(std::int64_t sequence) {
  return numbers_[static_cast<std::size_t>(sequence) % numbers_.size()];
}

void Renumbering::restart(const video_receiver::Packet& first) {
  first_ = next_ = first.sequence;
  frameShift_ = lastFrame_ + 1 - first.frame;
}

void Renumbering::keepUpTo(std::int64_t sequence) {
  for (; next_ < sequence; ++next_) slot(next_) = nextOut_++;
}

std::optional<video_receiver::Packet> Renumbering::forward(const video_receiver::Packet& packet,
                                                           bool wanted) {
  const std::int64_t sequence = packet.sequence;
  const bool forgotten = sequence + static_cast<std::int64_t>(numbers_.size()) <= next_;
  if (sequence < first_ || forgotten) return {};
  if (!wanted && sequence >= next_) {
    keepUpTo(sequence);
    slot(next_++) = kLeftOut;
    return {};
  }
  keepUpTo(sequence + 1);
  video_receiver::Packet out = packet;
  out.sequence = slot(sequence);
  if (out.sequence == kLeftOut) return {};
  out.frame += frameShift_;
  if (out.dependsOn != video_receiver::kNoFrame) out.dependsOn += frameShift_;
  out.retransmitted = false;
  lastFrame_ = std::max(lastFrame_, out.frame);
  return out;
}

}  // namespace callflow::conference
