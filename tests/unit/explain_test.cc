#include <catch2/catch.hpp>

#include "models/fabric/box.h"
#include "src/explain/plan.h"
#include "tests/unit/small_topologies.h"

using namespace callflow;
using namespace callflow::explain;
using namespace callflow::topology;
using namespace callflow::topology::testing;
using Catch::Contains;

namespace {

struct Planned {
  NetworkGraph graph;
  CallPlan plan;

  Planned(const Topology& net, const Call& asked)
      : graph(net, std::vector{asked}), plan(planCall(graph, net, asked, ClientPorts::inOrder)) {}

  const MediaPath& path(const std::string& from, const std::string& to) const {
    const MediaPath* found = plan.path(*graph.find(from), *graph.find(to));
    INFO(from << " to " << to);
    REQUIRE(found != nullptr);
    return *found;
  }
  std::string reason(const Attempt& attempt) const { return words(graph, attempt); }
  // "alice@hq:50000 -tcp,turn-> azure:westeurope/relay:443 | azure:westeurope/relay:49152 -udp->
  // carol@home:50000"
  std::string legs(const std::string& from, const std::string& to) const {
    std::string text;
    for (const Leg& leg : path(from, to).legs) {
      if (!text.empty()) text += " | ";
      text += graph.element(leg.from).name + ":" + std::to_string(leg.fromPort) + " -" +
              std::string(name(leg.transport)) + (leg.turn ? ",turn" : "") + "-> " +
              graph.element(leg.to).name + ":" + std::to_string(leg.toPort);
    }
    return text;
  }
};

Topology withRules(std::vector<FirewallRule> rules) {
  Topology net = contoso();
  net.devices[0].second = firewallDevice(std::move(rules));
  return net;
}

const Call aliceAndCarol = call({who("alice", "hq"), who("carol", "home")});
const Call carolAndAlice = call({who("carol", "home"), who("alice", "hq")});

}  // namespace

TEST_CASE("inside a customer network media goes straight", "[explain]") {
  const Planned p(contoso(), call({who("alice", "hq"), who("bob", "branch")}));
  CHECK(p.legs("alice@hq", "bob@branch") == "alice@hq:50000 -udp-> bob@branch:50000");
  CHECK(p.legs("bob@branch", "alice@hq") == "bob@branch:50000 -udp-> alice@hq:50000");
  const MediaPath& path = p.path("alice@hq", "bob@branch");
  CHECK(path.kind == PathKind::direct);
  REQUIRE(path.attempts.size() == 1);
  CHECK(path.attempts[0].chosen);
  CHECK(p.reason(path.attempts[0]) ==
        "alice@hq at 10.1.0.2:50000 and bob@branch at 10.2.0.2:50000 reach each other over UDP");
  CHECK(path.legs[0].fromAddress == ip(10, 1, 0, 2));
  CHECK(path.legs[0].toAddress == ip(10, 2, 0, 2));
  CHECK(p.plan.failures.empty());
}

TEST_CASE("two NATs that keep mappings are crossed by hole punching", "[explain]") {
  Topology net = contoso();
  Site other = net.sites[2].second;
  other.perimeter = {"other-router"};
  net.sites.emplace_back("other", other);
  net.devices.emplace_back("other-router", natDevice());
  const Planned p(net, call({who("carol", "home"), who("dan", "other")}));
  CHECK(p.legs("carol@home", "dan@other") == "carol@home:50000 -udp-> dan@other:50000");
  // The first NAT's public address is hq-firewall's; NATs keep the inside port while it is free.
  CHECK(p.reason(p.path("carol@home", "dan@other").attempts[0]) ==
        "carol@home seen as 203.0.113.2:50000 and dan@other seen as 203.0.113.3:50000 reach each "
        "other over UDP");
}

