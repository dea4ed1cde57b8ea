#include "src/check/context.h"

#include <algorithm>

namespace callflow::check {
namespace {

using topology::Participant;
using topology::Topology;

// A provider's network: others' lines lead to it, and it has no way out. Nobody sits there.
bool isTransit(const Topology& topology, const std::string& name, const topology::Site& site) {
  if (site.uplink) return false;
  return std::any_of(topology.sites.begin(), topology.sites.end(), [&](const auto& other) {
    return other.second.wan && other.second.wan->to == name;
  });
}

bool holdsServers(const Topology& topology, const std::string& name) {
  return std::any_of(topology.servers.begin(), topology.servers.end(),
                     [&](const auto& server) { return server.second.at == name; });
}

std::vector<Participant> participantsOf(const topology::Case& one) {
  std::vector<Participant> all;
  for (const topology::Call& call : one.calls)
    all.insert(all.end(), call.participants.begin(), call.participants.end());
  if (!one.calls.empty()) return all;
  for (const auto& [name, site] : one.topology.sites) {
    if (isTransit(one.topology, name, site) || holdsServers(one.topology, name)) continue;
    all.push_back({.name = "somebody", .site = name, .pos = site.pos});
  }
  return all;
}

std::vector<Person> peopleOf(const Topology& topology, const topology::NetworkGraph& graph) {
  std::vector<Person> people;
  for (const auto& [name, site] : topology.sites) {
    Person person{.siteName = name, .site = &site, .count = 0};
    for (const topology::Element& element : graph.elements()) {
      if (element.kind != topology::ElementKind::participant || element.site != name) continue;
      if (person.count++ == 0) person.element = element.id;
    }
    if (person.count == 0) continue;
    person.relay = graph.relay(person.element);
    if (person.relay) {
      person.out = graph.route(person.element, *person.relay).value_or(topology::Route{});
      person.back = graph.route(*person.relay, person.element).value_or(topology::Route{});
    }
    people.push_back(std::move(person));
  }
  return people;
}

}  // namespace

Context::Context(const topology::Case& one, Ratio share, const PathsOf& pathsOf)
    : one_(one),
      participants_(participantsOf(one)),
      graph_(one.topology, participants_),
      plans_(pathsOf(graph_, one)),
      people_(peopleOf(one.topology, graph_)),
      share_(share),
      pathsOf_(pathsOf) {}

}  // namespace callflow::check
