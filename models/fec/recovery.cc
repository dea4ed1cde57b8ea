#include "models/fec/recovery.h"

#include <algorithm>
#include <bit>

namespace callflow::fec {
namespace {

std::size_t bitOf(std::int64_t sequence, std::int64_t history) {
  return static_cast<std::size_t>(sequence % history);
}

}  // namespace

const std::vector<std::int64_t>& Recovery::onMedia(std::int64_t sequence) {
  recovered_.clear();
  note(sequence);
  for (Held& held : held_) {
    const auto end = held.block.media.begin() + held.block.mediaPackets;
    const auto packet = std::lower_bound(held.block.media.begin(), end, sequence);
    if (packet == end || *packet != sequence) continue;
    held.media |= Packets{1} << (packet - held.block.media.begin());
    giveBack(held);
  }
  return recovered_;
}

const std::vector<std::int64_t>& Recovery::onParity(const Block& block, int index) {
  recovered_.clear();
  auto held = std::find_if(held_.begin(), held_.end(), [&block](const Held& other) {
    return other.block.mediaPackets > 0 && other.block.media[0] == block.media[0];
  });
  if (held == held_.end()) {
    held = held_.begin() + static_cast<std::ptrdiff_t>(next_);
    next_ = (next_ + 1) % kBlocks;
    *held = {block, masksOf(block.mediaPackets, block.parityPackets), 0, 0};
    for (int i = 0; i < block.mediaPackets; ++i)
      if (isKnown(block.media[static_cast<std::size_t>(i)])) held->media |= Packets{1} << i;
  }
  held->parity |= Packets{1} << index;
  giveBack(*held);
  return recovered_;
}

void Recovery::giveBack(Held& held) {
  Packets back = recoverable(held.masks, held.media, held.parity, held.block.mediaPackets);
  held.media |= back;
  for (; back != 0; back &= back - 1) {
    const std::int64_t sequence =
        held.block.media[static_cast<std::size_t>(std::countr_zero(back))];
    note(sequence);
    recovered_.push_back(sequence);
  }
}

void Recovery::note(std::int64_t sequence) {
  if (sequence <= newest_ - kHistory) return;
  for (std::int64_t skipped = std::max(newest_ + 1, sequence - kHistory + 1); skipped < sequence;
       ++skipped)
    arrived_.reset(bitOf(skipped, kHistory));
  arrived_.set(bitOf(sequence, kHistory));
  newest_ = std::max(newest_, sequence);
}

bool Recovery::isKnown(std::int64_t sequence) const {
  return sequence <= newest_ && sequence > newest_ - kHistory &&
         arrived_[bitOf(sequence, kHistory)];
}

}  // namespace callflow::fec
