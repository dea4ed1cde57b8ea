#include "models/receiver/arrival_history.h"

#include <algorithm>

namespace callflow::receiver {
namespace {

constexpr Duration kWindow = Duration::s(2);  // decision_logic.cc: kPacketHistorySizeMs

}  // namespace

void ArrivalHistory::Queue::push(const Entry& entry) {
  const std::size_t size = end_ - begin_;
  if (size == entries_.size()) {
    std::vector<Entry> larger(entries_.size() * 2);
    for (std::size_t i = 0; i < size; ++i) {
      larger[i] = entries_[(begin_ + i) & (entries_.size() - 1)];
    }
    entries_ = std::move(larger);
    begin_ = 0;
    end_ = size;
  }
  entries_[end_++ & (entries_.size() - 1)] = entry;
}

bool ArrivalHistory::seen(std::int64_t sequence) {
  if (count_ == 0) highest_ = sequence;
  const auto word = [&](std::int64_t of) -> std::uint64_t& {
    return seen_[static_cast<std::size_t>(of & (kRemembered - 1)) / 64];
  };
  const auto bit = [](std::int64_t of) { return std::uint64_t{1} << (of & 63); };
  if (sequence - highest_ >= kRemembered) {
    seen_.fill(0);
    highest_ = sequence;
  }
  for (; highest_ < sequence; ++highest_) word(highest_ + 1) &= ~bit(highest_ + 1);
  if (sequence <= highest_ - kRemembered) return false;
  const bool known = (word(sequence) & bit(sequence)) != 0;
  word(sequence) |= bit(sequence);
  return known;
}

std::optional<ArrivalHistory::Delay> ArrivalHistory::insert(std::int64_t sequence, TimePoint sent,
                                                            TimePoint arrived) {
  const bool reordered = count_ > 0 && sent < newest_;
  if (reordered && sent + kWindow < newest_) return {};
  if (seen(sequence)) return {};
  ++count_;
  const Duration transit = arrived - sent;
  if (!reordered) {
    newest_ = sent;
    while (!smallest_.empty() && smallest_.front().sent + kWindow < sent) smallest_.popFront();
    while (!largest_.empty() && largest_.front().sent + kWindow < sent) largest_.popFront();
    while (!smallest_.empty() && transit <= smallest_.back().transit) smallest_.popBack();
    while (!largest_.empty() && transit >= largest_.back().transit) largest_.popBack();
    smallest_.push({sent, transit});
    largest_.push({sent, transit});
  }
  if (count_ < 2) return {};
  return Delay{std::max(Duration{}, transit - smallest_.front().transit), reordered};
}

void ArrivalHistory::reset() {
  smallest_.clear();
  largest_.clear();
  seen_.fill(0);
  count_ = 0;
}

}  // namespace callflow::receiver
