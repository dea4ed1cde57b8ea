#include "src/sim/network_record.h"

#include <stdexcept>
#include <utility>

namespace callflow::sim {

std::vector<metrics::LinkCounters> linkCounters(network::Network& network) {
  std::vector<metrics::LinkCounters> result;
  for (const topology::DirectedLink& each : network.graph().links()) {
    if (each.kind == topology::LinkKind::inside) continue;
    const auto link = static_cast<fabric::LinkId>(index(each.id));
    const fabric::LinkCounters counters = network.fabric().counters(link);
    if (counters.sent == 0 && counters.queueDrops == 0 && counters.downDrops == 0) continue;
    metrics::LinkCounters record;
    record.link = network.linkName(link);
    record.sent = counters.sent;
    record.lost = counters.lost;
    record.queueDrops = counters.queueDrops + counters.downDrops;
    record.busy = counters.busy;
    result.push_back(std::move(record));
  }
  return result;
}

std::vector<metrics::RelayRecord> relayRecords(network::Network& network) {
  std::vector<metrics::RelayRecord> result;
  for (const topology::Element& each : network.graph().elements()) {
    if (each.kind != topology::ElementKind::relay) continue;
    metrics::RelayRecord record{each.name, 0, {}};
    for (const topology::DirectedLink& link : network.graph().links()) {
      if (link.to != each.id) continue;
      const auto counters = network.fabric().counters(static_cast<fabric::LinkId>(index(link.id)));
      record.packets += counters.sent - counters.lost;
      record.bytes += counters.bytes;
    }
    if (record.packets > 0) result.push_back(std::move(record));
  }
  return result;
}

std::vector<metrics::BoxDrop> boxDrops(network::Network& network) {
  std::vector<metrics::BoxDrop> result;
  for (const fabric::NodeDrops& drop : network.fabric().nodeDrops()) {
    metrics::BoxDrop record;
    record.element = network.fabric().name(drop.node);
    record.packets = drop.packets;
    switch (drop.cause) {
      case fabric::DropCause::box:
        record.reason = network.describeReason(drop.node, drop.reason);
        break;
      case fabric::DropCause::noRoute:
        record.reason = "no route to the destination";
        break;
      case fabric::DropCause::noListener:
        record.reason = "nobody listens at the destination";
        break;
      case fabric::DropCause::tooBig:
        record.reason = "larger than the next line's mtu, and not to be fragmented";
        break;
      case fabric::DropCause::loss:
      case fabric::DropCause::queueFull:
      case fabric::DropCause::linkDown:
        throw std::logic_error("a link's drop was counted at a node");
    }
    result.push_back(std::move(record));
  }
  return result;
}

}  // namespace callflow::sim