TEST_CASE("a NAT is crossed only because the one behind it is known by its reflexive address",
          "[explain]") {
  // The same two homes, but nothing that would tell a client its public address: both have a NAT,
  // so nobody's packet is let in.
  Topology net = contoso();
  Site other = net.sites[2].second;
  other.perimeter = {"other-router"};
  net.sites.emplace_back("other", other);
  net.devices.emplace_back("other-router", natDevice());
  net.azure.regions.clear();
  const Planned p(net, call({who("carol", "home"), who("dan", "other")}));
  REQUIRE(p.plan.failures.size() == 1);
  CHECK_THAT(p.reason(p.plan.failures[0].attempts[0]), Contains("no inside endpoint holds"));
}

TEST_CASE("a stateful firewall without NAT lets in what answers", "[explain]") {
  Topology net = contoso();
  net.devices[0].second = firewallDevice({}, false);  // default: out yes, in no
  const Planned p(net, carolAndAlice);
  CHECK(p.path("carol@home", "alice@hq").kind == PathKind::direct);
  CHECK_THAT(p.reason(p.path("carol@home", "alice@hq").attempts[0]),
             Contains("alice@hq at 10.1.0.2:50000"));
}

TEST_CASE("a refused path names the box, the rule and where it is written", "[explain]") {
  const Planned p(contoso(), aliceAndCarol);
  const MediaPath& path = p.path("alice@hq", "carol@home");
  REQUIRE(path.attempts.size() == 2);
  CHECK_FALSE(path.attempts[0].chosen);
  CHECK(p.reason(path.attempts[0]) ==
        "from alice@hq, hq-firewall refuses udp 10.1.0.2:50000 to 203.0.113.2:50000: denied by "
        "rule 3 (net.yaml:13): {deny: any}");
  CHECK(path.attempts[1].kind == PathKind::relayUdp);
  CHECK(path.attempts[1].chosen);
  CHECK(p.reason(path.attempts[1]) ==
        "alice@hq reaches the relay in westeurope over UDP 3478, and carol@home reaches over UDP "
        "the port that the relay gives out");
}

TEST_CASE("one relay where one side needs one, whoever calls", "[explain]") {
  const Planned p(contoso(), aliceAndCarol);
  CHECK(p.legs("alice@hq", "carol@home") ==
        "alice@hq:50000 -udp,turn-> azure:westeurope/relay:3478 | "
        "azure:westeurope/relay:49152 -udp-> carol@home:50000");
  CHECK(p.legs("carol@home", "alice@hq") ==
        "carol@home:50000 -udp-> azure:westeurope/relay:49152 | "
        "azure:westeurope/relay:3478 -udp,turn-> alice@hq:50000");
  // Carol's own relay will not do: alice may send to ports 3478-3481 only, not to the relayed port.
  const Planned q(contoso(), carolAndAlice);
  CHECK(q.legs("carol@home", "alice@hq") ==
        "carol@home:50000 -udp-> azure:westeurope/relay:49152 | "
        "azure:westeurope/relay:3478 -udp,turn-> alice@hq:50000");
}

TEST_CASE("TCP 443 where UDP is shut; the relay's other leg stays UDP", "[explain]") {
  const Topology net = withRules({allowWeb(21), denyAll(22)});
  const Planned p(net, aliceAndCarol);
  const MediaPath& path = p.path("alice@hq", "carol@home");
  CHECK(path.kind == PathKind::relayTcp);
  REQUIRE(path.attempts.size() == 3);
  CHECK(p.reason(path.attempts[1]) ==
        "alice@hq does not reach the relay in westeurope over UDP 3478, as hq-firewall refuses "
        "udp 10.1.0.2:50000 to 20.202.7.10:3478: denied by rule 2 (net.yaml:22): {deny: any}");
  CHECK(p.legs("alice@hq", "carol@home") ==
        "alice@hq:50000 -tcp,turn-> azure:westeurope/relay:443 | "
        "azure:westeurope/relay:49152 -udp-> carol@home:50000");
  CHECK(p.legs("carol@home", "alice@hq") ==
        "carol@home:50000 -udp-> azure:westeurope/relay:49152 | "
        "azure:westeurope/relay:443 -tcp,turn-> alice@hq:50000");
  const Planned q(net, carolAndAlice);
  CHECK(q.legs("carol@home", "alice@hq") == p.legs("carol@home", "alice@hq"));
}

