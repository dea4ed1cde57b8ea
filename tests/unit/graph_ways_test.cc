// Which way out traffic takes by where it goes: routes of a site, private peerings.
#include <catch2/catch.hpp>

#include "src/topology/regions.h"
#include "tests/unit/graph_support.h"

using namespace callflow;
using namespace callflow::topology;
using namespace callflow::topology::testing;

namespace {

SiteRoute routeTo(std::vector<wire::AddressRange> to, RouteBy by) {
  return {std::move(to), by};
}

// contoso whose branch has an uplink of its own beside its wan to hq.
Topology withTwoWaysOut() {
  Topology net = contoso();
  for (auto& [name, site] : net.sites)
    if (name == "branch") site.uplink = net.sites[0].second.uplink;
  return net;
}

Site& siteOf(Topology& net, const std::string& name) {
  for (auto& [each, site] : net.sites)
    if (each == name) return site;
  throw std::invalid_argument(name);
}

std::string egressOf(const NetworkGraph& graph, const std::string& who) {
  return graph.element(*graph.egress(*graph.find(who))).name;
}

bool passes(const Names& way, const std::string& element) {
  return std::find(way.begin(), way.end(), element) != way.end();
}

}  // namespace

TEST_CASE("a site with two ways out takes its uplink, or what its routes say", "[graph]") {
  Topology net = withTwoWaysOut();
  const std::vector people{who("alice", "hq"), who("bob", "branch"), who("carol", "home")};
  {
    const NetworkGraph graph(net, people);
    CHECK(egressOf(graph, "bob@branch") == "internet:branch");
  }
  siteOf(net, "branch").routes = {routeTo({wire::Service::azure}, RouteBy::wan)};
  {
    const NetworkGraph graph(net, people);
    CHECK(egressOf(graph, "bob@branch") == "internet:hq");
    const Names toRelay = walk(graph, "bob@branch", "azure:westeurope/relay");
    CHECK(passes(toRelay, "hq"));
    CHECK(passes(toRelay, "internet:hq"));
    CHECK_FALSE(passes(toRelay, "internet:branch"));
    // And the same way back.
    Names back = walk(graph, "azure:westeurope/relay", "bob@branch");
    std::reverse(back.begin(), back.end());
    CHECK(back == toRelay);
    // All else leaves at the branch.
    CHECK(passes(walk(graph, "bob@branch", "carol@home"), "internet:branch"));
  }
  // The longest prefix wins, wherever it is written.
  siteOf(net, "branch").routes = {routeTo({wire::AnyAddress{}}, RouteBy::wan),
                                  routeTo({wire::Service::azure}, RouteBy::uplink)};
  {
    const NetworkGraph graph(net, people);
    CHECK(egressOf(graph, "bob@branch") == "internet:branch");
    CHECK(passes(walk(graph, "bob@branch", "carol@home"), "internet:hq"));
  }
}

TEST_CASE("a private peering carries what goes to Azure, of all who leave there", "[graph]") {
  Topology net = contoso();
  Peering peering;
  peering.at = "amsterdam";
  peering.link.up.delay = peering.link.down.delay = Duration::ms(3);
  siteOf(net, "hq").peering = peering;
  const NetworkGraph graph(
      net, std::vector{who("alice", "hq"), who("bob", "branch"), who("carol", "home")});
  const Names toRelay = walk(graph, "alice@hq", "azure:westeurope/relay");
  CHECK(toRelay ==
        Names{"alice@hq", "hq", "edge:amsterdam", "azure:westeurope", "azure:westeurope/relay"});
  // The branch has no uplink: what it sends to Azure leaves by hq's.
  const Names fromBranch = walk(graph, "bob@branch", "azure:westeurope/relay");
  CHECK(passes(fromBranch, "edge:amsterdam"));
  CHECK_FALSE(passes(fromBranch, "internet:hq"));
  // People on the Internet are reached as before.
  CHECK(passes(walk(graph, "alice@hq", "carol@home"), "internet:hq"));
  // Access 1 ms, the line 3 ms, and what lies between the edge and the region.
  const auto region = delay(graph, "edge:amsterdam", "azure:westeurope/relay");
  CHECK(delay(graph, "alice@hq", "azure:westeurope/relay") == Duration::ms(1 + 3) + region);
  const auto line = graph.linksNamed("hq.peering", Direction::up);
  REQUIRE(line.size() == 1);
  CHECK(graph.link(line[0]).parameters.dscp == fabric::DscpPolicy::keep);
}

TEST_CASE("a peering leads to its own edge, also one that nobody else may enter at", "[graph]") {
  Topology net = contoso();
  net.azure.edges = {"amsterdam"};
  Peering peering;
  peering.at = "dublin";
  siteOf(net, "hq").peering = peering;
  const NetworkGraph graph(net, std::vector{who("alice", "hq"), who("carol", "home")});
  CHECK(passes(walk(graph, "alice@hq", "azure:westeurope/relay"), "edge:dublin"));
  CHECK(passes(walk(graph, "carol@home", "azure:westeurope/relay"), "edge:amsterdam"));
}

