// What becomes of a packet and its answer, on networks that are worked out by hand.
#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "src/explain/reachability.h"
#include "tests/unit/small_topologies.h"

using namespace callflow;
using namespace callflow::explain;
using namespace callflow::topology;
using namespace callflow::topology::testing;
using Catch::Contains;

namespace {

const std::vector<Participant> people{who("alice", "hq"), who("bob", "branch"),
                                      who("carol", "home")};

struct Asked {
  Topology net;
  Question question;
  NetworkGraph graph;
  Reachability found;

  Asked(Topology topology, const Question& asked, const std::vector<Participant>& who = people)
      : net(std::move(topology)), question(asked), graph(net, with(who)) {
    found = reach(graph, net, asked);
  }
  std::vector<Participant> with(std::vector<Participant> who) const {
    for (const Participant& host : hostsFor(net, who, question)) who.push_back(host);
    return who;
  }
  std::string text() const { return reachText(graph, question, found); }
  std::string box(const BoxVerdict& verdict) const { return graph.element(verdict.box).name; }
  // The verdict of the box of this name on the way there, or back.
  const BoxVerdict& at(const std::string& name, const Crossing& crossing) const {
    for (const Hop& hop : crossing.hops)
      if (hop.box && box(*hop.box) == name) return *hop.box;
    throw std::out_of_range(name);
  }
};

Question udp(const std::string& from, const std::string& to, std::uint16_t port) {
  return {from, to, wire::Protocol::udp, port};
}
Question tcp(const std::string& from, const std::string& to, std::uint16_t port) {
  return {from, to, wire::Protocol::tcp, port};
}

}  // namespace

TEST_CASE("a rule lets out, a NAT translates, and the answer comes back through both",
          "[reachability]") {
  const Asked asked(contoso(), udp("alice@hq", "relay", 3478));
  CHECK(asked.found.works());
  const Crossing& there = asked.found.there;
  CHECK(there.disposition == Disposition::delivered);
  CHECK(wire::toText(there.sent) == "udp 10.1.0.2:50000 to 20.202.7.10:3478");
  // The public address of hq's firewall is the first that is given out.
  CHECK(wire::toText(there.arrived) == "udp 203.0.113.1:50000 to 20.202.7.10:3478");
  const BoxVerdict& out = asked.at("hq-firewall", there);
  CHECK(out.passed);
  CHECK(out.outbound);
  CHECK(out.cause == fabric::Cause::rule);
  CHECK(out.also == fabric::Cause::newMapping);
  CHECK(out.opens());
  CHECK(out.maps());
  REQUIRE(out.rule);
  CHECK(*out.rule->file == "net.yaml");
  CHECK(out.rule->line == 11);
  REQUIRE(asked.found.back);
  const BoxVerdict& in = asked.at("hq-firewall", *asked.found.back);
  CHECK_FALSE(in.outbound);
  CHECK(in.cause == fabric::Cause::openConnection);
  CHECK(in.also == fabric::Cause::knownMapping);
  CHECK_FALSE(in.opens());
  CHECK(wire::toText(in.after) == "udp 20.202.7.10:3478 to 10.1.0.2:50000");
  CHECK_THAT(asked.text(), Contains("allowed by rule 1 (net.yaml:11)"));
  CHECK_THAT(asked.text(), Contains("opens a connection and makes a mapping"));
  CHECK_THAT(asked.text(), Contains("source 10.1.0.2:50000 becomes 203.0.113.1:50000"));
}

TEST_CASE("what a rule denies ends at its box, and nobody answers", "[reachability]") {
  const Asked asked(contoso(), udp("alice@hq", "relay", 3482));
  CHECK(asked.found.there.disposition == Disposition::deniedByRule);
  CHECK_FALSE(asked.found.back);
  REQUIRE(asked.found.there.dropped);
  CHECK(asked.box(*asked.found.there.dropped) == "hq-firewall");
  CHECK(asked.found.there.dropped->rule->line == 13);
  CHECK(words(asked.graph, asked.found.there) == "denied by a rule at hq-firewall");
  CHECK_THAT(asked.text(), Contains("dropped: denied by rule 3 (net.yaml:13): {deny: any}"));
}

