#include "src/sim/capture_places.h"

#include <algorithm>
#include <set>

#include "src/topology/traffic_hosts.h"

namespace callflow::sim {
namespace {

using capture::Tap;
using fabric::LinkEnd;
using topology::DirectedLink;
using topology::LinkKind;

fabric::LinkId linkOf(const DirectedLink& link) {
  return static_cast<fabric::LinkId>(index(link.id));
}

bool isVpnClient(const topology::Element& element) {
  return element.part == fabric::BoxPart::client;
}

// Whether a link of an element is a line of its own interface: between a computer and its VPN's
// client there is none, and the client's interface is what goes into the tunnel.
bool countsFor(const topology::NetworkGraph& graph, const topology::Element& element,
               const DirectedLink& link) {
  if (isVpnClient(element)) return link.kind == LinkKind::tunnel;
  const topology::Element& other = graph.element(link.from == element.id ? link.to : link.from);
  return !(element.kind == topology::ElementKind::participant && isVpnClient(other));
}

topology::NetworkGraph graphOf(const topology::Case& input, topology::Inhabited& inhabited) {
  inhabited = topology::withTrafficHosts(input.topology, input.calls, input.traffic);
  return {inhabited.topology, inhabited.people};
}

}  // namespace

std::vector<std::string> capturePlaces(const topology::Case& input) {
  topology::Inhabited inhabited;
  const topology::NetworkGraph graph = graphOf(input, inhabited);
  std::vector<std::string> places;
  for (const topology::Element& element : graph.elements()) places.push_back(element.name);
  std::set<std::string> known;
  for (const DirectedLink& link : graph.links()) {
    if (known.insert(link.name).second) places.push_back(link.name);
    places.push_back(toText(link));
  }
  return places;
}

std::vector<std::string> clientPlaces(const topology::Case& input) {
  topology::Inhabited inhabited;
  const topology::NetworkGraph graph = graphOf(input, inhabited);
  std::vector<std::string> places;
  for (const topology::Call& call : input.calls) {
    for (const topology::Participant& who : call.participants) {
      for (const topology::ElementId element : graph.accesses(who)) {
        // Whoever has a telephone has no line that packets cross.
        const auto& links = graph.links();
        const bool online = std::any_of(links.begin(), links.end(), [&](const DirectedLink& link) {
          return link.from == element && link.kind != LinkKind::pstn;
        });
        const std::string& name = graph.element(element).name;
        if (online && std::find(places.begin(), places.end(), name) == places.end())
          places.push_back(name);
      }
    }
  }
  return places;
}

std::vector<Tap> tapsAt(const topology::NetworkGraph& graph, const std::string& place) {
  std::vector<Tap> taps;
  if (const auto id = graph.find(place)) {
    const topology::Element& element = graph.element(*id);
    for (const DirectedLink& link : graph.links()) {
      if (link.from != *id && link.to != *id) continue;
      if (!countsFor(graph, element, link)) continue;
      taps.emplace_back(linkOf(link), link.to == *id ? LinkEnd::to : LinkEnd::from);
    }
    return taps;
  }
  for (const DirectedLink& link : graph.links())
    if (link.name == place || toText(link) == place) taps.emplace_back(linkOf(link), LinkEnd::to);
  return taps;
}

}  // namespace callflow::sim
