#include "src/explain/plan.h"

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "models/fabric/own_clock.h"
#include "models/fabric/random.h"
#include "src/explain/leg_ice.h"
#include "src/explain/paths.h"
#include "src/explain/relay_room.h"
#include "src/explain/signaling.h"
#include "src/network/network.h"
#include "src/topology/accesses.h"

namespace callflow::explain {
namespace {

using topology::ElementId;
using topology::PathKind;

// The boxes that calls are tried on.
struct Trials {
  fabric::OwnClock clock;
  network::Network empty;
  network::Network taken;  // with what the calls before have taken
  Trials(const topology::NetworkGraph& graph, const topology::Topology& topology)
      : empty(clock.simulator(), graph, topology), taken(clock.simulator(), graph, topology) {}
};

class Planner {
 public:
  Planner(const topology::NetworkGraph& graph, Trials& trials, const topology::Call& call,
          PortBook& ports)
      : graph_(graph),
        empty_(trials.empty),
        call_(call),
        ports_(ports),
        finder_(graph, trials.empty, trials.taken, ports, call) {
    plan_.call = call.name;
    plan_.kind = call.kind;
    plan_.security = call.transport.security;
  }

  // Those who offer ask their relays, or those who are called, who do so later.
  void askRelays(RelayRoom& room, bool called) {
    for (const topology::Participant& who : call_.participants) {
      const bool second = !call_.viaMediaProcessor() && &who != &call_.participants.front();
      if (second != called) continue;
      const auto element = graph_.participant(who);
      if (!element) throw std::invalid_argument("no participant " + who.name + "@" + who.site);
      Client& client = asking_[&who];
      client.element = *element;
      client.socket = {fabric::Ipv4{graph_.element(*element).address},
                       ports_.peek(*element, PortBook::Use::client)};
      room.ask(client, call_, finder_);
    }
  }

  CallPlan make() {
    std::vector<Clients> clients;
    for (const topology::Participant& who : call_.participants) clients.push_back(clientsOf(who));
    if (call_.viaMediaProcessor()) {
      planStar(clients);
    } else if (clients.size() != 2) {
      throw std::invalid_argument("call " + call_.name + " is not between two participants");
    } else if (const auto second = pstnGateway(call_.participants[1])) {
      planBypass(clients[0].front(), clients[1].front(), *second);
    } else if (const auto first = pstnGateway(call_.participants[0])) {
      planBypass(clients[1].front(), clients[0].front(), *first);
    } else {
      planPair(clients[0], clients[1]);
    }
    return std::move(plan_);
  }

 private:
  // By its interfaces, the preferred first.
  using Clients = std::vector<Client>;

  // All use the relay that is near by the first.
  Clients clientsOf(const topology::Participant& who) {
    if (!graph_.participant(who))
      throw std::invalid_argument("no participant " + who.name + "@" + who.site);
    const bool relayOnly = std::find(call_.relayOnly.begin(), call_.relayOnly.end(), who.name) !=
                           call_.relayOnly.end();
    const Client& asked = asking_.at(&who);
    Clients clients;
    for (const ElementId element : graph_.accesses(who)) {
      const fabric::Ipv4 address{graph_.element(element).address};
      Client& made = clients.emplace_back(asked);
      made.element = element;
      made.socket = {address, ports_.next(element, PortBook::Use::client)};
      made.relayOnly = relayOnly;
    }
    return clients;
  }

  // What leads to a participant's telephone, with a port for this call; nothing: it has none.
  std::optional<Client> pstnGateway(const topology::Participant& who) {
    if (who.telephone == topology::Telephone::none) return std::nullopt;
    const auto gateway = graph_.pstnGateway(who, plan_.mediaProcessor);
    if (!gateway) return std::nullopt;
    const fabric::Ipv4 address{graph_.element(*gateway).address};
    return Client{*gateway, {address, ports_.next(*gateway, PortBook::Use::relay)}, {}};
  }

  const std::string& nameOf(const Client& client) const {
    return graph_.element(client.element).name;
  }

  Leg leg(ElementId from, fabric::Endpoint fromSocket, ElementId to, fabric::Endpoint toSocket,
          Transport transport, bool turn) const {
    Leg made = legBetween(from, fromSocket, to, toSocket);
    made.transport = transport;
    made.turn = turn;
    setLinks(made);
    made.flows = flowLabels(graph_, made.from, made.to, made.links);
    return made;
  }

