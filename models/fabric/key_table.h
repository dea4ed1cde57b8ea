// A table by 64-bit keys that finds what it has in one place of memory: for what every packet asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace callflow::fabric {

enum class KeyOrder {
  spread,
  kept  // of running numbers: what is asked for one behind the other lies so
};

// Open addressing with linear probing, at most half full. Nothing is taken out. The key of all ones
// is nobody's. A hash table of nodes costs three cache misses where this costs one.
template <class Value, KeyOrder kOrder = KeyOrder::spread>
class KeyTable {
 public:
  Value& operator[](std::uint64_t key) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = slots_[placeOf(key)];
    if (slot.key == kNone) {
      slot.key = key;
      ++count_;
    }
    return slot.value;
  }
  // Null if there is none.
  const Value* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    const Slot& slot = slots_[placeOf(key)];
    return slot.key == key ? &slot.value : nullptr;
  }

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};
  struct Slot {
    std::uint64_t key = kNone;
    Value value{};
  };

  // Where the key is, or where it would go.
  std::size_t placeOf(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t hash = key;
    if constexpr (kOrder == KeyOrder::spread) {
      hash *= 0x9e3779b97f4a7c15;  // 2^64 / golden ratio (Knuth 6.4)
      hash ^= hash >> 32;
    }
    auto place = static_cast<std::size_t>(hash) & mask;
    while (slots_[place].key != key && slots_[place].key != kNone) place = (place + 1) & mask;
    return place;
  }
  void grow() {
    std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : slots_.size() * 2));
    for (const Slot& slot : old) {
      if (slot.key != kNone) slots_[placeOf(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two
  std::size_t count_ = 0;
};

}  // namespace callflow::fabric
