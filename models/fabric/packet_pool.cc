#include "models/fabric/packet_pool.h"

namespace callflow::fabric {

PacketPool::PacketPool() : waits_(1) {}

PacketId PacketPool::add(const Packet& packet) {
  if (free_.empty()) {
    const auto first = static_cast<std::uint32_t>(blocks_.size()) * kBlockSize;
    blocks_.push_back(std::make_unique<Block>());
    free_.reserve(first + kBlockSize);
    // Lowest index on top, so that few packets touch little memory.
    for (std::uint32_t i = kBlockSize; i-- > 0;) free_.push_back(PacketId{first + i});
  }
  const PacketId id = free_.back();
  free_.pop_back();
  ++live_;
  Packet& mine = (*this)[id];
  mine = packet;
  mine.waits_ = 0;
  return id;
}

PacketId PacketPool::clone(const Packet& packet) {
  const PacketId id = add(packet);
  std::vector<Wait> waits;
  forEachWait(packet, [&](const Wait& wait) { waits.push_back(wait); });
  for (auto wait = waits.rbegin(); wait != waits.rend(); ++wait) addWait((*this)[id], *wait);
  return id;
}

void PacketPool::release(PacketId id) {
  std::uint32_t& waits = (*this)[id].waits_;
  while (waits != 0) {
    const std::uint32_t next = waits_[waits].next;
    waits_[waits].next = freeWait_;
    freeWait_ = waits;
    waits = next;
  }
  free_.push_back(id);
  --live_;
}

void PacketPool::addWait(Packet& packet, Wait wait) {
  std::uint32_t slot = freeWait_;
  if (slot != 0) {
    freeWait_ = waits_[slot].next;
  } else {
    slot = static_cast<std::uint32_t>(waits_.size());
    waits_.emplace_back();
  }
  waits_[slot] = {wait, packet.waits_};
  packet.waits_ = slot;
}

void PacketPool::changeWait(Packet& packet, Wait change) {
  if (change.time == Duration{}) return;
  const std::uint32_t latest = packet.waits_;
  if (latest == 0 || waits_[latest].wait.link != change.link) {
    addWait(packet, change);
    return;
  }
  Wait& wait = waits_[latest].wait;
  wait.time += change.time;
  if (wait.time > Duration{}) return;
  packet.waits_ = waits_[latest].next;
  waits_[latest].next = freeWait_;
  freeWait_ = latest;
}

}  // namespace callflow::fabric
