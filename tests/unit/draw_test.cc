#include "src/topology/draw.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/small_topologies.h"

using namespace callflow;
using namespace callflow::topology;
using namespace callflow::topology::testing;
using Catch::Contains;

namespace {

const std::vector<Participant> everybody{who("alice", "hq"), who("bob", "branch"),
                                         who("carol", "home")};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

Route route(const NetworkGraph& graph, const std::string& from, const std::string& to) {
  const auto found = graph.route(graph.find(from).value(), graph.find(to).value());
  REQUIRE(found.has_value());
  return *found;
}

}  // namespace

TEST_CASE("a network as DOT", "[draw]") {
  Topology net = contoso();
  net.sites[2].second.uplink->up.rate = DataRate::mbps(5);
  net.sites[0].second.uplink->up.loss.mean = Ratio::ppb(2'000'000);
  net.sites[0].second.uplink->down.loss.mean = Ratio::ppb(2'000'000);
  const NetworkGraph graph(net, everybody);
  const std::string dot = drawDot(graph);

  CHECK_THAT(dot, Contains("rankdir=LR"));
  CHECK_THAT(dot, Contains("label=<Site: hq>"));
  CHECK_THAT(dot, Contains("label=<Home worker: home>"));
  CHECK_THAT(dot, Contains("label=<Azure>"));
  CHECK(count(dot, "subgraph cluster") == 4);
  CHECK_THAT(dot, Contains("<B>alice</B>"));
  CHECK_THAT(dot, Contains("firewall and NAT"));
  CHECK_THAT(dot, Contains("100 Mbit/s</FONT><BR/>") && Contains("4 ms, 0.2% loss"));
  CHECK_THAT(dot, Contains("5 Mbit/s up / 100 Mbit/s down"));
  CHECK_THAT(dot, Contains("WAN 100 Mbit/s"));
  // One Internet for both points of presence, and one edge of the 21.
  CHECK(count(dot, "shape=ellipse") == 1);
  CHECK(count(dot, ">edge<") == 1);
  // eastus is configured, but nobody's nearest.
  CHECK_THAT(dot, !Contains("eastus"));
  // 3 access, 2 LAN, 2 uplinks, 1 WAN, Internet to edge, edge to region.
  CHECK(count(dot, " -> ") == 10);
  CHECK_THAT(dot, !Contains("media over"));
}

TEST_CASE("a media path stands out: UDP solid blue, TCP dashed orange", "[draw]") {
  const NetworkGraph graph(contoso(), everybody);
  DrawOptions options;
  options.title = "standup";
  options.legs = {{route(graph, "alice@hq", "azure:westeurope"), MediaTransport::tcp},
                  {route(graph, "azure:westeurope", "carol@home"), MediaTransport::udp},
                  // The way back is the same lines.
                  {route(graph, "carol@home", "azure:westeurope"), MediaTransport::udp}};
  const std::string dot = drawDot(graph, options);
  // alice: access, LAN, uplink, Internet, edge; carol: the same. The last two lines are shared:
  // twice drawn.
  CHECK(count(dot, "color=\"#D55E00\" penwidth=3 style=dashed") == 5);
  CHECK(count(dot, "color=\"#0072B2\" penwidth=3") == 5);
  CHECK(count(dot, " -> ") == 12);
  CHECK_THAT(dot, Contains("<B>standup</B>"));
  CHECK_THAT(
      dot, Contains("media over UDP") && Contains("media over TCP") && Contains("not on the path"));

  const std::string mermaid = drawMermaid(graph, options);
  CHECK(count(mermaid, "stroke:#D55E00,stroke-width:3px,stroke-dasharray") == 5 + 1);  // + legend
  CHECK(count(mermaid, "stroke:#0072B2,stroke-width:3px\n") == 5 + 1);
  CHECK_THAT(mermaid, Contains("title: \"standup\""));
}

TEST_CASE("a path between two customers tells how far they are apart", "[draw]") {
  const NetworkGraph graph(contoso(), everybody);
  DrawOptions options;
  options.legs = {{route(graph, "alice@hq", "carol@home"), MediaTransport::udp}};
  CHECK_THAT(drawDot(graph, options), Contains("home to hq: 2 ms"));
  // Not where a highlighted path goes elsewhere.
  options.legs = {{route(graph, "alice@hq", "azure:eastus"), MediaTransport::udp}};
  CHECK_THAT(drawDot(graph, options), !Contains("home to hq") && Contains("eastus"));
}

TEST_CASE("several egresses at one edge share a line with the range of delays", "[draw]") {
  Topology net = contoso();
  net.azure.edges = {"westeurope"};
  net.sites[2].second.location = {52.3667 + 18, 4.9};  // 15.01 ms, see graph_test
  const NetworkGraph graph(net, everybody);
  CHECK_THAT(drawDot(graph), Contains("2 ms to 15.01 ms"));
}

TEST_CASE("users' names cannot break a drawing", "[draw]") {
  Topology net = contoso();
  net.sites[0].first = "<b>\"h&q\"";
  net.sites[1].second.wan->to = net.sites[0].first;
  const NetworkGraph graph(net, std::vector{who("al\"ice\n<script>#1", net.sites[0].first)});
  DrawOptions options;
  options.title = "</TABLE>\"";
  const std::string dot = drawDot(graph, options);
  CHECK_THAT(dot, Contains("Site: &lt;b&gt;&quot;h&amp;q&quot;"));
  CHECK_THAT(dot, Contains("<B>al&quot;ice &lt;script&gt;#1</B>"));
  CHECK_THAT(dot, Contains("<B>&lt;/TABLE&gt;&quot;</B>"));
  CHECK_THAT(dot, !Contains("<script>"));
  const std::string mermaid = drawMermaid(graph, options);
  CHECK_THAT(mermaid, Contains("al#quot;ice<br/>#lt;script#gt;#35;1<br/>"));
  CHECK_THAT(mermaid, Contains("title: \"</TABLE>\\\"\""));
}

TEST_CASE("a topology without calls is drawn by its sites", "[draw]") {
  const NetworkGraph graph(contoso(), std::vector<Participant>{});
  const std::string dot = drawDot(graph);
  CHECK_THAT(dot, Contains("<B>westeurope</B>"));
  CHECK(count(dot, "subgraph cluster") == 4);
  // 2 LAN, 2 uplinks, 1 WAN, Internet to edge, edge to region.
  CHECK(count(dot, " -> ") == 7);
  const std::string mermaid = drawMermaid(graph);
  CHECK(count(mermaid, " ---") == 7);
  CHECK_THAT(mermaid, Catch::StartsWith("flowchart LR\n"));
}

TEST_CASE("a topology without Azure is drawn too", "[draw]") {
  Topology net = contoso();
  net.azure.regions.clear();
  net.sites.resize(2);
  const std::string dot = drawDot(NetworkGraph(net, std::vector<Participant>{}));
  CHECK_THAT(dot, !Contains("Azure"));
  CHECK(count(dot, "subgraph cluster") == 2);
}
