// What explain says of a packet is what the simulator does with one: over networks, boxes and rules
// at random, a packet that is said to be delivered comes out, one that is said to be dropped does
// not, and it crosses the links that are named.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "models/fabric/own_clock.h"
#include "src/explain/reachability.h"
#include "src/network/network.h"
#include "tests/unit/small_topologies.h"

using namespace callflow;
using namespace callflow::explain;
using namespace callflow::topology;
using topology::testing::ip;

namespace {

constexpr int kNetworks = 5000;
constexpr int kQuestions = 2;  // of each

class Dice {
 public:
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  bool oneIn(int times) { return below(times) == 0; }
  template <class T>
  const T& oneOf(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }

 private:
  std::mt19937 random_{20260101};
};

// With nothing that loses or delays so much that a packet is given up.
class RandomTopology {
 public:
  explicit RandomTopology(Dice& dice) : dice_(dice) {
    net.internet.stretch = 1.5;
    net.internet.minimumDelay = Duration::ms(1);
    if (!dice_.oneIn(3)) net.azure.regions = {"westeurope"};
    const int sites = 2 + dice_.below(3);
    for (int i = 0; i < sites; ++i) addSite(i);
    if (dice_.oneIn(3)) addServer();
    if (dice_.oneIn(3)) addVpn();
  }

  Topology net;
  std::vector<Participant> people;

 private:
  Site line() {
    Site site;
    site.location = topology::testing::amsterdam;
    site.access = topology::testing::link(Duration::ms(1));
    site.uplink = topology::testing::link(Duration::ms(4));
    return site;
  }

  void addSite(int number) {
    const std::string name = "s" + std::to_string(number);
    Site site = line();
    if (!dice_.oneIn(3))
      site.subnets = {{wire::Ipv4{ip(10, static_cast<unsigned>(number), 0, 0)}, 16}};
    for (int i = dice_.below(3); i > 0; --i) site.perimeter.push_back(addDevice(number));
    if (number > 0 && dice_.oneIn(3)) {
      site.wan =
          Wan{"s" + std::to_string(dice_.below(number)), topology::testing::link(Duration::ms(9))};
      if (dice_.oneIn(2)) {
        site.uplink.reset();
        site.perimeter.clear();
      }
      if (dice_.oneIn(3)) site.wan->perimeter.push_back(addDevice(number));
    }
    site.proxy.present = dice_.oneIn(5);
    net.sites.emplace_back(name, site);
    for (int i = 1 + dice_.below(2); i > 0; --i) people.push_back({"p" + std::to_string(i), name});
  }

  std::string addDevice(int site) {
    std::string name = "d" + std::to_string(net.devices.size());
    Device device;
    switch (dice_.below(5)) {
      case 0: {
        device.kind = randomNat();
        break;
      }
      case 1: {
        inspector::Inspector both;
        both.up.delay = both.down.delay = Duration::us(dice_.below(2000));
        device.kind = both;
        break;
      }
      default: {
        Firewall wall;
        wall.udpIdleTimeout = wall.udpUnrepliedTimeout = Duration::s(30);
        wall.tcpIdleTimeout = Duration::s(3600);
        for (int i = dice_.below(4); i > 0; --i) wall.rules.push_back(randomRule(site));
        if (dice_.oneIn(4)) wall.defaultOut = RuleAction::deny;
        if (dice_.oneIn(4)) wall.defaultIn = RuleAction::allow;
        if (dice_.oneIn(8)) wall.stateTable = dice_.below(2);
        if (dice_.oneIn(2)) wall.nat = randomNat();
        device.kind = wall;
        break;
      }
    }
    net.devices.emplace_back(name, device);
    return name;
  }

  Nat randomNat() {
    using nat::Dependence;
    const std::vector<Dependence> all{Dependence::endpointIndependent, Dependence::addressDependent,
                                      Dependence::addressAndPortDependent};
    Nat made = topology::testing::nat();
    made.mapping = dice_.oneOf(all);
    made.filtering = dice_.oneOf(all);
    made.ports = dice_.oneIn(2) ? nat::PortChoice::preserve : nat::PortChoice::sequential;
    made.hairpin = dice_.oneIn(2);
    made.addresses = 1 + dice_.below(2);
    if (dice_.oneIn(6)) made.oneToOne = true;
    return made;
  }

