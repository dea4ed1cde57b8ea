#include "models/receiver/frame_store.h"

#include <algorithm>
#include <utility>

namespace callflow::receiver {

Arrival FrameStore::insert(std::int64_t sequence, const HeldFrame& frame) {
  if (count_ == 0) {
    head_ = newest_ = sequence;
  } else {
    const std::int64_t head = std::min(head_, sequence);
    const std::int64_t newest = std::max(newest_, sequence);
    growTo(newest - head + 1);
    head_ = head;
    newest_ = newest;
  }
  Slot& place = slot(sequence);
  if (place.sequence == sequence) {
    const bool better =
        place.frame.copy == FrameCopy::redundant && frame.copy != FrameCopy::redundant;
    if (better) place.frame = frame;
    return better ? Arrival::replaced : Arrival::duplicate;
  }
  place = {sequence, frame};
  ++count_;
  return Arrival::buffered;
}

HeldFrame FrameStore::takeHead() {
  Slot& place = slot(head_);
  const HeldFrame frame = place.frame;
  place.sequence = kNone;
  --count_;
  if (count_ > 0) {
    do ++head_;
    while (slot(head_).sequence != head_);
  }
  return frame;
}

void FrameStore::growTo(std::int64_t span) {
  if (span <= static_cast<std::int64_t>(slots_.size())) return;
  std::size_t size = slots_.size();
  while (static_cast<std::int64_t>(size) < span) size *= 2;
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(size));
  for (const Slot& held : old) {
    if (held.sequence != kNone) slot(held.sequence) = held;
  }
}

}  // namespace callflow::receiver
