#include "models/client/arrival_log.h"

#include <array>
#include <bit>
#include <cstddef>
#include <stdexcept>

namespace callflow::client {
namespace {

using receiver::DelayCause;

// An entry: its time; a word that says what follows; the copies, if it was sent more than once;
// each part of the delay that there is; and for each wait its link and its time.
//
// The second word: the sequence in 32 bits, a bit for each part that follows, the number of waits.
constexpr int kPartsShift = 32;
constexpr int kWaitsShift = 44;
constexpr std::uint64_t kAllParts = (std::uint64_t{1} << receiver::kDelayCauseCount) - 1;
constexpr std::uint64_t kMostWaits = 0xffff;
constexpr std::uint64_t kLost = std::uint64_t{1} << 60;
constexpr std::uint64_t kCarriesPrevious = std::uint64_t{1} << 61;
constexpr std::uint64_t kRepeated = std::uint64_t{1} << 62;
static_assert(kPartsShift + receiver::kDelayCauseCount <= kWaitsShift);

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
  if (waits.size() > kMostWaits) throw std::length_error("a packet that waited too often");
  std::array<std::uint64_t, 3 + receiver::kDelayCauseCount> entry{};
  std::size_t words = 2;
  std::uint64_t contents = static_cast<std::uint32_t>(sequence) | waits.size() << kWaitsShift;
  if (carriesPrevious) contents |= kCarriesPrevious;
  if (copies != 1) {
    contents |= kRepeated;
    entry[words++] = static_cast<std::uint64_t>(copies);
  }
  for (std::size_t i = 0; i < receiver::kDelayCauseCount; ++i) {
    const Duration part = parts[static_cast<DelayCause>(i)];
    if (part == Duration{}) continue;
    contents |= std::uint64_t{1} << (kPartsShift + i);
    entry[words++] = wordOf(part);
  }
  entry[0] = wordOf(time.sinceStart());
  entry[1] = contents;
  words_.insert(words_.end(), entry.begin(), entry.begin() + static_cast<std::ptrdiff_t>(words));
  for (const fabric::Wait& wait : waits) {
    words_.push_back(index(wait.link));
    words_.push_back(wordOf(wait.time));
  }
}

void ArrivalLog::addLoss(TimePoint time, std::int64_t sequence) {
  words_.push_back(wordOf(time.sinceStart()));
  words_.push_back(static_cast<std::uint32_t>(sequence) | kLost);
}

bool ArrivalLog::Reader::next(Arrival& entry) {
  const std::vector<std::uint64_t>& words = log_.words_;
  if (read_ == words.size()) return false;
  entry.time = TimePoint::at(durationOf(words[read_++]));
  const std::uint64_t contents = words[read_++];
  entry.sequence = static_cast<std::uint32_t>(contents);
  entry.lost = (contents & kLost) != 0;
  entry.carriesPrevious = (contents & kCarriesPrevious) != 0;
  entry.copies = (contents & kRepeated) != 0 ? static_cast<std::int32_t>(words[read_++]) : 1;
  entry.parts = {};
  std::uint64_t parts = contents >> kPartsShift & kAllParts;
  for (; parts != 0; parts &= parts - 1) {
    entry.parts[static_cast<DelayCause>(std::countr_zero(parts))] = durationOf(words[read_++]);
  }
  entry.waits.resize(contents >> kWaitsShift & kMostWaits);
  for (fabric::Wait& wait : entry.waits) {
    wait.link = fabric::LinkId{static_cast<std::uint32_t>(words[read_++])};
    wait.time = durationOf(words[read_++]);
  }
  return true;
}

}  // namespace callflow::client
