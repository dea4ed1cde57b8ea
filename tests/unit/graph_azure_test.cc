// Ways into Azure and within it: edges, regions, servers.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "src/topology/graph.h"
#include "src/topology/regions.h"
#include "tests/unit/graph_support.h"

using namespace callflow;
using namespace callflow::topology;
using namespace callflow::topology::testing;

TEST_CASE("towards Azure: over the Internet to an edge, then the backbone", "[graph]") {
  const NetworkGraph graph(contoso(), everybody);
  // Bob sits in Dublin, but his traffic leaves the company in Amsterdam.
  CHECK(walk(graph, "bob@branch", "azure:eastus") == Names{"bob@branch", "branch", "hq",
                                                           "hq-firewall", "internet:hq",
                                                           "edge:amsterdam", "azure:eastus"});
  // access 1, WAN 9, uplink 4, Internet 2, half of the round trip of 84 ms
  CHECK(delay(graph, "bob@branch", "azure:eastus") == Duration::ms(1 + 9 + 4 + 2 + 42));
  CHECK(delay(graph, "alice@hq", "azure:westeurope") == Duration::ms(1 + 4 + 2));
  CHECK(delay(graph, "azure:eastus", "carol@home") == Duration::ms(42 + 2 + 8 + 1));
  CHECK(walk(graph, "azure:westeurope", "azure:eastus") ==
        Names{"azure:westeurope", "azure:eastus"});
  CHECK(delay(graph, "azure:westeurope", "azure:eastus") == Duration::ms(42));

  const ElementId bob = at(graph, "bob@branch");
  CHECK(graph.element(*graph.egress(bob)).name == "internet:hq");
  CHECK(graph.element(*graph.edge(bob, at(graph, "azure:westeurope"))).name == "edge:amsterdam");
  CHECK(graph.element(*graph.relay(bob)).name == "azure:westeurope/relay");
}

TEST_CASE("a local uplink moves the branch's edge", "[graph]") {
  Topology net = contoso();
  net.sites[1].second.uplink = link(Duration::ms(6));
  const NetworkGraph graph(net, everybody);
  const ElementId bob = at(graph, "bob@branch");
  CHECK(graph.element(*graph.egress(bob)).name == "internet:branch");
  CHECK(graph.element(*graph.edge(bob, at(graph, "azure:westeurope"))).name == "edge:dublin");
  // northeurope to westeurope is 20 ms round trip, to eastus 69
  CHECK(graph.element(*graph.relay(bob)).name == "azure:westeurope/relay");
  CHECK(delay(graph, "bob@branch", "azure:westeurope") == Duration::ms(1 + 6 + 2 + 10));
}

TEST_CASE("New York enters Azure on its way to Virginia, not at Toronto", "[graph]") {
  // By hand: access 0.2 ms, uplink 4 ms. New York (40.71, -74.01) to Manassas (38.75, -77.47) is
  // 367.4 km, from there to eastus (37.3719, -79.8164) 256.3 km; over the Internet and without a
  // published figure for the backbone alike 1.8 times that at 200 km/ms: 3.307 + 2.306 ms. Together
  // 9.813 ms; over the edge in New York itself, which costs the Internet's least delay of 1 ms,
  // 0.2 + 4 + 1 + 5.6 = 10.8; over Toronto, as it was when only regions were edges, 19.7.
  Topology net = contoso();
  net.internet.stretch = 1.8;
  net.internet.minimumDelay = Duration::ms(1);
  net.azure.regions = {"eastus"};
  Site office = site({40.71, -74.01}, Duration::ms(4));
  office.access = link(Duration::us(200));
  net.sites = {{"ny", office}};
  const NetworkGraph graph(net, std::vector{who("x", "ny")});
  CHECK(delay(graph, "x@ny", "azure:eastus").milliseconds() == Approx(9.813).margin(0.005));
  CHECK(delay(graph, "azure:eastus", "x@ny") == delay(graph, "x@ny", "azure:eastus"));
}

TEST_CASE("each region is entered where the way to it is shortest", "[graph]") {
  // Between two offices: one line out, three regions, three edges.
  Topology net = contoso();
  net.azure.regions = {"westeurope", "eastus", "southeastasia"};
  net.azure.edges = {"paris", "new-york", "singapore"};
  net.sites = {{"paris", site({48.86, 2.35}, Duration::ms(1))}};
  const NetworkGraph graph(net, std::vector{who("pia", "paris")});
  const ElementId pia = at(graph, "pia@paris");
  const auto edge = [&](const char* region) {
    return graph.element(*graph.edge(pia, at(graph, region))).name;
  };
  CHECK(edge("azure:westeurope") == "edge:paris");
  // 83 ms are published between Paris and eastus, 41.5 one way. Over the Internet to New York,
  // 5,837 km at a stretch of 1.5, alone takes 43.8.
  CHECK(edge("azure:eastus") == "edge:paris");
  CHECK(delay(graph, "pia@paris", "azure:eastus").milliseconds() ==
        Approx(1 + 1 + 2 + 41.5).margin(1e-6));
  CHECK(edge("azure:southeastasia") == "edge:paris");
  CHECK_FALSE(graph.find("edge:singapore").has_value());  // nobody enters there
}