  void setLinks(Leg& made) const {
    const auto route = graph_.route(made.from, made.to);
    if (!route) throw std::logic_error("a leg was chosen that has no route");
    made.links = *route;
  }

  // A client's leg to its relay; `relayed` becomes the socket that the relay opens for it.
  Leg turnLeg(const Client& client, Access access, fabric::Endpoint& relayed) {
    const fabric::Ipv4 address{graph_.element(*client.relay).address};
    const bool tcp = access == Access::turnTcp;
    relayed = {address, ports_.next(*client.relay, PortBook::Use::relay)};
    return leg(client.element, client.socket, *client.relay,
               {address, tcp ? kTurnTcpPort : call_.relayPort},
               tcp ? Transport::tcp : Transport::udp, true);
  }

  // A client's legs to its relay: one, or two with its site's proxy between.
  std::vector<Leg> turnLegs(const Client& client, Access access, fabric::Endpoint& relayed) {
    if (access != Access::turnProxy) return {turnLeg(client, access, relayed)};
    const ElementId proxy = graph_.proxy(client.element).value();
    const fabric::Ipv4 address{graph_.element(proxy).address};
    Leg inner =
        leg(client.element, client.socket, proxy, {address, kProxyPort}, Transport::tcp, true);
    const Client upstream{
        proxy, {address, ports_.next(proxy, PortBook::Use::client)}, client.relay};
    Leg outer = turnLeg(upstream, Access::turnTcp, relayed);
    inner.tunnel = outer.tunnel = upstream.socket.port;
    inner.flows = outer.flows;
    return {std::move(inner), std::move(outer)};
  }

  Leg reversed(const Leg& forward) const {
    Leg made = forward;
    std::swap(made.from, made.to);
    std::swap(made.fromAddress, made.toAddress);
    std::swap(made.fromPort, made.toPort);
    if (made.ice) std::swap(made.ice->from, made.ice->to);
    setLinks(made);
    return made;
  }

  // Adds the path and the one back.
  void addPaths(ElementId from, ElementId to, Decision decision, std::vector<Leg> legs) {
    fillIce(empty_, decision.attempts.back(), call_.dscp, legs);
    addFallenBack(decision.attempts.back(), legs);
    std::vector<Leg> back;
    for (auto each = legs.rbegin(); each != legs.rend(); ++each) back.push_back(reversed(*each));
    plan_.paths.push_back({from, to, *decision.chosen, decision.attempts, std::move(legs)});
    plan_.paths.push_back({to, from, *decision.chosen, decision.attempts, std::move(back)});
  }

  // The tunnels on the way that go over TCP, as UDP does not get through.
  void addFallenBack(Attempt& chosen, const std::vector<Leg>& legs) {
    for (const Leg& each : legs) {
      for (const topology::DirectedLinkId link : each.links) {
        if (graph_.link(link).kind != topology::LinkKind::tunnel) continue;
        empty_.forget();
        const auto fallen = empty_.fellBack(link);
        if (!fallen) continue;
        chosen.findings.push_back({.client = fallen->client,
                                   .goal = Finding::Goal::vpnGateway,
                                   .refusal = refusalOf(fallen->udp),
                                   .port = fallen->port});
      }
    }
  }

  void planPair(const Clients& first, const Clients& second) {
    std::optional<Decision> preferred;
    for (std::size_t cost = 0; cost < first.size() + second.size() - 1; ++cost) {
      for (std::size_t i = 0; i < first.size(); ++i) {
        if (i > cost || cost - i >= second.size()) continue;
        const Client &a = first[i], &b = second[cost - i];
        Decision decision = finder_.between(a, b);
        if (decision.chosen) {
          addPair({first.front().element, second.front().element}, a, b, std::move(decision));
          return;
        }
        if (!preferred) preferred = std::move(decision);
      }
    }
    plan_.failures.push_back({nameOf(first.front()) + " and " + nameOf(second.front()), 410, 3112,
                              std::move(preferred->attempts)});
  }