  FirewallRule randomRule(int site) {
    FirewallRule rule;
    rule.action = dice_.oneIn(2) ? RuleAction::allow : RuleAction::deny;
    rule.protocol =
        dice_.oneOf(std::vector{RuleProtocol::any, RuleProtocol::udp, RuleProtocol::tcp});
    rule.direction = dice_.oneIn(3) ? RuleDirection::in : RuleDirection::out;
    if (dice_.oneIn(2)) rule.ports = {{443, 443}};
    if (dice_.oneIn(3)) rule.ports = {{3000, 6000}};
    if (dice_.oneIn(3)) rule.to = {Service::azure};
    if (dice_.oneIn(3)) rule.from = {wire::Place{"s" + std::to_string(dice_.below(site + 1))}};
    return rule;
  }

  void addServer() {
    Server server;
    server.kind = relay::Relay{};
    server.at =
        net.sites[static_cast<std::size_t>(dice_.below(static_cast<int>(net.sites.size())))].first;
    net.servers.emplace_back("own-relay", server);
  }

  void addVpn() {
    auto& hub = net.sites.front().second;
    if (!hub.uplink) return;
    vpn::Vpn gateway;
    gateway.encapsulation.overhead = DataSize::bytes(40);
    gateway.encapsulation.block = DataSize::bytes(1);
    gateway.encapsulation.mtu = DataSize::bytes(1400);
    gateway.clients = {wire::Ipv4{ip(10, 255, 0, 0)}, 16};
    if (dice_.oneIn(2)) gateway.except = {Service::azure};
    for (int i = dice_.below(2); i > 0; --i) gateway.rules.push_back(randomRule(0));
    Device device;
    device.kind = gateway;
    net.devices.emplace_back("gateway", device);
    hub.perimeter.emplace_back("gateway");
    net.sites.back().second.vpn = "gateway";
  }

  Dice& dice_;
};

// Notes who gets what, and answers if it is to.
class Listener : public fabric::Sink {
 public:
  void onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint) override {
    got.push_back(packet.header());
  }
  std::vector<wire::Header5> got;
};

class Drops : public fabric::DropObserver {
 public:
  void onDrop(const fabric::Drop& drop) override { all.push_back({drop.cause, drop.node}); }
  struct Seen {
    fabric::DropCause cause{};
    fabric::NodeId node{};
  };
  std::vector<Seen> all;
};

// Real packets on a network in which nothing else travels.
class RealNetwork {
 public:
  RealNetwork(const NetworkGraph& graph, const Topology& net)
      : graph_(graph), network_(clock_.simulator(), graph, net) {
    network_.fabric().addDropObserver(&drops_);
  }

  void check(const Crossing& said, ElementId to, wire::Endpoint goal) {
    fabric::Fabric& fabric = network_.fabric();
    drops_.all.clear();
    Listener listener;
    for (const auto protocol : {wire::Protocol::udp, wire::Protocol::tcp})
      fabric.bind(network_.node(to), protocol, 0, &listener);
    const auto route = graph_.route(said.from, to);
    const bool addressed = !said.hiddenBy && route.has_value();
    if (!addressed) {
      CHECK(said.disposition == Disposition::noRoute);
      return;
    }
    std::vector<std::int64_t> before;
    for (const DirectedLink& link : graph_.links()) before.push_back(sentOver(link.id));
    fabric::Packet packet;
    packet.setHeader(said.sent);
    packet.size = 200;
    fabric.send(network_.node(said.from), packet,
                network_.addRoute(*route, said.from, goal.address));
    clock_.run();
    const bool delivered = !listener.got.empty() && listener.got.front().destination == goal;
    CHECK(delivered == (said.disposition == Disposition::delivered));
    if (delivered) CHECK(listener.got.front() == said.arrived);
    if (said.disposition == Disposition::nobody) CHECK(listener.got.size() == 1);
    for (const Hop& hop : said.hops) {
      // What crosses a tunnel is on the lines that carry it.
      if (hop.within.empty()) CHECK(sentOver(hop.link) > before[index(hop.link)]);
    }
    const bool tunnelled = std::any_of(said.hops.begin(), said.hops.end(),
                                       [](const Hop& hop) { return !hop.within.empty(); });
    if (!tunnelled) {
      std::int64_t crossed = 0;
      for (const DirectedLink& link : graph_.links())
        crossed += sentOver(link.id) - before[index(link.id)];
      CHECK(crossed == static_cast<std::int64_t>(said.hops.size()));
    }
    if (said.dropped && !tunnelled) {
      REQUIRE(drops_.all.size() == 1);
      CHECK(drops_.all[0].cause == fabric::DropCause::box);
      CHECK(drops_.all[0].node == network_.node(said.dropped->box));
    }
    for (const auto protocol : {wire::Protocol::udp, wire::Protocol::tcp})
      fabric.bind(network_.node(to), protocol, 0, nullptr);
  }

