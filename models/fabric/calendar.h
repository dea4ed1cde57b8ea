// The queue behind FabricSimulator: what waits, by time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace callflow::fabric {

// A calendar: waiting records lie in days of 131 us, unordered; a day is put in order when it
// begins. So a record costs the same however many wait, where a heap asks more of it the more there
// are. What is due later than the 1024 days of the calendar (134 ms) waits in a heap until it comes
// near.
class Calendar {
 public:
  // Time in nanoseconds; `order` is the lower half of the simulator's running number, which settles
  // ties.
  struct Entry {
    std::int64_t time = 0;
    std::uint32_t order = 0;
    std::uint32_t tag = 0;  // the owner's own
    std::uint32_t payload = 0;
    std::uint32_t next = 0;  // in its day
  };

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  // Not before the last entry that was taken.
  void push(const Entry& entry) {
    ++size_;
    const std::int64_t day = entry.time >> kDayShift;
    if (day <= today_) {
      insertToday(entry);
    } else if (day < today_ + kDays) {
      insertLater(entry, day);
    } else {
      insertFar(entry);
    }
  }
  // Whether anything is due by `time`, so that front() may be asked for. Opens a new day only if it
  // begins by then: what is pushed afterwards never lies before it.
  bool readyBy(std::int64_t time) { return next_ < sorted_.size() || (size_ > 0 && open(time)); }
  const Entry& front() const { return sorted_[next_]; }
  void pop() {
    ++next_;
    --size_;
  }
  // Nothing waits for before `time`, and nothing will.
  void passTo(std::int64_t time) {
    if (next_ == sorted_.size() && (time >> kDayShift) - 1 > today_) goTo((time >> kDayShift) - 1);
  }
  // Takes out the entries that `leaves` names; looks at all.
  template <class Leaves>
  void withdraw(Leaves&& leaves) {
    std::vector<Entry> all(sorted_.begin() + static_cast<std::ptrdiff_t>(next_), sorted_.end());
    forEachLater([&](const Entry& entry) { all.push_back(entry); });
    all.insert(all.end(), far_.begin(), far_.end());
    const std::int64_t today = today_;
    clear();
    today_ = today;
    for (const Entry& entry : all) {
      if (!leaves(entry)) push(entry);
    }
  }
  void clear();

 private:
  static constexpr int kDayShift = 17;  // 131072 ns
  static constexpr std::int64_t kDays = 1024;
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::size_t place(std::int64_t day) const { return static_cast<std::size_t>(day & (kDays - 1)); }
  void insertToday(const Entry& entry);
  void insertLater(const Entry& entry, std::int64_t day) {
    const std::size_t at = place(day);
    std::uint32_t slot = free_;
    if (slot == kNone) {
      slot = static_cast<std::uint32_t>(slots_.size());
      slots_.emplace_back();
    } else {
      free_ = slots_[slot].next;
    }
    slots_[slot] = entry;
    slots_[slot].next = days_[at];
    days_[at] = slot;
    used_[at / 64] |= std::uint64_t{1} << (at % 64);
    usedWords_ |= std::uint64_t{1} << (at / 64);
  }
  void insertFar(const Entry& entry);
  bool open(std::int64_t time);
  void goTo(std::int64_t day);
  std::int64_t nextDay() const;
  void sort();
  template <class Visit>
  void forEachLater(Visit&& visit) const {
    for (std::uint32_t first : days_) {
      for (; first != kNone; first = slots_[first].next) visit(slots_[first]);
    }
  }

  std::vector<Entry> sorted_;  // today's, from next_ on
  std::size_t next_ = 0;
  std::size_t size_ = 0;
  std::int64_t today_ = -1;
  std::vector<Entry> slots_;  // of all later days
  std::uint32_t free_ = kNone;
  std::array<std::uint32_t, kDays> days_ = none();  // the first of its entries
  std::array<std::uint64_t, kDays / 64> used_{};    // a bit for each day that has any
  std::uint64_t usedWords_ = 0;                     // and one for each word of these
  std::vector<Entry> far_;                          // a heap, the earliest on top
  std::vector<Entry> unsorted_;                     // kept for its memory

  static std::array<std::uint32_t, kDays> none() {
    std::array<std::uint32_t, kDays> result{};
    result.fill(kNone);
    return result;
  }
};

// Running numbers wrap. Two records of one instant are never 2^31 numbers apart.
inline bool comesBefore(const Calendar::Entry& a, const Calendar::Entry& b) {
  if (a.time != b.time) return a.time < b.time;
  return static_cast<std::int32_t>(a.order - b.order) < 0;
}

}  // namespace callflow::fabric
