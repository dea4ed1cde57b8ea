#include "src/topology/place_addresses.h"

namespace callflow::topology {
namespace {

void addOwn(const Element& element, std::vector<Ipv4Prefix>& addresses) {
  if (element.address == 0) return;
  for (int i = 0; i < element.addresses; ++i)
    addresses.push_back({wire::Ipv4{element.address + static_cast<std::uint32_t>(i)}, 32});
}

}  // namespace

std::vector<Ipv4Prefix> addressesOf(const NetworkGraph& graph, const Topology& topology,
                                    const std::string& place) {
  std::vector<Ipv4Prefix> addresses;
  for (const auto& [name, site] : topology.sites) {
    if (name != place) continue;
    if (!site.subnets.empty()) return site.subnets;
    for (const Element& each : graph.elements())
      if ((each.kind == ElementKind::participant || each.kind == ElementKind::proxy) &&
          each.site == place)
        addOwn(each, addresses);
    return addresses;
  }
  for (const auto& [name, device] : topology.devices)
    if (const auto* vpn = std::get_if<vpn::Vpn>(&device.kind); vpn != nullptr && name == place)
      return {vpn->clients};
  for (const Element& each : graph.elements())
    if (each.name == place || each.device == place) addOwn(each, addresses);
  return addresses;
}

}  // namespace callflow::topology