TEST_CASE("each way to die at a NAT has its name", "[reachability]") {
  // Nobody at home has sent anything.
  CHECK(Asked(contoso(), tcp("alice@hq", "carol@home", 443)).found.there.disposition ==
        Disposition::noMapping);
  // From inside to the outside of one's own NAT: it turns nothing back, unless it is told to.
  const Asked own(contoso(), udp("carol@home", "203.0.113.2", 5000));
  CHECK(own.found.there.disposition == Disposition::hairpin);
  CHECK(own.box(*own.found.there.dropped) == "home-router");
  Topology turning = contoso();
  std::get<Nat>(turning.devices[1].second.kind).hairpin = true;
  CHECK(Asked(turning, udp("carol@home", "203.0.113.2", 5000)).found.there.disposition ==
        Disposition::noMapping);
}

TEST_CASE("from outside what belongs to no connection is not let in", "[reachability]") {
  Topology net = contoso();
  net.devices[0].second = firewallDevice({}, false);
  const Asked in(net, udp("carol@home", "alice@hq", 5000));
  CHECK(in.found.there.disposition == Disposition::noState);
  CHECK(in.found.there.dropped->cause == fabric::Cause::byDefault);
  CHECK_FALSE(in.found.there.dropped->rule);
  // The other way it opens, and the answer comes in.
  CHECK(Asked(net, udp("alice@hq", "relay", 5000)).found.works());
  std::get<Firewall>(net.devices[0].second.kind).defaultOut = RuleAction::deny;
  CHECK(Asked(net, udp("alice@hq", "relay", 5000)).found.there.disposition ==
        Disposition::deniedByDefault);
}

TEST_CASE("a table without room refuses the connection", "[reachability]") {
  Topology net = contoso();
  std::get<Firewall>(net.devices[0].second.kind).stateTable = 0;
  CHECK(Asked(net, udp("alice@hq", "relay", 3478)).found.there.disposition ==
        Disposition::tableFull);
}

TEST_CASE("an inspected rule lets TLS through", "[reachability]") {
  Topology net = contoso();
  auto& rules = std::get<Firewall>(net.devices[0].second.kind).rules;
  rules[1].inspect = firewall::Inspection::tls;
  const Asked asked(net, tcp("alice@hq", "relay", 443));
  CHECK(asked.found.works());
  // What is no TLS would not: the answer says by which box.
  REQUIRE(asked.found.onlyTls);
  CHECK(asked.box(*asked.found.onlyTls) == "hq-firewall");
  CHECK(asked.found.onlyTls->cause == fabric::Cause::notTls);
  CHECK_THAT(asked.text(), Contains("delivered if it is TLS, and so is the answer\n"));
  CHECK_THAT(asked.text(), Contains("hq-firewall inspects it, and drops what is no TLS: "));
}

TEST_CASE("a rule that does not inspect asks for no TLS", "[reachability]") {
  const Asked asked(contoso(), tcp("alice@hq", "relay", 443));
  CHECK(asked.found.works());
  CHECK(!asked.found.onlyTls);
}

TEST_CASE("a site has a made-up host, two of them if it asks itself", "[reachability]") {
  const Asked asked(contoso(), udp("branch", "hq", 5000));
  CHECK(asked.graph.element(asked.found.from).name == "host@branch");
  CHECK(asked.graph.element(asked.found.to).name == "host@hq");
  CHECK(asked.found.works());
  // Over the WAN, as both are of one network: no box stands there.
  for (const Hop& hop : asked.found.there.hops) CHECK_FALSE(hop.box);
  const Asked inside(contoso(), udp("hq", "hq", 5000));
  CHECK(inside.graph.element(inside.found.to).name == "other-host@hq");
  CHECK(inside.found.works());
}