TEST_CASE("both shut in: each at its own relay, UDP between the relays", "[explain]") {
  Topology net = withRules({allowWeb(), denyAll()});
  net.sites[2].second.location = virginia;
  net.sites[2].second.perimeter = {"home-firewall"};
  net.devices.emplace_back("home-firewall", firewallDevice({allowWeb(), denyAll()}));
  const Planned p(net, aliceAndCarol);
  CHECK(p.legs("alice@hq", "carol@home") ==
        "alice@hq:50000 -tcp,turn-> azure:westeurope/relay:443 | "
        "azure:westeurope/relay:49152 -udp-> azure:eastus/relay:49152 | "
        "azure:eastus/relay:443 -tcp,turn-> carol@home:50000");
  CHECK(p.legs("carol@home", "alice@hq") ==
        "carol@home:50000 -tcp,turn-> azure:eastus/relay:443 | "
        "azure:eastus/relay:49152 -udp-> azure:westeurope/relay:49152 | "
        "azure:westeurope/relay:443 -tcp,turn-> alice@hq:50000");

  SECTION("over TCP only who must") {
    net.devices.back().second = firewallDevice({allowAzureUdp(), denyAll()});
    const Planned q(net, aliceAndCarol);
    CHECK(q.path("alice@hq", "carol@home").kind == PathKind::relayTcp);
    CHECK(q.legs("alice@hq", "carol@home") ==
          "alice@hq:50000 -tcp,turn-> azure:westeurope/relay:443 | "
          "azure:westeurope/relay:49152 -udp-> azure:eastus/relay:49152 | "
          "azure:eastus/relay:3478 -udp,turn-> carol@home:50000");
  }
  SECTION("two clients of one relay need no leg between relays") {
    net.sites[2].second.location = amsterdam;
    const Planned q(net, aliceAndCarol);
    CHECK(q.legs("alice@hq", "carol@home") ==
          "alice@hq:50000 -tcp,turn-> azure:westeurope/relay:443 | "
          "azure:westeurope/relay:443 -tcp,turn-> carol@home:50000");
  }
}

TEST_CASE("media ports to Azure on both sides mean two relays over UDP", "[explain]") {
  Topology net = contoso();
  net.sites[2].second.perimeter = {"home-firewall"};
  net.sites[2].second.location = virginia;
  net.devices.emplace_back("home-firewall", firewallDevice({allowAzureUdp(), denyAll()}));
  const Planned p(net, aliceAndCarol);
  CHECK(p.path("alice@hq", "carol@home").kind == PathKind::relayUdp);
  CHECK(p.legs("alice@hq", "carol@home") ==
        "alice@hq:50000 -udp,turn-> azure:westeurope/relay:3478 | "
        "azure:westeurope/relay:49152 -udp-> azure:eastus/relay:49152 | "
        "azure:eastus/relay:3478 -udp,turn-> carol@home:50000");
}

TEST_CASE("nothing open: the call fails with 410/3112 and every reason", "[explain]") {
  const Planned p(withRules({denyAll(31)}), aliceAndCarol);
  CHECK(p.plan.paths.empty());
  REQUIRE(p.plan.failures.size() == 1);
  const PlanFailure& failure = p.plan.failures[0];
  CHECK(failure.who == "alice@hq and carol@home");
  CHECK(failure.code == 410);
  CHECK(failure.subcode == 3112);
  REQUIRE(failure.attempts.size() == 3);
  for (const Attempt& attempt : failure.attempts) {
    CHECK_FALSE(attempt.chosen);
    CHECK_THAT(p.reason(attempt), Contains("hq-firewall refuses") && Contains("(net.yaml:31)"));
  }
  CHECK_THAT(p.reason(failure.attempts[2]), Contains("tcp 10.1.0.2:50000 to 20.202.7.10:443"));
}

