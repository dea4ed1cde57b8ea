#include "src/check/ways.h"

#include <algorithm>
#include <stdexcept>

#include "src/topology/tunnel_route.h"

namespace callflow::check {

topology::Route allLinks(const topology::NetworkGraph& graph, const topology::Route& route) {
  topology::Route all;
  for (const topology::DirectedLinkId id : route) {
    all.push_back(id);
    const topology::Route carriers = topology::carriersOf(graph, id);
    all.insert(all.end(), carriers.begin(), carriers.end());
  }
  return all;
}

std::vector<Passed> devicesOn(const Context& context, const topology::Route& route) {
  const topology::NetworkGraph& graph = context.graph();
  std::vector<Passed> passed;
  for (const topology::DirectedLinkId id : allLinks(graph, route)) {
    const topology::DirectedLink& link = graph.link(id);
    const topology::Element& element = graph.element(link.to);
    if (element.kind != topology::ElementKind::device) continue;
    passed.push_back({&deviceNamed(context.topology(), element.device), element.device, element.id,
                      topology::fromInside(link)});
  }
  return passed;
}

const topology::Device& deviceNamed(const topology::Topology& topology, std::string_view name) {
  for (const auto& [key, device] : topology.devices)
    if (key == name) return device;
  throw std::invalid_argument("no device " + std::string(name));
}

const topology::Site* siteNamed(const topology::Topology& topology, std::string_view name) {
  for (const auto& [key, site] : topology.sites)
    if (key == name) return &site;
  return nullptr;
}

bool crosses(const topology::NetworkGraph& graph, const topology::Route& route,
             topology::LinkKind kind) {
  return std::any_of(route.begin(), route.end(),
                     [&](topology::DirectedLinkId id) { return graph.link(id).kind == kind; });
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  const std::size_t shown = names.size() > most ? most - 1 : names.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == names.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + names[i];
  }
  if (shown < names.size()) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

void addOnce(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace callflow::check
