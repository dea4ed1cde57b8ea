// A packet that is tried meets the boxes as one that is sent does, and ends where that one ends.
#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/own_clock.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

constexpr Ipv4 kNear{0x0a000001}, kOutside{0x0a000002}, kFar{0x0a000003};

// What it does with a packet is said by the port that it is for.
class PortBox : public Box {
 public:
  BoxResult process(Packet& packet, Side, TimePoint) override {
    ++seen;
    switch (packet.destinationPort) {
      case 1:
        return {BoxResult::Action::drop, 7};
      case 2:
        packet.sourceAddress = kOutside;
        packet.sourcePort = 22;
        return {BoxResult::Action::pass};
      case 3:
        packet.destinationAddress = kFar;
        return {BoxResult::Action::translated};
      case 4:
        others_[0] = others_[1] = packet;
        others_[0].destinationPort = 44;
        others_[1].destinationPort = 45;
        return {BoxResult::Action::replaced};
      default:
        return {BoxResult::Action::pass, 0, 0, Duration::ms(5)};
    }
  }
  std::span<const Packet> replacements() const override { return others_; }
  bool holds() const override { return true; }
  int seen = 0;

 private:
  std::array<Packet, 2> others_;
};

class Line : public Sink, public DropObserver {
 public:
  Line() : fabric(clock.simulator()) {
    near = fabric.addNode("near");
    const NodeId middle = fabric.addNode("box");
    far = fabric.addNode("far");
    LinkParameters slow;
    slow.delay = Duration::ms(10);
    const LinkId first = fabric.addLink(near, middle, slow, "first");
    const LinkId second = fabric.addLink(middle, far, slow, "second");
    fabric.setBox(middle, &box);
    const std::array both{first, second};
    whole = fabric.addRoute(both);
    fabric.setRoute(near, kOutside, whole);
    fabric.setRoute(middle, kOutside, fabric.addRoute({&both[1], 1}));
    fabric.setRoute(middle, kFar, fabric.addRoute({&both[1], 1}));
    fabric.bind(far, Protocol::udp, 0, this);
    fabric.addDropObserver(this);
  }
  void onPacket(PacketId, Packet& packet, TimePoint) override {
    arrived.push_back(packet.header());
  }
  void onDrop(const Drop& drop) override { dropped = drop.reason; }

  OwnClock clock;
  PortBox box;
  Fabric fabric;
  NodeId near{}, far{};
  RouteId whole{};
  std::vector<Header5> arrived;
  std::optional<std::uint16_t> dropped;
};

Header5 to(std::uint16_t port) {
  return {{kNear, 5000}, {kOutside, port}, Protocol::udp};
}

}  // namespace

TEST_CASE("a packet that is tried ends as one that is sent", "[fabric]") {
  for (const std::uint16_t port :
       {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}, std::uint16_t{4}, std::uint16_t{5}}) {
    INFO("port " << port);
    Line line;
    const Trial trial = line.fabric.tryPacket(line.near, to(port));
    CHECK(line.arrived.empty());
    CHECK_FALSE(line.dropped);
    CHECK(line.fabric.nodeDrops().empty());
    CHECK(line.fabric.inFlight() == 0);
    CHECK(line.box.seen == 1);

    Packet packet;
    packet.setHeader(to(port));
    line.fabric.send(line.near, packet);
    line.clock.run();
    CHECK(trial.refused == line.dropped.has_value());
    if (trial.refused) {
      CHECK(trial.reason == line.dropped);
      CHECK(line.fabric.name(trial.lastLink) == "first");
      CHECK(trial.header == to(port));
    } else {
      CHECK(trial.arrived);
      CHECK(line.fabric.name(trial.lastLink) == "second");
      REQUIRE_FALSE(line.arrived.empty());
      CHECK(trial.header == line.arrived.front());
    }
  }
}

TEST_CASE("what is tried passes in no time over links that let nothing through", "[fabric]") {
  Line line;
  LinkParameters down;
  down.rate = DataRate{};
  line.fabric.setLinkParameters(LinkId{0}, down);
  const Trial trial = line.fabric.tryPacket(line.near, to(5), line.whole);
  CHECK(trial.arrived);
  CHECK(line.clock.simulator().now() == TimePoint{});
}

TEST_CASE("a drop is told to the packet's owner, and to nobody else's", "[fabric]") {
  Line line;
  struct Owner : PacketOwner {
    void onDrop(const Drop&) override { ++told; }
    int told = 0;
  } first, second;
  const OwnerId one = line.fabric.addOwner(first);
  line.fabric.addOwner(second);
  Packet packet;
  packet.setHeader(to(1));
  packet.owner = one;
  line.fabric.send(line.near, packet);
  line.clock.run();
  CHECK(first.told == 1);
  CHECK(second.told == 0);
}

namespace {

// What it is told, a word each.
class Heard : public TrialObserver {
 public:
  void onStart(NodeId, const Header5& header) override { text += "start " + toText(header); }
  void onLink(LinkId link) override { text += ", link " + std::to_string(index(link)); }
  void onBox(const Header5& before, const Header5& after, const BoxResult& result) override {
    text += ", box " + toText(before.source) + " becomes " + toText(after.source);
    if (result.action == BoxResult::Action::drop)
      text += " dropped for " + std::to_string(result.reason);
  }
  void onEnd(const Trial& trial) override { text += trial.arrived ? ", arrived" : ", ended"; }
  std::string text;
};

}  // namespace

TEST_CASE("who watches is told what a packet that is tried meets") {
  Line line;
  Heard heard;
  line.fabric.observeTrials(&heard);
  const Endpoint near{kNear, 9};
  line.fabric.tryPacket(line.near, {near, {kOutside, 2}, Protocol::udp}, line.whole);
  CHECK(heard.text ==
        "start udp 10.0.0.1:9 to 10.0.0.2:2, link 0, box 10.0.0.1:9 becomes 10.0.0.2:22, link 1, "
        "arrived");
  heard.text.clear();
  line.fabric.tryPacket(line.near, {near, {kOutside, 1}, Protocol::udp}, line.whole);
  CHECK(heard.text ==
        "start udp 10.0.0.1:9 to 10.0.0.2:1, link 0, box 10.0.0.1:9 becomes 10.0.0.1:9 dropped "
        "for 7, ended");
  heard.text.clear();
  line.fabric.observeTrials(nullptr);
  line.fabric.tryPacket(line.near, {near, {kOutside, 1}, Protocol::udp}, line.whole);
  CHECK(heard.text.empty());
}
