#include "src/topology/graph.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

#include "src/topology/regions.h"
#include "tests/unit/graph_support.h"

using namespace callflow;
using namespace callflow::topology;
using namespace callflow::topology::testing;

TEST_CASE("the links of a site, in both directions", "[graph]") {
  Topology net = contoso();
  net.sites[0].second.uplink->down.rate = DataRate::mbps(50);
  const NetworkGraph graph(net, everybody);

  const auto up = graph.linksNamed("hq.uplink", Direction::up);
  REQUIRE(up.size() == 1);
  const DirectedLink& uplink = graph.link(up[0]);
  CHECK(graph.element(uplink.from).name == "hq-firewall");
  CHECK(graph.element(uplink.to).name == "internet:hq");
  CHECK(uplink.parameters.rate == DataRate::mbps(100));
  CHECK(toText(uplink) == "hq.uplink up");
  const DirectedLink& back = graph.link(uplink.reverse);
  CHECK(back.reverse == uplink.id);
  CHECK(back.from == uplink.to);
  CHECK(back.parameters.rate == DataRate::mbps(50));
  CHECK(toText(back) == "hq.uplink down");
  CHECK(graph.linksNamed("hq.uplink", Direction::down) == std::vector{back.id});

  const auto lan = graph.linksNamed("hq.lan:hq-firewall", Direction::up);
  REQUIRE(lan.size() == 1);
  CHECK(graph.link(lan[0]).parameters.delay == Duration{});
  CHECK(graph.link(lan[0]).parameters.rate.isUnlimited());
  CHECK(fromInside(graph.link(lan[0])));
  CHECK_FALSE(fromInside(back));
  CHECK(graph.linksNamed("nowhere.uplink", Direction::up).empty());
}

TEST_CASE("each participant has an access link; the site's name for it means all of them",
          "[graph]") {
  const NetworkGraph graph(contoso(),
                           std::vector{who("alice", "hq"), who("dave", "hq"), who("alice", "hq")});
  CHECK(graph.linksNamed("hq.access", Direction::up).size() == 2);
  const auto own = graph.linksNamed("hq.access:dave", Direction::down);
  REQUIRE(own.size() == 1);
  CHECK(graph.element(graph.link(own[0]).to).name == "dave@hq");
  CHECK(graph.link(own[0]).parameters.delay == Duration::ms(1));
}

TEST_CASE("beside a Wi-Fi network only who is wired has the access line", "[graph]") {
  Topology net = contoso();
  net.devices.emplace_back("air", Device{wifi::Wifi{}, false, {}});
  net.sites[0].second.wifi = "air";
  net.sites[0].second.wired = {"dave"};
  const NetworkGraph graph(net, std::vector{who("alice", "hq"), who("dave", "hq")});
  const auto access = [&](const char* name) {
    const auto up = graph.linksNamed(name, Direction::up);
    REQUIRE(up.size() == 1);
    return graph.link(up[0]);
  };
  CHECK(access("hq.access:dave").parameters.delay == Duration::ms(1));
  CHECK(graph.element(access("hq.access:dave").to).name == "hq");
  CHECK(access("hq.access:alice").parameters.delay == Duration{});
  CHECK(access("hq.access:alice").parameters.rate.isUnlimited());
  CHECK(graph.element(access("hq.access:alice").to).role == "Wi-Fi access point");
  CHECK(delay(graph, "alice@hq", "dave@hq") == Duration::ms(1));
}

TEST_CASE("routes inside a site and over the WAN stay inside", "[graph]") {
  Topology net = contoso();
  net.sites.emplace_back("depot", branch(amsterdam, "branch", Duration::ms(3)));
  const NetworkGraph graph(net, std::vector{who("alice", "hq"), who("dave", "hq"),
                                            who("bob", "branch"), who("eve", "depot")});
  CHECK(walk(graph, "alice@hq", "dave@hq") == Names{"alice@hq", "hq", "dave@hq"});
  CHECK(delay(graph, "alice@hq", "dave@hq") == Duration::ms(1 + 1));
  CHECK(walk(graph, "alice@hq", "bob@branch") == Names{"alice@hq", "hq", "branch", "bob@branch"});
  CHECK(delay(graph, "bob@branch", "alice@hq") == Duration::ms(1 + 9 + 1));
  CHECK(walk(graph, "eve@depot", "alice@hq") ==
        Names{"eve@depot", "depot", "branch", "hq", "alice@hq"});
  CHECK(delay(graph, "eve@depot", "alice@hq") == Duration::ms(1 + 3 + 9 + 1));
}

