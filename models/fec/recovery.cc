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
  if (!held_.empty()) settle(sequence);
  return recovered_;
}

const std::vector<std::int64_t>& Recovery::onParity(const Parity& parity) {
  recovered_.clear();
  Held held{parity.first, 0};
  for (Packets left = parity.over; left != 0; left &= left - 1) {
    const int bit = std::countr_zero(left);
    if (!isKnown(parity.first + bit)) held.missing |= Packets{1} << bit;
  }
  if (std::has_single_bit(held.missing)) {
    const std::int64_t back = held.first + std::countr_zero(held.missing);
    recovered_.push_back(back);
    note(back);
    settle(back);
  } else if (held.missing != 0) {
    if (held_.size() == kMostHeld) held_.erase(held_.begin());
    held_.push_back(held);
  }
  return recovered_;
}

void Recovery::settle(std::int64_t sequence) {
  std::vector<std::int64_t> there{sequence};
  while (!there.empty()) {
    const std::int64_t one = there.back();
    there.pop_back();
    for (Held& held : held_) {
      const std::int64_t bit = one - held.first;
      if (bit < 0 || bit >= kReach || (held.missing >> bit & 1) == 0) continue;
      held.missing &= ~(Packets{1} << bit);
      if (!std::has_single_bit(held.missing)) continue;
      const std::int64_t back = held.first + std::countr_zero(held.missing);
      held.missing = 0;
      if (isKnown(back)) continue;
      recovered_.push_back(back);
      note(back);
      there.push_back(back);
    }
  }
  std::erase_if(held_, [](const Held& held) { return held.missing == 0; });
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
