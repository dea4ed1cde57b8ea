#include "models/conference/gate.h"

#include <algorithm>

namespace callflow::conference {

Gate::Passage Gate::pass(std::int64_t sequence, bool open) {
  while (first_ + static_cast<std::int64_t>(passages_.size()) <= sequence) {
    Passage passage;
    if (open || flowing_) passage.number = ++numbers_;
    passage.first = open && !flowing_;
    passage.last = !open && flowing_;
    flowing_ = open;
    passages_.push_back(passage);
    if (passages_.size() <= kRemembered) continue;
    passages_.pop_front();
    ++first_;
  }
  return sequence < first_ ? Passage{} : passages_[static_cast<std::size_t>(sequence - first_)];
}

std::int64_t Gate::sequenceOf(std::int64_t number) const {
  for (std::size_t i = passages_.size(); i-- > 0;)
    if (passages_[i].number == number) return first_ + static_cast<std::int64_t>(i);
  return 0;
}

}  // namespace callflow::conference
