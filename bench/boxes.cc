#include "bench/boxes.h"

#include <ns3/simulator.h>

#include <array>

#include "models/fabric/fabric.h"
#include "models/shaper/box.h"
#include "models/vpn/tunnel.h"

namespace callflow::bench {
namespace {

using fabric::Ipv4;

constexpr Ipv4 kAlice = Ipv4::of(10, 0, 0, 1), kBob = Ipv4::of(10, 0, 0, 2),
               kGateway = Ipv4::of(203, 0, 113, 1);
constexpr std::uint16_t kPort = 5000, kTunnelPort = 4500;

class Sender : public fabric::LaneClient, public fabric::Sink {
 public:
  Sender(fabric::Fabric& fabric, fabric::NodeId from, std::uint32_t packets)
      : fabric_(fabric),
        from_(from),
        packets_(packets),
        lane_(fabric.simulator().addLane(*this, 0)) {
    packet_.setHeader({{kAlice, kPort}, {kBob, kPort}, fabric::Protocol::udp});
    packet_.size = 200;
    fabric_.simulator().push(lane_, TimePoint{}, 0);
  }
  void onRecord(std::uint32_t, std::uint32_t number, TimePoint now) override {
    packet_.dscp = static_cast<std::uint8_t>(number % 8) & 0x3f;
    fabric_.send(from_, packet_);
    if (number + 1 < packets_) fabric_.simulator().push(lane_, now + Duration::us(100), number + 1);
  }
  void onPacket(fabric::PacketId, fabric::Packet&, TimePoint) override { ++received_; }
  std::int64_t received() const { return received_; }

 private:
  fabric::Fabric& fabric_;
  fabric::NodeId from_;
  std::uint32_t packets_;
  fabric::LaneId lane_;
  fabric::Packet packet_;
  std::int64_t received_ = 0;
};

// alice - middle - bob, of which the first line takes time.
struct Network {
  Network() { line.delay = Duration::ms(5); }
  std::int64_t run(std::uint32_t packets) {
    Sender sender(fabric, a, packets);
    fabric.bind(b, fabric::Protocol::udp, kPort, &sender);
    ns3::Simulator::Run();
    return sender.received();
  }
  fabric::SimulatorSession session;
  fabric::Fabric fabric{session.simulator()};
  fabric::LinkParameters line;
  fabric::NodeId a = fabric.addNode("alice"), x = fabric.addNode("middle"),
                 b = fabric.addNode("bob");
};

}  // namespace

std::int64_t crossLine(std::uint32_t packets) {
  Network net;
  const auto ax = net.fabric.addLink(net.a, net.x, net.line, "ax");
  const auto xb = net.fabric.addLink(net.x, net.b, {}, "xb");
  net.fabric.setRoute(net.a, kBob, net.fabric.addRoute(std::array{ax, xb}));
  return net.run(packets);
}

std::int64_t crossShaper(std::uint32_t packets) {
  Network net;
  const auto ax = net.fabric.addLink(net.a, net.x, net.line, "ax");
  const auto xb = net.fabric.addLink(net.x, net.b, {}, "xb");
  net.fabric.setRoute(net.a, kBob, net.fabric.addRoute(std::array{ax, xb}));
  shaper::Shaping up;
  up.rate = DataRate::mbps(100);
  up.queue = Duration::ms(50);
  for (std::uint8_t mark = 0; mark < 8; ++mark) {
    shaper::TrafficClass made;
    made.dscp = {wire::Dscp{mark}};
    made.share = made.ceiling = Ratio::percent(100);
    up.classes.push_back(made);
  }
  shaper::ShaperBox box({up, shaper::Shaping{}}, "shaper");
  net.fabric.setBox(net.x, &box);
  return net.run(packets);
}

std::int64_t crossTunnel(std::uint32_t packets) {
  Network net;
  transport::TcpLayer tcp(net.fabric);
  const auto ax = net.fabric.addLink(net.a, net.x, net.line, "ax");
  const auto xa = net.fabric.addLink(net.x, net.a, net.line, "xa");
  const auto up = net.fabric.addLink(net.a, net.b, {}, "tunnel");
  const auto down = net.fabric.addLink(net.b, net.a, {}, "tunnel back");
  net.fabric.setRoute(net.a, kBob, net.fabric.addRoute(std::array{up}));
  net.fabric.setRoute(net.a, kGateway, net.fabric.addRoute(std::array{ax}));
  net.fabric.setRoute(net.x, kAlice, net.fabric.addRoute(std::array{xa}));
  vpn::Vpn parameters;
  parameters.encapsulation.overhead = DataSize::bytes(60);
  parameters.encapsulation.block = DataSize::bytes(16);
  parameters.encapsulation.mtu = DataSize::bytes(1420);
  vpn::Tunnel tunnel(net.fabric, tcp, parameters,
                     {net.a, net.x, {kAlice, kTunnelPort}, {kGateway, kTunnelPort}, up, down});
  return net.run(packets);
}

}  // namespace callflow::bench