  // Between these two, who are called so.
  void addPair(std::pair<ElementId, ElementId> names, const Client& a, const Client& b,
               Decision decision) {
    std::vector<Leg> legs;
    // What has been reached from a client's side so far: itself, or the socket its relay opened.
    ElementId near = a.element, far = b.element;
    fabric::Endpoint nearSocket = a.socket, farSocket = b.socket;
    if (decision.first != Access::plainUdp) {
      legs = turnLegs(a, decision.first, nearSocket);
      near = *a.relay;
    }
    std::vector<Leg> last;
    if (decision.second != Access::plainUdp) {
      for (const Leg& each : turnLegs(b, decision.second, farSocket)) {
        last.insert(last.begin(), reversed(each));
      }
      far = *b.relay;
    }
    // Both clients at one relay: it hands over inside.
    if (near != far) {
      legs.push_back(leg(near, nearSocket, far, farSocket, Transport::udp, false));
    }
    legs.insert(legs.end(), last.begin(), last.end());
    addPaths(names.first, names.second, std::move(decision), std::move(legs));
  }

  // Between a client and a telephone, whose SBC the client's media goes to.
  void planBypass(const Client& client, const Client& telephone, const Client& sbc) {
    const Decision decision = finder_.toServer(client, sbc.element, sbc.socket);
    if (!decision.chosen) {
      plan_.failures.push_back(
          {nameOf(client) + " and " + nameOf(telephone), 410, 3112, decision.attempts});
      return;
    }
    std::vector<Leg> legs = legsTo(client, decision.first, sbc);
    legs.push_back(
        leg(sbc.element, sbc.socket, telephone.element, telephone.socket, Transport::udp, false));
    addPaths(client.element, telephone.element, decision, std::move(legs));
  }

  // From a client to a server, over its relay if it needs one.
  std::vector<Leg> legsTo(const Client& client, Access access, const Client& server) {
    std::vector<Leg> legs;
    ElementId near = client.element;
    fabric::Endpoint socket = client.socket;
    if (access != Access::plainUdp) {
      legs = turnLegs(client, access, socket);
      near = *client.relay;
    }
    legs.push_back(leg(near, socket, server.element, server.socket, Transport::udp, false));
    return legs;
  }

  // Everybody with the call's media processor.
  void planStar(const std::vector<Clients>& clients) {
    plan_.mediaProcessor = graph_.mediaProcessor(call_);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      Client client = clients[i].front();
      if (!plan_.mediaProcessor) {
        const Finding finding{.client = client.element,
                              .goal = Finding::Goal::server,
                              .refusal = Refusal{.kind = Refusal::Kind::noMediaProcessor,
                                                 .element = clients.front().front().element}};
        plan_.failures.push_back(
            {nameOf(client), 410, 3112, {{PathKind::direct, false, {finding}}}});
        continue;
      }
      const topology::Element& element = graph_.element(*plan_.mediaProcessor);
      const Client processor{
          element.id, {fabric::Ipv4{element.address}, element.ports.first}, std::nullopt};
      const std::optional<Client> gateway = pstnGateway(call_.participants[i]);
      Decision decision = gateway
                              ? finder_.fromServer(*gateway, processor.element, processor.socket)
                              : finder_.toServer(client, processor.element, processor.socket);
      for (std::size_t other = 1; other < clients[i].size() && !decision.chosen; ++other) {
        Decision by = finder_.toServer(clients[i][other], processor.element, processor.socket);
        if (!by.chosen) continue;
        client = clients[i][other];
        decision = std::move(by);
      }
      if (!decision.chosen) {
        plan_.failures.push_back({nameOf(client), 410, 3112, decision.attempts});
        continue;
      }
      std::vector<Leg> legs;
      if (gateway)
        legs.push_back(leg(client.element, client.socket, gateway->element, gateway->socket,
                           Transport::udp, false));
      for (Leg& each : legsTo(gateway.value_or(client), decision.first, processor))
        legs.push_back(std::move(each));
      addPaths(clients[i].front().element, processor.element, decision, std::move(legs));
    }
  }

