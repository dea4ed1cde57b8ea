#include "models/shaper/classes.h"

#include <algorithm>

namespace callflow::shaper {
namespace {

bool matches(const TrafficClass& each, const fabric::Packet& packet) {
  if (!wire::contains(each.protocol, packet.protocol)) return false;
  if (!wire::contains(each.dscp, wire::Dscp{packet.dscp})) return false;
  return wire::contains(each.ports, packet.sourcePort) ||
         wire::contains(each.ports, packet.destinationPort);
}

DataRate shareOf(DataRate rate, Ratio share) {
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(Int128{rate.count()} * share.count() /
                                                           Ratio::percent(100).count()));
}

}  // namespace

Classes::Classes(const Shaping& shaping, const std::string& name) {
  std::vector<TrafficClass> all = shaping.classes;
  if (all.empty()) {
    all.emplace_back();
    all.back().share = all.back().ceiling = Ratio::percent(100);
  }
  Ratio smallest = Ratio::percent(100);
  for (const TrafficClass& each : all) {
    if (!each.strict) smallest = std::min(smallest, each.share);
  }
  for (const TrafficClass& each : all) {
    const std::size_t number = classes_.size();
    (each.strict ? strict_ : weighted_).push_back(number);
    Class& mine = classes_.emplace_back();
    mine.parameters = each;
    mine.queue = makeQueue(shaping, name + " class " + std::to_string(number + 1));
    setCeiling(mine, shaping, TimePoint{});
    // Whoever has the smallest share may send a full packet each turn.
    constexpr std::int64_t kFullPacket = 1500;
    mine.quantum = static_cast<std::int64_t>(Int128{kFullPacket} * each.share.count() /
                                             std::max<std::int64_t>(smallest.count(), 1));
  }
}

void Classes::setCeiling(Class& which, const Shaping& shaping, TimePoint now) {
  if (which.parameters.ceiling >= Ratio::percent(100) || shaping.rate.isUnlimited()) {
    which.ceiling.reset();
    return;
  }
  const DataRate rate = shareOf(shaping.rate, which.parameters.ceiling);
  const DataSize depth = depthOf(rate, shaping.burst);
  if (which.ceiling)
    which.ceiling->change(rate, depth, now);
  else
    which.ceiling.emplace(rate, depth);
}

void Classes::change(const Shaping& shaping, TimePoint now) {
  for (Class& each : classes_) {
    each.queue->setBound(boundOf(shaping));
    setCeiling(each, shaping, now);
  }
}

std::size_t Classes::of(const fabric::Packet& packet) const {
  for (std::size_t i = 0; i + 1 < classes_.size(); ++i) {
    if (matches(classes_[i].parameters, packet)) return i;
  }
  return classes_.size() - 1;
}

void Classes::put(std::size_t number, const Waiting& packet, TimePoint now, Drops& drops) {
  Class& mine = classes_[number];
  mine.queue->put(packet, mine.head ? &*mine.head : nullptr, now, drops);
  if (mine.empty()) ++holding_;
  mine.holds = true;
}

TimePoint Classes::ready(Class& which, TimePoint now, Drops& drops) {
  if (!which.head) {
    if (!which.holds) return TimePoint::max();
    which.head = which.queue->take(now, drops);
    which.holds = which.head && !which.queue->empty();
    if (!which.head) {
      --holding_;
      return TimePoint::max();
    }
  }
  return which.ceiling ? which.ceiling->conformsAt(which.head->size, now) : now;
}

void Classes::nextTurn() {
  turn_ = turn_ + 1 == weighted_.size() ? 0 : turn_ + 1;
  granted_ = false;
}

Classes::Next Classes::next(TimePoint now, Drops& drops) {
  Next result;
  if (holding_ == 0) return result;
  for (const std::size_t number : strict_) {
    if (classes_[number].empty()) continue;
    const TimePoint at = ready(classes_[number], now, drops);
    if (at <= now) return {&*classes_[number].head, number, now};
    result.until = std::min(result.until, at);
  }
  std::size_t able = 0, last = 0;  // classes that may send, and the place of the last one
  for (std::size_t place = 0; place < weighted_.size(); ++place) {
    Class& each = classes_[weighted_[place]];
    if (each.empty()) continue;
    const TimePoint at = ready(each, now, drops);
    result.until = std::min(result.until, at);
    if (at > now) continue;
    ++able;
    last = place;
  }
  if (able == 1) {
    // Its turn comes again and again until its deficit is enough.
    Class& mine = classes_[weighted_[last]];
    mine.deficit = std::max(mine.deficit, mine.head->size.count());
    turn_ = last;
    granted_ = true;
    return {&*mine.head, weighted_[last], now};
  }
  while (able > 0) {
    const std::size_t number = weighted_[turn_];
    Class& mine = classes_[number];
    if (!mine.head) mine.deficit = 0;
    if (ready(mine, now, drops) <= now) {
      if (!granted_) mine.deficit += mine.quantum;
      granted_ = true;
      if (mine.head->size.count() <= mine.deficit) return {&*mine.head, number, now};
    }
    nextTurn();
  }
  return result;
}

Waiting Classes::take(const Next& next, TimePoint now) {
  Class& mine = classes_[next.number];
  const Waiting packet = *mine.head;
  mine.head.reset();
  if (!mine.holds) --holding_;
  if (!mine.parameters.strict) mine.deficit -= packet.size.count();
  if (mine.ceiling) mine.ceiling->take(packet.size, now);
  return packet;
}

bool Classes::admits(std::size_t number, DataSize size, TimePoint now) {
  std::optional<TokenBucket>& ceiling = classes_[number].ceiling;
  if (!ceiling) return true;
  if (ceiling->conformsAt(size, now) > now) return false;
  ceiling->take(size, now);
  return true;
}

}  // namespace callflow::shaper