TEST_CASE("only the kinds that the call allows are tried", "[explain]") {
  Call tcp = aliceAndCarol;
  tcp.paths = {PathKind::relayTcp};
  Topology open = contoso();
  open.devices[0].second = firewallDevice({});
  const Planned p(open, tcp);
  CHECK(p.path("alice@hq", "carol@home").attempts.size() == 1);
  CHECK(p.legs("alice@hq", "carol@home") ==
        "alice@hq:50000 -tcp,turn-> azure:westeurope/relay:443 | "
        "azure:westeurope/relay:49152 -udp-> carol@home:50000");
  Call direct = aliceAndCarol;
  direct.paths = {PathKind::direct};
  const Planned q(contoso(), direct);
  REQUIRE(q.plan.failures.size() == 1);
  CHECK(q.plan.failures[0].attempts.size() == 1);
  // With the order of the list turned round, direct still comes first.
  Call any = aliceAndCarol;
  any.paths = {PathKind::relayTcp, PathKind::relayUdp, PathKind::direct};
  const Planned r(open, any);
  CHECK(r.path("alice@hq", "carol@home").kind == PathKind::direct);
}

TEST_CASE("a rule that lets packets in opens the way to an unmapped host", "[explain]") {
  // hq may send nothing by UDP, and lets in UDP from anywhere; no NAT. Carol gets in, but alice's
  // packets pass only as answers.
  FirewallRule in =
      rule(RuleAction::allow, RuleProtocol::udp, AnyAddress{}, {}, "{allow: udp, in}", 41);
  in.direction = RuleDirection::in;
  Topology net = contoso();
  net.devices[0].second = firewallDevice({in, denyAll(42)}, false);
  const Planned p(net, aliceAndCarol);
  CHECK(p.path("alice@hq", "carol@home").kind == PathKind::direct);
  CHECK_THAT(p.reason(p.path("alice@hq", "carol@home").attempts[0]),
             Contains("carol@home seen as 203.0.113.1:50000"));
}

TEST_CASE("a group: each participant to the media processor by its own best way", "[explain]") {
  Topology net = contoso();
  net.sites.emplace_back("clinic", site(virginia, Duration::ms(6)));
  net.sites.back().second.perimeter = {"clinic-firewall"};
  net.devices.emplace_back("clinic-firewall", firewallDevice({allowWeb(52), denyAll(53)}));
  net.sites.emplace_back("vault", site(amsterdam, Duration::ms(6)));
  net.sites.back().second.perimeter = {"vault-firewall"};
  net.devices.emplace_back("vault-firewall", firewallDevice({denyAll(63)}));
  const Call group =
      call({who("alice", "hq"), who("carol", "home"), who("dora", "clinic"), who("vic", "vault")},
           CallKind::group);
  const Planned p(net, group);
  REQUIRE(p.plan.mediaProcessor.has_value());
  CHECK(p.graph.element(*p.plan.mediaProcessor).name == "azure:westeurope/media-processor");
  CHECK(p.legs("alice@hq", "azure:westeurope/media-processor") ==
        "alice@hq:50000 -udp-> azure:westeurope/media-processor:3478");
  CHECK(p.legs("azure:westeurope/media-processor", "carol@home") ==
        "azure:westeurope/media-processor:3478 -udp-> carol@home:50000");
  CHECK(p.path("azure:westeurope/media-processor", "carol@home").legs[0].fromAddress ==
        ip(20, 202, 7, 20));
  // Dora's TCP ends at the relay near her; from there it is UDP over the backbone.
  CHECK(p.legs("dora@clinic", "azure:westeurope/media-processor") ==
        "dora@clinic:50000 -tcp,turn-> azure:eastus/relay:443 | "
        "azure:eastus/relay:49152 -udp-> azure:westeurope/media-processor:3478");
  CHECK(p.legs("azure:westeurope/media-processor", "dora@clinic") ==
        "azure:westeurope/media-processor:3478 -udp-> azure:eastus/relay:49152 | "
        "azure:eastus/relay:443 -tcp,turn-> dora@clinic:50000");
  CHECK(p.path("dora@clinic", "azure:westeurope/media-processor").attempts.size() == 3);
  CHECK(p.plan.path(*p.graph.find("alice@hq"), *p.graph.find("carol@home")) == nullptr);
  REQUIRE(p.plan.failures.size() == 1);
  CHECK(p.plan.failures[0].who == "vic@vault");
  CHECK(p.plan.failures[0].attempts.size() == 3);
}