TEST_CASE("sites joined by a WAN use it though the Internet is faster", "[graph]") {
  Topology net = contoso();
  // 4 + 2 + 1 ms over the Internet against 9 ms over the WAN.
  net.sites[1].second.uplink = link(Duration::ms(1));
  net.sites[1].second.location = amsterdam;
  const NetworkGraph graph(net, everybody);
  CHECK(walk(graph, "alice@hq", "bob@branch") == Names{"alice@hq", "hq", "branch", "bob@branch"});
}

TEST_CASE("of two ways over the WAN the faster is taken, each way by its own delay", "[graph]") {
  // A triangle: a - b 10 ms, b - c 2 ms, c - a 3 ms up (c to a) and 20 ms down.
  Topology net = contoso();
  Site a = branch(amsterdam, "b", Duration::ms(10));
  Site b = branch(amsterdam, "c", Duration::ms(2));
  Site c = branch(amsterdam, "a", Duration::ms(3));
  c.wan->link.down.delay = Duration::ms(20);
  net.sites = {{"a", a}, {"b", b}, {"c", c}};
  const NetworkGraph graph(net, std::vector{who("ann", "a"), who("ben", "b")});
  CHECK(walk(graph, "ann@a", "ben@b") == Names{"ann@a", "a", "b", "ben@b"});       // 10, not 20 + 2
  CHECK(walk(graph, "ben@b", "ann@a") == Names{"ben@b", "b", "c", "a", "ann@a"});  // 2 + 3, not 10
  CHECK(delay(graph, "ben@b", "ann@a") == Duration::ms(1 + 5 + 1));
}

TEST_CASE("of equally fast ways the one with fewer links is taken", "[graph]") {
  Topology net = contoso();
  net.sites = {{"a", branch(amsterdam, "b", Duration::ms(2))},
               {"b", branch(amsterdam, "c", Duration::ms(2))},
               {"c", branch(amsterdam, "a", Duration::ms(4))}};
  const NetworkGraph graph(net, std::vector{who("ann", "a"), who("cem", "c")});
  CHECK(walk(graph, "ann@a", "cem@c") == Names{"ann@a", "a", "c", "cem@c"});
  CHECK(walk(graph, "cem@c", "ann@a") == Names{"cem@c", "c", "a", "ann@a"});
}

TEST_CASE("between customer networks: out of one egress, into the other, not through Azure",
          "[graph]") {
  const NetworkGraph graph(contoso(), everybody);
  CHECK(walk(graph, "bob@branch", "carol@home") ==
        Names{"bob@branch", "branch", "hq", "hq-firewall", "internet:hq", "internet:home",
              "home-router", "home", "carol@home"});
  // access 1, WAN 9, uplink 4, Internet (same place: the minimum) 2, uplink 8, access 1
  CHECK(delay(graph, "bob@branch", "carol@home") == Duration::ms(25));
  const auto route = graph.route(at(graph, "internet:hq"), at(graph, "internet:home"));
  REQUIRE(route.has_value());
  REQUIRE(route->size() == 1);
  const LinkDirection& internet = graph.link((*route)[0]).parameters;
  CHECK(internet.jitter.mean == Duration::us(500));
  CHECK(internet.loss.mean == Ratio::ppb(1'000'000));
  CHECK(internet.rate.isUnlimited());
}

TEST_CASE("the Internet's delay is distance at 200 km/ms times the stretch", "[graph]") {
  Topology net = contoso();
  net.sites[2].second.location = {52.3667 + 18, 4.9};  // 18 degrees north: 18 * 111.19508 km
  const NetworkGraph graph(net, everybody);
  // 2001.511 km / 200 km/ms * 1.5 = 15.0113 ms
  const auto ids = graph.linksNamed("internet:home-hq", Direction::up);
  REQUIRE(ids.size() == 1);
  CHECK(graph.link(ids[0]).parameters.delay.milliseconds() == Approx(15.0113).margin(0.0001));
}

