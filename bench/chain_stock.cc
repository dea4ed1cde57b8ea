#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-static-routing-helper.h>
#include <ns3/node-container.h>
#include <ns3/packet.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/simulator.h>
#include <ns3/socket.h>
#include <ns3/string.h>
#include <ns3/traffic-control-helper.h>
#include <ns3/udp-socket-factory.h>

#include <string>
#include <vector>

#include "bench/chain.h"
#include "models/fabric/ns3_time.h"

namespace callflow::bench {
namespace {

constexpr std::uint16_t kFirstPort = 10'000;

// A plain ns-3 program, kept lean: no applications, only sockets; IPv4 only; static routing only.
class Stock {
 public:
  Stock(const ChainCase& chain, QueueDisc queueDisc)
      : chain_(chain),
        period_(fabric::toNs3(ChainCase::kPeriod)),
        senders_(static_cast<std::size_t>(chain.senders())) {
    ns3::NodeContainer nodes;
    nodes.Create(static_cast<std::uint32_t>(chain.hops + 1));
    ns3::InternetStackHelper stack;
    const ns3::Ipv4StaticRoutingHelper routing;
    stack.SetRoutingHelper(routing);
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);

    ns3::PointToPointHelper wire;
    wire.SetDeviceAttribute("DataRate", ns3::StringValue("10Gbps"));
    wire.SetChannelAttribute("Delay", ns3::StringValue("5ms"));
    ns3::Ipv4AddressHelper addresses;
    ns3::TrafficControlHelper trafficControl;
    std::vector<ns3::Ipv4InterfaceContainer> links;
    for (std::uint32_t i = 0; i < nodes.GetN() - 1; ++i) {
      const ns3::NetDeviceContainer devices = wire.Install(nodes.Get(i), nodes.Get(i + 1));
      addresses.SetBase(("10.1." + std::to_string(i) + ".0").c_str(), "255.255.255.252");
      links.push_back(addresses.Assign(devices));
      if (queueDisc == QueueDisc::none) trafficControl.Uninstall(devices);
    }
    const ns3::Ipv4Address left = links.front().GetAddress(0);
    const ns3::Ipv4Address right = links.back().GetAddress(1);
    for (std::uint32_t i = 0; i < nodes.GetN(); ++i) {
      const auto routes = routing.GetStaticRouting(nodes.Get(i)->GetObject<ns3::Ipv4>());
      if (i + 1 < nodes.GetN()) {
        routes->AddHostRouteTo(right, links[i].GetAddress(1), i == 0 ? 1 : 2);
      }
      if (i > 0) routes->AddHostRouteTo(left, links[i - 1].GetAddress(0), 1);
    }

    const auto calls = static_cast<std::size_t>(chain.calls);
    for (std::size_t i = 0; i < calls; ++i) {
      const auto port = static_cast<std::uint16_t>(kFirstPort + i);
      senders_[i] = {socket(nodes.Get(0), port), ns3::InetSocketAddress(right, port), 0};
      senders_[i + calls] = {socket(nodes.Get(nodes.GetN() - 1), port),
                             ns3::InetSocketAddress(left, port), 0};
    }
    for (std::int64_t i = 0; i < chain.senders(); ++i) {
      ns3::Simulator::Schedule(fabric::toNs3(chain.firstPacket(i)), &Stock::send, this,
                               static_cast<std::size_t>(i));
    }
  }

  std::int64_t received() const { return received_; }

 private:
  struct Sender {
    ns3::Ptr<ns3::Socket> socket;
    ns3::Address to;
    std::int64_t sent = 0;
  };

  ns3::Ptr<ns3::Socket> socket(const ns3::Ptr<ns3::Node>& node, std::uint16_t port) {
    const auto result = ns3::Socket::CreateSocket(node, ns3::UdpSocketFactory::GetTypeId());
    result->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
    result->SetRecvCallback(ns3::MakeCallback(&Stock::receive, this));
    return result;
  }

  void send(std::size_t index) {
    Sender& sender = senders_[index];
    sender.socket->SendTo(
        ns3::Create<ns3::Packet>(static_cast<std::uint32_t>(ChainCase::kPayload.count())), 0,
        sender.to);
    if (++sender.sent < chain_.packets) {
      ns3::Simulator::Schedule(period_, &Stock::send, this, index);
    }
  }

  void receive(ns3::Ptr<ns3::Socket> socket) {
    while (socket->Recv() != nullptr) ++received_;
  }

  const ChainCase& chain_;
  ns3::Time period_;
  std::vector<Sender> senders_;
  std::int64_t received_ = 0;
};

}  // namespace

ChainResult runStock(const ChainCase& chain, QueueDisc queueDisc) {
  const double start = cpuSeconds();
  Stock stock(chain, queueDisc);
  const double built = cpuSeconds();
  ns3::Simulator::Run();
  const ChainResult result{stock.received(), built - start, cpuSeconds() - built, peakRssBytes()};
  ns3::Simulator::Destroy();
  return result;
}

}  // namespace callflow::bench
