// What observers see of packets, and what is known of drops.
#include "models/fabric/fabric.h"

namespace callflow::fabric {

void Fabric::observe(LinkId link, LinkEnd end, PacketObserver& observer) {
  checkLink(link);
  packetObserver_ = &observer;
  FabricLink& observed = links_[index(link)];
  if (end == LinkEnd::from) {
    observed.unusual |= kObservedFrom;
  } else {
    observed.unusual |= kObservedTo;
    observed.toBox = true;
  }
}

void Fabric::writePayload(const Packet& packet, wire::Bytes& bytes) const {
  if (packet.owner == kFragment) return;
  if (packet.owner == kWrapping) {
    const Wrapped& inner = wrapped_[packet.payload];
    carriers_[index(inner.link)]->writePayload(packet, inner.number, bytes);
    return;
  }
  const PacketOwner* const owner = owners_[static_cast<std::size_t>(packet.owner)];
  if (owner != nullptr) owner->writePayload(packet, bytes);
}

void Fabric::addDropObserver(DropObserver* observer) {
  observers_.push_back(observer);
}

std::vector<NodeDrops> Fabric::nodeDrops() const {
  std::vector<NodeDrops> result;
  for (const auto& [key, packets] : nodeDrops_) {
    result.push_back({key.node, key.cause, key.reason, packets});
  }
  return result;
}

}  // namespace callflow::fabric
