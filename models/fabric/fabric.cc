#include "models/fabric/fabric.h"

#include <stdexcept>
#include <unordered_set>
#include <utility>

namespace callflow::fabric {
namespace {

std::uint64_t routeKey(NodeId from, Ipv4 destination) {
  return (std::uint64_t{index(from)} << 32) | destination.value;
}

std::uint64_t bindingKey(NodeId node, Protocol protocol, std::uint16_t port) {
  return (std::uint64_t{index(node)} << 24) |
         (std::uint64_t{static_cast<std::uint8_t>(protocol)} << 16) | port;
}

DropCause causeOf(LinkVerdict verdict) {
  if (verdict == LinkVerdict::lost) return DropCause::loss;
  return verdict == LinkVerdict::queueFull ? DropCause::queueFull : DropCause::linkDown;
}

// Apart, so that packets which nobody observes pay for one branch only.
[[gnu::noinline, gnu::cold]] void show(PacketObserver& observer, std::size_t link, LinkEnd end,
                                       const Packet& packet, TimePoint now) {
  observer.onPacket(LinkId{static_cast<std::uint32_t>(link)}, end, packet, now);
}

}  // namespace

Fabric::Fabric(FabricSimulator& simulator) : simulator_(simulator), hops_{kRouteEnd} {}
Fabric::~Fabric() = default;

// ---- the network --------------------------------------------------------------------------------

void Fabric::checkNode(NodeId node) const {
  if (index(node) >= nodes_.size()) throw std::invalid_argument("no such node");
}

void Fabric::checkLink(LinkId link) const {
  if (index(link) >= links_.size()) throw std::invalid_argument("no such link");
}

NodeId Fabric::addNode(std::string name) {
  if (nodes_.size() >= kWakeChannel) throw std::length_error("too many nodes");
  nodes_.push_back({std::move(name)});
  return NodeId{static_cast<std::uint32_t>(nodes_.size() - 1)};
}

LinkId Fabric::addLink(NodeId from, NodeId to, const LinkParameters& parameters, std::string name,
                       Side arrivesFrom) {
  checkNode(from);
  checkNode(to);
  if (links_.size() >= kWakeChannel) throw std::length_error("too many links");
  const auto channel = static_cast<std::uint32_t>(links_.size());
  links_.push_back({Link(std::move(name), parameters, &flows_), from, to,
                    simulator_.addLane(*this, channel), arrivesFrom});
  configure(links_.back(), parameters);
  links_.back().toBox = nodes_[index(to)].boxed;
  return LinkId{channel};
}

void Fabric::configure(FabricLink& link, const LinkParameters& parameters) {
  link.mtu = static_cast<std::uint16_t>(parameters.mtu.count());
  link.unusual = static_cast<std::uint8_t>(link.unusual & ~kWipesDscp);
  if (parameters.dscp == DscpPolicy::wipe) link.unusual |= kWipesDscp;
}

void Fabric::expectChanges(LinkId link) {
  checkLink(link);
  links_[index(link)].link.expectChanges();
}

void Fabric::setLinkParameters(LinkId link, const LinkParameters& parameters) {
  checkLink(link);
  FabricLink& changed = links_[index(link)];
  configure(changed, parameters);
  const std::vector<Retiming> retimed = changed.link.change(parameters, simulator_.now());
  if (retimed.empty()) return;
  std::unordered_set<std::uint32_t> moved;
  for (const Retiming& packet : retimed) moved.insert(index(packet.id));
  simulator_.withdraw(changed.lane, [&](std::uint32_t id) { return moved.count(id) > 0; });
  for (const Retiming& packet : retimed) retime(changed, link, packet);
}

void Fabric::retime(FabricLink& link, LinkId number, const Retiming& change) {
  if (!change.arrival) return;  // until the link is up again
  Packet& packet = pool_[change.id];
  if (*change.arrival - packet.sent_ > Packet::longestTime()) {
    link.link.abandon();
    drop(change.id, packet, DropCause::linkDown, 0, link.from, number, simulator_.now());
    return;
  }
  packet.add(DelayPart::propagation, change.propagation);
  packet.add(DelayPart::serialization, change.serialization);
  packet.add(DelayPart::jitter, change.jitter);
  packet.add(DelayPart::queueing, change.queueing);
  pool_.changeWait(packet, {number, change.queueing});
  if (link.link.reorders()) {
    simulator_.pushOutOfOrder(link.lane, *change.arrival, index(change.id));
  } else {
    simulator_.push(link.lane, *change.arrival, index(change.id));
  }
}

void Fabric::setBox(NodeId node, Box* box) {
  checkNode(node);
  Node& at = nodes_[index(node)];
  at.box = box;
  if (box != nullptr && !std::exchange(at.boxed, true)) {
    for (FabricLink& link : links_) link.toBox = link.toBox || link.to == node;
  }
  if (box == nullptr) return;
  if (box->holds() && at.holding == kNoLink) {
    at.holding = addLink(node, node, {}, at.name);
    at.wakes = simulator_.addLane(*this, kWakeChannel | index(node));
    links_[index(at.holding)].holding = true;
  }
  box->standAt(BoxNode(*this, node));
}

LinkId Fabric::holdingPlace(NodeId node) const {
  checkNode(node);
  return nodes_[index(node)].holding;
}

RouteId Fabric::addRoute(std::span<const LinkId> links) {
  for (std::size_t i = 0; i < links.size(); ++i) {
    checkLink(links[i]);
    if (i > 0 && links_[index(links[i - 1])].to != links_[index(links[i])].from) {
      throw std::invalid_argument("route: \"" + name(links[i]) + "\" does not begin where \"" +
                                  name(links[i - 1]) + "\" ends");
    }
  }
  const RouteId id{static_cast<std::uint32_t>(hops_.size())};
  for (const LinkId link : links) hops_.push_back(index(link));
  hops_.push_back(kRouteEnd);
  return id;
}

void Fabric::setRoute(NodeId from, Ipv4 destination, RouteId route) {
  checkNode(from);
  if (route == kNoRoute || index(route) >= hops_.size())
    throw std::invalid_argument("no such route");
  const std::uint32_t first = hops_[index(route)];
  if (first != kRouteEnd && links_[first].from != from) {
    throw std::invalid_argument("route: does not begin at \"" + name(from) + "\"");
  }
  routes_[routeKey(from, destination)] = route;
}

RouteId Fabric::routeFor(NodeId from, Ipv4 destination) const {
  const RouteId* const found = routes_.find(routeKey(from, destination));
  return found == nullptr ? kNoRoute : *found;
}

void Fabric::bind(NodeId node, Protocol protocol, std::uint16_t port, Sink* sink) {
  checkNode(node);
  bindings_[bindingKey(node, protocol, port)] = sink;
}

Sink* Fabric::sinkAt(NodeId node, Protocol protocol, std::uint16_t port) const {
  for (const std::uint16_t bound : {port, std::uint16_t{0}}) {
    Sink* const* const found = bindings_.find(bindingKey(node, protocol, bound));
    if (found != nullptr && *found != nullptr) return *found;
  }
  return nullptr;
}

// ---- packets ------------------------------------------------------------------------------------

void Fabric::send(NodeId from, const Packet& packet, RouteId route) {
  const PacketId id = pool_.add(packet);
  Packet& mine = pool_[id];
  mine.sent_ = simulator_.now();
  mine.spentLow_ = {};
  mine.spentHigh_ = {};
  mine.route_ = route != kNoRoute ? route : routeFor(from, mine.destinationAddress);
  travel(from, id, mine, mine.sent_);
}

void Fabric::forward(NodeId from, PacketId id, Duration processing) {
  if (id == kNoPacket || id != delivering_) {
    throw std::invalid_argument("only the packet that is being delivered can be forwarded");
  }
  delivering_ = kNoPacket;
  hold(from, id, processing);
}

void Fabric::disown(PacketId id) {
  if (id == kNoPacket || id != delivering_) {
    throw std::invalid_argument("only the packet that is being delivered can be disowned");
  }
  delivering_ = kNoPacket;
  disowned_ = id;
}

void Fabric::forwardCopy(NodeId from, const Packet& packet, Duration processing) {
  hold(from, pool_.clone(packet), processing);
}

void Fabric::hold(NodeId from, PacketId id, Duration processing) {
  if (processing <= Duration{}) {
    Packet& packet = pool_[id];
    packet.route_ = routeFor(from, packet.destinationAddress);
    travel(from, id, packet, simulator_.now());
    return;
  }
  const auto [found, isNew] = held_.try_emplace({from, processing});
  if (isNew) found->second = simulator_.addLane(*this, kHeldChannel | index(from));
  simulator_.push(found->second, simulator_.now() + processing, index(id));
}

void Fabric::onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) {
  if ((channel & kWakeChannel) != 0) {
    Box* const box = nodes_[channel & ~kWakeChannel].box;
    if (box != nullptr) box->onWake(now);
    return;
  }
  const PacketId id{payload};
  Packet& packet = pool_[id];
  if ((channel & kHeldChannel) != 0) {
    const NodeId at{channel & ~kHeldChannel};
    packet.route_ = routeFor(at, packet.destinationAddress);
    travel(at, id, packet, now);
    return;
  }
  const FabricLink& link = links_[channel];
  const NodeId at = link.to;
  if (link.toBox && !link.holding && !passBox(link, id, packet, now)) return;
  travel(at, id, packet, now);
}