TEST_CASE("the Internet does not pass through a third customer's site", "[graph]") {
  // A stretch of 30 makes the direct Internet link from west to east slow; the route must keep to
  // it.
  Topology net = contoso();
  net.internet.stretch = 30;
  net.internet.minimumDelay = Duration{};
  net.sites = {{"west", site({50, 0}, Duration::ms(1))},
               {"middle", site({50, 10}, Duration{})},
               {"annex", branch({50, 19}, "middle", Duration{})},
               {"east", site({50, 20}, Duration::ms(1))}};
  const NetworkGraph graph(
      net, std::vector{who("w", "west"), who("m", "middle"), who("a", "annex"), who("e", "east")});
  CHECK(walk(graph, "w@west", "e@east") ==
        Names{"w@west", "west", "internet:west", "internet:east", "east", "e@east"});
}

TEST_CASE("a WAN keeps its perimeter when its site gets an uplink", "[graph]") {
  Topology net = contoso();
  net.sites[1].second.wan->perimeter = {"branch-firewall"};
  net.devices.emplace_back("branch-firewall", firewallDevice({}));
  {
    const NetworkGraph graph(net, everybody);
    CHECK(walk(graph, "bob@branch", "alice@hq") ==
          Names{"bob@branch", "branch", "branch-firewall", "hq", "alice@hq"});
    // It translates to an address that hq has a route to.
    CHECK(ipv4Text(graph.element(at(graph, "branch-firewall")).address) == "10.2.255.254");
  }
  net.sites[1].second.uplink = link(Duration::ms(6));
  const NetworkGraph graph(net, everybody);
  CHECK(walk(graph, "bob@branch", "alice@hq") ==
        Names{"bob@branch", "branch", "branch-firewall", "hq", "alice@hq"});
  // Its own uplink is not guarded by what guards the WAN, nor the other way round.
  CHECK(walk(graph, "bob@branch", "azure:westeurope") ==
        Names{"bob@branch", "branch", "internet:branch", "edge:dublin", "azure:westeurope"});
}

TEST_CASE("boxes at the far end of a WAN face it, and lines share them", "[graph]") {
  // Two branches whose lines end at one gateway at hq.
  Topology net = contoso();
  net.sites.emplace_back("depot", branch(amsterdam, "hq", Duration::ms(3)));
  net.devices.emplace_back("gateway", firewallDevice({}, false));
  net.sites[1].second.wan->farPerimeter = {"gateway"};
  net.sites[3].second.wan->farPerimeter = {"gateway"};
  const NetworkGraph graph(
      net, std::vector{who("alice", "hq"), who("bob", "branch"), who("eve", "depot")});
  CHECK(walk(graph, "bob@branch", "alice@hq") ==
        Names{"bob@branch", "branch", "gateway", "hq", "alice@hq"});
  // From branch to branch the packets turn at the gateway; the LAN behind it they do not see.
  CHECK(walk(graph, "bob@branch", "eve@depot") ==
        Names{"bob@branch", "branch", "gateway", "depot", "eve@depot"});
  CHECK(walk(graph, "bob@branch", "azure:westeurope") ==
        Names{"bob@branch", "branch", "gateway", "hq", "hq-firewall", "internet:hq",
              "edge:amsterdam", "azure:westeurope"});
  const ElementId gateway = at(graph, "gateway");
  CHECK(graph.element(gateway).site == "hq");
  for (const DirectedLink& link : graph.links()) {
    if (link.to != gateway) continue;
    INFO(toText(link));
    CHECK(fromInside(link) == (link.name == "hq.lan:gateway"));
  }
}

