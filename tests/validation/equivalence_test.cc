// The fabric against ns-3's own point-to-point links, IPv4 and UDP: the same small network and the
// same packets give the same deliveries at the same nanoseconds. What they count differs in two
// things:
// - ns-3's point-to-point link sends 2 bytes of PPP header with each packet; the fabric sends what
// it is given.
// - ns-3's device queue holds what waits behind the packet being sent; the fabric's limit counts
// that packet too.
#include <ns3/boolean.h>
#include <ns3/bulk-send-helper.h>
#include <ns3/double.h>
#include <ns3/error-model.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-address-helper.h>
#include <ns3/ipv4-static-routing-helper.h>
#include <ns3/node-container.h>
#include <ns3/packet-sink-helper.h>
#include <ns3/packet-sink.h>
#include <ns3/packet.h>
#include <ns3/point-to-point-helper.h>
#include <ns3/point-to-point-net-device.h>
#include <ns3/pointer.h>
#include <ns3/simulator.h>
#include <ns3/socket.h>
#include <ns3/string.h>
#include <ns3/traffic-control-helper.h>
#include <ns3/udp-socket-factory.h>
#include <ns3/uinteger.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

constexpr std::uint16_t port = 4000;
constexpr std::int64_t headers = 28;  // IPv4 and UDP
constexpr std::int64_t ppp = 2;

struct Sending {
  int sender = 0;  // 0 or 1
  Duration when;
  std::int64_t payload = 0;
};

struct Delivered {
  std::size_t which = 0;  // index of the sending
  std::int64_t when = 0;  // ns
  bool operator==(const Delivered&) const = default;
};

// Two senders reach a receiver through a router, whose own link is the narrow one: 8 Mbit/s and 1
// ms, 8 Mbit/s and 3 ms, then 2 Mbit/s and 5 ms. A byte takes 1 us on the first two and 4 us on the
// third, so that ns-3 need not round.
struct Wire {
  std::int64_t mbps;
  Duration delay;
};
constexpr std::array<Wire, 3> wires{Wire{8, Duration::ms(1)}, Wire{8, Duration::ms(3)},
                                    Wire{2, Duration::ms(5)}};

// Through ns-3's stack. `queue` is the narrow device's limit as ns-3 writes it.
std::vector<Delivered> throughStock(const std::vector<Sending>& sendings,
                                    const std::string& queue) {
  std::vector<Delivered> delivered;
  {
    ns3::NodeContainer nodes;  // two senders, router, receiver
    nodes.Create(4);
    ns3::InternetStackHelper stack;
    const ns3::Ipv4StaticRoutingHelper routing;
    stack.SetRoutingHelper(routing);
    stack.SetIpv6StackInstall(false);
    stack.Install(nodes);
    ns3::Ipv4AddressHelper addresses;
    ns3::TrafficControlHelper trafficControl;
    std::vector<ns3::Ipv4InterfaceContainer> links;
    for (std::uint32_t i = 0; i < 3; ++i) {
      ns3::PointToPointHelper wire;
      wire.SetDeviceAttribute("DataRate", ns3::StringValue(std::to_string(wires[i].mbps) + "Mbps"));
      wire.SetChannelAttribute("Delay", ns3::TimeValue(toNs3(wires[i].delay)));
      wire.SetQueue("ns3::DropTailQueue", "MaxSize",
                    ns3::StringValue(i == 2 ? queue : std::string("100000p")));
      const auto devices = i < 2 ? wire.Install(nodes.Get(i), nodes.Get(2))
                                 : wire.Install(nodes.Get(2), nodes.Get(3));
      addresses.SetBase(("10.1." + std::to_string(i) + ".0").c_str(), "255.255.255.0");
      links.push_back(addresses.Assign(devices));
      trafficControl.Uninstall(devices);
    }
    const ns3::Ipv4Address to = links[2].GetAddress(1);
    for (std::uint32_t i = 0; i < 2; ++i) {
      routing.GetStaticRouting(nodes.Get(i)->GetObject<ns3::Ipv4>())
          ->AddHostRouteTo(to, links[i].GetAddress(1), 1);
    }
    const auto receiver =
        ns3::Socket::CreateSocket(nodes.Get(3), ns3::UdpSocketFactory::GetTypeId());
    receiver->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
    const auto on_receive = [&delivered](ns3::Ptr<ns3::Socket> socket) {
      while (const auto packet = socket->Recv()) {
        std::array<std::uint8_t, 4> number{};
        packet->CopyData(number.data(), number.size());
        delivered.push_back({std::size_t{number[0]} + std::size_t{number[1]} * 256,
                             ns3::Simulator::Now().GetNanoSeconds()});
      }
    };
    receiver->SetRecvCallback(ns3::Callback<void, ns3::Ptr<ns3::Socket>>(on_receive));
    std::vector<ns3::Ptr<ns3::Socket>> senders;
    for (std::uint32_t i = 0; i < 2; ++i) {
      senders.push_back(
          ns3::Socket::CreateSocket(nodes.Get(i), ns3::UdpSocketFactory::GetTypeId()));
      senders.back()->Bind();
    }
    for (std::size_t i = 0; i < sendings.size(); ++i) {
      ns3::Simulator::Schedule(toNs3(sendings[i].when), [&, i] {
        std::vector<std::uint8_t> bytes(static_cast<std::size_t>(sendings[i].payload));
        bytes[0] = static_cast<std::uint8_t>(i % 256);
        bytes[1] = static_cast<std::uint8_t>(i / 256);
        senders[static_cast<std::size_t>(sendings[i].sender)]->SendTo(
            ns3::Create<ns3::Packet>(bytes.data(), static_cast<std::uint32_t>(bytes.size())), 0,
            ns3::InetSocketAddress(to, port));
      });
    }
    ns3::Simulator::Run();
    receiver->SetRecvCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
  }
  ns3::Simulator::Destroy();
  return delivered;
}

