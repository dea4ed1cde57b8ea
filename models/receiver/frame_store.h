// The frames that wait in a jitter buffer, by sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/receiver/jitter_buffer.h"
#include "src/units/units.h"

namespace callflow::receiver {

struct HeldFrame {
  TimePoint sent;
  TimePoint stored;  // when it was put there, as the buffer counts time
  FrameKind kind = FrameKind::speech;
  FrameCopy copy = FrameCopy::primary;
};

// A ring that grows when the span of the sequences held does; every operation is O(1), amortized
// over the sequences passed.
class FrameStore {
 public:
  bool empty() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  // Lowest sequence held; only if not empty.
  std::int64_t head() const { return head_; }
  std::int64_t newest() const { return newest_; }  // only if not empty
  const HeldFrame& at(std::int64_t sequence) const {
    return slots_[static_cast<std::size_t>(sequence) & (slots_.size() - 1)].frame;
  }
  // A frame that is held already stays (duplicate), unless it is a redundant copy and the new one
  // is better (replaced).
  Arrival insert(std::int64_t sequence, const HeldFrame& frame);
  // Takes the head out. Only if not empty.
  HeldFrame takeHead();

 private:
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
  struct Slot {
    std::int64_t sequence = kNone;
    HeldFrame frame;
  };
  Slot& slot(std::int64_t sequence) {
    return slots_[static_cast<std::size_t>(sequence) & (slots_.size() - 1)];
  }
  void growTo(std::int64_t span);

  std::vector<Slot> slots_ = std::vector<Slot>(16);  // a power of two
  std::size_t count_ = 0;
  std::int64_t head_ = 0;
  std::int64_t newest_ = 0;
};

}  // namespace callflow::receiver
