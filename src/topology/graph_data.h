// What a graph is built into, before any route is asked for. Internal to the graph.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/topology/graph.h"

namespace callflow::topology {

// What policy needs to know of an element, beside the element itself.
struct Standing {
  // The customer network an element belongs to (sites joined by WAN links, their devices,
  // participants and points of presence); nothing for Azure.
  std::optional<int> network;
  std::optional<ElementId> egress;         // Internet point of presence that its traffic leaves by
  std::optional<ElementId> nearestRegion;  // to that egress
  std::optional<ElementId> region;         // of a server, and of a region itself
};

struct GraphData {
  std::vector<Element> elements;
  std::vector<Standing> standing;  // of each element
  std::vector<DirectedLink> links;
  std::map<std::string, ElementId, std::less<>> byName;
  // By link name, and by "hq.access" for all access links of hq: the directions up, in order of
  // creation.
  std::map<std::string, std::vector<DirectedLinkId>, std::less<>> linksByName;
  std::map<ElementId, std::vector<ElementId>> servers;  // by region
  // By point of presence and region.
  std::map<std::pair<ElementId, ElementId>, ElementId> edges;

  // Where the traffic of a customer's element to a region or a server in it enters Azure.
  std::optional<ElementId> edgeBetween(ElementId customer, ElementId azure) const;
  // The first server of this kind in a region.
  std::optional<ElementId> serverIn(ElementId region, ElementKind kind) const;
};

GraphData buildGraph(const Topology& topology, const std::vector<Participant>& participants);

}  // namespace callflow::topology