TEST_CASE("without an egress, or without a region, the reason says so", "[explain]") {
  Topology net = contoso();
  net.sites[2].second.uplink.reset();
  const Planned p(net, aliceAndCarol);
  REQUIRE(p.plan.failures.size() == 1);
  CHECK(p.reason(p.plan.failures[0].attempts[0]) ==
        "there is no route from alice@hq to carol@home");
  CHECK_THAT(p.reason(p.plan.failures[0].attempts[1]),
             Contains("carol@home has no way to the Internet"));
  net = contoso();
  net.azure.regions.clear();
  const Planned q(net, call({who("alice", "hq"), who("carol", "home")}, CallKind::group));
  REQUIRE(q.plan.failures.size() == 2);
  CHECK_THAT(q.reason(q.plan.failures[1].attempts[0]), Contains("no media processor"));
}

TEST_CASE("links of the legs are the graph's routes, and delays add up", "[explain]") {
  const Planned p(contoso(), aliceAndCarol);
  const MediaPath& path = p.path("alice@hq", "carol@home");
  REQUIRE(path.legs.size() == 2);
  // access 1, uplink 4, Internet 2; then Internet 2, uplink 8, access 1
  CHECK(p.graph.baseDelay(path.legs[0].links) == Duration::ms(7));
  CHECK(p.graph.baseDelay(path.legs[1].links) == Duration::ms(11));
  CHECK(path.legs[0].links ==
        *p.graph.route(*p.graph.find("alice@hq"), *p.graph.find("azure:westeurope/relay")));
}

TEST_CASE("calls of one run have ports of their own", "[explain]") {
  Call second = aliceAndCarol;
  second.name = "second";
  const std::vector<Call> calls{aliceAndCarol, second};
  const Topology net = contoso();
  const NetworkGraph graph(net, calls);
  const auto plans = planCalls(graph, net, calls, ClientPorts::inOrder);
  REQUIRE(plans.size() == 2);
  CHECK(plans[0].paths[0].legs[0].fromPort == 50000);
  CHECK(plans[1].paths[0].legs[0].fromPort == 50001);
  CHECK(plans[0].paths[0].legs[1].fromPort == 49152);
  CHECK(plans[1].paths[0].legs[1].fromPort == 49153);
}

TEST_CASE("ports go round after 65535 and leave out the system's", "[explain]") {
  const NetworkGraph graph(contoso(), std::vector<Call>{aliceAndCarol});
  PortBook book(graph);
  const ElementId relay = graph.relay(graph.find("alice@hq").value()).value();
  for (int i = 0; i < 65536 - 49152; ++i) book.next(relay, PortBook::Use::relay);
  CHECK(book.next(relay, PortBook::Use::relay) == 1024);
  CHECK(book.peek(relay, PortBook::Use::relay) == 1025);
  CHECK(book.peek(relay, PortBook::Use::client) == 50000);
  const ElementId other = graph.find("azure:eastus/relay").value();
  REQUIRE(other != relay);
  CHECK(book.peek(other, PortBook::Use::relay) == 49152);
}

TEST_CASE("a refusal names the rule, its file without folders, and the words", "[explain]") {
  FirewallRule in = rule(RuleAction::deny, RuleProtocol::udp, AnyAddress{}, {}, "{deny: udp}", 9);
  in.pos.file = std::make_shared<const std::string>("some/folder/net.yaml");
  const Device device = firewallDevice({in});
  const auto box = BoxKinds::make(device.kind, {.name = "wall", .outside = fabric::Ipv4{99}});
  fabric::Packet packet;
  packet.setHeader({{fabric::Ipv4{1}, 50000}, {fabric::Ipv4{2}, 3478}, fabric::Protocol::udp});
  const auto result = box->process(packet, fabric::Side::inside, TimePoint{});
  REQUIRE(result.action == fabric::BoxResult::Action::drop);
  CHECK(box->describeReason(result.reason) == "denied by rule 1 (net.yaml:9): {deny: udp}");
}

