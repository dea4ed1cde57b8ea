#include "src/sim/ice_network.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "src/sim/schedule.h"

namespace callflow::sim {

using explain::PortBook;
using topology::ElementId;

turn::Credentials relayCredentials() {
  return {"callflow", "password"};
}

IceNetwork::IceNetwork(Wiring& wiring, PortBook& ports)
    : wiring_(wiring), ports_(ports), lost_(wiring.network(), wiring.datagrams()) {
  for (const topology::DirectedLink& link : graph().links())
    if (link.kind == topology::LinkKind::access && link.direction == topology::Direction::up)
      accesses_[link.from] = link.id;
  for (const topology::Element& each : graph().elements()) {
    if (each.kind == topology::ElementKind::relay)
      nodes_.emplace(wire::Ipv4{each.address}, wiring.network().node(each.id));
  }
}

ElementId IceNetwork::relayAt(wire::Ipv4 address) const {
  const topology::Element* const element = wiring_.reach().elementAt(address);
  if (element == nullptr || element->kind != topology::ElementKind::relay)
    throw std::logic_error("a relay's address is nobody's");
  return element->id;
}

void IceNetwork::killRelay(ElementId element) {
  relay(element).die();
  wiring_.setRelayAlive(element, false);
}

turn::Server& IceNetwork::relay(ElementId element) {
  std::unique_ptr<turn::Server>& server = relays_[element];
  if (server != nullptr) return *server;
  turn::ServerSettings settings;
  settings.address = wire::Ipv4{graph().element(element).address};
  settings.passwordOf = [](const std::string&) {
    return std::optional(relayCredentials().password);
  };
  settings.nextPort = [this, element] { return nextPort(element); };
  settings.freePort = [this, element](std::uint16_t port) { freed_[element].push_back(port); };
  settings.allocations =
      static_cast<std::uint32_t>(graph().element(element).allocations.value_or(0));
  const auto other = graph().alternateOf(element);
  settings.alternate = [this, other](wire::Protocol protocol) -> std::optional<wire::Ipv4> {
    if (!other) return std::nullopt;
    const topology::Element& there = graph().element(*other);
    const bool offered = protocol == wire::Protocol::udp ? there.overUdp : there.overTcp;
    return offered ? std::optional(wire::Ipv4{there.address}) : std::nullopt;
  };
  server = std::make_unique<turn::Server>(datagrams(), wiring_.network().node(element),
                                          std::move(settings), wire::kRelayUdpPorts);
  turn::Server& made = *server;
  if (other) relay(*other);
  return made;
}

std::optional<std::uint16_t> IceNetwork::nextPort(ElementId relay) {
  if (ports_.left(relay)) return ports_.next(relay, PortBook::Use::relay);
  std::deque<std::uint16_t>& freed = freed_[relay];
  if (freed.empty()) return std::nullopt;
  const std::uint16_t port = freed.front();
  freed.pop_front();
  return port;
}

std::optional<ElementId> IceNetwork::relayFor(ElementId client, const std::vector<std::string>& own,
                                              const std::vector<ElementId>& full) const {
  std::vector<ElementId> without = down_;
  without.insert(without.end(), full.begin(), full.end());
  return graph().relay(client, own, without);
}

void IceNetwork::happen(const std::vector<topology::LinkChange>& events, Duration end) {
  network::Network& network = wiring_.network();
  for (const topology::LinkChange& each : events) {
    network.expect(each);
    if (each.at >= end) continue;
    at(TimePoint::at(each.at), [this, &each] { change(each); });
    if (const auto after = network.takesOverAfter(each))
      at(TimePoint::at(each.at + *after), [&network, &each] { network.takeOver(each); });
  }
}

void IceNetwork::change(const topology::LinkChange& change) {
  if (!change.server.empty()) {
    setRelay(change.server, change.up.state == topology::LinkState::up);
    return;
  }
  wiring_.network().change(change);
  if (change.advertises) wiring_.reach().layAgain();
  tellOfAccess(change);
}

void IceNetwork::setRelay(std::string_view name, bool up) {
  const auto element = graph().relayNamed(name);
  if (!element) return;  // of a region that serves nobody here
  std::erase(down_, *element);
  if (up) {
    relay(*element).revive();
    wiring_.setRelayAlive(*element, true);
  } else {
    down_.push_back(*element);
    killRelay(*element);
  }
}

bool IceNetwork::hasAccess(ElementId interface) const {
  const auto access = accesses_.find(interface);
  if (access == accesses_.end()) return true;
  network::Network& network = wiring_.network();
  for (const topology::DirectedLinkId each : {access->second, graph().link(access->second).reverse})
    if (network.fabric().parameters(static_cast<fabric::LinkId>(index(each))).down) return false;
  return true;
}

void IceNetwork::watch(ElementId interface, AccessWatcher& watcher) {
  watchers_[interface].push_back(&watcher);
}

void IceNetwork::tellOfAccess(const topology::LinkChange& change) {
  if (!change.up.state && !change.down.state) return;
  for (const topology::DirectedLinkId id :
       graph().linksNamed(change.link, topology::Direction::up)) {
    const topology::DirectedLink& link = graph().link(id);
    const auto watchers = watchers_.find(link.from);
    if (link.kind != topology::LinkKind::access || watchers == watchers_.end()) continue;
    const bool there = hasAccess(link.from);
    for (AccessWatcher* const each : watchers->second) each->onAccess(link.from, there);
  }
}

conference::IceSocket& IceNetwork::processor(ElementId element) {
  std::unique_ptr<conference::IceSocket>& socket = processors_[element];
  if (socket != nullptr) return *socket;
  const topology::Element& at = graph().element(element);
  socket = std::make_unique<conference::IceSocket>(
      datagrams(), wiring_.network().node(element),
      wire::Endpoint{wire::Ipv4{at.address}, at.ports.first});
  return *socket;
}

}  // namespace callflow::sim
