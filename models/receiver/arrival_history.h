// When the frames of the last two seconds came, and how much later than the fastest of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "src/units/units.h"

namespace callflow::receiver {

// libwebrtc M150, modules/audio_coding/neteq/packet_arrival_history.cc. The relative delay of a
// time on the media clock is how much more than the smallest transit time of the window's frames
// lies between it and now. Only frames that came in order of their sending take part in the
// smallest and largest.
class ArrivalHistory {
 public:
  struct Delay {
    Duration relative;
    bool reordered = false;  // a frame sent later had come before
  };

  // A frame came; calls in order of `arrived`. Nothing for the first frame, one that was there
  // before, or one from before the window.
  std::optional<Delay> insert(std::int64_t sequence, TimePoint sent, TimePoint arrived);
  void reset();

  // 0 at least; 0 of an empty history.
  Duration delayAt(TimePoint sent, TimePoint now) const {
    if (smallest_.empty()) return {};
    return std::max(Duration{}, now - sent - smallest_.front().transit);
  }
  Duration largest() const {
    return smallest_.empty() ? Duration{} : largest_.front().transit - smallest_.front().transit;
  }

 private:
  struct Entry {
    TimePoint sent;
    Duration transit;
  };
  // A queue in one piece of memory that grows when it must.
  class Queue {
   public:
    bool empty() const { return begin_ == end_; }
    const Entry& front() const { return entries_[begin_ & (entries_.size() - 1)]; }
    const Entry& back() const { return entries_[(end_ - 1) & (entries_.size() - 1)]; }
    void popFront() { ++begin_; }
    void popBack() { --end_; }
    void clear() { begin_ = end_ = 0; }
    void push(const Entry& entry);

   private:
    std::vector<Entry> entries_ = std::vector<Entry>(16);  // a power of two
    std::size_t begin_ = 0, end_ = 0;
  };
  bool seen(std::int64_t sequence);

  // 2 s of frames of 2.5 ms, the shortest there are, and some more.
  static constexpr std::int64_t kRemembered = 1024;

  Queue smallest_, largest_;  // smallest transit first, ascending; largest first, descending
  std::size_t count_ = 0;     // frames inserted since the reset
  TimePoint newest_;
  std::int64_t highest_ = 0;  // sequence seen
  // A bit for each of the sequences up to the highest that was seen, at its place modulo the size.
  std::array<std::uint64_t, kRemembered / 64> seen_{};
};

}  // namespace callflow::receiver
