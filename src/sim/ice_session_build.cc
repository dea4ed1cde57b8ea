// How a session's clients are made: their interfaces, and the servers that they know.
#include <algorithm>
#include <utility>

#include "models/fabric/random.h"
#include "src/sim/ice_session.h"
#include "src/topology/accesses.h"

namespace callflow::sim {

namespace {

using explain::PortBook;
using topology::ElementId;

// What is added to the preference of the first client's relays: more than clients have servers, by
// whose number libwebrtc prefers them.
constexpr std::uint8_t kAhead = 8;

// Whether a client's proxy there opens tunnels to relays: one that refuses the port, or looks into
// what it finds, opens none.
bool hasProxy(const topology::NetworkGraph& graph, ElementId interface) {
  const auto proxy = graph.proxy(interface);
  if (!proxy) return false;
  const topology::Element& at = graph.element(*proxy);
  return wire::contains(at.connectPorts, explain::kTurnTcpPort) && !at.inspectsTls;
}

// Nobody knows how long a client's machine has run. By its name alone, as its ports are: what is
// said of a call's path before it is run is to be what runs.
ice::Ticks ticksOf(const std::string& client) {
  const auto tick = static_cast<std::uint64_t>(ice::kTick.count());
  return {Duration::ns(static_cast<std::int64_t>(fabric::streamNumber(client + " ticks") % tick))};
}

}  // namespace

std::vector<ice::Server> IceSession::serversOf(std::size_t i) const {
  // All interfaces use the servers that are near by the first.
  const Side& side = sides_[i];
  const auto addressOf = [this](ElementId server) {
    return wire::Ipv4{network_.graph().element(server).address};
  };
  std::vector<ice::Server> result;
  std::vector<wire::Ipv4> answering;  // as STUN servers only
  const auto relay = network_.relayFor(side.element, call_.relays);
  if (relay) {
    network_.relay(*relay);
    addRelay(side, network_.graph().element(*relay), result);
    if (network_.graph().element(*relay).overUdp && !call_.allows(topology::PathKind::relayUdp))
      answering.push_back(addressOf(*relay));
  }
  // Azure's own answer whichever relays a call may use.
  const auto nearest = network_.relayFor(side.element);
  if (nearest && nearest != relay) {
    network_.relay(*nearest);
    answering.push_back(addressOf(*nearest));
  }
  for (const wire::Ipv4 address : answering)
    result.push_back({{address, call_.relayPort}, ice::RelayProtocol::udp, false});
  return result;
}

// What is reached over UDP, over TCP, and through the client's proxy, as far as the call may use
// it.
void IceSession::addRelay(const Side& side, const topology::Element& server,
                          std::vector<ice::Server>& result) const {
  const wire::Ipv4 address{server.address};
  if (server.overUdp && call_.allows(topology::PathKind::relayUdp))
    result.push_back({{address, call_.relayPort}, ice::RelayProtocol::udp});
  if (!server.overTcp) return;
  const bool secured = call_.transport.security != topology::Security::none;
  ice::Server overTcp{{address, explain::kTurnTcpPort},
                      secured ? ice::RelayProtocol::tls : ice::RelayProtocol::tcp};
  if (call_.allows(topology::PathKind::relayTcp)) result.push_back(overTcp);
  if (!call_.allows(topology::PathKind::relayProxy)) return;
  overTcp.throughProxy = true;
  if (std::any_of(side.interfaces.begin(), side.interfaces.end(),
                  [&](ElementId interface) { return hasProxy(network_.graph(), interface); }))
    result.push_back(overTcp);
}

std::optional<ice::Server> IceSession::serverAfter(ElementId client, const ice::Server& full,
                                                   const std::vector<wire::Endpoint>& asked) const {
  std::vector<ElementId> without;
  for (const wire::Endpoint& each : asked) without.push_back(network_.relayAt(each.address));
  while (const auto relay = network_.relayFor(client, call_.relays, without)) {
    const topology::Element& there = network_.graph().element(*relay);
    if (full.protocol == ice::RelayProtocol::udp ? there.overUdp : there.overTcp) {
      network_.relay(*relay);
      ice::Server next = full;
      next.address.address = wire::Ipv4{there.address};
      return next;
    }
    without.push_back(*relay);
  }
  return std::nullopt;
}

void IceSession::addInterfaces(std::size_t i, const topology::Participant& who,
                               client::IceClient::Setup& setup) {
  const topology::NetworkGraph& graph = network_.graph();
  Side& side = sides_[i];
  setup.agent.gathering.interfaceCosts.clear();
  const auto add = [&](ElementId element, wire::Ipv4 address, std::uint16_t cost) {
    if (!hasProxy(graph, element))
      setup.agent.gathering.withoutProxy.insert(static_cast<std::uint8_t>(side.interfaces.size()));
    side.interfaces.push_back(element);
    setup.interfaces.push_back({network_.wiring().network().node(element),
                                wire::Ipv4{graph.element(element).address}, address});
    setup.agent.gathering.interfaceCosts.push_back(cost);
  };
  const std::vector<ElementId> accesses = graph.accesses(who);
  for (const ElementId element : accesses) {
    // Of one alone the cost decides nothing.
    const bool one = accesses.size() == 1;
    if (!one) side.seen.interfaces.push_back(graph.element(element).site);
    add(element, wire::Ipv4{graph.element(element).address},
        one ? std::uint16_t{0}
            : ice::networkCost(
                  topology::accessKind(network_.wiring().topology(), graph.element(element))));
  }
  for (const topology::TunnelPlace& tunnel : graph.tunnels())
    if (tunnel.participant == side.element)
      add(side.element, wire::Ipv4{graph.element(tunnel.client).address}, ice::kVpnCost);
}

void IceSession::makeClient(std::size_t i, const topology::Participant& who, bool offers) {
  const topology::NetworkGraph& graph = network_.graph();
  Side& side = sides_[i];
  const std::string name = graph.element(side.element).name;
  client::IceClient::Setup setup;
  addInterfaces(i, who, setup);
  // RFC 8445 6.1.1: a full agent controls one that is lite.
  const bool towardsServer =
      graph.element(sides_[1 - i].element).kind != topology::ElementKind::participant;
  setup.agent.role = offers ? ice::Role::controlling : ice::Role::controlled;
  setup.agent.remoteIsLite = towardsServer;
  setup.agent.direct = call_.allows(topology::PathKind::direct);
  setup.agent.gathering.serversNow = [this, i] { return serversOf(i); };
  setup.agent.gathering.serverAfter = [this, element = side.element](
                                          const ice::Server& full,
                                          const std::vector<wire::Endpoint>& asked) {
    return serverAfter(element, full, asked);
  };
  setup.agent.gathering.relayOnly =
      (options_.byOwnRelay[i] && !setup.agent.direct) ||
      std::find(call_.relayOnly.begin(), call_.relayOnly.end(), who.name) != call_.relayOnly.end();
  setup.agent.gathering.policy = call_.gathering;
  if (options_.firstsRelay && i == 0) setup.agent.gathering.ownRelays = kAhead;
  setup.agent.gathering.preferences = options_.preferences;
  setup.agent.gathering.credentials = relayCredentials();
  const std::string stream = call_.name + "#" + std::to_string(call_.copy) + " " + name + " ice";
  setup.agent.seed = fabric::streamNumber(stream) ^ options_.seed;
  setup.agent.gathering.ticks = ticksOf(stream);
  setup.dtls = options_.dtls;
  // RFC 5763 5: the offerer is actpass, who answers begins.
  setup.dtlsRole = offers && !towardsServer ? dtls::Role::server : dtls::Role::client;
  setup.dscp = call_.dscp;
  setup.draws = network_.wiring().network().fabric().flowNumber(stream);
  setup.nextPort = [this, element = side.element] {
    return network_.ports().next(element, PortBook::Use::client);
  };
  setup.peer = network_.wiring().network().node(sides_[1 - i].element);
  setup.servers = network_.relayNodes();
  side.client =
      std::make_unique<client::IceClient>(network_.datagrams(), *this, *this, std::move(setup));
}

}  // namespace callflow::sim
