// Where packets live. References stay good while the pool grows.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/fabric/packet.h"

namespace callflow::fabric {

class PacketPool {
 public:
  PacketPool();

  Packet& operator[](PacketId id) {
    return (*blocks_[index(id) / kBlockSize])[index(id) % kBlockSize];
  }
  const Packet& operator[](PacketId id) const {
    return (*blocks_[index(id) / kBlockSize])[index(id) % kBlockSize];
  }

  // Copies everything but the list of waits.
  PacketId add(const Packet& packet);
  // Copies the list of waits too.
  PacketId clone(const Packet& packet);
  void release(PacketId id);
  std::size_t live() const { return live_; }

  void addWait(Packet& packet, Wait wait);
  // Adds `change.time`, which may be negative, to the latest wait if that is at `change.link`.
  void changeWait(Packet& packet, Wait change);
  // Calls visit(Wait) for each, the latest first.
  template <class Visit>
  void forEachWait(const Packet& packet, Visit&& visit) const {
    for (std::uint32_t i = packet.waits_; i != 0; i = waits_[i].next) visit(waits_[i].wait);
  }

 private:
  static constexpr std::uint32_t kBlockSize = 1024;
  using Block = std::array<Packet, kBlockSize>;
  struct WaitNode {
    Wait wait;
    std::uint32_t next = 0;
  };

  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<PacketId> free_;
  std::size_t live_ = 0;
  std::vector<WaitNode> waits_;  // element 0 is nobody's
  std::uint32_t freeWait_ = 0;
};

}  // namespace callflow::fabric
