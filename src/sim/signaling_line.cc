#include "src/sim/signaling_line.h"

#include <utility>

#include "src/explain/refusal.h"
#include "src/sim/tcp_ends.h"

namespace callflow::sim {

using topology::ElementId;

namespace {

// Applications keep what a socket does not take: it is little.
constexpr DataSize kNoLimit = DataSize::bytes(std::int64_t{1} << 40);

topology::Call overHttps(topology::Call call) {
  call.transport = {transport::Security::tls13, kNoLimit, kNoLimit};
  call.dscp = {};  // only media is marked
  return call;
}

// Browsers take their proxy for all that is HTTPS. It may look into it.
std::optional<ElementId> proxyOf(const topology::NetworkGraph& graph, ElementId client) {
  const auto proxy = graph.proxy(client);
  if (!proxy || !wire::contains(graph.element(*proxy).connectPorts, wire::kSignalingPort))
    return std::nullopt;
  return proxy;
}

}  // namespace

SignalingLine::SignalingLine(IceNetwork& network, const topology::Call& call, ElementId client,
                             ElementId server, Action stands)
    : network_(network),
      call_(overHttps(call)),
      client_(client),
      server_(server),
      proxy_(proxyOf(network.graph(), client)),
      stands_(std::move(stands)),
      lane_(network.wiring().network().fabric().simulator().addLane(*this, 0)) {}

RelayLine::Ends SignalingLine::ends() const {
  TcpWay way;
  way.client = client_;
  way.server = server_;
  way.service = {wire::Ipv4{graph().element(server_).address}, wire::kSignalingPort};
  way.proxy = proxy_;
  way.draws = network_.wiring().network().fabric().flowNumber(
      call_.name + "#" + std::to_string(call_.copy) + " " + graph().element(client_).name +
      " signaling");
  return tcpEnds(network_, way);
}

void SignalingLine::connect() {
  const std::size_t number = connections_.size();
  closed_ = false;
  connections_.push_back(std::make_unique<RelayLine>(
      network_.wiring(), call_, ends(), [this, number](bool stands) { onStands(number, stands); },
      [this, number](const stun::Bytes&) { onBytes(number, up_); },
      [this, number](const stun::Bytes&) { onBytes(number, down_); }));
  RelayLine& line = *connections_.back();
  line.open();
  const auto again = [](const Queue& queue, auto&& write) {
    for (const Waiting& each : queue)
      write(stun::Bytes(static_cast<std::size_t>(each.size.count())));
  };
  again(up_, [&](const stun::Bytes& bytes) { line.toServer(bytes); });
  again(down_, [&](const stun::Bytes& bytes) { line.toClient(bytes); });
}

void SignalingLine::send(Queue& queue, DataSize size, Action arrived) {
  queue.push_back({size, std::move(arrived)});
  if (closed_) return;
  const stun::Bytes bytes(static_cast<std::size_t>(size.count()));
  RelayLine& line = *connections_.back();
  if (&queue == &up_) {
    line.toServer(bytes);
  } else {
    line.toClient(bytes);
  }
}

void SignalingLine::onBytes(std::size_t connection, Queue& queue) {
  if (connection + 1 != connections_.size()) return;  // it is sent again on the next
  const Action arrived = std::move(queue.front().arrived);
  queue.pop_front();
  arrived();
}

void SignalingLine::onStands(std::size_t connection, bool stands) {
  if (connection + 1 != connections_.size()) return;
  if (stands) {
    stands_();
    return;
  }
  closed_ = true;
  // In an event of its own: whoever closes it is still at it.
  fabric::FabricSimulator& simulator = network_.wiring().network().fabric().simulator();
  simulator.pushOutOfOrder(lane_, simulator.now(), 0);
}

void SignalingLine::onRecord(std::uint32_t, std::uint32_t, TimePoint) {
  connect();
}

std::optional<std::string> SignalingLine::refusal(const explain::Leg& out,
                                                  const explain::Leg& back) const {
  if (out.links.empty())
    return "there is no route from " + graph().element(out.from).name + " to " +
           graph().element(out.to).name;
  const wire::Endpoint source{wire::Ipv4{out.fromAddress}, out.fromPort};
  const wire::Endpoint service{wire::Ipv4{out.toAddress}, out.toPort};
  const auto why = explain::tryExchange(network_.wiring().network(), out.links, back.links, source,
                                        service, wire::Protocol::tcp);
  return why ? std::optional(explain::words(graph(), *why)) : std::nullopt;
}

std::optional<std::string> SignalingLine::refusal() const {
  const RelayLine::Ends tried = ends();
  for (std::size_t i = 0; i < tried.there.legs.size(); ++i) {
    const auto& back = tried.back.legs[tried.back.legs.size() - 1 - i];
    if (auto why = refusal(tried.there.legs[i], back)) return why;
  }
  return std::nullopt;
}

}  // namespace callflow::sim
