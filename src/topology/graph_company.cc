#include "src/topology/graph_company.h"

#include <map>
#include <string>

namespace callflow::topology {

bool holdsGateway(const Site& site, const Topology& topology) {
  return std::any_of(site.perimeter.begin(), site.perimeter.end(), [&](const auto& name) {
    for (const auto& [key, device] : topology.devices)
      if (key == name) return BoxKinds::role(device.kind).tunnels;
    return false;
  });
}

ExitPairs::ExitPairs(const Topology& topology, const std::vector<Company>* companies,
                     const ExitsOf& exitsOf)
    : all_(companies == nullptr) {
  if (all_) return;
  std::map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < topology.sites.size(); ++i) {
    numbers.emplace(topology.sites[i].first, i);
    if (holdsGateway(topology.sites[i].second, topology)) hubs_.merge(exitsOf(i));
  }
  for (const auto& [name, server] : topology.servers) hubs_.merge(exitsOf(numbers.at(server.at)));
  for (const Company& company : *companies) {
    std::set<std::size_t> exits;
    for (const std::string& site : company)
      if (const auto found = numbers.find(site); found != numbers.end())
        exits.merge(exitsOf(found->second));
    for (const std::size_t a : exits)
      for (const std::size_t b : exits) pairs_.insert(std::minmax(a, b));
  }
}

}  // namespace callflow::topology