TEST_CASE("an address is whose it is", "[reachability]") {
  // bob's own address is reached inside the company's network only.
  const Asked inside(contoso(), udp("alice@hq", "10.2.0.2", 5000));
  CHECK(inside.graph.element(inside.found.to).name == "bob@branch");
  CHECK(inside.found.works());
  const Asked outside(contoso(), udp("carol@home", "10.2.0.2", 5000));
  CHECK(outside.found.there.disposition == Disposition::noRoute);
  REQUIRE(outside.found.there.hiddenBy);
  CHECK(outside.graph.element(*outside.found.there.hiddenBy).name == "hq-firewall");
  CHECK(words(outside.graph, outside.found.there) ==
        "no route, as that address is one behind hq-firewall, known outside by 203.0.113.1");
  // A NAT's outside is the NAT's.
  const Asked wall(contoso(), udp("carol@home", "203.0.113.1", 5000));
  CHECK(wall.found.there.disposition == Disposition::noMapping);
  CHECK(Asked(contoso(), tcp("alice@hq", "20.202.7.10", 443)).found.works());
}

TEST_CASE("a site without a way has no route", "[reachability]") {
  Topology net = contoso();
  net.sites[2].second.uplink.reset();
  net.sites[2].second.perimeter.clear();
  const Asked asked(net, udp("carol@home", "alice@hq", 5000));
  CHECK(asked.found.there.disposition == Disposition::noRoute);
  CHECK(asked.found.there.hops.empty());
}

TEST_CASE("whom a question does not name, it says with what to write", "[reachability]") {
  const auto saying = [](const Question& question) -> std::string {
    try {
      const Asked asked(contoso(), question);
    } catch (const std::invalid_argument& said) {
      return said.what();
    }
    return "nothing";
  };
  CHECK_THAT(saying(udp("alise@hq", "relay", 1)), Contains("did you mean \"alice@hq\"?"));
  CHECK_THAT(saying(udp("alice@hq", "bob@brnch", 1)), Contains("did you mean \"bob@branch\"?"));
  CHECK_THAT(saying(udp("alice@hq", "192.0.2.9", 1)), Contains("nobody has the address 192.0.2.9"));
  CHECK_THAT(saying(udp("alice@hq", "azure:westeurope", 1)), Contains("has no address"));
  CHECK_THAT(saying(udp("hq-firewall", "relay", 1)), Contains("sends nothing of its own"));
  CHECK_THAT(saying(udp("alice@hq", "alice@hq", 1)), Contains("from and to are both"));
}

TEST_CASE("a packet in a tunnel shows what carries it", "[reachability]") {
  Topology net = contoso();
  vpn::Vpn gateway;
  gateway.encapsulation.overhead = DataSize::bytes(40);
  gateway.encapsulation.block = DataSize::bytes(1);
  gateway.encapsulation.mtu = DataSize::bytes(1400);
  gateway.clients = {wire::Ipv4{ip(10, 255, 0, 0)}, 16};
  Device device;
  device.kind = gateway;
  net.devices.emplace_back("gateway", device);
  net.sites[0].second.perimeter = {"hq-firewall", "gateway"};
  net.sites[2].second.vpn = "gateway";
  const Asked asked(net, udp("carol@home", "alice@hq", 5000));
  CHECK(asked.found.works());
  std::size_t tunnels = 0;
  for (const Hop& hop : asked.found.there.hops) {
    if (hop.within.empty()) continue;
    ++tunnels;
    CHECK(asked.graph.link(hop.link).kind == LinkKind::tunnel);
    // Through the home's NAT to the gateway's own address.
    CHECK(asked.at("home-router", hop.within.back()).maps());
  }
  CHECK(tunnels == 1);
  // Where the home shuts UDP, the tunnel's packets are what dies.
  net.devices[1].second = firewallDevice({denyAll()}, true);
  const Asked shut(net, udp("carol@home", "alice@hq", 5000));
  CHECK(shut.found.there.disposition == Disposition::deniedByRule);
  CHECK(shut.box(*shut.found.there.dropped) == "home-router");
}

TEST_CASE("dispositions and causes have names, each its own", "[reachability]") {
  std::vector<std::string> names;
  for (const auto& [value, text] : kDispositionNames) {
    CHECK(name(value) == text);
    names.emplace_back(text);
  }
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  CHECK(names.size() == static_cast<std::size_t>(Disposition::nobody) + 1);
  CHECK(std::size(kCauseNames) == static_cast<std::size_t>(fabric::Cause::notUp) + 1);
}