TEST_CASE("a call that may take only a proxy's path is told that there is no proxy", "[explain]") {
  Call pair = aliceAndCarol;
  pair.paths = {PathKind::relayProxy};
  const Planned p(contoso(), pair);
  REQUIRE(p.plan.failures.size() == 1);
  REQUIRE(p.plan.failures[0].attempts.size() == 1);
  CHECK(p.reason(p.plan.failures[0].attempts[0]) ==
        "neither alice@hq's site nor carol@home's has a proxy");
  pair.kind = topology::CallKind::group;
  const Planned group(contoso(), pair);
  REQUIRE(group.plan.failures.size() == 2);
  REQUIRE(group.plan.failures[0].attempts.size() == 1);
  CHECK(group.reason(group.plan.failures[0].attempts[0]) == "alice@hq's site has no proxy");
}

TEST_CASE("explanations in words", "[explain]") {
  const Planned p(withRules({allowWeb(21), denyAll(22)}), aliceAndCarol);
  const std::string text = explainText(p.graph, p.plan);
  INFO(text);
  CHECK_THAT(text, Contains("call standup (one-to-one)\n"));
  CHECK_THAT(text, Contains("alice@hq and carol@home: by relay over TCP\n"));
  CHECK_THAT(text, Contains("  direct     refused  from alice@hq, hq-firewall refuses udp"));
  CHECK_THAT(text, Contains("  relay-tcp  chosen   alice@hq reaches the relay in westeurope"));
  CHECK_THAT(text, Contains("  alice@hq to carol@home: 18 ms base delay one way\n"));
  CHECK_THAT(text,
             Contains("    leg 1: flow 4, TCP, TURN channel, 10.1.0.2:50000 to 20.202.7.10:443, "
                      "RELAY (Turn to Turn), 7 ms\n"));
  CHECK_THAT(text, Contains("\nsignaling, HTTPS over TCP 443\n"
                            "  alice@hq to westeurope: flow 4, the nearest region\n"
                            "  carol@home to westeurope: flow 3, the nearest region\n"));
  CHECK_THAT(text, Contains("hq.uplink up                   100 Mbit/s, 4 ms\n"));
  CHECK_THAT(text, Contains("2 ms, 0.5 ms jitter, 0.1% loss\n      edge:amsterdam\n"));

  CallPlan inTls = p.plan;
  inTls.security = topology::Security::tls13;
  const std::string wrapped = explainText(p.graph, inTls);
  CHECK_THAT(wrapped, Contains("leg 1: flow 4, TCP, TURN channel in TLS 1.3, 10.1.0.2:50000"));
  CHECK_THAT(wrapped, Contains("leg 2: flow 3, UDP, 20.202.7.10:49152"));
}

TEST_CASE("a firewall on a WAN stays there when its site gets an uplink", "[explain]") {
  for (const bool uplink : {false, true}) {
    INFO("uplink " << uplink);
    Topology net = contoso();
    net.sites[1].second.wan->perimeter = {"filter"};
    net.devices.emplace_back("filter", firewallDevice({denyAll()}, false));
    if (uplink) net.sites[1].second.uplink = link(Duration::ms(6));
    const Planned p(net, call({who("bob", "branch"), who("alice", "hq")}));
    const std::string text = explainText(p.graph, p.plan);
    CHECK_THAT(text, Contains("from bob@branch, filter refuses udp 10.2.0.2:50000 to "
                              "10.1.0.2:50000: denied by rule 1"));
    // To the Internet bob goes over his own line, which nothing guards, or behind the filter.
    CHECK(p.plan.failures.empty() == uplink);
  }
}

