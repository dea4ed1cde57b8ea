#include "src/sim/quiet.h"

namespace callflow::sim {
namespace {

void calm(topology::LinkDirection& direction) {
  direction.loss = {};
  direction.jitter = {};
  direction.trace.reset();
  direction.queue = Duration::max();
}

void calm(topology::Link& link) {
  calm(link.up);
  calm(link.down);
}

}  // namespace

topology::Topology quiet(topology::Topology topology) {
  for (auto& [name, site] : topology.sites) {
    calm(site.access);
    if (site.uplink) calm(*site.uplink);
    if (site.backup) {
      calm(site.backup->up);
      calm(site.backup->down);
    }
    if (site.wan) calm(site.wan->link);
    if (site.peering) calm(site.peering->link);
  }
  for (auto& [name, device] : topology.devices)
    if (auto* const wifi = std::get_if<wifi::Wifi>(&device.kind)) wifi->stations.clear();
  topology.internet.jitter = {};
  topology.internet.loss = {};
  return topology;
}

}  // namespace callflow::sim
