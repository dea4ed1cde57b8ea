// Packet inspectors: how long they hold packets, and in which order these leave.
#include <array>
#include <catch2/catch.hpp>

#include "models/inspector/box.h"
#include "tests/models/fabric_support.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;
using namespace callflow::inspector;

namespace {

// alice - inspector - bob, lines without delay.
struct Inspected {
  explicit Inspected(const Inspection& up) : box({up, Inspection{}}, "dpi") {
    fabric.setRoute(a, bob, fabric.addRoute(std::array{ax, xb}));
    fabric.setBox(x, &box);
    fabric.bind(b, Protocol::udp, port, &receiver);
  }
  void send(int packets) {
    for (int i = 0; i < packets; ++i)
      ns3::Simulator::Schedule(toNs3(Duration::ms(1) * i), [this, i] {
        fabric.send(a, packetTo(bob, 100, static_cast<std::uint32_t>(i)));
      });
    ns3::Simulator::Run();
  }
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  NodeId a = fabric.addNode("alice"), x = fabric.addNode("dpi"), b = fabric.addNode("bob");
  LinkId ax = fabric.addLink(a, x, {}, "ax", Side::inside);
  LinkId xb = fabric.addLink(x, b, {}, "xb", Side::inside);
  InspectorBox box;
  Receiver receiver{fabric};
};

}  // namespace

TEST_CASE("an inspector takes its time, and the time has its name") {
  Inspection slow;
  slow.delay = Duration::us(700);
  Inspected net(slow);
  net.send(3);
  REQUIRE(net.receiver.arrivals.size() == 3);
  CHECK(net.receiver.arrivals[2].when == TimePoint::at(Duration::us(2700)));
  REQUIRE(net.receiver.arrivals[2].waits.size() == 1);
  CHECK(net.fabric.name(net.receiver.arrivals[2].waits[0].link) == "dpi");
  CHECK(net.receiver.arrivals[2].waits[0].time == Duration::us(700));
  REQUIRE(net.box.counts().size() == 1);
  CHECK(net.box.counts()[0].packets == 3);
}

TEST_CASE("an inspector's jitter has its mean, and keeps the order unless it may not") {
  Inspection shaky;
  shaky.jitter.mean = Duration::us(500);
  shaky.jitter.reorder.allowed = true;
  {
    constexpr int kPackets = 20'000;
    Inspected net(shaky);
    net.send(kPackets);
    double sum = 0;
    int overtaken = 0;
    for (std::size_t i = 0; i < net.receiver.arrivals.size(); ++i) {
      sum += net.receiver.arrivals[i].total.milliseconds();
      if (i > 0 && net.receiver.arrivals[i].sequence < net.receiver.arrivals[i - 1].sequence)
        ++overtaken;
    }
    // Exponential: the mean of 20,000 is off by 0.5 / sqrt(20,000) = 0.0035 ms.
    CHECK(sum / kPackets == Approx(0.5).margin(0.0106));
    // The next packet, 1 ms later, is out before with 0.5 exp(-1 / 0.5) = 6.8 %.
    CHECK(overtaken / double{kPackets} == Approx(0.068).margin(0.01));
  }
  shaky.jitter.reorder.allowed = false;
  Inspected ordered(shaky);
  ordered.send(1000);
  for (std::size_t i = 0; i < ordered.receiver.arrivals.size(); ++i)
    CHECK(ordered.receiver.arrivals[i].sequence == i);
}
