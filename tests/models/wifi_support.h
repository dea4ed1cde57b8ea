// A Wi-Fi network in a fabric for tests: computers a, b, c ... in the air, and "wire" behind the
// access point.
#pragma once

#include <ns3/simulator.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "models/wifi/box.h"
#include "tests/models/fabric_support.h"

namespace callflow::wifi::testing {

using namespace callflow::fabric;
using namespace callflow::fabric::testing;

// 802.11a at 54 Mbit/s, without encryption, loss or others.
inline Wifi plainAir() {
  Wifi wifi;
  wifi.standard = Standard::a;
  wifi.encrypted = false;
  return wifi;
}

class Air {
 public:
  static constexpr std::uint16_t kPort = 5000;

  Air(const Wifi& wifi, int computers, bool started = true) {
    ap_ = fabric.addNode("ap");
    wire_ = fabric.addNode("wire");
    out_ = fabric.addLink(ap_, wire_, {}, "out", Side::inside);
    in_ = fabric.addLink(wire_, ap_, {}, "in", Side::outside);
    fabric.bind(wire_, Protocol::udp, kPort, &wireReceiver);
    BoxPlace place;
    place.name = "ap";
    for (int i = 0; i < computers; ++i) add(i, place);
    box = std::make_unique<WifiBox>(wifi, place);
    fabric.setBox(ap_, box.get());
    if (started) box->start(TimePoint{});
  }

  static Ipv4 addressOf(int computer) {
    return Ipv4{0x0a000002U + static_cast<std::uint32_t>(computer)};
  }
  static Ipv4 wireAddress() { return Ipv4{0x0a010001U}; }

  // A packet of so many bytes of IP at a time; computer -1 is the wire.
  void at(Duration when, int from, int to, std::uint16_t size, std::uint8_t dscp = 0) {
    ns3::Simulator::Schedule(toNs3(when), [=, this] {
      Packet packet;
      packet.sourceAddress = from < 0 ? wireAddress() : addressOf(from);
      packet.destinationAddress = to < 0 ? wireAddress() : addressOf(to);
      packet.sourcePort = packet.destinationPort = kPort;
      packet.size = size;
      packet.dscp = dscp & wire::kLargestDscp;
      packet.stream = static_cast<std::uint32_t>(from + 2);
      fabric.send(from < 0 ? wire_ : nodes_[static_cast<std::size_t>(from)], packet);
    });
  }
  void run(Duration time) {
    ns3::Simulator::Stop(toNs3(time));
    ns3::Simulator::Run();
  }

  SimulatorSession session;
  Fabric fabric{session.simulator()};
  std::unique_ptr<WifiBox> box;
  Receiver wireReceiver{fabric};
  std::vector<std::unique_ptr<Receiver>> receivers;  // by computer

 private:
  void add(int i, BoxPlace& place) {
    const std::string name(1, static_cast<char>('a' + i));
    const NodeId node = fabric.addNode(name);
    const LinkId up = fabric.addLink(node, ap_, {}, name + " up", Side::inside);
    const LinkId down = fabric.addLink(ap_, node, {}, name + " down", Side::outside);
    nodes_.push_back(node);
    ups_.push_back(up);
    downs_.push_back(down);
    fabric.setRoute(node, wireAddress(), fabric.addRoute(std::array{up, out_}));
    fabric.setRoute(wire_, addressOf(i), fabric.addRoute(std::array{in_, down}));
    for (int other = 0; other < i; ++other) {
      const auto o = static_cast<std::size_t>(other);
      fabric.setRoute(node, addressOf(other), fabric.addRoute(std::array{up, downs_[o]}));
      fabric.setRoute(nodes_[o], addressOf(i), fabric.addRoute(std::array{ups_[o], down}));
    }
    receivers.push_back(std::make_unique<Receiver>(fabric));
    fabric.bind(node, Protocol::udp, kPort, receivers.back().get());
    place.hosts.push_back({name, addressOf(i)});
  }

  NodeId ap_{}, wire_{};
  LinkId out_{}, in_{};
  std::vector<NodeId> nodes_;
  std::vector<LinkId> ups_, downs_;
};

}  // namespace callflow::wifi::testing