TEST_CASE("what routes send by the uplink takes no peering to the edge where it enters",
          "[graph]") {
  Topology net = contoso();
  net.azure.edges = {"amsterdam"};
  Peering peering;
  peering.at = "amsterdam";
  siteOf(net, "hq").peering = peering;
  siteOf(net, "hq").routes = {routeTo({wire::Service::azure}, RouteBy::uplink)};
  const NetworkGraph graph(net, std::vector{who("alice", "hq"), who("carol", "home")});
  Names out = walk(graph, "alice@hq", "azure:westeurope/relay");
  CHECK(passes(out, "internet:hq"));
  CHECK(passes(out, "edge:amsterdam"));
  const Names back = walk(graph, "azure:westeurope/relay", "alice@hq");
  std::reverse(out.begin(), out.end());
  CHECK(back == out);
}

TEST_CASE("an uplink that only routes lead to joins its site with others", "[graph]") {
  Topology net = withTwoWaysOut();
  siteOf(net, "branch").routes = {routeTo({wire::AnyAddress{}}, RouteBy::wan)};
  // Nobody is at hq.
  const NetworkGraph graph(net, {who("bob", "branch"), who("carol", "home")});
  const Names out = walk(graph, "bob@branch", "carol@home");
  CHECK(passes(out, "internet:hq"));
  CHECK_FALSE(passes(out, "internet:branch"));
  Names back = walk(graph, "carol@home", "bob@branch");
  std::reverse(back.begin(), back.end());
  CHECK(back == out);
}

TEST_CASE("Azure answers by the peering what is advertised there, and over the Internet all else",
          "[graph]") {
  const auto ways = [](std::vector<Advertised> lines, bool byUplink) {
    Topology net = contoso();
    net.azure.edges = {"amsterdam"};
    Peering peering;
    peering.at = "amsterdam";
    peering.advertises = std::move(lines);
    siteOf(net, "hq").peering = peering;
    if (byUplink) siteOf(net, "hq").routes = {routeTo({wire::Service::azure}, RouteBy::uplink)};
    const NetworkGraph graph(net, everybody);
    const std::string relay = "azure:westeurope/relay";
    // Who is on the Internet is answered over the Internet, whatever a peering says.
    CHECK(passes(walk(graph, "carol@home", "alice@hq"), "internet:hq"));
    CHECK(passes(walk(graph, "carol@home", relay), "internet:home"));
    CHECK(passes(walk(graph, relay, "carol@home"), "internet:home"));
    // Of a branch behind hq the same is true as of hq.
    CHECK(passes(walk(graph, relay, "bob@branch"), "internet:hq") ==
          passes(walk(graph, relay, "alice@hq"), "internet:hq"));
    return std::pair(passes(walk(graph, "alice@hq", relay), "internet:hq"),
                     passes(walk(graph, relay, "alice@hq"), "internet:hq"));
  };
  using Lines = std::vector<Advertised>;
  // Whether out over the Internet, and whether back.
  CHECK(ways(Lines{Advertised::peering}, false) == std::pair(false, false));
  CHECK(ways(Lines{}, false) == std::pair(false, true));
  CHECK(ways(Lines{Advertised::uplink}, false) == std::pair(false, true));
  CHECK(ways(Lines{Advertised::peering, Advertised::uplink}, false) == std::pair(false, false));
  CHECK(ways(Lines{Advertised::peering}, true) == std::pair(true, true));
  CHECK(ways(Lines{}, true) == std::pair(true, true));
  CHECK(ways(Lines{Advertised::uplink}, true) == std::pair(true, false));
  CHECK(ways(Lines{Advertised::peering, Advertised::uplink}, true) == std::pair(true, false));
}

TEST_CASE("a graph that advertises other addresses differs in routes only", "[graph]") {
  Topology net = contoso();
  Peering peering;
  peering.at = "amsterdam";
  siteOf(net, "hq").peering = peering;
  const NetworkGraph before(net, everybody);
  const NetworkGraph after = before.advertising("hq", {});
  const std::string relay = "azure:westeurope/relay";
  CHECK_FALSE(passes(walk(before, relay, "alice@hq"), "internet:hq"));
  CHECK(passes(walk(after, relay, "alice@hq"), "internet:hq"));
  CHECK(walk(after, "alice@hq", relay) == walk(before, "alice@hq", relay));
  REQUIRE(after.elements().size() == before.elements().size());
  REQUIRE(after.links().size() == before.links().size());
  for (std::size_t i = 0; i < after.links().size(); ++i)
    CHECK(toText(after.links()[i]) == toText(before.links()[i]));
  // And back again.
  CHECK(walk(after.advertising("hq", {Advertised::peering}), relay, "alice@hq") ==
        walk(before, relay, "alice@hq"));
}
