// A hash index from flows to numbered records: finds in one or two cache lines, never iterated, so
// that hashing cannot reach a result. Records and their lifetimes belong to the owner, who rebuilds
// the index when it is full and leaves out what has expired.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::nat {

// When a timer started at `now` runs out; never, if that is beyond the end of time.
constexpr TimePoint expiry(TimePoint now, Duration timeout) {
  return timeout < TimePoint::max() - now ? now + timeout : TimePoint::max();
}

// Two endpoints and a protocol, packed for fast comparison.
struct FlowKey {
  std::uint64_t addresses = 0;  // near, far
  std::uint64_t ports = 0;      // near, far, protocol

  constexpr FlowKey() = default;
  constexpr FlowKey(wire::Endpoint near, wire::Endpoint far, wire::Protocol protocol)
      : addresses((std::uint64_t{near.address.value} << 32) | far.address.value),
        ports((std::uint64_t{near.port} << 32) | (std::uint64_t{far.port} << 16) |
              static_cast<std::uint64_t>(protocol)) {}
  constexpr wire::Endpoint near() const {
    return {wire::Ipv4{static_cast<std::uint32_t>(addresses >> 32)},
            static_cast<std::uint16_t>(ports >> 32)};
  }
  constexpr wire::Protocol protocol() const { return static_cast<wire::Protocol>(ports & 0xffff); }
  constexpr bool operator==(const FlowKey&) const = default;

  // Multiply and fold: neighbouring addresses and ports spread over all bits.
  constexpr std::uint64_t hash() const {
    std::uint64_t x = addresses * 0x9e3779b97f4a7c15u;
    x ^= x >> 32;
    x = (x + ports) * 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    return x ^ (x >> 32);
  }
};

class FlowIndex {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // The record for which `matches(record)` holds among those added with this hash; else none.
  template <class Matches>
  std::uint32_t find(std::uint64_t hash, Matches&& matches) const {
    if (slots_.empty()) return kNone;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.record == kNone) return kNone;
      if (slot.tag == tagOf(hash) && matches(slot.record)) return slot.record;
    }
  }

  bool full() const { return used_ >= slots_.size() / 4 * 3; }
  // Must not be full.
  void add(std::uint64_t hash, std::uint32_t record) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].record != kNone) at = (at + 1) & mask;
    slots_[at] = Slot{tagOf(hash), record};
    ++used_;
  }
  // Empties the index and makes room to add `records`, and at least half as many again.
  void reset(std::size_t records) {
    slots_.assign(std::bit_ceil(2 * records + 16), Slot{});
    used_ = 0;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;  // the half of the hash that does not choose the slot
    std::uint32_t record = kNone;
  };
  static constexpr std::uint32_t tagOf(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32);
  }

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace callflow::nat
