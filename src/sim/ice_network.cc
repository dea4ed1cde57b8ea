#include "src/sim/ice_network.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace callflow::sim {

using explain::PortBook;
using topology::ElementId;

turn::Credentials relayCredentials() {
  return {"callflow", "password"};
}

IceNetwork::IceNetwork(Wiring& wiring, PortBook& ports) : wiring_(wiring), ports_(ports) {
  for (const topology::DirectedLink& link : graph().links())
    if (link.kind == topology::LinkKind::access && link.direction == topology::Direction::up)
      accesses_[link.from] = link.id;
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
  settings.nextPort = [this, element]() -> std::optional<std::uint16_t> {
    if (!ports_.left(element)) return std::nullopt;
    return ports_.next(element, PortBook::Use::relay);
  };
  settings.freePort = [](std::uint16_t) {};
  const std::array<std::uint16_t, 1> listens{explain::kStunPort};
  server = std::make_unique<turn::Server>(datagrams(), wiring_.network().node(element),
                                          std::move(settings), listens);
  return *server;
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

void IceNetwork::onChange(const topology::LinkChange& change) {
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
