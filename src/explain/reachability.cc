#include "src/explain/reachability.h"

#include <stdexcept>

#include "models/fabric/own_clock.h"
#include "src/explain/reach_places.h"
#include "src/explain/trial_trace.h"
#include "src/network/network.h"

namespace callflow::explain {
namespace {

using fabric::Cause;

// What Teams' clients send audio from first (Microsoft, "Implement QoS in Microsoft Teams").
constexpr std::uint16_t kSourcePort = 50000;

Crossing noRoute(topology::ElementId from, const wire::Header5& header) {
  return {.from = from, .sent = header, .arrived = header};
}

}  // namespace

bool BoxVerdict::opens() const {
  return passed && (cause == Cause::rule || cause == Cause::byDefault || cause == Cause::madeRoom);
}

bool BoxVerdict::maps() const {
  return passed && (cause == Cause::newMapping || also == Cause::newMapping);
}

std::string_view name(Disposition disposition) {
  for (const auto& [value, text] : kDispositionNames)
    if (value == disposition) return text;
  return {};
}

std::string_view name(fabric::Cause cause) {
  for (const auto& [value, text] : kCauseNames)
    if (value == cause) return text;
  return {};
}

Reachability reach(const topology::NetworkGraph& graph, const topology::Topology& topology,
                   const Question& question) {
  const ReachPlace from = sourceOf(graph, question);
  const ReachPlace to = destinationOf(graph, question, from.element);
  Reachability found;
  found.from = from.element;
  found.to = to.element;
  const wire::Endpoint socket{wire::Ipv4{graph.element(from.element).address}, kSourcePort};
  // Who is asked for by an address of a NAT is the NAT, whichever of its addresses it is.
  const topology::Element& end = graph.element(to.element);
  const bool isBox = end.kind == topology::ElementKind::device;
  const wire::Endpoint goal{
      isBox ? to.address.value_or(wire::Ipv4{end.address}) : wire::Ipv4{end.address},
      question.port};
  const auto route = graph.route(from.element, to.element);
  const Addressed addressed = route ? addressedAlong(graph, *route, to.element)
                                    : Addressed{to.address.value_or(goal.address)};
  const wire::Ipv4 asked = to.address.value_or(addressed.address);
  const wire::Header5 request{socket, {asked, question.port}, question.protocol};
  if (!route || !addressed.has(asked)) {
    found.there = noRoute(from.element, request);
    if (route) found.there.hiddenBy = addressed.hiddenBy;
    return found;
  }
  fabric::OwnClock clock;
  network::Network network(clock.simulator(), graph, topology);
  TrialTrace trace(network, topology);
  // What is no TLS first: boxes forget what is tried.
  if (question.protocol == wire::Protocol::tcp) {
    const Crossing plain =
        trace.cross(*route, from.element, request, goal, {.dscp = {}, .plain = true});
    if (plain.disposition == Disposition::notTls) found.onlyTls = plain.dropped;
    network.forget();
  }
  found.there = trace.cross(*route, from.element, request, goal);
  if (found.there.disposition != Disposition::delivered) found.onlyTls.reset();
  if (found.there.disposition != Disposition::delivered) return found;
  const wire::Header5 answer{goal, found.there.arrived.source, question.protocol};
  const auto back = graph.route(to.element, from.element);
  found.back = back ? trace.cross(*back, to.element, answer, socket) : noRoute(to.element, answer);
  return found;
}

}  // namespace callflow::explain