 private:
  std::int64_t sentOver(DirectedLinkId link) {
    return network_.fabric().counters(fabric::LinkId{static_cast<std::uint32_t>(index(link))}).sent;
  }

  const NetworkGraph& graph_;
  fabric::OwnClock clock_;
  network::Network network_;
  Drops drops_;
};

Question randomQuestion(Dice& dice, const RandomTopology& made) {
  std::vector<std::string> places;
  for (const Participant& who : made.people) places.push_back(who.name + "@" + who.site);
  for (const auto& [name, site] : made.net.sites) {
    places.push_back(name);
    if (site.proxy.present) places.push_back(name + "/proxy");
  }
  for (const auto& [name, server] : made.net.servers) places.push_back(name);
  Question question;
  question.from = dice.oneOf(places);
  if (!made.net.azure.regions.empty()) places.insert(places.end(), 4, "relay");
  for (const char* address : {"10.0.0.2", "10.1.0.2", "203.0.113.1", "203.0.113.2"})
    places.emplace_back(address);
  question.to = dice.oneOf(places);
  question.protocol = dice.oneIn(2) ? wire::Protocol::udp : wire::Protocol::tcp;
  question.port = dice.oneOf(std::vector<std::uint16_t>{443, 3478, 5000, 50000});
  return question;
}

}  // namespace

TEST_CASE("what is said of a packet is what becomes of it") {
  Dice dice;
  int asked = 0, delivered = 0, answered = 0, dropped = 0;
  for (int number = 0; number < kNetworks; ++number) {
    const RandomTopology made(dice);
    for (int i = 0; i < kQuestions;) {
      const Question question = randomQuestion(dice, made);
      std::vector<Participant> people = made.people;
      for (const Participant& host : hostsFor(made.net, people, question)) people.push_back(host);
      INFO("network " << number << ": " << question.from << " to " << question.to << ":"
                      << question.port);
      const NetworkGraph graph(made.net, people);
      std::optional<Reachability> found;
      try {
        found = reach(graph, made.net, question);
      } catch (const std::invalid_argument&) {
        continue;  // such as an address that nobody has
      }
      ++i;
      ++asked;
      // With lines across the Internet only where the question needs them it is the same.
      const auto company = companyOf(made.net, question);
      if (!company.empty() && number % 5 == 0) {
        const NetworkGraph lean(made.net, people, {company});
        CHECK(reachText(lean, question, reach(lean, made.net, question)) ==
              reachText(graph, question, *found));
      }
      RealNetwork real(graph, made.net);
      const auto socketOf = [&](ElementId id, std::uint16_t port) {
        return wire::Endpoint{wire::Ipv4{graph.element(id).address}, port};
      };
      const bool isBox = graph.element(found->to).kind == ElementKind::device;
      real.check(found->there, found->to,
                 isBox ? found->there.sent.destination : socketOf(found->to, question.port));
      if (!found->back) {
        CHECK(found->there.disposition != Disposition::delivered);
        ++dropped;
        continue;
      }
      ++delivered;
      real.check(*found->back, found->from, socketOf(found->from, 50000));
      answered += found->works() ? 1 : 0;
    }
  }
  CHECK(asked >= 10'000);
  // All of it happens: not everything is shut, nor everything open.
  CHECK(delivered > asked / 5);
  CHECK(answered > asked / 10);
  CHECK(dropped > asked / 5);
}
