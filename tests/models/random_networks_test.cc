// Networks made at random of all boxes, tunnels and kinds of line: what goes in comes out, is
// dropped with a reason, or is on its way; causes of delay add up; answers find back.
#include <ns3/simulator.h>

#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/lay_route.h"
#include "models/fabric/random.h"
#include "models/firewall/box.h"
#include "models/inspector/box.h"
#include "models/nat/box.h"
#include "models/shaper/box.h"
#include "models/vpn/box.h"
#include "models/vpn/tunnel.h"
#include "models/wifi/box.h"
#include "tests/models/fabric_support.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;

namespace {

constexpr int kNetworks = 10'000;
constexpr std::uint32_t kPackets = 12;
constexpr std::uint32_t kAnswers = 1000;  // sequence of an answer: that of the packet and this

class Dice {
 public:
  int below(int limit) { return static_cast<int>(random_.uniform() * limit); }
  bool oneIn(int times) { return below(times) == 0; }
  template <class T>
  T oneOf(std::initializer_list<T> all) {
    return all.begin()[below(static_cast<int>(all.size()))];
  }

 private:
  RandomStream random_{"random networks"};
};

LinkParameters randomLine(Dice& dice) {
  LinkParameters line;
  line.delay = Duration::us(dice.below(30'000));
  if (dice.oneIn(2)) line.rate = DataRate::kbps(50 + dice.below(5000));
  if (dice.oneIn(3)) line.jitter.mean = Duration::us(1 + dice.below(20'000));
  if (dice.oneIn(6)) line.jitter.reorder.allowed = line.jitter.mean > Duration{};
  if (dice.oneIn(3)) line.loss.mean = Ratio::percent(1 + dice.below(20));
  if (dice.oneIn(4)) line.loss.burst = BurstLength{PacketCount{3}};
  if (dice.oneIn(3)) line.mtu = DataSize::bytes(300 + dice.below(1200));
  if (dice.oneIn(2)) line.queue = Duration::ms(1 + dice.below(100));
  if (dice.oneIn(5)) line.dscp = DscpPolicy::wipe;
  return line;
}

firewall::Policy randomWall(Dice& dice) {
  firewall::Policy wall;
  wall.udpIdleTimeout = Duration::ms(50 + dice.below(2000));
  wall.tcpIdleTimeout = Duration::s(100);
  if (dice.oneIn(8)) wall.defaultIn = firewall::Action::allow;
  if (dice.oneIn(10)) {
    firewall::Rule rule;
    rule.action = firewall::Action::deny;
    rule.protocol = wire::RuleProtocol::udp;
    rule.ports = {{static_cast<std::uint16_t>(5000 + dice.below(4)), 65'535}};
    wall.rules.push_back(rule);
  }
  return wall;
}

nat::Nat randomNat(Dice& dice) {
  using nat::Dependence;
  nat::Nat made;
  made.mapping = dice.oneOf({Dependence::endpointIndependent, Dependence::addressDependent,
                             Dependence::addressAndPortDependent});
  made.filtering = dice.oneOf({Dependence::endpointIndependent, Dependence::addressDependent,
                               Dependence::addressAndPortDependent});
  made.ports =
      dice.oneOf({nat::PortChoice::preserve, nat::PortChoice::random, nat::PortChoice::sequential});
  made.udpTimeout = Duration::ms(50 + dice.below(3000));
  made.tcpTimeout = Duration::s(100);
  return made;
}

std::unique_ptr<Box> randomBox(Dice& dice, const std::string& name, Ipv4 address,
                               bool& translates) {
  translates = false;
  switch (dice.below(7)) {
    case 0: {
      firewall::GatewayPolicy policy{randomWall(dice), {}};
      return std::make_unique<firewall::FirewallBox>(policy);
    }
    case 1: {
      translates = true;
      firewall::GatewayPolicy policy{randomWall(dice), nat::Policy{randomNat(dice), address}};
      return std::make_unique<firewall::FirewallBox>(policy);
    }
    case 2:
      translates = true;
      return std::make_unique<nat::NatBox>(nat::Policy{randomNat(dice), address});
    case 3: {
      shaper::Shaper both;
      for (shaper::Shaping* way : {&both.up, &both.down}) {
        way->rate = DataRate::kbps(100 + dice.below(5000));
        way->burst = DataSize::bytes(1500 + dice.below(5000));
        way->queue = Duration::ms(5 + dice.below(100));
        way->discipline = dice.oneOf({shaper::Discipline::fifo, shaper::Discipline::codel,
                                      shaper::Discipline::fqCodel, shaper::Discipline::pie});
        if (dice.oneIn(4)) way->excess = shaper::Excess::drop;
      }
      return std::make_unique<shaper::ShaperBox>(both, name);
    }
    case 4: {
      inspector::Inspector both;
      for (inspector::Inspection* way : {&both.up, &both.down}) {
        way->delay = Duration::us(dice.below(2000));
        way->jitter.mean = Duration::us(dice.below(5000));
        way->jitter.reorder.allowed = dice.oneIn(3);
      }
      return std::make_unique<inspector::InspectorBox>(both, name);
    }
    case 5: {
      // Who sends from elsewhere crosses it as a wire.
      wifi::Wifi air;
      air.standard = dice.oneOf({wifi::Standard::a, wifi::Standard::n, wifi::Standard::ac});
      air.frameLoss = Ratio::percent(dice.below(50));
      air.wmm = dice.oneIn(2);
      air.discipline = dice.oneOf({shaper::Discipline::fifo, shaper::Discipline::fqCodel});
      BoxPlace place;
      place.name = name;
      place.hosts = {{"alice", alice}};
      return std::make_unique<wifi::WifiBox>(air, place);
    }
    default: {
      vpn::Vpn gateway;
      gateway.processing = Duration::us(dice.below(500));
      if (dice.oneIn(2)) gateway.capacity = DataRate::kbps(200 + dice.below(5000));
      gateway.backlog = Duration::ms(dice.below(50));
      return std::make_unique<vpn::GatewayBox>(gateway);
    }
  }
}

// alice - boxes - (a tunnel's gateway -) boxes - bob.
class RandomNetwork {
 public:
  RandomNetwork(Dice& dice, int number) : dice_(dice), prefix_(std::to_string(number) + " ") {
    const NodeId first = addNode("alice");
    std::vector<LinkId> up, down;
    NodeId at = addLine(first, dice_.below(4), up, down);
    if (dice_.oneIn(2)) {
      const NodeId inside = addNode("inside");
      const LinkId there = addLink(first, inside, {}, "tunnel", Side::inside);
      const LinkId back = addLink(inside, first, {}, "tunnel back", Side::outside);
      lay(first, up, kGateway);
      lay(at, down, alice);
      vpn_ = randomVpn();
      tunnel_.emplace(
          fabric_, tcp_, vpn_,
          vpn::TunnelEnds{first, at, {alice, kTunnelPort}, {kGateway, kTunnelPort}, there, back});
      up = {there};
      down = {back};
      at = inside;
    }
    const NodeId last = addLine(at, dice_.below(4), up, down);
    lay(first, up, bob);
    lay(last, down, alice);
    fabric_.bind(last, Protocol::udp, port, &atBob_);
    fabric_.bind(first, Protocol::udp, port, &atAlice_);
    fabric_.addDropObserver(&fates_);
    atBob_.then = [this, last](PacketId, Packet& packet) {
      CHECK(packet.destination() == Endpoint{bob, port});
      CHECK(packet.spent() == fabric_.simulator().now() - packet.sent());
      fates_.note(packet.sequence);
      if (packet.sequence % 2 != 0) return;
      Packet answer = packetTo(packet.sourceAddress, packet.size, packet.sequence + kAnswers);
      answer.setHeader(packet.header().reversed());
      fabric_.send(last, answer);
      ++sent_;
    };
    atAlice_.then = [this](PacketId, Packet& packet) {
      CHECK(packet.header() == Header5{{bob, port}, {alice, port}, Protocol::udp});
      CHECK(packet.spent() == fabric_.simulator().now() - packet.sent());
      fates_.note(packet.sequence);
    };
    for (std::uint32_t i = 0; i < kPackets; ++i) {
      const auto size = static_cast<std::uint16_t>(60 + dice_.below(1440));
      const Duration when = Duration::us(dice_.below(300'000));
      const auto mark = static_cast<std::uint8_t>(dice_.below(64));
      ns3::Simulator::Schedule(toNs3(when), [this, first, size, i, mark] {
        Packet packet = packetTo(bob, size, i);
        packet.dscp = mark & 0x3f;
        fabric_.send(first, packet);
        ++sent_;
      });
    }
  }

  void run() {
    ns3::Simulator::Stop(toNs3(Duration::s(200)));
    ns3::Simulator::Run();
    const std::size_t waiting = fabric_.inFlight();
    if (vpn_.encapsulation.over == vpn::Carriage::udp) {
      CHECK(fates_.told() == sent_);
      CHECK(waiting == 0);
    } else {
      // What a tunnel over TCP has not brought through yet is on its way, with its fragments.
      CHECK(fates_.told() <= sent_);
      CHECK(fates_.told() + waiting >= sent_);
    }
    CHECK(!fates_.twice());
  }

  std::size_t arrived() const { return atBob_.arrivals.size() + atAlice_.arrivals.size(); }

 private:
  class Fates : public DropObserver {
   public:
    void onDrop(const Drop& drop) override {
      if (drop.packet.protocol == Protocol::tcp) return;  // a tunnel's own
      note(drop.packet.sequence);
    }
    void note(std::uint32_t sequence) {
      ++told_;
      const std::size_t slot = sequence < kAnswers ? sequence : kPackets + sequence - kAnswers;
      twice_ = twice_ || seen_.at(slot);
      seen_.at(slot) = true;
    }
    std::size_t told() const { return told_; }
    bool twice() const { return twice_; }

   private:
    std::array<bool, 2 * kPackets> seen_{};
    std::size_t told_ = 0;
    bool twice_ = false;
  };
  static constexpr Ipv4 kGateway = Ipv4::of(203, 0, 113, 1);
  static constexpr std::uint16_t kTunnelPort = 4500;

  NodeId addNode(const std::string& name) { return fabric_.addNode(prefix_ + name); }
  LinkId addLink(NodeId from, NodeId to, const LinkParameters& line, const std::string& name,
                 Side side) {
    const LinkId link = fabric_.addLink(from, to, line, prefix_ + name, side);
    ends_[link] = {to, side};
    return link;
  }

  // So many boxes behind a node, and the node behind them.
  NodeId addLine(NodeId from, int boxes, std::vector<LinkId>& up, std::vector<LinkId>& down) {
    for (int i = 0; i <= boxes; ++i) {
      const std::string name = "node " + std::to_string(++nodes_);
      const NodeId next = addNode(name);
      up.push_back(addLink(from, next, randomLine(dice_), name + " up", Side::inside));
      down.insert(down.begin(),
                  addLink(next, from, randomLine(dice_), name + " down", Side::outside));
      if (i < boxes) {
        const Ipv4 address{Ipv4::of(198, 51, 100, 0).value + static_cast<std::uint32_t>(nodes_)};
        bool translates = false;
        boxes_.push_back(randomBox(dice_, prefix_ + name, address, translates));
        fabric_.setBox(next, boxes_.back().get());
        if (translates) translators_.push_back({next, address});
      }
      from = next;
    }
    return from;
  }

  void lay(NodeId from, const std::vector<LinkId>& links, Ipv4 to) {
    layRoute(fabric_, from, links, to, [&](std::size_t i) -> Translator {
      const auto& [node, side] = ends_.at(links[i]);
      if (side == Side::inside) return {};
      for (const Translator& each : translators_)
        if (each.node == node) return each;
      return {};
    });
  }

  vpn::Vpn randomVpn() {
    vpn::Vpn made;
    made.encapsulation.over = dice_.oneIn(3) ? vpn::Carriage::tcp : vpn::Carriage::udp;
    made.encapsulation.overhead = DataSize::bytes(20 + dice_.below(80));
    made.encapsulation.trailer = DataSize::bytes(dice_.below(3));
    made.encapsulation.block = DataSize::bytes(dice_.oneOf({1, 4, 16}));
    made.encapsulation.mtu = DataSize::bytes(576 + dice_.below(1000));
    made.copiesDscp = dice_.oneIn(2);
    made.queue = DataSize::bytes(3000 + dice_.below(20'000));
    return made;
  }

  Dice& dice_;
  std::string prefix_;
  SimulatorSession session_;
  Fabric fabric_{session_.simulator()};
  transport::TcpLayer tcp_{fabric_};
  std::vector<std::unique_ptr<Box>> boxes_;
  std::vector<Translator> translators_;
  struct End {
    NodeId node{};
    Side side = Side::inside;
  };
  std::map<LinkId, End> ends_;  // of links
  int nodes_ = 0;
  Receiver atBob_{fabric_}, atAlice_{fabric_};
  Fates fates_;
  vpn::Vpn vpn_;
  std::optional<vpn::Tunnel> tunnel_;
  std::size_t sent_ = 0;
};

}  // namespace

TEST_CASE("random networks keep account of every packet") {
  Dice dice;
  std::size_t arrived = 0;
  for (int number = 0; number < kNetworks; ++number) {
    INFO("network " << number);
    RandomNetwork network(dice, number);
    network.run();
    arrived += network.arrived();
  }
  // Not all of them are shut.
  CHECK(arrived > std::size_t{kNetworks} * kPackets / 10);
}
