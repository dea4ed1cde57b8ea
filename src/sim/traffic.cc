#include "src/sim/traffic.h"

#include <algorithm>
#include <variant>

#include "src/topology/traffic_hosts.h"

namespace callflow::sim {
Traffic::Traffic(network::Network& network, transport::TcpLayer& tcp,
                 const traffic::Payloads& payloads, const topology::Traffic& parameters,
                 std::uint16_t firstPort, TimePoint end)
    : network_(network), parameters_(parameters) {
  const topology::TrafficEnds ends = topology::endsOf(parameters);
  from_ = network.graph().participant(ends.from).value();
  to_ = network.graph().participant(ends.to).value();
  there_ = network.graph().route(from_, to_).value();
  back_ = network.graph().route(to_, from_).value();
  period_.begin = TimePoint::at(parameters.start);
  period_.end = end;
  if (parameters.duration) period_.end = std::min(end, period_.begin + *parameters.duration);

  const fabric::Ipv4 fromAddress{network.graph().element(from_).address};
  const fabric::Ipv4 toAddress{network.graph().element(to_).address};
  network.addRoute(there_, from_, toAddress);
  network.addRoute(back_, to_, fromAddress);
  // As the other end calls them.
  const fabric::Ipv4 fromThere = network.addressAlong(back_, fromAddress);
  const fabric::Ipv4 toFromHere = network.addressAlong(there_, toAddress);
  const bool inward = topology::opensFromReceiver(parameters);
  for (int i = 0; i < parameters.count; ++i) {
    Flow& flow = flows_.emplace_back();
    const std::string name = "traffic " + parameters.name +
                             (parameters.count > 1 ? " " + std::to_string(i + 1) : std::string());
    const auto own = static_cast<std::uint16_t>(firstPort + i);
    flow.ends.from = network.node(inward ? to_ : from_);
    flow.ends.to = network.node(inward ? from_ : to_);
    flow.ends.source = {inward ? toAddress : fromAddress, own};
    flow.ends.destination = {inward ? fromThere : toFromHere, parameters.port};
    flow.ends.stream = network.fabric().flowNumber(name);
    flow.ends.dscp = parameters.dscp;
    flow.ends.owner = payloads.owner();
    if (const auto* const transfer = std::get_if<traffic::Transfer>(&parameters.kind)) {
      flow.transfers = std::make_unique<traffic::Transfers>(
          network.fabric(), tcp, flow.ends,
          inward ? transport::End::server : transport::End::client, *transfer, period_, name);
      continue;
    }
    // Datagrams of one entry may share a destination: each flow has a port of its own to count at.
    traffic::Ends sent = flow.ends;
    if (inward) {
      std::swap(sent.from, sent.to);
      std::swap(sent.source, sent.destination);
    } else {
      sent.destination.port = static_cast<std::uint16_t>(parameters.port + i);
    }
    std::visit(
        [&](const auto& kind) {
          if constexpr (std::is_base_of_v<traffic::Constant, std::decay_t<decltype(kind)>>) {
            flow.datagrams =
                std::make_unique<traffic::Datagrams>(network.fabric(), sent, kind, period_, name);
          }
        },
        parameters.kind);
  }
}

// The receiver sends first, as it would to ask for what comes: the sender learns from that where
// it is.
void Traffic::openInward(Flow& flow) {
  const network::Passage asked =
      network_.tryPacket(back_, {flow.ends.source, flow.ends.destination, fabric::Protocol::udp},
                         flow.ends.destination);
  if (asked.delivered) flow.datagrams->sendTo(asked.header.source);
  flow.datagrams->keepOpen(flow.ends);
}

void Traffic::start() {
  for (Flow& flow : flows_) {
    if (flow.transfers != nullptr) {
      flow.transfers->start();
      continue;
    }
    if (topology::opensFromReceiver(parameters_)) openInward(flow);
    flow.datagrams->start();
  }
}

metrics::TrafficRecord Traffic::record() const {
  metrics::TrafficRecord result;
  result.name = parameters_.name;
  result.from = network_.graph().element(from_).name;
  result.to = network_.graph().element(to_).name;
  TimePoint end = std::max(period_.begin, period_.end);
  for (const Flow& flow : flows_) {
    const traffic::Volume volume =
        flow.transfers != nullptr ? flow.transfers->volume() : flow.datagrams->volume();
    result.sent += volume.sent;
    result.received += volume.received;
    end = std::max(end, volume.last);
  }
  result.time = end - period_.begin;
  return result;
}

}  // namespace callflow::sim