BoxResult Fabric::judge(const FabricLink& link, Packet& packet, TimePoint now) {
  Box* const box = nodes_[index(link.to)].box;
  if (box == nullptr) return {};
  const BoxResult result = box->process(packet, link.arrivesFrom, now);
  if (result.action == BoxResult::Action::translated)
    packet.route_ = routeFor(link.to, packet.destinationAddress);
  return result;
}

bool Fabric::passBox(const FabricLink& link, PacketId id, Packet& packet, TimePoint now) {
  if ((link.unusual & kObservedTo) != 0) [[unlikely]]
    show(*packetObserver_, static_cast<std::size_t>(&link - links_.data()), LinkEnd::to, packet,
         now);
  const NodeId at = link.to;
  const BoxResult result = judge(link, packet, now);
  switch (result.action) {
    case BoxResult::Action::drop:
      drop(id, packet, DropCause::box, result.reason, at, kNoLink, now);
      return false;
    case BoxResult::Action::replaced:
      replace(at, id, now);
      return false;
    case BoxResult::Action::kept:
      nodes_[index(at)].box->keep(id, link.arrivesFrom, now);
      return false;
    case BoxResult::Action::translated:
    case BoxResult::Action::pass:
      break;
  }
  return result.hold <= Duration{} || holdInBox(at, id, packet, result.hold, now);
}

