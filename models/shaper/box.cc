#include "models/shaper/box.h"

namespace callflow::shaper {
namespace {

// How a reason of a drop is numbered: direction, class, DropReason.
constexpr std::size_t kMostClasses = 1000;

std::string inWords(DropReason reason) {
  switch (reason) {
    case DropReason::queueFull:
      return "its queue is full";
    case DropReason::early:
      return "by active queue management, to keep the wait short";
    case DropReason::exceeded:
      break;
  }
  return "over its rate";
}

std::string inWords(std::size_t direction, std::size_t number, std::size_t classes) {
  const std::string way = direction == 0 ? "outbound" : "inbound";
  return classes > 1 ? way + ", class " + std::to_string(number + 1) : way;
}

}  // namespace

std::unique_ptr<fabric::Box> makeBox(const Shaper& parameters, const fabric::BoxPlace& place) {
  return std::make_unique<ShaperBox>(parameters, std::string(place.name));
}

ShaperBox::Direction::Direction(const Shaping& shaping, const std::string& name)
    : parameters(shaping),
      classes(shaping, name),
      bucket(shaping.rate, depthOf(shaping.rate, shaping.burst)),
      counts(classes.count()) {}

ShaperBox::ShaperBox(const Shaper& parameters, const std::string& name)
    : directions_{Direction(parameters.up, name + " up"),
                  Direction(parameters.down, name + " down")} {}

fabric::BoxResult ShaperBox::process(fabric::Packet&, fabric::Side, TimePoint) {
  return {fabric::BoxResult::Action::kept};
}

void ShaperBox::keep(fabric::PacketId id, fabric::Side from, TimePoint now) {
  fabric::Packet& packet = node_.packet(id);
  Direction& mine = direction(from);
  const std::size_t number = mine.classes.of(packet);
  const Waiting waiting = waitingOf(id, packet, now);
  if (const auto mark = mine.classes.parameters(number).mark)
    packet.dscp = mark->value & wire::kLargestDscp;
  if (mine.parameters.excess == Excess::drop) {
    police(mine, number, waiting, now);
    return;
  }
  mine.classes.put(number, waiting, now, drops_);
  sendWhatMayGo(mine, now);
}

void ShaperBox::police(Direction& mine, std::size_t number, const Waiting& packet, TimePoint now) {
  const bool room =
      mine.parameters.rate.isUnlimited() || mine.bucket.conformsAt(packet.size, now) <= now;
  if (!room || !mine.classes.admits(number, packet.size, now)) {
    drop(mine, {packet, DropReason::exceeded});
    return;
  }
  if (!mine.parameters.rate.isUnlimited()) mine.bucket.take(packet.size, now);
  ++mine.counts[number].passed;
  node_.release(packet.id, now);
}

void ShaperBox::sendWhatMayGo(Direction& mine, TimePoint now) {
  for (;;) {
    const Classes::Next next = mine.classes.next(now, drops_);
    dropAll(mine);
    TimePoint when = next.until;
    if (next.packet != nullptr) {
      const bool limited = !mine.parameters.rate.isUnlimited();
      if (limited) when = mine.bucket.conformsAt(next.packet->size, now);
      if (!limited || when <= now) {
        const Waiting packet = mine.classes.take(next, now);
        if (limited) mine.bucket.take(packet.size, now);
        ++mine.counts[next.number].passed;
        node_.release(packet.id, packet.arrived);
        continue;
      }
    }
    if (when < mine.wakes) {
      mine.wakes = when;
      node_.wakeAt(when);
    }
    return;
  }
}

void ShaperBox::onWake(TimePoint now) {
  for (Direction& each : directions_) {
    if (each.wakes > now) continue;
    each.wakes = TimePoint::max();
    sendWhatMayGo(each, now);
  }
}

void ShaperBox::change(const fabric::LimitChange& up, const fabric::LimitChange& down,
                       TimePoint now) {
  change(directions_[0], up, now);
  change(directions_[1], down, now);
}

void ShaperBox::change(Direction& mine, const fabric::LimitChange& wanted, TimePoint now) {
  if (!wanted.any()) return;
  Shaping& shaping = mine.parameters;
  if (wanted.rate) shaping.rate = *wanted.rate;
  if (wanted.queue) shaping.queue = wanted.queue;
  mine.bucket.change(shaping.rate, depthOf(shaping.rate, shaping.burst), now);
  mine.classes.change(shaping, now);
  sendWhatMayGo(mine, now);  // or wake at another time
}

void ShaperBox::dropAll(Direction& mine) {
  // What is told of a drop may send, and so drop here again.
  const Drops dropped = std::move(drops_);
  drops_.clear();
  for (const Dropped& each : dropped) drop(mine, each);
}

void ShaperBox::drop(Direction& mine, const Dropped& dropped) {
  const std::size_t number = mine.classes.of(node_.packet(dropped.packet.id));
  const auto reason = static_cast<std::size_t>(dropped.reason);
  ++mine.counts[number].dropped[reason];
  const std::size_t way = &mine == &directions_[0] ? 0 : 1;
  node_.drop(dropped.packet.id,
             static_cast<std::uint16_t>((way * kMostClasses + number) * kReasons + reason));
}

std::vector<nat::BoxCount> ShaperBox::counts() const {
  std::vector<nat::BoxCount> list;
  for (std::size_t way = 0; way < directions_.size(); ++way) {
    const Direction& mine = directions_[way];
    for (std::size_t i = 0; i < mine.counts.size(); ++i) {
      const std::string where = inWords(way, i, mine.counts.size());
      if (mine.counts[i].passed > 0) list.push_back({true, where, mine.counts[i].passed});
      for (std::size_t reason = 0; reason < kReasons; ++reason) {
        if (mine.counts[i].dropped[reason] == 0) continue;
        list.push_back({false, where + ": " + inWords(static_cast<DropReason>(reason)),
                        mine.counts[i].dropped[reason]});
      }
    }
  }
  return list;
}

std::string ShaperBox::describeReason(std::uint16_t reason) const {
  const std::size_t where = reason / kReasons;
  const std::size_t way = where / kMostClasses;
  return "dropped (" + inWords(way, where % kMostClasses, directions_[way].counts.size()) +
         "): " + inWords(static_cast<DropReason>(reason % kReasons));
}

}  // namespace callflow::shaper
