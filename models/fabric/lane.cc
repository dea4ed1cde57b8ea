#include "models/fabric/lane.h"

#include <algorithm>

namespace callflow::fabric {
namespace {

constexpr std::size_t kFirstCapacity = 4;
constexpr std::size_t kArity = 4;

// LaneHeap::before() without branches: which of two lanes is next is anybody's guess, and a wrong
// guess costs more than both comparisons.
std::size_t isBefore(const LaneHeap::Entry& a, const LaneHeap::Entry& b) {
  const bool tie = a.time == b.time;
  const bool later = static_cast<std::int32_t>(a.order - b.order) >= 0;
  return static_cast<std::size_t>(a.time < b.time) | static_cast<std::size_t>(tie & !later);
}

}  // namespace

void LaneRing::grow() {
  std::vector<LaneRecord> larger(std::max(kFirstCapacity, records_.size() * 2));
  const auto count = static_cast<std::uint32_t>(size());
  for (std::uint32_t i = 0; i < count; ++i) larger[i] = records_[(head_ + i) & mask_];
  records_ = std::move(larger);
  mask_ = static_cast<std::uint32_t>(records_.size() - 1);
  head_ = 0;
  tail_ = count;
}

void LaneHeap::push(const Entry& entry) {
  entries_.push_back(entry);
  std::size_t hole = entries_.size() - 1;
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / kArity;
    if (!before(entry, entries_[parent])) break;
    entries_[hole] = entries_[parent];
    hole = parent;
  }
  entries_[hole] = entry;
}

void LaneHeap::pop() {
  const Entry last = entries_.back();
  entries_.pop_back();
  if (!entries_.empty()) siftDown(last, entries_.size());
}

void LaneHeap::siftDown(const Entry& entry, std::size_t size) {
  Entry* const entries = entries_.data();
  std::size_t hole = 0;
  for (;;) {
    const std::size_t first = hole * kArity + 1;
    if (first >= size) break;
    std::size_t least = first;
    if (first + kArity <= size) {
      const std::size_t left = first + isBefore(entries[first + 1], entries[first]);
      const std::size_t right = first + 2 + isBefore(entries[first + 3], entries[first + 2]);
      least = left + (right - left) * isBefore(entries[right], entries[left]);
    } else {
      for (std::size_t child = first + 1; child < size; ++child) {
        if (before(entries[child], entries[least])) least = child;
      }
    }
    if (!before(entries[least], entry)) break;
    entries[hole] = entries[least];
    hole = least;
  }
  entries[hole] = entry;
}

}  // namespace callflow::fabric