bool Fabric::holdInBox(NodeId at, PacketId id, Packet& packet, Duration time, TimePoint now) {
  const LinkId holding = nodes_[index(at)].holding;
  if (holding == kNoLink)
    throw std::logic_error("box at " + name(at) + " holds, and said it never does");
  packet.add(DelayPart::queueing, time);
  pool_.addWait(packet, {holding, time});
  simulator_.pushOutOfOrder(links_[index(holding)].lane, now + time, index(id));
  return false;
}

void Fabric::replace(NodeId at, PacketId id, TimePoint now) {
  // Copies: what is sent here may come to the same box again before the last one is.
  const std::span<const Packet> given = nodes_[index(at)].box->replacements();
  const std::vector<Packet> others(given.begin(), given.end());
  for (const Packet& other : others) {
    const PacketId copy = pool_.clone(pool_[id]);
    Packet& mine = pool_[copy];
    mine.takeFrom(other);
    mine.route_ = routeFor(at, mine.destinationAddress);
    travel(at, copy, mine, now);
  }
  pool_.release(id);
}

void Fabric::travel(NodeId at, PacketId id, Packet& packet, TimePoint now) {
  if (packet.route_ == kNoRoute) {
    drop(id, packet, DropCause::noRoute, 0, at, kNoLink, now);
    return;
  }
  for (;;) {
    const std::uint32_t hop = hops_[index(packet.route_)];
    if (hop == kRouteEnd) {
      deliver(at, id, packet, now);
      return;
    }
    FabricLink& link = links_[hop];
    if (packet.size > link.mtu) {
      tooBig(at, id, packet, link, now);
      return;
    }
    if (link.unusual != 0) {
      if ((link.unusual & kObservedFrom) != 0) [[unlikely]]
        show(*packetObserver_, hop, LinkEnd::from, packet, now);
      if ((link.unusual & kCarried) != 0) {
        packet.route_ = RouteId{index(packet.route_) + 1};
        carriers_[hop]->carry(id, packet, now);
        return;
      }
      if ((link.unusual & kWipesDscp) != 0) packet.dscp = 0;
    }
    const Transmission sent = link.link.offer(packet, now, id);
    if (sent.verdict != LinkVerdict::delivered) {
      drop(id, packet, causeOf(sent.verdict), 0, link.from, LinkId{hop}, now);
      return;
    }
    packet.route_ = RouteId{index(packet.route_) + 1};
    packet.add(DelayPart::propagation, sent.propagation);
    packet.add(DelayPart::serialization, sent.serialization);
    if (sent.jitter > Duration{}) packet.add(DelayPart::jitter, sent.jitter);
    if (sent.queueing > Duration{}) {
      packet.add(DelayPart::queueing, sent.queueing);
      pool_.addWait(packet, {LinkId{hop}, sent.queueing});
    }
    if (link.link.reorders()) {
      if (sent.arrival > now) {
        simulator_.pushOutOfOrder(link.lane, sent.arrival, index(id));
        return;
      }
    } else if (sent.arrival > now || !simulator_.empty(link.lane)) {
      simulator_.push(link.lane, sent.arrival, index(id));
      return;
    }
    // A link that takes no time needs no event.
    at = link.to;
    if (link.toBox) {
      if (!passBox(link, id, packet, now)) return;
      if (packet.route_ == kNoRoute) {
        drop(id, packet, DropCause::noRoute, 0, at, kNoLink, now);
        return;
      }
    }
  }
}