TEST_CASE("sites without a way out reach nothing beyond their network", "[graph]") {
  Topology net = contoso();
  Site island = site(amsterdam, Duration{});
  island.uplink.reset();
  net.sites.emplace_back("island", island);
  net.sites.emplace_back("north", branch(amsterdam, "south", Duration::ms(1)));
  net.sites.emplace_back("south", branch(amsterdam, "north", Duration::ms(1)));
  const NetworkGraph graph(net, std::vector{who("rob", "island"), who("nan", "north"),
                                            who("sue", "south"), who("alice", "hq")});
  for (const char* name : {"rob@island", "nan@north"}) {
    const ElementId lost = at(graph, name);
    CHECK_FALSE(graph.egress(lost).has_value());
    CHECK_FALSE(graph.edge(lost, at(graph, "azure:westeurope")).has_value());
    CHECK_FALSE(graph.relay(lost).has_value());
    CHECK_FALSE(graph.route(lost, at(graph, "azure:westeurope")).has_value());
    CHECK_FALSE(graph.route(lost, at(graph, "alice@hq")).has_value());
    CHECK_FALSE(graph.route(at(graph, "alice@hq"), lost).has_value());
  }
  CHECK(delay(graph, "nan@north", "sue@south") == Duration::ms(3));
}

TEST_CASE("addresses", "[graph]") {
  Topology net = contoso();
  Site office = site(amsterdam, Duration::ms(1));  // no subnet, no NAT: public hosts
  Site home2 = site(amsterdam, Duration::ms(1));
  home2.perimeter = {"own-router", "carrier"};  // two translations: only the outer one is public
  net.sites.emplace_back("office", office);
  net.sites.emplace_back("home2", home2);
  net.devices.emplace_back("own-router", natDevice());
  net.devices.emplace_back("carrier", natDevice());
  const NetworkGraph graph(
      net, std::vector{who("alice", "hq"), who("dave", "hq"), who("bob", "branch"),
                       who("carol", "home"), who("olga", "office"), who("hal", "home2")});
  const auto address = [&](const std::string& name) {
    return ipv4Text(graph.element(at(graph, name)).address);
  };
  CHECK(address("alice@hq") == "10.1.0.2");
  CHECK(address("dave@hq") == "10.1.0.3");
  CHECK(address("bob@branch") == "10.2.0.2");
  CHECK(address("carol@home") == "192.168.1.2");
  CHECK(address("hal@home2") == "192.168.2.2");
  CHECK(address("olga@office") == "203.0.113.1");
  CHECK(address("hq-firewall") == "203.0.113.2");
  CHECK(address("home-router") == "203.0.113.3");
  CHECK(address("own-router") == "100.64.0.1");
  CHECK(address("carrier") == "203.0.113.4");
  CHECK(address("azure:westeurope/relay") == "20.202.7.10");
  CHECK(address("azure:westeurope/media-processor") == "20.202.7.20");
  CHECK(graph.element(at(graph, "hq")).address == 0);
}

TEST_CASE("addresses are never given twice, even where subnets are full or used twice", "[graph]") {
  Topology net = contoso();
  net.sites[0].second.subnets = {{ip(10, 1, 0, 0), 29}};
  net.sites[1].second.subnets = {{ip(10, 1, 0, 0), 29}};
  std::vector<Participant> many;
  for (int i = 0; i < 300; ++i) {
    many.push_back(who("p" + std::to_string(i), i % 2 == 0 ? "hq" : "branch"));
    net.sites.emplace_back("open" + std::to_string(i), site(amsterdam, Duration::ms(1)));
    many.push_back(who("q", "open" + std::to_string(i)));
  }
  const NetworkGraph graph(net, many);
  std::set<std::uint32_t> seen;
  for (const Element& element : graph.elements()) {
    if (element.address != 0) CHECK(seen.insert(element.address).second);
  }
  CHECK(seen.size() == 600 + 2 + 2 * 3);
}

TEST_CASE("a device that several sites use is a box of its own in each", "[graph]") {
  Topology net = contoso();
  Site second = site(amsterdam, Duration::ms(3));
  second.perimeter = {"home-router"};
  net.sites.emplace_back("home2", second);
  net.devices.emplace_back("hq", natDevice());  // called like a site
  net.sites[0].second.perimeter.push_back("hq");
  const NetworkGraph graph(net, everybody);
  CHECK_FALSE(graph.find("home-router").has_value());
  const Element& first = graph.element(at(graph, "home/home-router"));
  CHECK(first.device == "home-router");
  CHECK(first.address != graph.element(at(graph, "home2/home-router")).address);
  CHECK(graph.element(at(graph, "hq")).kind == ElementKind::site);
  CHECK(graph.element(at(graph, "hq/hq")).kind == ElementKind::device);
}

