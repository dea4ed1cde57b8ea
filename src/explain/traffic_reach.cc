#include "src/explain/traffic_reach.h"

#include <utility>
#include <variant>

#include "models/fabric/own_clock.h"
#include "src/explain/refusal.h"
#include "src/network/network.h"
#include "src/topology/graph.h"
#include "src/topology/traffic_hosts.h"

namespace callflow::explain {

std::optional<std::string> trafficRefusal(const topology::Case& one,
                                          const topology::Traffic& traffic) {
  const topology::Inhabited inhabited =
      topology::withTrafficHosts(one.topology, one.calls, one.traffic);
  const topology::NetworkGraph graph(inhabited.topology, inhabited.people);
  fabric::OwnClock clock;
  network::Network network(clock.simulator(), graph, one.topology);
  // Rules may hold at times only.
  clock.advanceTo(TimePoint::at(traffic.start));
  const topology::TrafficEnds ends = topology::endsOf(traffic);
  const topology::ElementId sender = graph.participant(ends.from).value();
  const topology::ElementId receiver = graph.participant(ends.to).value();
  const bool inward = topology::opensFromReceiver(traffic);
  const topology::ElementId opener = inward ? receiver : sender;
  const topology::ElementId other = inward ? sender : receiver;
  const auto there = graph.route(opener, other), back = graph.route(other, opener);
  if (!there || !back)
    return words(graph, {.kind = Refusal::Kind::noRoute, .element = opener, .other = other});
  const bool tcp = std::holds_alternative<traffic::Transfer>(traffic.kind);
  const wire::Protocol protocol = tcp ? wire::Protocol::tcp : wire::Protocol::udp;
  const wire::Endpoint source{wire::Ipv4{graph.element(opener).address},
                              topology::kFirstTrafficPort};
  const wire::Endpoint goal{wire::Ipv4{graph.element(other).address}, traffic.port};
  const wire::Endpoint addressed{network.addressAlong(*there, goal.address), traffic.port};
  const wire::Sight sight{.dscp = traffic.dscp, .plain = false};
  const network::Passage asked =
      network.tryPacket(*there, {source, addressed, protocol}, goal, sight);
  if (!asked.delivered) return words(graph, refusalOf(asked));
  if (!tcp && !inward) return std::nullopt;  // nobody answers
  const network::Passage answer =
      network.tryPacket(*back, {goal, asked.header.source, protocol}, source, sight);
  return answer.delivered ? std::nullopt : std::optional(words(graph, refusalOf(answer)));
}

}  // namespace callflow::explain
