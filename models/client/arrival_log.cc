#include "models/client/arrival_log.h"

#include <bit>
#include <stdexcept>

namespace callflow::client {
namespace {

using receiver::DelayCause;

// An entry: its time; a word that says what follows; the copies, if it was sent more than once;
// each part of the delay that there is; and for each wait its link and its time.
struct Contents {
  std::uint64_t sequence : 32 = 0;
  std::uint64_t parts : receiver::kDelayCauseCount = 0;  // a bit for each
  std::uint64_t waits : 16 = 0;
  std::uint64_t lost : 1 = 0;
  std::uint64_t carriesPrevious : 1 = 0;
  std::uint64_t wasRepeated : 1 = 0;
};
static_assert(sizeof(Contents) == sizeof(std::uint64_t));

std::uint64_t wordOf(Duration time) {
  return static_cast<std::uint64_t>(time.count());
}
Duration durationOf(std::uint64_t word) {
  return Duration::ns(static_cast<std::int64_t>(word));
}

}  // namespace

void ArrivalLog::addArrival(TimePoint time, std::int64_t sequence, bool carriesPrevious,
                            std::int32_t copies, const receiver::DelayParts& parts,
                            std::span<const fabric::Wait> waits) {
  if (waits.size() > 0xffff) throw std::length_error("a packet that waited too often");
  Contents contents;
  contents.sequence = static_cast<std::uint32_t>(sequence);
  contents.carriesPrevious = carriesPrevious;
  contents.wasRepeated = copies != 1;
  contents.waits = static_cast<std::uint16_t>(waits.size());
  const std::size_t first = words_.size();
  words_.push_back(wordOf(time.sinceStart()));
  words_.push_back(0);
  if (copies != 1) words_.push_back(static_cast<std::uint64_t>(copies));
  for (std::size_t i = 0; i < receiver::kDelayCauseCount; ++i) {
    const Duration part = parts[static_cast<DelayCause>(i)];
    if (part == Duration{}) continue;
    contents.parts |= std::uint64_t{1} << i;
    words_.push_back(wordOf(part));
  }
  for (const fabric::Wait& wait : waits) {
    words_.push_back(index(wait.link));
    words_.push_back(wordOf(wait.time));
  }
  words_[first + 1] = std::bit_cast<std::uint64_t>(contents);
}

void ArrivalLog::addLoss(TimePoint time, std::int64_t sequence) {
  Contents contents;
  contents.sequence = static_cast<std::uint32_t>(sequence);
  contents.lost = 1;
  words_.push_back(wordOf(time.sinceStart()));
  words_.push_back(std::bit_cast<std::uint64_t>(contents));
}

bool ArrivalLog::next(Arrival& entry) {
  if (read_ == words_.size()) return false;
  entry.time = TimePoint::at(durationOf(words_[read_++]));
  const auto contents = std::bit_cast<Contents>(words_[read_++]);
  entry.sequence = static_cast<std::int64_t>(contents.sequence);
  entry.lost = contents.lost != 0;
  entry.carriesPrevious = contents.carriesPrevious != 0;
  entry.copies = contents.wasRepeated != 0 ? static_cast<std::int32_t>(words_[read_++]) : 1;
  for (std::size_t i = 0; i < receiver::kDelayCauseCount; ++i) {
    const bool there = (contents.parts >> i & 1) != 0;
    entry.parts[static_cast<DelayCause>(i)] = there ? durationOf(words_[read_++]) : Duration{};
  }
  entry.waits.resize(contents.waits);
  for (fabric::Wait& wait : entry.waits) {
    wait.link = fabric::LinkId{static_cast<std::uint32_t>(words_[read_++])};
    wait.time = durationOf(words_[read_++]);
  }
  return true;
}

void ArrivalLog::clear() {
  words_.clear();
  read_ = 0;
}

}  // namespace callflow::client
