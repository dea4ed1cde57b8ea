// How many routers and boxes lie between a client and the edge of its network.
#include "src/check/rules.h"

namespace callflow::check {
namespace {

constexpr int kMostHops = 5;

int hopsToEdge(const topology::NetworkGraph& graph, const topology::Route& route) {
  int hops = 0;
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph.link(id);
    const topology::Element& element = graph.element(link.to);
    if (element.kind == topology::ElementKind::internetPop ||
        element.kind == topology::ElementKind::azureEdge)
      break;
    // A VPN's client is on the participant's own computer.
    if (element.part != fabric::BoxPart::client) ++hops;
  }
  return hops;
}

}  // namespace

std::vector<Finding> findHops(const Context& context) {
  std::vector<Finding> findings;
  for (const Person& person : context.people()) {
    const int hops = hopsToEdge(context.graph(), person.out);
    if (hops <= kMostHops) continue;
    findings.push_back({.severity = Severity::info,
                        .pos = person.site->pos,
                        .subject = person.siteName,
                        .problem = std::to_string(hops) + " hops lead from " + person.siteName +
                                   " to the edge of its network",
                        .effect = "each adds delay and a queue; 3 to 5 are usual",
                        .advice = "take boxes out of the way of media"});
  }
  return findings;
}

}  // namespace callflow::check
