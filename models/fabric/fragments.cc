// Packets that are larger than a link lets through (RFC 791 section 3.2): their fragments travel by
// themselves, and the packet goes on where its route ends, when the last of them is there.
#include <algorithm>
#include <utility>
#include <vector>

#include "models/fabric/fabric.h"

namespace callflow::fabric {
namespace {

constexpr std::uint32_t kIpHeader = 20;
constexpr std::uint32_t kFragmentUnit = 8;  // all but the last hold a multiple of it

// A fragment's Packet::sequence: the lower half of that of its packet, by which the two are still
// known for the same, and the flags and the offset as the IP header has them.
constexpr std::uint32_t kMoreFragments = 0x2000;
constexpr std::uint32_t kOffset = 0x1fff;

}  // namespace

void Fabric::tooBig(NodeId at, PacketId id, Packet& packet, const FabricLink& link, TimePoint now) {
  // TCP asks not to be cut (RFC 1191); a link that holds not one unit cuts nothing.
  if (packet.protocol == Protocol::tcp || link.mtu < kIpHeader + kFragmentUnit) {
    drop(id, packet, DropCause::tooBig, 0, at, kNoLink, now);
    return;
  }
  // A fragment that is too large for a later link is cut once more, and counts with its siblings.
  std::uint32_t cut = packet.payload;
  const bool again = packet.owner == kFragment;
  if (!again) {
    if (freeCuts_.empty()) {
      cut = static_cast<std::uint32_t>(cuts_.size());
      cuts_.emplace_back();
    } else {
      cut = freeCuts_.back();
      freeCuts_.pop_back();
    }
    cuts_[cut] = {id, 0, packet.size};
  }
  const std::uint32_t known = again ? packet.sequence & 0xffff0000U : packet.sequence << 16;
  const std::uint32_t first = again ? packet.sequence & kOffset : 0;
  const std::uint32_t behind = again ? packet.sequence & kMoreFragments : 0;
  const std::uint32_t data = packet.size - kIpHeader;
  const std::uint32_t each = (link.mtu - kIpHeader) / kFragmentUnit * kFragmentUnit;
  const std::uint32_t count = (data + each - 1) / each;
  cuts_[cut].missing += again ? count - 1 : count;
  // All are there before the first is sent: if that is dropped at once, the packet is gone.
  std::vector<PacketId> parts;
  for (std::uint32_t i = 0; i < count; ++i) {
    parts.push_back(pool_.clone(packet));
    Packet& mine = pool_[parts.back()];
    mine.size = static_cast<std::uint16_t>(kIpHeader + std::min(each, data - i * each));
    mine.owner = kFragment;
    mine.payload = cut;
    mine.sequence = known | (i + 1 < count ? kMoreFragments : behind) |
                    ((first + i * each / kFragmentUnit) & kOffset);
  }
  if (again) pool_.release(id);
  for (const PacketId part : parts) travel(at, part, pool_[part], now);
}

void Fabric::joinFragment(NodeId at, PacketId id, Packet& fragment, TimePoint now) {
  const std::uint32_t slot = fragment.payload;
  Cut& cut = cuts_[slot];
  const PacketId whole = cut.packet;
  if (--cut.missing > 0) {
    pool_.release(id);
    return;
  }
  freeCuts_.push_back(slot);
  if (whole == kNoPacket) {
    pool_.release(id);
    return;
  }
  // The packet has the way and the time of its last fragment.
  Packet& packet = pool_[whole];
  packet.setHeader(fragment.header());
  packet.dscp = fragment.dscp;
  packet.spentLow_ = fragment.spentLow_;
  packet.spentHigh_ = fragment.spentHigh_;
  packet.route_ = fragment.route_;
  std::swap(packet.waits_, fragment.waits_);
  pool_.release(id);
  deliver(at, whole, packet, now);
}

std::optional<Fragment> Fabric::fragment(const Packet& packet) const {
  if (packet.owner != kFragment) return std::nullopt;
  const Cut& cut = cuts_[packet.payload];
  return Fragment{cut.packet == kNoPacket ? nullptr : &pool_[cut.packet], DataSize::bytes(cut.size),
                  static_cast<std::uint16_t>((packet.sequence & kOffset) * kFragmentUnit),
                  (packet.sequence & kMoreFragments) == 0};
}

void Fabric::loseFragment(const Packet& fragment, const Drop& why) {
  const std::uint32_t slot = fragment.payload;
  Cut& cut = cuts_[slot];
  const PacketId whole = std::exchange(cut.packet, kNoPacket);
  if (--cut.missing == 0) freeCuts_.push_back(slot);
  if (whole == kNoPacket) return;
  drop(whole, pool_[whole], why.cause, why.reason, why.node, why.link, why.when);
}

DataSize Fabric::pathMtu(NodeId from, Ipv4 destination) const {
  std::uint16_t least = 0xffff;
  for (RouteId at = routeFor(from, destination); at != kNoRoute && hops_[index(at)] != kRouteEnd;
       at = RouteId{index(at) + 1}) {
    const std::uint32_t hop = hops_[index(at)];
    const FabricLink& link = links_[hop];
    if ((link.unusual & kCarried) != 0) {
      least = std::min(least, static_cast<std::uint16_t>(carriers_[hop]->mtuForTcp().count()));
      continue;
    }
    if (link.link.parameters().pathMtuDiscovery) least = std::min(least, link.mtu);
  }
  return DataSize::bytes(least);
}

}  // namespace callflow::fabric