class Collector : public Sink {
 public:
  void onPacket(PacketId, Packet& packet, TimePoint now) override {
    delivered.push_back({packet.sequence, now.count()});
  }
  std::vector<Delivered> delivered;
};

// Through the fabric, with `extra` bytes on each packet.
std::vector<Delivered> throughFabric(const std::vector<Sending>& sendings, QueueLimit queue,
                                     std::int64_t extra) {
  SimulatorSession session;
  Fabric fabric(session.simulator());
  const Ipv4 to = Ipv4::of(10, 1, 2, 2);
  const NodeId router = fabric.addNode("router");
  const NodeId receiver = fabric.addNode("receiver");
  const auto wire = [&](std::size_t i) {
    LinkParameters parameters;
    parameters.rate = DataRate::mbps(wires[i].mbps);
    parameters.delay = wires[i].delay;
    if (i == 2) parameters.queue = queue;
    return parameters;
  };
  const LinkId narrow = fabric.addLink(router, receiver, wire(2), "narrow");
  std::vector<NodeId> senders;
  for (std::size_t i = 0; i < 2; ++i) {
    senders.push_back(fabric.addNode("sender " + std::to_string(i)));
    const LinkId access =
        fabric.addLink(senders[i], router, wire(i), "access " + std::to_string(i));
    fabric.setRoute(senders[i], to, fabric.addRoute(std::array{access, narrow}));
  }
  Collector collector;
  fabric.bind(receiver, Protocol::udp, port, &collector);
  for (std::size_t i = 0; i < sendings.size(); ++i) {
    Packet packet;
    packet.destinationAddress = to;
    packet.destinationPort = port;
    packet.size = static_cast<std::uint16_t>(sendings[i].payload + headers + extra);
    packet.sequence = static_cast<std::uint32_t>(i);
    const NodeId from = senders[static_cast<std::size_t>(sendings[i].sender)];
    ns3::Simulator::Schedule(toNs3(sendings[i].when),
                             [&fabric, from, packet] { fabric.send(from, packet); });
  }
  ns3::Simulator::Run();
  return collector.delivered;
}

// Where two histories part, in words; "nowhere" if they do not.
std::string difference(const std::vector<Delivered>& a, const std::vector<Delivered>& b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() && y == b.end()) return "nowhere";
  const auto text = [](auto at, auto end) {
    return at == end ? std::string("nothing")
                     : "packet " + std::to_string(at->which) + " at " + std::to_string(at->when);
  };
  return "delivery " + std::to_string(x - a.begin()) + ": " + text(x, a.end()) + " against " +
         text(y, b.end());
}

