#include "models/fabric/lane.h"

#include <algorithm>

namespace callflow::fabric {
namespace {

constexpr std::size_t firstCapacity = 4;
constexpr std::size_t arity = 4;

}  // namespace

void LaneRing::grow() {
  std::vector<LaneRecord> larger(std::max(firstCapacity, records_.size() * 2));
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
    const std::size_t parent = (hole - 1) / arity;
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
    const std::size_t first = hole * arity + 1;
    if (first >= size) break;
    const std::size_t end = std::min(first + arity, size);
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (before(entries[child], entries[least])) least = child;
    }
    if (!before(entries[least], entry)) break;
    entries[hole] = entries[least];
    hole = least;
  }
  entries[hole] = entry;
}

}  // namespace callflow::fabric