TEST_CASE("traffic stays on the backbone even where the Internet would be faster", "[graph]") {
  // Between Japan and South Africa the backbone takes 180 ms; 13,500 km of fibre take 68 ms.
  Topology net = contoso();
  net.internet.stretch = 1;
  net.azure.regions = {"southafricanorth"};
  net.azure.edges = {"tokyo", "johannesburg"};
  net.sites = {{"tokyo", site({35.68, 139.77}, Duration::ms(3))}};
  const NetworkGraph graph(net, std::vector{who("kei", "tokyo")});
  CHECK(walk(graph, "kei@tokyo", "azure:southafricanorth") ==
        Names{"kei@tokyo", "tokyo", "internet:tokyo", "edge:tokyo", "azure:southafricanorth"});
  CHECK(delay(graph, "kei@tokyo", "azure:southafricanorth") == Duration::ms(1 + 3 + 2 + 180));
}

TEST_CASE("only the edges that the topology names are used", "[graph]") {
  Topology net = contoso();
  net.azure.edges = {"eastus", "uksouth"};
  const NetworkGraph graph(net, everybody);
  CHECK(graph.element(*graph.edge(at(graph, "alice@hq"), at(graph, "azure:westeurope"))).name ==
        "edge:uksouth");
  CHECK_FALSE(graph.find("edge:amsterdam").has_value());
  // The edge in England to the region in Amsterdam: 11 ms round trip. London side of the Internet:
  const double km = greatCircleKm(amsterdam, findRegion("uksouth")->location);
  CHECK(delay(graph, "alice@hq", "azure:westeurope").milliseconds() ==
        Approx(1 + 4 + km / 200 * 1.5 + 5.5).margin(1e-5));
}

TEST_CASE("with every region to choose from, only those that serve somebody are there", "[graph]") {
  Topology net = contoso();
  net.azure.regions.clear();
  for (const Region& region : builtInRegions()) net.azure.regions.emplace_back(region.name);
  net.azure.everyRegion = true;
  net.sites[2].second.location = {40.71, -74.01};  // New York
  const NetworkGraph graph(net, everybody);
  CHECK(graph.element(*graph.relay(at(graph, "alice@hq"))).name == "azure:westeurope/relay");
  std::size_t regions = 0;
  for (const Element& element : graph.elements())
    regions += element.kind == ElementKind::azureRegion ? 1 : 0;
  CHECK(regions == 2);
}

TEST_CASE("the media processor runs near the first participant of a group", "[graph]") {
  Topology net = contoso();
  net.sites[2].second.location = virginia;
  const NetworkGraph graph(net, everybody);
  const auto name = [&](const Call& asked) {
    return graph.element(*graph.mediaProcessor(asked)).name;
  };
  CHECK(name(call({who("carol", "home"), who("alice", "hq")}, CallKind::group)) ==
        "azure:eastus/media-processor");
  CHECK(name(call({who("bob", "branch"), who("carol", "home")}, CallKind::group)) ==
        "azure:westeurope/media-processor");
}

TEST_CASE("servers stand in their region, and nothing passes through them", "[graph]") {
  const NetworkGraph graph(contoso(), everybody);
  const ElementId region = at(graph, "azure:westeurope");
  const ElementId relay = at(graph, "azure:westeurope/relay");
  const ElementId processor = at(graph, "azure:westeurope/media-processor");
  const ElementId signaling = at(graph, "azure:westeurope/signaling");
  CHECK(graph.serversIn(region) == std::vector{relay, processor, signaling});
  CHECK(walk(graph, "azure:westeurope/relay", "azure:westeurope/media-processor") ==
        std::vector<std::string>{"azure:westeurope/relay", "azure:westeurope",
                                 "azure:westeurope/media-processor"});
  CHECK(walk(graph, "azure:westeurope/relay", "azure:eastus/relay") ==
        std::vector<std::string>{"azure:westeurope/relay", "azure:westeurope", "azure:eastus",
                                 "azure:eastus/relay"});
  // The way to a server is that to its region, and takes as long.
  std::vector<std::string> there = walk(graph, "alice@hq", "azure:westeurope");
  there.push_back("azure:westeurope/relay");
  CHECK(walk(graph, "alice@hq", "azure:westeurope/relay") == there);
  CHECK(delay(graph, "alice@hq", "azure:westeurope/relay") ==
        delay(graph, "alice@hq", "azure:westeurope"));
  CHECK(graph.edge(at(graph, "alice@hq"), relay) == graph.edge(at(graph, "alice@hq"), region));
}

TEST_CASE("a resolver far away leads to a relay far away, by the same way out") {
  Topology net = contoso();
  for (auto& [name, site] : net.sites)
    if (name == "hq") site.resolver = Location{39.04, -77.49};  // Ashburn
  const NetworkGraph graph(net, everybody);
  const ElementId alice = at(graph, "alice@hq");
  CHECK(graph.element(*graph.relay(alice)).name == "azure:eastus/relay");
  CHECK(graph.element(*graph.egress(alice)).name == "internet:hq");
  CHECK(walk(graph, "alice@hq", "azure:eastus/relay") ==
        Names{"alice@hq", "hq", "hq-firewall", "internet:hq", "edge:amsterdam", "azure:eastus",
              "azure:eastus/relay"});
  const NetworkGraph near(contoso(), everybody);
  CHECK(near.element(*near.relay(at(near, "alice@hq"))).name == "azure:westeurope/relay");
}
