#include "src/explain/plan.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "models/fabric/own_clock.h"
#include "src/explain/paths.h"
#include "src/network/network.h"

namespace callflow::explain {
namespace {

using topology::ElementId;
using topology::PathKind;

class Planner {
 public:
  Planner(const topology::NetworkGraph& graph, network::Network& network,
          const topology::Call& call, PortBook& ports)
      : graph_(graph),
        network_(network),
        call_(call),
        ports_(ports),
        finder_(graph, network, ports, call.paths, call.transport.security, call.dscp) {
    plan_.call = call.name;
    plan_.kind = call.kind;
    plan_.security = call.transport.security;
  }

  CallPlan make() {
    std::vector<Client> clients;
    for (const topology::Participant& who : call_.participants) clients.push_back(client(who));
    if (call_.viaMediaProcessor()) {
      planGroup(clients);
    } else if (clients.size() == 2) {
      planPair(clients[0], clients[1]);
    } else {
      throw std::invalid_argument("call " + call_.name + " is not between two participants");
    }
    return std::move(plan_);
  }

 private:
  Client client(const topology::Participant& who) {
    const auto element = graph_.participant(who);
    if (!element) throw std::invalid_argument("no participant " + who.name + "@" + who.site);
    const fabric::Ipv4 address{graph_.element(*element).address};
    return {*element,
            {address, ports_.next(*element, PortBook::Use::client)},
            graph_.relay(*element, call_.relays)};
  }

  const std::string& nameOf(const Client& client) const {
    return graph_.element(client.element).name;
  }

  Leg leg(ElementId from, fabric::Endpoint fromSocket, ElementId to, fabric::Endpoint toSocket,
          Transport transport, bool turn) const {
    Leg made;
    made.from = from;
    made.to = to;
    made.transport = transport;
    made.turn = turn;
    made.fromAddress = fromSocket.address.value;
    made.fromPort = fromSocket.port;
    made.toAddress = toSocket.address.value;
    made.toPort = toSocket.port;
    setLinks(made);
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
               {address, tcp ? kTurnTcpPort : kStunPort}, tcp ? Transport::tcp : Transport::udp,
               true);
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
    return {std::move(inner), std::move(outer)};
  }

  Leg reversed(const Leg& forward) const {
    Leg made = forward;
    std::swap(made.from, made.to);
    std::swap(made.fromAddress, made.toAddress);
    std::swap(made.fromPort, made.toPort);
    setLinks(made);
    return made;
  }

  // Adds the path and the one back.
  void addPaths(ElementId from, ElementId to, Decision decision, std::vector<Leg> legs) {
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
        network_.forget();
        const auto fallen = network_.fellBack(link);
        if (!fallen) continue;
        chosen.findings.push_back({.client = fallen->client,
                                   .goal = Finding::Goal::vpnGateway,
                                   .refusal = refusalOf(fallen->udp),
                                   .port = fallen->port});
      }
    }
  }

  void planPair(const Client& a, const Client& b) {
    const Decision decision = finder_.between(a, b);
    if (!decision.chosen) {
      plan_.failures.push_back({nameOf(a) + " and " + nameOf(b), 410, 3112, decision.attempts});
      return;
    }
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
    addPaths(a.element, b.element, decision, std::move(legs));
  }

  void planGroup(const std::vector<Client>& clients) {
    plan_.mediaProcessor = graph_.mediaProcessor(call_);
    for (const Client& client : clients) {
      if (!plan_.mediaProcessor) {
        const Finding finding{.client = client.element,
                              .goal = Finding::Goal::mediaProcessor,
                              .refusal = Refusal{.kind = Refusal::Kind::noMediaProcessor,
                                                 .element = clients.front().element}};
        plan_.failures.push_back(
            {nameOf(client), 410, 3112, {{PathKind::direct, false, {finding}}}});
        continue;
      }
      const ElementId processor = *plan_.mediaProcessor;
      const Decision decision = finder_.toMediaProcessor(client, processor);
      if (!decision.chosen) {
        plan_.failures.push_back({nameOf(client), 410, 3112, decision.attempts});
        continue;
      }
      std::vector<Leg> legs;
      ElementId near = client.element;
      fabric::Endpoint socket = client.socket;
      if (decision.first != Access::plainUdp) {
        legs = turnLegs(client, decision.first, socket);
        near = *client.relay;
      }
      const fabric::Ipv4 address{graph_.element(processor).address};
      const std::uint16_t port = graph_.element(processor).ports.first;
      legs.push_back(leg(near, socket, processor, {address, port}, Transport::udp, false));
      addPaths(client.element, processor, decision, std::move(legs));
    }
  }

  const topology::NetworkGraph& graph_;
  network::Network& network_;
  const topology::Call& call_;
  PortBook& ports_;
  PathFinder finder_;
  CallPlan plan_;
};

}  // namespace

std::string_view name(Transport transport) {
  return transport == Transport::udp ? "udp" : "tcp";
}

const MediaPath* CallPlan::path(ElementId from, ElementId to) const {
  const auto found = std::find_if(paths.begin(), paths.end(), [&](const MediaPath& each) {
    return each.from == from && each.to == to;
  });
  return found == paths.end() ? nullptr : &*found;
}

std::uint16_t PortBook::peek(ElementId element, Use use) const {
  const auto given = given_.find({element, use});
  const int number = given == given_.end() ? 0 : given->second;
  const int first = use == Use::client ? 50000 : graph_->element(element).ports.first;
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
                  const topology::Call& call, PortBook& ports) {
  fabric::OwnClock clock;
  clock.advanceTo(TimePoint::at(call.start));
  network::Network network(clock.simulator(), graph, topology);
  return Planner(graph, network, call, ports).make();
}

CallPlan planCall(const topology::NetworkGraph& graph, const topology::Topology& topology,
                  const topology::Call& call) {
  PortBook ports(graph);
  return planCall(graph, topology, call, ports);
}

std::vector<CallPlan> planCalls(const topology::NetworkGraph& graph,
                                const topology::Topology& topology,
                                const std::vector<topology::Call>& calls) {
  // Rules may hold at times only: each call asks the boxes when it starts.
  struct Trials {
    fabric::OwnClock clock;
    network::Network network;
    Trials(const topology::NetworkGraph& graph, const topology::Topology& topology)
        : network(clock.simulator(), graph, topology) {}
  };
  std::optional<Trials> trials;
  PortBook ports(graph);
  std::vector<CallPlan> plans;
  for (const topology::Call& call : calls) {
    const TimePoint start = TimePoint::at(call.start);
    if (!trials || start < trials->clock.simulator().now()) trials.emplace(graph, topology);
    trials->clock.advanceTo(start);
    plans.push_back(Planner(graph, trials->network, call, ports).make());
  }
  return plans;
}

}  // namespace callflow::explain
