#include "src/topology/relay_names.h"

#include <algorithm>
#include <variant>

#include "src/topology/graph_azure.h"
#include "src/topology/validate_words.h"
#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

bool isRegion(const Topology& topology, const std::string& name) {
  const Names& regions = topology.azure.regions;
  return std::find(regions.begin(), regions.end(), name) != regions.end();
}

Names ownRelays(const Topology& topology) {
  Names names;
  for (const auto& [name, server] : topology.servers)
    if (std::holds_alternative<relay::Relay>(server.kind)) names.push_back(name);
  return names;
}

std::string adviceFor(const Topology& topology, const std::string& name) {
  Names all = ownRelays(topology);
  // A list of all of Azure's regions helps nobody.
  Names few = all;
  for (const std::string& region : topology.azure.regions) {
    if (!hasRelay(topology.azure, region)) continue;
    all.push_back(region);
    if (!topology.azure.everyRegion) few.push_back(region);
  }
  if (few.empty() && nearestName(name, all).empty())
    return "write the region of one of Azure's relays, such as westeurope";
  return nearestName(name, all).empty() ? "write one of: " + listed(few)
                                        : meant(name, all, "relay");
}

class Alternates {
 public:
  Alternates(const Topology& topology, const Places& places, Diagnostics& diagnostics)
      : topology_(topology), places_(places), diagnostics_(diagnostics) {}

  void run() const {
    for (const auto& [name, server] : topology_.servers)
      if (const auto* relay = std::get_if<relay::Relay>(&server.kind))
        check(*relay, name, "servers." + name + ".alternate");
    check(topology_.azure.relay, {}, "azure.relay.alternate");
  }

 private:
  void check(const relay::Relay& relay, const std::string& own, const std::string& path) const {
    if (!relay.alternate || places_.faulty(path) || places_.hidesNames()) return;
    if (places_.faulty("servers." + *relay.alternate) || places_.faulty("azure.regions")) return;
    if (*relay.alternate == own) {
      error(path,
            {quoted(own) + " would send its clients to itself", "name another, or leave it out"});
    } else if (const auto fault = faultOfRelayName(topology_, *relay.alternate)) {
      error(path, *fault);
    }
  }
  void error(const std::string& path, const RelayNameFault& fault) const {
    diagnostics_.error(places_.at(path), places_.shown(path), fault.problem, fault.advice);
  }

  const Topology& topology_;
  const Places& places_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<RelayNameFault> faultOfRelayName(const Topology& topology, const std::string& name) {
  if (const Server* const server = find(topology.servers, name)) {
    if (std::holds_alternative<relay::Relay>(server->kind)) return std::nullopt;
    return RelayNameFault{quoted(name) + " is no relay", adviceFor(topology, name)};
  }
  if (!isRegion(topology, name))
    return RelayNameFault{"there is no relay " + quoted(name), adviceFor(topology, name)};
  if (hasRelay(topology.azure, name)) return std::nullopt;
  return RelayNameFault{"the relays of " + quoted(name) + " are off (azure.relays-off)",
                        adviceFor(topology, name)};
}

void validateAlternates(const Topology& topology, const Places& places, Diagnostics& diagnostics) {
  Alternates(topology, places, diagnostics).run();
}

}  // namespace callflow::topology
