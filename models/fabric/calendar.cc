#include "models/fabric/calendar.h"

#include <algorithm>
#include <bit>

namespace callflow::fabric {
namespace {

// A heap's top is its largest.
bool later(const Calendar::Entry& a, const Calendar::Entry& b) {
  return comesBefore(b, a);
}

// More are spread by time first.
constexpr std::size_t kFew = 24;
constexpr int kPartShift = 6;
constexpr std::size_t kParts = std::size_t{1} << kPartShift;  // of a day

void insertionSort(std::vector<Calendar::Entry>& entries) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (!comesBefore(entries[i], entries[i - 1])) continue;
    const Calendar::Entry entry = entries[i];
    std::size_t hole = i;
    for (; hole > 0 && comesBefore(entry, entries[hole - 1]); --hole) {
      entries[hole] = entries[hole - 1];
    }
    entries[hole] = entry;
  }
}

}  // namespace

void Calendar::insertToday(const Entry& entry) {
  if (next_ == sorted_.size()) {
    sorted_.clear();
    next_ = 0;
  }
  // Mostly what was pushed last comes last.
  auto hole = sorted_.end();
  const auto first = sorted_.begin() + static_cast<std::ptrdiff_t>(next_);
  while (hole != first && comesBefore(entry, *(hole - 1))) --hole;
  sorted_.insert(hole, entry);
}

void Calendar::insertFar(const Entry& entry) {
  far_.push_back(entry);
  std::push_heap(far_.begin(), far_.end(), later);
}

std::int64_t Calendar::nextDay() const {
  if (usedWords_ == 0) return far_.front().time >> kDayShift;
  // Round from tomorrow: the rest of its word, the words behind, and the words before.
  const std::size_t from = place(today_ + 1);
  const std::size_t word = from / 64;
  std::size_t at = 0;
  if (const std::uint64_t rest = used_[word] & (~std::uint64_t{0} << (from % 64)); rest != 0) {
    at = word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
  } else {
    const std::uint64_t behind =
        word + 1 < used_.size() ? usedWords_ & (~std::uint64_t{0} << (word + 1)) : 0;
    const auto found = static_cast<std::size_t>(std::countr_zero(behind ? behind : usedWords_));
    at = found * 64 + static_cast<std::size_t>(std::countr_zero(used_[found]));
  }
  return today_ + 1 + static_cast<std::int64_t>((at - from) & (kDays - 1));
}

bool Calendar::open(std::int64_t time) {
  const std::int64_t day = nextDay();
  if (day << kDayShift > time) return false;
  goTo(day);
  const std::size_t at = place(day);
  std::uint32_t slot = days_[at];
  days_[at] = kNone;
  used_[at / 64] &= ~(std::uint64_t{1} << (at % 64));
  if (used_[at / 64] == 0) usedWords_ &= ~(std::uint64_t{1} << (at / 64));
  std::uint32_t last = slot;
  const std::uint32_t first = slot;
  for (; slot != kNone; slot = slots_[slot].next) {
    sorted_.push_back(slots_[slot]);
    last = slot;
  }
  slots_[last].next = free_;
  free_ = first;
  sort();
  return true;
}

// What has come within the calendar's days is taken there, today's included.
void Calendar::goTo(std::int64_t day) {
  today_ = day;
  sorted_.clear();
  next_ = 0;
  while (!far_.empty() && far_.front().time >> kDayShift < today_ + kDays) {
    std::pop_heap(far_.begin(), far_.end(), later);
    insertLater(far_.back(), far_.back().time >> kDayShift);
    far_.pop_back();
  }
}

void Calendar::sort() {
  if (sorted_.size() > kFew) {
    std::array<std::uint32_t, kParts> ends{};
    const auto part = [](const Entry& entry) {
      return static_cast<std::size_t>(entry.time >> (kDayShift - kPartShift)) & (kParts - 1);
    };
    for (const Entry& entry : sorted_) ++ends[part(entry)];
    std::uint32_t sum = 0;
    for (std::uint32_t& end : ends) end = sum += end;
    unsorted_.swap(sorted_);
    sorted_.resize(unsorted_.size());
    // The list began with what was pushed last, and parts are filled from their ends.
    for (const Entry& entry : unsorted_) sorted_[--ends[part(entry)]] = entry;
  } else {
    std::reverse(sorted_.begin(), sorted_.end());
  }
  insertionSort(sorted_);
}

void Calendar::clear() {
  *this = Calendar();
}

}  // namespace callflow::fabric
