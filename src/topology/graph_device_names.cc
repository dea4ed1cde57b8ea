#include "src/topology/graph_device_names.h"

#include <algorithm>
#include <set>
#include <utility>

#include "src/topology/validate_words.h"

namespace callflow::topology {
namespace {

// Of how many elements a device is the kind: lines that share one count once.
int usesOf(const Topology& topology, const std::string& device) {
  int uses = 0;
  std::set<std::pair<std::string, std::vector<std::string>>> shared;
  const auto in = [&](const std::vector<std::string>& list) {
    return static_cast<int>(std::count(list.begin(), list.end(), device));
  };
  for (const auto& [name, site] : topology.sites) {
    if (site.wifi == device) ++uses;
    if (site.uplink) uses += in(site.perimeter);
    if (site.peering) uses += in(site.peering->perimeter);
    if (!site.wan) continue;
    uses += in(site.wan->perimeter);
    std::vector<std::string> chain;
    for (const std::string& each : site.wan->farPerimeter) {
      chain.push_back(each);
      if (each == device && shared.emplace(site.wan->to, chain).second) ++uses;
    }
  }
  return uses;
}

}  // namespace

std::string deviceElementName(const Topology& topology, const std::string& device,
                              const std::string& site) {
  const bool taken = find(topology.sites, device) != nullptr;
  const Device* const box = find(topology.devices, device);
  const bool many = usesOf(topology, device) > 1 && (box == nullptr || !box->shared);
  return many || taken ? site + "/" + device : device;
}

}  // namespace callflow::topology
