#include "models/dtls/incoming_flight.h"

#include <algorithm>

namespace callflow::dtls {
namespace {

// BoringSSL ssl/handshake.cc takes 16 KiB without a larger limit being set.
constexpr std::size_t kLongestMessage = 16384;

}  // namespace

IncomingFlight::IncomingFlight(Version version, FlightNumber number)
    : firstSequence_(dtls::firstSequence(version, number)) {
  // Lengths come with the messages.
  for (const Message& message : flightOf(version, number, false)) parts_.push_back({message});
}

// Takes in all that it touches.
void IncomingFlight::Part::add(Range range) {
  std::erase_if(have, [&](const Range& each) {
    const bool apart = each.end < range.begin || range.end < each.begin;
    if (!apart) range = {std::min(each.begin, range.begin), std::max(each.end, range.end)};
    return !apart;
  });
  have.push_back(range);
}

bool IncomingFlight::Part::isComplete() const {
  return seen && (length == 0 || (have.size() == 1 && have.front() == Range{0, length}));
}

bool IncomingFlight::isComplete() const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [](const Part& part) { return part.isComplete(); });
}

// Keys for an epoch are there when everything of the epochs before has come.
bool IncomingFlight::isReadable(std::size_t index) const {
  return std::all_of(
      parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(index), [&](const Part& part) {
        return part.isComplete() || part.message.epoch == parts_[index].message.epoch;
      });
}

bool IncomingFlight::onRecord(const Record& record) {
  if (record.type != ContentType::handshake) {
    const auto part = std::find_if(parts_.begin(), parts_.end(), [&](const Part& each) {
      return each.message.content == record.type && each.message.epoch == record.epoch;
    });
    if (part == parts_.end()) return false;
    part->seen = true;
    return true;
  }
  bool used = false;
  for (const Fragment& fragment : record.fragments) used |= onFragment(fragment, record.epoch);
  return used;
}

bool IncomingFlight::onFragment(const Fragment& fragment, Epoch epoch) {
  std::size_t index = 0;
  for (std::uint16_t sequence = firstSequence_; index < parts_.size(); ++index) {
    if (parts_[index].message.content != ContentType::handshake) continue;
    if (sequence++ == fragment.sequence) break;
  }
  if (index == parts_.size()) return false;
  Part& part = parts_[index];
  if (part.message.type != fragment.type || part.message.epoch != epoch || !isReadable(index) ||
      fragment.length > kLongestMessage)
    return false;
  if (!part.seen) {
    part.seen = true;
    part.length = fragment.length;
  }
  if (part.length != fragment.length) return false;
  part.add({fragment.offset, fragment.offset + fragment.size});
  return true;
}

}  // namespace callflow::dtls
