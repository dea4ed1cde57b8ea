#include "src/topology/graph_backbone.h"

#include <string>
#include <utility>

#include "models/wire/service.h"
#include "src/topology/graph_addresses.h"
#include "src/topology/graph_links.h"
#include "src/topology/regions.h"

namespace callflow::topology {

namespace {

ElementId addEdge(GraphData& data, const std::string& place) {
  Element element;
  element.kind = ElementKind::azureEdge;
  element.name = "edge:" + place;
  element.site = place;
  return data.addElement(std::move(element), {});
}

Element signalingServer() {
  Element element;
  element.kind = ElementKind::signaling;
  element.ports = {wire::kSignalingPort, wire::kSignalingPort};
  return element;
}

ElementId addRegion(GraphData& data, const Azure& azure, const std::string& place) {
  Element element;
  element.kind = ElementKind::azureRegion;
  element.name = "azure:" + place;
  element.site = place;
  const ElementId region = data.addElement(std::move(element), {});
  data.standing[index(region)].region = region;
  const std::size_t number = regionNumber(place);
  if (hasRelay(azure, place))
    data.addServer(serverElement(azure.relay), region, "relay", relayAddress(number));
  data.addServer(serverElement(azure.mediaProcessor), region, "media-processor",
                 mediaProcessorAddress(number));
  data.addServer(signalingServer(), region, "signaling", signalingAddress(number));
  return region;
}

}  // namespace

Backbone addBackbone(GraphData& data, const Azure& azure, AzurePlan plan) {
  Backbone made{std::move(plan), {}, {}};
  const std::vector<std::string>&edges = made.plan.edges, &regions = made.plan.regions;
  for (const std::string& place : edges) made.edges.push_back(addEdge(data, place));
  for (const std::string& place : regions) made.regions.push_back(addRegion(data, azure, place));
  for (std::size_t e = 0; e < edges.size(); ++e) {
    for (std::size_t r = 0; r < regions.size(); ++r)
      data.addLink(LinkKind::backbone, "edge:" + edges[e] + "-" + regions[r], made.edges[e],
                   made.regions[r], backboneLink(made.plan.backbone[e][r]));
  }
  for (std::size_t a = 0; a < regions.size(); ++a) {
    for (std::size_t b = a + 1; b < regions.size(); ++b)
      data.addLink(LinkKind::backbone, "azure:" + regions[a] + "-" + regions[b], made.regions[a],
                   made.regions[b], backboneLink(backboneRtt(regions[a], regions[b]) / 2));
  }
  return made;
}

}  // namespace callflow::topology