TEST_CASE("no two links share a name", "[graph]") {
  Topology net = contoso();
  for (const char* name : {"a", "a-b", "b-c", "c", "westeurope"}) {
    net.sites.emplace_back(name, site(amsterdam, Duration::ms(1)));
  }
  const NetworkGraph graph(net, std::vector{who("p", "a"), who("p", "a-b"), who("p", "b-c"),
                                            who("p", "c"), who("p", "westeurope")});
  std::set<std::string> names;
  for (const DirectedLink& each : graph.links()) CHECK(names.insert(toText(each)).second);
}

TEST_CASE("references to what is not there are refused", "[graph]") {
  CHECK_THROWS_AS(NetworkGraph(contoso(), std::vector{who("x", "nowhere")}), std::invalid_argument);
  Topology net = contoso();
  net.azure.regions.push_back("atlantis");
  CHECK_THROWS_AS(NetworkGraph(net, everybody), std::invalid_argument);
  net = contoso();
  net.sites[0].second.perimeter.push_back("ghost");
  CHECK_THROWS_AS(NetworkGraph(net, everybody), std::invalid_argument);
}

TEST_CASE("every participant reaches every region and every other participant, in many networks",
          "[graph]") {
  // A family of networks: hubs with uplinks, branches behind them in chains, homes.
  for (int seed = 0; seed < 40; ++seed) {
    std::uint32_t state = static_cast<std::uint32_t>(seed) * 2654435761U + 1;
    const auto draw = [&](std::uint32_t n) {
      state = state * 1664525U + 1013904223U;
      return (state >> 8) % n;
    };
    Topology net = contoso();
    net.sites.clear();
    net.azure.regions.clear();
    const auto table = builtInRegions();
    for (const Region& region : table) {
      if (draw(5) == 0 || region.name == "koreacentral") {
        net.azure.regions.emplace_back(region.name);
      }
    }
    std::vector<Participant> people;
    const std::uint32_t count = 2 + draw(9);
    for (std::uint32_t i = 0; i < count; ++i) {
      const Location place{draw(120) - 60.0, draw(360) - 180.0};
      const std::string name = "s" + std::to_string(i);
      Site made = site(place, Duration::ms(1 + draw(20)));
      if (i > 0 && draw(2) == 0) {
        made.wan = Wan{"s" + std::to_string(draw(i)), link(Duration::ms(1 + draw(40)))};
        if (draw(3) != 0) made.uplink.reset();
      }
      if (draw(2) == 0) made.perimeter = {"home-router"};
      net.sites.emplace_back(name, made);
      people.push_back(who("p", name));
    }
    const NetworkGraph graph(net, people);
    for (const Participant& person : people) {
      const std::string from = "p@" + person.site;
      for (const std::string& region : net.azure.regions) {
        const auto there = walk(graph, from, "azure:" + region);
        auto back = walk(graph, "azure:" + region, from);
        REQUIRE(!there.empty());
        // One edge, one point of presence, one region.
        const auto kinds = [&](ElementKind kind) {
          return std::count_if(there.begin(), there.end(), [&](const std::string& name) {
            return graph.element(at(graph, name)).kind == kind;
          });
        };
        CHECK(kinds(ElementKind::azureEdge) == 1);
        CHECK(kinds(ElementKind::internetPop) == 1);
        CHECK(kinds(ElementKind::azureRegion) == 1);
        std::reverse(back.begin(), back.end());
        CHECK(there == back);
      }
      for (const Participant& peer : people) {
        if (peer.site == person.site) continue;
        const auto there = walk(graph, from, "p@" + peer.site);
        REQUIRE(!there.empty());
        for (const std::string& name : there) {
          CHECK(graph.element(at(graph, name)).kind != ElementKind::azureEdge);
          CHECK(graph.element(at(graph, name)).kind != ElementKind::azureRegion);
        }
      }
    }
  }
}