  const topology::NetworkGraph& graph_;
  network::Network& empty_;
  const topology::Call& call_;
  PortBook& ports_;
  PathFinder finder_;
  std::map<const topology::Participant*, Client> asking_;  // their relays
  CallPlan plan_;
};

std::vector<Accesses> accessesOf(const topology::NetworkGraph& graph,
                                 const topology::Topology& topology, const topology::Call& call) {
  std::vector<Accesses> all;
  for (const topology::Participant& who : call.participants) {
    if (who.second.empty()) continue;
    all.push_back({who.name, {}});
    for (const ElementId element : graph.accesses(who))
      all.back().interfaces.push_back(
          {element, topology::accessKind(topology, graph.element(element))});
  }
  return all;
}

}  // namespace

Leg legBetween(ElementId from, wire::Endpoint fromSocket, ElementId to, wire::Endpoint toSocket) {
  Leg leg;
  leg.from = from;
  leg.to = to;
  leg.fromAddress = fromSocket.address.value;
  leg.fromPort = fromSocket.port;
  leg.toAddress = toSocket.address.value;
  leg.toPort = toSocket.port;
  return leg;
}

std::string_view name(Transport transport) {
  return transport == Transport::udp ? "udp" : "tcp";
}

bool isPstn(const topology::NetworkGraph& graph, const Leg& leg) {
  return !leg.links.empty() && graph.link(leg.links.front()).kind == topology::LinkKind::pstn;
}

const MediaPath* CallPlan::path(ElementId from, ElementId to) const {
  const auto found = std::find_if(paths.begin(), paths.end(), [&](const MediaPath& each) {
    return each.from == from && each.to == to;
  });
  return found == paths.end() ? nullptr : &*found;
}

int PortBook::firstOfClient(ElementId element) const {
  constexpr int kFirst = 50000;
  constexpr std::uint64_t kAudioPorts = 20;
  const topology::Element& client = graph_->element(element);
  if (ports_ == ClientPorts::inOrder || client.kind != topology::ElementKind::participant)
    return kFirst;
  return kFirst + static_cast<int>(fabric::streamNumber(client.name + " ports") % kAudioPorts);
}

std::uint16_t PortBook::peek(ElementId element, Use use) const {
  const auto given = given_.find({element, use});
  const int number = given == given_.end() ? 0 : given->second;
  const int first =
      use == Use::client ? firstOfClient(element) : graph_->element(element).ports.first;
  // 1024 to 65535 in a circle.
  return static_cast<std::uint16_t>(1024 + (first + number - 1024) % (65536 - 1024));
}

std::uint16_t PortBook::next(ElementId element, Use use) {
  const std::uint16_t port = peek(element, use);
  ++given_[{element, use}];
  return port;
}

bool PortBook::left(ElementId relay) const {
  const wire::PortRange& range = graph_->element(relay).ports;
  const auto given = given_.find({relay, Use::relay});
  return given == given_.end() || given->second <= range.last - range.first;
}

CallPlan planCall(const topology::NetworkGraph& graph, const topology::Topology& topology,
                  const topology::Call& call, ClientPorts ports) {
  return planCalls(graph, topology, {call}, ports).front();
}

std::vector<CallPlan> planCalls(const topology::NetworkGraph& graph,
                                const topology::Topology& topology,
                                const std::vector<topology::Call>& calls, ClientPorts drawn) {
  // Rules may hold at times only, and boxes have room for so many: each call asks them when it
  // starts.
  std::vector<std::size_t> order(calls.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return calls[a].start < calls[b].start; });
  Trials trials(graph, topology);
  PortBook ports(graph, drawn);
  std::vector<CallPlan> plans(calls.size());
  RelayRoom room(graph);
  for (std::size_t first = 0, next = 0; first < order.size(); first = next) {
    const Duration start = calls[order[first]].start;
    trials.clock.advanceTo(TimePoint::at(start));
    std::deque<Planner> planners;
    for (; next < order.size() && calls[order[next]].start == start; ++next)
      planners.emplace_back(graph, trials, calls[order[next]], ports);
    for (const bool called : {false, true})
      for (Planner& each : planners) each.askRelays(room, called);
    for (std::size_t i = first; i < next; ++i) {
      plans[order[i]] = planners[i - first].make();
      plans[order[i]].signaling = signalingOf(graph, topology, calls[order[i]]);
      plans[order[i]].accesses = accessesOf(graph, topology, calls[order[i]]);
    }
  }
  return plans;
}

}  // namespace callflow::explain
