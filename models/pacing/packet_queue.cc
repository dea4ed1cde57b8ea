#include "models/pacing/packet_queue.h"

namespace callflow::pacing {

PacketQueue::Line& PacketQueue::line(int stream, std::size_t level) {
  return streams_[static_cast<std::size_t>(stream)][level];
}

const PacketQueue::Line& PacketQueue::line(int stream, std::size_t level) const {
  return streams_[static_cast<std::size_t>(stream)][level];
}

// A stream gets its turn behind all others of the level.
void PacketQueue::enter(int stream, std::size_t level) {
  Level& streams = levels_[level];
  line(stream, level).nextStream = kNone;
  if (streams.lastStream == kNone) {
    streams.firstStream = stream;
  } else {
    line(streams.lastStream, level).nextStream = stream;
  }
  streams.lastStream = stream;
}

void PacketQueue::push(const Outgoing& packet) {
  const auto level = static_cast<std::size_t>(packet.priority);
  const auto stream = static_cast<std::size_t>(packet.stream);
  if (stream >= streams_.size()) streams_.resize(stream + 1);

  int place = free_;
  if (place == kNone) {
    place = static_cast<int>(places_.size());
    places_.emplace_back();
  } else {
    free_ = places_[static_cast<std::size_t>(place)].next;
  }
  places_[static_cast<std::size_t>(place)] = {packet, kNone};

  Line& of = line(packet.stream, level);
  if (of.first == kNone) {
    of.first = place;
    enter(packet.stream, level);
  } else {
    places_[static_cast<std::size_t>(of.last)].next = place;
  }
  of.last = place;
  ++packets_;
  size_ += packet.size;
  queuedSum_ += packet.queued.count();
}

std::size_t PacketQueue::topLevel() const {
  std::size_t level = 0;
  while (levels_[level].firstStream == kNone) ++level;
  return level;
}

const Outgoing& PacketQueue::front() const {
  const std::size_t level = topLevel();
  const int place = line(levels_[level].firstStream, level).first;
  return places_[static_cast<std::size_t>(place)].packet;
}

Outgoing PacketQueue::pop() {
  const std::size_t level = topLevel();
  Level& streams = levels_[level];
  const int stream = streams.firstStream;
  Line& of = line(stream, level);
  const int index = of.first;
  Place& place = places_[static_cast<std::size_t>(index)];

  of.first = place.next;
  place.next = free_;
  free_ = index;
  streams.firstStream = of.nextStream;
  if (streams.firstStream == kNone) streams.lastStream = kNone;
  if (of.first == kNone) {
    of.last = kNone;
  } else {
    enter(stream, level);
  }

  --packets_;
  size_ = size_ - place.packet.size;
  queuedSum_ -= place.packet.queued.count();
  return place.packet;
}

Duration PacketQueue::averageWait(TimePoint now) const {
  if (packets_ == 0) return Duration{};
  return now - TimePoint::at(Duration::ns(queuedSum_ / packets_));
}

}  // namespace callflow::pacing
