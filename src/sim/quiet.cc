#include "src/sim/quiet.h"

namespace callflow::sim {
namespace {

void calm(topology::Link& link) {
  sim::calm(link.up);
  sim::calm(link.down);
}

}  // namespace

void calm(topology::LinkDirection& line) {
  line.loss = {};
  line.jitter = {};
  line.trace.reset();
  line.queue = Duration::max();
}

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