void Fabric::deliver(NodeId at, PacketId id, Packet& packet, TimePoint now) {
  if (isOwn(packet)) {
    if (packet.owner == kFragment) {
      joinFragment(at, id, packet, now);
    } else {
      emerge(at, id, packet, now);
    }
    return;
  }
  Sink* const sink = sinkAt(at, packet.protocol, packet.destinationPort);
  if (sink == nullptr) {
    drop(id, packet, DropCause::noListener, 0, at, kNoLink, now);
    return;
  }
  // Deliveries nest when a sink sends over links that take no time.
  const PacketId outer = delivering_;
  delivering_ = id;
  sink->onPacket(id, packet, now);
  if (delivering_ == id) {
    pool_.release(id);
  } else if (disowned_ == id) {
    disowned_ = kNoPacket;
    drop(id, packet, DropCause::noListener, 0, at, kNoLink, now);
  }
  delivering_ = outer;
}

void Fabric::drop(PacketId id, Packet& packet, DropCause cause, std::uint16_t reason, NodeId node,
                  LinkId link, TimePoint now) {
  const Drop what{id, packet, cause, reason, node, link, now};
  while (packet.owner == kWrapping) unwrap(packet);
  if (packet.owner == kFragment) {
    loseFragment(packet, what);
    pool_.release(id);
    return;
  }
  if (link == kNoLink) ++nodeDrops_[{node, cause, reason}];
  if (PacketOwner* const owner = owners_[static_cast<std::size_t>(packet.owner)]; owner != nullptr)
    owner->onDrop(what);
  for (DropObserver* const observer : observers_) observer->onDrop(what);
  pool_.release(id);
}

// ---- for boxes ----------------------------------------------------------------------------------

void BoxNode::release(PacketId id, TimePoint kept) {
  const TimePoint now = fabric_->simulator_.now();
  Packet& packet = fabric_->pool_[id];
  if (now > kept) {
    packet.add(DelayPart::queueing, now - kept);
    fabric_->pool_.addWait(packet, {fabric_->nodes_[index(node_)].holding, now - kept});
  }
  fabric_->travel(node_, id, packet, now);
}

void BoxNode::drop(PacketId id, std::uint16_t reason) {
  fabric_->drop(id, fabric_->pool_[id], DropCause::box, reason, node_, kNoLink,
                fabric_->simulator_.now());
}

void BoxNode::wakeAt(TimePoint when) {
  fabric_->simulator_.pushOutOfOrder(fabric_->nodes_[index(node_)].wakes, when, 0);
}

std::string BoxNode::flowName(std::uint32_t stream) const {
  return fabric_ != nullptr ? fabric_->flowName(stream) : std::to_string(stream);
}

Packet& BoxNode::packet(PacketId id) {
  return fabric_->pool_[id];
}

// ---- what happened ------------------------------------------------------------------------------

OwnerId Fabric::addOwner(PacketOwner& owner) {
  // Packet::owner has 6 bits, and the fabric has two owners of its own.
  constexpr std::size_t kMost = static_cast<std::size_t>(kWrapping) - 1;
  if (owners_.size() > kMost) throw std::length_error("too many owners of packets");
  owners_.push_back(&owner);
  return static_cast<OwnerId>(owners_.size() - 1);
}

LinkCounters Fabric::counters(LinkId link) const {
  checkLink(link);
  return links_[index(link)].link.counters();
}

const std::string& Fabric::name(NodeId node) const {
  checkNode(node);
  return nodes_[index(node)].name;
}

const std::string& Fabric::name(LinkId link) const {
  checkLink(link);
  return links_[index(link)].link.name();
}

const LinkParameters& Fabric::parameters(LinkId link) const {
  checkLink(link);
  return links_[index(link)].link.parameters();
}

}  // namespace callflow::fabric
