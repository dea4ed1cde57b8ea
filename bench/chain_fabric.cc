#include <ns3/simulator.h>

#include <memory>
#include <vector>

#include "bench/chain.h"
#include "models/fabric/fabric.h"
#include "models/fabric/timers.h"

namespace callflow::bench {
namespace {

constexpr std::uint16_t kFirstPort = 10'000;

class Calls : public fabric::TickHandler, public fabric::Sink {
 public:
  Calls(const ChainCase& chain, fabric::Fabric& net)
      : chain_(chain), net_(net), senders_(static_cast<std::size_t>(chain.senders())) {
    const auto calls = static_cast<std::size_t>(chain.calls);
    const wire::Ipv4 left = wire::Ipv4::of(10, 0, 0, 1);
    const wire::Ipv4 right = wire::Ipv4::of(10, 0, 0, 2);
    std::vector<fabric::NodeId> nodes;
    for (std::int64_t i = 0; i <= chain.hops; ++i) {
      nodes.push_back(net.addNode("node " + std::to_string(i)));
    }
    std::vector<fabric::LinkId> forth;
    std::vector<fabric::LinkId> back;
    for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
      const std::string name = "link " + std::to_string(i);
      forth.push_back(net.addLink(nodes[i], nodes[i + 1], linkParameters(), name + " forth"));
      back.push_back(net.addLink(nodes[i + 1], nodes[i], linkParameters(), name + " back"));
    }
    std::reverse(back.begin(), back.end());
    if (!chain.ownAccess) {
      net.setRoute(nodes.front(), right, net.addRoute(forth));
      net.setRoute(nodes.back(), left, net.addRoute(back));
    }
    for (std::size_t i = 0; i < calls; ++i) {
      fabric::NodeId leftEnd = nodes.front();
      fabric::NodeId rightEnd = nodes.back();
      if (chain.ownAccess) {
        const std::string name = "call " + std::to_string(i);
        leftEnd = net.addNode(name + " left");
        rightEnd = net.addNode(name + " right");
        std::vector<fabric::LinkId> there = forth;
        there.front() = net.addLink(leftEnd, nodes[1], linkParameters(), name + " left up");
        there.back() =
            net.addLink(nodes[nodes.size() - 2], rightEnd, linkParameters(), name + " right down");
        std::vector<fabric::LinkId> home = back;
        home.front() =
            net.addLink(rightEnd, nodes[nodes.size() - 2], linkParameters(), name + " right up");
        home.back() = net.addLink(nodes[1], leftEnd, linkParameters(), name + " left down");
        net.setRoute(leftEnd, right, net.addRoute(there));
        net.setRoute(rightEnd, left, net.addRoute(home));
      }
      const auto port = static_cast<std::uint16_t>(kFirstPort + i);
      senders_[i] = {leftEnd, packet(left, right, port, i), 0};
      senders_[i + calls] = {rightEnd, packet(right, left, port, i + calls), 0};
      net.bind(rightEnd, wire::Protocol::udp, port, this);
      net.bind(leftEnd, wire::Protocol::udp, port, this);
    }
  }

  bool onTick(std::uint32_t index, TimePoint) override {
    Sender& sender = senders_[index];
    sender.packet.sequence = sender.sent++;
    net_.send(sender.node, sender.packet);
    return sender.sent < chain_.packets;
  }

  void onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) override {
    if (now - packet.sent() == packet.spent()) ++received_;
  }

  std::int64_t received() const { return received_; }

 private:
  struct Sender {
    fabric::NodeId node{};
    fabric::Packet packet;
    std::uint32_t sent = 0;
  };

  static fabric::LinkParameters linkParameters() {
    fabric::LinkParameters parameters;
    parameters.rate = ChainCase::kRate;
    parameters.delay = ChainCase::kDelay;
    parameters.queue = Duration::ms(50);
    return parameters;
  }

  static fabric::Packet packet(wire::Ipv4 from, wire::Ipv4 to, std::uint16_t port,
                               std::size_t stream) {
    fabric::Packet result;
    result.setHeader({{from, port}, {to, port}, wire::Protocol::udp});
    result.size = static_cast<std::uint16_t>((ChainCase::kPayload + ChainCase::kHeaders).count());
    result.flags = fabric::packet_flag::kMedia | fabric::packet_flag::kNewData;
    result.stream = static_cast<std::uint32_t>(stream);
    return result;
  }

  const ChainCase& chain_;
  fabric::Fabric& net_;
  std::vector<Sender> senders_;
  std::int64_t received_ = 0;
};

}  // namespace

ChainResult runFabric(const ChainCase& chain) {
  const double start = cpuSeconds();
  fabric::SimulatorSession session;
  fabric::Fabric net(session.simulator());
  fabric::PeriodicTimers timers(session.simulator());
  Calls calls(chain, net);
  for (std::int64_t i = 0; i < chain.senders(); ++i) {
    timers.start(chain.firstPacket(i), ChainCase::kPeriod, calls, static_cast<std::uint32_t>(i));
  }
  const double built = cpuSeconds();
  ns3::Simulator::Run();
  return {calls.received(), built - start, cpuSeconds() - built, peakRssBytes()};
}

}  // namespace callflow::bench