// Packets at odd nanoseconds, so that no two events of the two senders fall together.
std::vector<Sending> someTraffic(int packets, std::uint32_t mean_gap_us, bool one_size) {
  std::mt19937 random(7);
  std::vector<Sending> sendings;
  std::int64_t time = 0;
  for (int i = 0; i < packets; ++i) {
    time += 1 + static_cast<std::int64_t>(random() % (2'000 * mean_gap_us));
    sendings.push_back({static_cast<int>(random() % 2), Duration::ns(time),
                        one_size ? 170 : static_cast<std::int64_t>(10 + random() % 1200)});
  }
  return sendings;
}

}  // namespace

TEST_CASE("fabric and stock stack deliver the same packets at the same nanoseconds") {
  // 615 B and 30 B of headers on average at 2 Mbit/s: 2.6 ms a packet, one every 3 ms: queues come
  // and go.
  const std::vector<Sending> sendings = someTraffic(2000, 3000, false);
  const std::vector<Delivered> stock = throughStock(sendings, "100000p");
  CHECK(stock.size() == sendings.size());
  CHECK(difference(throughFabric(sendings, Duration::max(), ppp), stock) == "nowhere");
}

TEST_CASE("without the PPP header each packet is faster by its two bytes on each link") {
  // One packet at a time, so that nothing waits: 2 B are 2 us on the first link and 8 us on the
  // second.
  std::vector<Sending> sendings;
  for (int i = 0; i < 50; ++i) sendings.push_back({i % 2, Duration::ms(50) * i, 100 + i});
  const std::vector<Delivered> stock = throughStock(sendings, "100000p");
  const std::vector<Delivered> fabric = throughFabric(sendings, Duration::max(), 0);
  REQUIRE(stock.size() == fabric.size());
  for (std::size_t i = 0; i < stock.size(); ++i) {
    CHECK(stock[i].which == fabric[i].which);
    CHECK(Duration::ns(stock[i].when - fabric[i].when) == Duration::us(10));
  }
}

TEST_CASE("a full queue drops the same packets") {
  // 200 B on the wire take 0.8 ms; one comes every 0.7 ms on average, and ns-3's queue holds five.
  const std::vector<Sending> sendings = someTraffic(3000, 700, true);
  const std::vector<Delivered> stock = throughStock(sendings, "5p");
  CHECK(stock.size() < sendings.size() - 200);
  const DataSize on_wire = DataSize::bytes(170 + headers + ppp);
  CHECK(difference(throughFabric(sendings, on_wire * 6, ppp), stock) == "nowhere");
  CHECK(difference(throughFabric(sendings, Duration::us(800) * 6, ppp), stock) == "nowhere");
  // One packet more or less makes a difference.
  CHECK(difference(throughFabric(sendings, on_wire * 5, ppp), stock) != "nowhere");
  CHECK(difference(throughFabric(sendings, on_wire * 7, ppp), stock) != "nowhere");
}

namespace {

// A TCP transfer over a lossy link on ns-3's own stack: what the receiver got, and when.
std::vector<std::tuple<std::int64_t, std::uint64_t>> tcpTransfer() {
  std::vector<std::tuple<std::int64_t, std::uint64_t>> received;
  ns3::NodeContainer nodes;
  nodes.Create(2);
  ns3::InternetStackHelper stack;
  stack.SetIpv6StackInstall(false);
  stack.Install(nodes);
  ns3::PointToPointHelper wire;
  wire.SetDeviceAttribute("DataRate", ns3::StringValue("5Mbps"));
  wire.SetChannelAttribute("Delay", ns3::StringValue("10ms"));
  const auto devices = wire.Install(nodes);
  const auto errors = ns3::CreateObject<ns3::RateErrorModel>();
  errors->SetAttribute("ErrorRate", ns3::DoubleValue(0.01));
  errors->SetAttribute("ErrorUnit", ns3::EnumValue(ns3::RateErrorModel::ERROR_UNIT_PACKET));
  errors->AssignStreams(1);
  devices.Get(1)->SetAttribute("ReceiveErrorModel", ns3::PointerValue(errors));
  ns3::Ipv4AddressHelper addresses;
  addresses.SetBase("10.1.0.0", "255.255.255.0");
  const auto interfaces = addresses.Assign(devices);
  ns3::BulkSendHelper source("ns3::TcpSocketFactory",
                             ns3::InetSocketAddress(interfaces.GetAddress(1), port));
  source.SetAttribute("MaxBytes", ns3::UintegerValue(2'000'000));
  source.Install(nodes.Get(0));
  ns3::PacketSinkHelper sink("ns3::TcpSocketFactory",
                             ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
  const auto sinks = sink.Install(nodes.Get(1));
  const auto on_receive = [&](ns3::Ptr<const ns3::Packet> packet, const ns3::Address&) {
    received.emplace_back(ns3::Simulator::Now().GetNanoSeconds(), packet->GetSize());
  };
  sinks.Get(0)->TraceConnectWithoutContext(
      "Rx", ns3::Callback<void, ns3::Ptr<const ns3::Packet>, const ns3::Address&>(on_receive));
  ns3::Simulator::Stop(ns3::Seconds(30));
  ns3::Simulator::Run();
  return received;
}

}  // namespace

TEST_CASE("ns-3's own TCP behaves the same on callflow's simulator as on ns-3's") {
  const auto on_ns3 = tcpTransfer();
  ns3::Simulator::Destroy();
  std::vector<std::tuple<std::int64_t, std::uint64_t>> on_ours;
  {
    SimulatorSession session;
    on_ours = tcpTransfer();
  }
  std::uint64_t bytes = 0;
  for (const auto& [when, size] : on_ns3) bytes += size;
  CHECK(bytes == 2'000'000);
  CHECK((on_ours == on_ns3));
}
