// Packets to send through a fabric, and who notes what becomes of them.
#pragma once

#include <ns3/simulator.h>

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"

namespace callflow::fabric::testing {

inline constexpr Ipv4 alice = Ipv4::of(10, 0, 0, 1);
inline constexpr Ipv4 bob = Ipv4::of(10, 0, 0, 2);
inline constexpr std::uint16_t port = 5000;

struct Arrival {
  std::uint32_t sequence;
  TimePoint when;
  TimePoint sent;
  std::array<Duration, kDelayPartCount> parts;
  Duration total;
  std::vector<Wait> waits;
  Header5 header;
  PacketId id;
};

class Receiver : public Sink {
 public:
  explicit Receiver(Fabric& fabric) : fabric_(fabric) {}
  void onPacket(PacketId id, Packet& packet, TimePoint now) override {
    Arrival arrival{packet.sequence, now, packet.sent(),   {},
                    packet.spent(),  {},  packet.header(), id};
    for (std::size_t i = 0; i < kDelayPartCount; ++i) {
      arrival.parts[i] = packet.spent(static_cast<DelayPart>(i));
    }
    fabric_.forEachWait(packet, [&](const Wait& wait) { arrival.waits.push_back(wait); });
    arrivals.push_back(arrival);
    if (then) then(id, packet);
  }
  std::vector<Arrival> arrivals;
  std::function<void(PacketId, Packet&)> then;

 private:
  Fabric& fabric_;
};

class Drops : public DropObserver {
 public:
  void onDrop(const Drop& drop) override {
    seen.push_back(
        {drop.cause, drop.reason, drop.node, drop.link, drop.packet.sequence, drop.when});
  }
  struct Seen {
    DropCause cause;
    std::uint16_t reason;
    NodeId node;
    LinkId link;
    std::uint32_t sequence;
    TimePoint when;
  };
  std::vector<Seen> seen;
};

inline LinkParameters linkOf(DataRate rate, Duration delay) {
  LinkParameters parameters;
  parameters.rate = rate;
  parameters.delay = delay;
  return parameters;
}

inline Packet packetTo(Ipv4 to, std::uint16_t size, std::uint32_t sequence) {
  Packet packet;
  packet.setHeader({{alice, port}, {to, port}, Protocol::udp});
  packet.size = size;
  packet.sequence = sequence;
  packet.flags = packet_flag::kMedia | packet_flag::kNewData;
  return packet;
}

inline Duration part(const Arrival& arrival, DelayPart which) {
  return arrival.parts[static_cast<std::size_t>(which)];
}

// alice - a - b - bob, with a narrow second link.
struct Chain {
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  NodeId n0 = fabric.addNode("alice");
  NodeId n1 = fabric.addNode("a");
  NodeId n2 = fabric.addNode("b");
  NodeId n3 = fabric.addNode("bob");
  LinkId l0 = fabric.addLink(n0, n1, linkOf(DataRate::mbps(8), Duration::ms(1)), "l0");
  LinkId l1 = fabric.addLink(n1, n2, linkOf(DataRate::mbps(1), Duration::ms(20)), "l1");
  LinkId l2 = fabric.addLink(n2, n3, linkOf(DataRate::mbps(8), Duration::ms(2)), "l2");
  RouteId route = fabric.addRoute(std::array{l0, l1, l2});
  Receiver receiver{fabric};
  Drops drops;

  Chain() {
    fabric.setRoute(n0, bob, route);
    fabric.bind(n3, Protocol::udp, port, &receiver);
    fabric.addDropObserver(&drops);
  }
  void sendAt(Duration when, const Packet& packet) {
    ns3::Simulator::Schedule(toNs3(when), [this, packet] { fabric.send(n0, packet); });
  }
};

}  // namespace callflow::fabric::testing