TEST_CASE("a gateway at the far end of two tunnels judges what goes from one to the other",
          "[explain]") {
  // Two home workers in full tunnels to hq, as a VPN has them. The gateway refuses UDP between its
  // clients: they meet at a relay, which both reach through the gateway and hq's firewall.
  Topology net = contoso();
  net.sites.erase(net.sites.begin() + 1, net.sites.end());
  Site u1 = branch(amsterdam, "hq", Duration::ms(15));
  Site u2 = u1;
  u1.subnets = {{ip(10, 9, 1, 0), 24}};
  u2.subnets = {{ip(10, 9, 2, 0), 24}};
  u1.wan->farPerimeter = u2.wan->farPerimeter = {"gateway"};
  net.sites.emplace_back("u1", u1);
  net.sites.emplace_back("u2", u2);
  const Ipv4Prefix clients{ip(10, 9, 0, 0), 16};
  FirewallRule refuse =
      rule(RuleAction::deny, RuleProtocol::udp, clients, {}, "{deny: udp, direction: in}", 20);
  refuse.from = {clients};
  refuse.direction = RuleDirection::in;
  Device gateway = firewallDevice({refuse}, false);
  std::get<Firewall>(gateway.kind).defaultIn = RuleAction::allow;
  net.devices = {net.devices[0], {"gateway", gateway}};
  const Planned p(net, call({who("ann", "u1"), who("ben", "u2")}));
  const MediaPath& path = p.path("ann@u1", "ben@u2");
  REQUIRE(path.attempts.size() >= 2);
  CHECK_THAT(p.reason(path.attempts[0]), Contains("gateway refuses udp 10.9.1.2:50000 to "
                                                  "10.9.2.2:50000: denied by rule 1"));
  // hq's firewall lets UDP out to 3478 only, not to the ports that a relay gives out: two relays.
  CHECK(path.kind == PathKind::relayUdp);
}

TEST_CASE("a firewall rule finds the addresses of the places that it names", "[explain]") {
  // bob@branch goes out by hq, so that hq-firewall sees his own address, 10.2.0.2.
  const Call bobAndCarol = call({who("bob", "branch"), who("carol", "home")});
  const auto goesDirect = [&](RuleAddress from) {
    FirewallRule open = rule(RuleAction::allow, RuleProtocol::udp, AnyAddress{}, {}, "", 21);
    open.from = {std::move(from)};
    const Planned p(withRules({open, allowWeb(), denyAll()}), bobAndCarol);
    return p.path("bob@branch", "carol@home").kind == PathKind::direct;
  };
  CHECK(goesDirect(wire::Place{"branch"}));
  CHECK(goesDirect(wire::Place{"bob@branch"}));
  CHECK_FALSE(goesDirect(wire::Place{"hq"}));
  CHECK_FALSE(goesDirect(wire::Place{"carol@home"}));
  CHECK_FALSE(goesDirect(wire::Place{"bob@hq"}));
}

TEST_CASE("boxes are asked for a path as they are when the call starts", "[explain]") {
  FirewallRule open = rule(RuleAction::allow, RuleProtocol::udp, AnyAddress{}, {}, "", 21);
  open.since = Duration::s(10);
  open.until = Duration::s(20);
  const Topology net = withRules({open, allowWeb(), denyAll()});
  Call early = aliceAndCarol, later = aliceAndCarol, late = aliceAndCarol;
  later.start = Duration::s(10);
  late.start = Duration::s(20);
  const NetworkGraph graph(net, std::vector{early});
  const auto plans = planCalls(graph, net, {late, later, early}, ClientPorts::inOrder);
  CHECK(plans.at(0).paths.at(0).kind == PathKind::relayTcp);
  CHECK(plans.at(1).paths.at(0).kind == PathKind::direct);
  CHECK(plans.at(2).paths.at(0).kind == PathKind::relayTcp);
}

TEST_CASE("a firewall that wants TLS refuses TURN over plain TCP", "[explain]") {
  FirewallRule web = allowWeb(21);
  web.inspect = firewall::Inspection::tls;
  Call wrapped = aliceAndCarol;
  const Planned plain(withRules({web, denyAll()}), wrapped);
  REQUIRE(plain.plan.failures.size() == 1);
  CHECK_THAT(plain.reason(plain.plan.failures[0].attempts.back()),
             Contains("hq-firewall refuses tcp 10.1.0.2:50000 to 20.202.7.10:443: denied, as it "
                      "does not look like TLS, which is asked for by rule 1 (net.yaml:21)"));
  for (const Security security : {Security::tls12, Security::tls13, Security::pseudo}) {
    wrapped.transport.security = security;
    const Planned p(withRules({web, denyAll()}), wrapped);
    CHECK(p.path("alice@hq", "carol@home").kind == PathKind::relayTcp);
  }
}
