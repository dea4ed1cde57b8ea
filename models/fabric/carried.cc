// Packets that travel in others: over links that are tunnels.
#include <vector>

#include "models/fabric/fabric.h"

namespace callflow::fabric {

void Fabric::setCarrier(LinkId link, Carrier* carrier) {
  checkLink(link);
  std::uint8_t& unusual = links_[index(link)].unusual;
  unusual =
      static_cast<std::uint8_t>(carrier != nullptr ? unusual | kCarried : unusual & ~kCarried);
  carriers_.resize(links_.size());
  carriers_[index(link)] = carrier;
}

void Fabric::wrap(PacketId id, LinkId link, const Wrapping& outer, NodeId from) {
  Packet& packet = pool_[id];
  std::uint32_t slot = 0;
  if (freeWrapped_.empty()) {
    slot = static_cast<std::uint32_t>(wrapped_.size());
    wrapped_.emplace_back();
  } else {
    slot = freeWrapped_.back();
    freeWrapped_.pop_back();
  }
  wrapped_[slot] = {packet.header(), packet.size,   packet.dscp, packet.owner,
                    packet.payload,  packet.route_, link,        outer.number};
  packet.setHeader(outer.header);
  packet.size = static_cast<std::uint16_t>(outer.size.count());
  packet.dscp = outer.dscp & 0x3f;
  packet.owner = kWrapping;
  packet.payload = slot;
  packet.route_ = routeFor(from, packet.destinationAddress);
  travel(from, id, packet, simulator_.now());
}

void Fabric::sendEmpty(LinkId link, const Wrapping& outer, NodeId from, std::uint32_t stream) {
  Packet nothing;
  nothing.stream = stream;
  const PacketId id = pool_.add(nothing);
  pool_[id].sent_ = simulator_.now();
  wrap(id, link, outer, from);
}

void Fabric::unwrap(Packet& packet) {
  const std::uint32_t slot = packet.payload;
  const Wrapped& inner = wrapped_[slot];
  packet.setHeader(inner.header);
  packet.size = inner.size;
  packet.dscp = inner.dscp & 0x3f;
  packet.owner = inner.owner;
  packet.payload = inner.payload;
  packet.route_ = inner.route;
  freeWrapped_.push_back(slot);
}

void Fabric::emerge(NodeId at, PacketId id, Packet& packet, TimePoint now) {
  const LinkId over = wrapped_[packet.payload].link;
  if (!carriers_[index(over)]->arrives(at, packet)) {
    drop(id, packet, DropCause::noListener, 0, at, kNoLink, now);
    return;
  }
  unwrap(packet);
  if (packet.size == 0) {  // nothing was in it
    pool_.release(id);
    return;
  }
  const FabricLink& link = links_[index(over)];
  if (link.toBox && !passBox(link, id, packet, now)) return;
  travel(link.to, id, packet, now);
}

void Fabric::refuse(PacketId id, LinkId link, std::uint16_t reason) {
  drop(id, pool_[id], DropCause::box, reason, links_[index(link)].from, kNoLink, simulator_.now());
}

void Fabric::share(PacketId id, const Packet& bringer) {
  Packet& packet = pool_[id];
  for (std::size_t i = 0; i < kDelayPartCount; ++i) {
    const auto part = static_cast<DelayPart>(i);
    packet.add(part, bringer.spent(part));
  }
  std::vector<Wait> waits;
  pool_.forEachWait(bringer, [&](const Wait& wait) { waits.push_back(wait); });
  for (auto wait = waits.rbegin(); wait != waits.rend(); ++wait) pool_.addWait(packet, *wait);
}

void Fabric::unload(PacketId id, LinkId over, Duration waited) {
  const TimePoint now = simulator_.now();
  Packet& packet = pool_[id];
  if (waited > Duration{}) {
    packet.add(DelayPart::queueing, waited);
    pool_.addWait(packet, {over, waited});
  }
  const FabricLink& link = links_[index(over)];
  if (link.toBox && !passBox(link, id, packet, now)) return;
  travel(link.to, id, packet, now);
}

}  // namespace callflow::fabric
