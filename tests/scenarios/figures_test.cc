// The figures and use cases of the call-flow documents: which way the media of each takes. All that
// stands in the table was worked out from the documents ("Detailed call flows" and "Call flows in
// Azure Communication Services", Teams' call flows for 5B, SBCs and ExpressRoute) and from where
// the people of figure-1.yaml are: of the regions there Amsterdam and Utrecht are nearest to
// westeurope, Dublin to northeurope, Paris to francecentral, Madrid to spaincentral.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "src/explain/plan.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

namespace fs = std::filesystem;
using topology::LinkKind;

// One pair of a call: its path's kind ("410/3112": none); each leg's transport, what it crosses and
// where it ends; and each leg's flow ("-": the documents have none).
struct Row {
  std::string_view variant, call, from, to, kind, legs, flows;
};

struct File {
  std::string_view name;  // below scenarios/
  std::vector<Row> rows;
};

constexpr std::string_view kRelayedHome =
    "udp internet azure:westeurope/relay, udp internet carol@home";
constexpr std::string_view kAmsterdam = "azure:westeurope/media-processor";
constexpr std::string_view kParis = "azure:francecentral/media-processor";
constexpr std::string_view kToAmsterdam = "udp internet azure:westeurope/media-processor";
constexpr std::string_view kToParis = "udp internet azure:francecentral/media-processor";

const std::vector<File>& table() {
  static const std::vector<File> files{
      {"figures/figure-2.yaml",
       {{"", "chat", "alice@hq", "bob@branch", "direct", "udp wan bob@branch", "5"}}},
      {"figures/figure-3.yaml",
       {{"", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"}}},
      {"figures/figure-4.yaml",
       {{"", "chat", "alice@hq", "carol@home", "direct", "udp internet carol@home", "2"}}},
      // Alice's firewall lets her reach a relay's 3478 and not the ports that it gives out, so that
      // it is hers.
      {"figures/figure-5.yaml",
       {{"", "chat", "erin@hotel", "alice@hq", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet alice@hq", "3, 4"}}},
      {"figures/figure-6.yaml",
       {{"", "chat", "erin@hotel", "alice@hq", "direct", "udp internet alice@hq", "2"}}},
      {"figures/figure-7.yaml",
       {{"", "chat", "erin@hotel", "carol@home", "direct", "udp internet carol@home", "6"}}},
      {"figures/figure-8.yaml",
       {{"", "order", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"", "order", "pat@pstn", kAmsterdam, "direct",
         "udp telephone azure:westeurope/trunk, udp azure azure:westeurope/media-processor",
         "-, -"}}},
      {"figures/figure-9.yaml",
       {{"", "meeting", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"", "meeting", "bob@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"", "meeting", "carol@home", kAmsterdam, "direct", kToAmsterdam, "3"},
        {"", "meeting", "dave@cafe", kAmsterdam, "direct", kToAmsterdam, "3"}}},
      {"use-cases/inside-company.yaml",
       {{"uc1", "one-office", "amy@hq", "abel@hq", "direct", "udp lan abel@hq", "5"},
        {"uc1", "two-offices", "alice@hq", "bob@branch", "direct", "udp wan bob@branch", "5"},
        {"uc1b", "one-office", "amy@hq", "abel@hq", "direct", "udp lan abel@hq", "5"},
        // Neither office's firewall lets clients reach a port that the other one's relay gives out.
        {"uc1b", "two-offices", "alice@hq", "bob@branch", "relay-udp",
         "udp internet azure:westeurope/relay, udp azure azure:northeurope/relay, "
         "udp internet bob@branch",
         "4, -, 4"}}},
      {"use-cases/office-to-home.yaml",
       {{"uc3", "chat", "alice@hq", "carol@home", "direct", "udp internet carol@home", "2"},
        {"uc2", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"},
        {"uc9-tcp", "chat", "alice@hq", "carol@home", "relay-tcp",
         "tcp internet azure:westeurope/relay, udp internet carol@home", "4, 3"},
        {"uc9-tls", "chat", "alice@hq", "carol@home", "relay-tcp",
         "tcp internet azure:westeurope/relay, udp internet carol@home", "4, 3"},
        {"uc10", "chat", "alice@hq", "carol@home", "relay-proxy",
         "tcp lan hq/proxy, tcp internet azure:westeurope/relay, udp internet carol@home",
         "4, 4, 3"},
        {"uc11", "chat", "alice@hq", "carol@home", "410/3112", "", ""}}},
      {"use-cases/two-homes.yaml",
       {{"uc7", "chat", "carol@home", "dave@cafe", "direct", "udp internet dave@cafe", "6"},
        {"uc8-one-symmetric", "chat", "carol@home", "dave@cafe", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet dave@cafe", "3, 3"},
        {"uc8-both-symmetric", "chat", "carol@home", "dave@cafe", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet dave@cafe", "3, 3"},
        // Who has no UDP is on a relay of his own; the other one reaches that over UDP.
        {"uc9-cafe", "chat", "carol@home", "dave@cafe", "relay-tcp",
         "udp internet azure:francecentral/relay, tcp internet dave@cafe", "3, 3"}}},
      {"use-cases/vpn-user.yaml",
       {{"uc4", "chat", "erin@hotel", "alice@hq", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet alice@hq", "3, 4"},
        {"uc5", "chat", "erin@hotel", "alice@hq", "direct", "udp internet alice@hq", "2"},
        {"uc6", "chat", "erin@hotel", "carol@home", "direct", "udp internet carol@home", "6"}}},
      // Out of the tunnel it leaves by the office's line, whose nearest relay is not the hotel's.
      {"use-cases/full-tunnel.yaml",
       {{"uc22-full-tunnel", "chat", "erin@hotel", "dave@cafe", "relay-udp",
         "udp tunnel internet azure:westeurope/relay, udp internet dave@cafe", "2' + 4, 3"},
        {"split-tunnel", "chat", "erin@hotel", "dave@cafe", "direct", "udp internet dave@cafe",
         "6"}}},
      {"use-cases/vpn-peers.yaml",
       {{"uc23-through-gateway", "chat", "erin@hotel", "carol@home", "direct",
         "udp tunnel tunnel carol@home", "2' + 2'"},
        {"kept-apart", "chat", "erin@hotel", "carol@home", "relay-udp",
         "udp internet azure:spaincentral/relay, udp internet carol@home", "3, 3"}}},
      {"use-cases/inspected-media.yaml",
       {{"left-alone", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"},
        {"uc24-inspected", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"},
        {"uc24-shaped", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"}}},
      {"use-cases/hub-and-spoke.yaml",
       {{"uc25-backhaul", "order", "bob@branch", "tom@customer", "relay-udp",
         "udp wan internet azure:westeurope/relay, udp internet tom@customer", "4, 3"},
        {"local-egress", "order", "bob@branch", "tom@customer", "relay-udp",
         "udp internet azure:northeurope/relay, udp internet tom@customer", "4, 3"}}},
      {"use-cases/group-cases.yaml",
       {{"uc12", "meeting", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc12", "meeting", "bob@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc12", "meeting", "dave@cafe", kAmsterdam, "direct", kToAmsterdam, "3"},
        {"uc12-dave-first", "meeting", "alice@hq", kParis, "direct", kToParis, "4"},
        {"uc12-dave-first", "meeting", "bob@branch", kParis, "direct", kToParis, "4"},
        {"uc12-dave-first", "meeting", "dave@cafe", kParis, "direct", kToParis, "3"},
        {"uc13", "meeting", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc13", "meeting", "bob@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc13", "meeting", "dave@cafe", kAmsterdam, "relay-tcp",
         "tcp internet azure:francecentral/relay, udp azure azure:westeurope/media-processor",
         "3, -"}}},
      {"use-cases/teams-meeting.yaml",
       {{"", "meeting", "organizer@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"", "meeting", "colleague@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"", "meeting", "guest@home", kAmsterdam, "direct", kToAmsterdam, "3"}}},
      {"use-cases/media-processor-by-need.yaml",
       {{"uc15", "pair", "alice@hq", "bob@branch", "direct", "udp wan bob@branch", "5"},
        {"uc15-as-group", "pair", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc15-as-group", "pair", "bob@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc14", "pair", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc14", "pair", "bob@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc16", "pair", "alice@hq", "bob@branch", "direct", "udp wan bob@branch", "5"},
        {"uc16", "promoted", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc16", "promoted", "bob@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc16", "promoted", "carol@home", kAmsterdam, "direct", kToAmsterdam, "3"}}},
      // By the trunk the media processor is near the caller, by an SBC near the SBC.
      {"use-cases/pstn.yaml",
       {{"uc17", "office", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc17", "office", "pat@pstn", kAmsterdam, "direct",
         "udp telephone azure:westeurope/trunk, udp azure azure:westeurope/media-processor",
         "-, -"},
        {"uc17", "cafe", "dave@cafe", kParis, "direct", kToParis, "3"},
        {"uc17", "cafe", "pia@pstn", kParis, "direct",
         "udp telephone azure:francecentral/trunk, udp azure azure:francecentral/media-processor",
         "-, -"},
        {"uc18", "office", "alice@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc18", "office", "pat@our-sbc", kAmsterdam, "direct",
         "udp telephone our-sbc, udp internet azure:westeurope/media-processor", "-, 4'"},
        {"uc18", "cafe", "dave@cafe", kAmsterdam, "direct", kToAmsterdam, "3"},
        {"uc18", "cafe", "pia@our-sbc", kAmsterdam, "direct",
         "udp telephone our-sbc, udp internet azure:westeurope/media-processor", "-, 4'"},
        {"uc19-relayed", "office", "alice@hq", "pat@our-sbc", "direct",
         "udp wan our-sbc, udp telephone pat@our-sbc", "5B, -"},
        {"uc19-relayed", "cafe", "dave@cafe", "pia@our-sbc", "relay-udp",
         "udp internet azure:francecentral/relay, udp internet our-sbc, "
         "udp telephone pia@our-sbc",
         "3, 4, -"},
        {"uc19-direct", "office", "alice@hq", "pat@our-sbc", "direct",
         "udp wan our-sbc, udp telephone pat@our-sbc", "5B, -"},
        {"uc19-direct", "cafe", "dave@cafe", "pia@our-sbc", "direct",
         "udp internet our-sbc, udp telephone pia@our-sbc", "2, -"}}},
      {"use-cases/expressroute.yaml",
       {{"internet", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"},
        {"internet", "meeting", "anna@hq", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"internet", "meeting", "ben@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"internet", "meeting", "clara@home", kAmsterdam, "direct", kToAmsterdam, "3"},
        {"uc21", "chat", "alice@hq", "carol@home", "relay-udp",
         "udp peering azure:westeurope/relay, udp internet carol@home", "1, 3"},
        {"uc21", "meeting", "anna@hq", kAmsterdam, "direct",
         "udp peering azure:westeurope/media-processor", "1"},
        {"uc21", "meeting", "ben@branch", kAmsterdam, "direct", kToAmsterdam, "4"},
        {"uc21", "meeting", "clara@home", kAmsterdam, "direct", kToAmsterdam, "3"}}},
      {"use-cases/custom-turn.yaml",
       // The documents have no number for a relay of one's own; 5A is that of a media relay on
       // premises.
       {{"azures-relays", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome, "4, 3"},
        {"uc26", "chat", "alice@hq", "carol@home", "relay-udp",
         "udp wan our-relay, udp internet carol@home", "5A, 2"}}},
  };
  return files;
}

// "tunnel internet": the lines of a leg that say which way it goes.
std::string crossed(const topology::NetworkGraph& graph, const explain::Leg& leg) {
  std::string text;
  bool azure = false;
  for (const topology::DirectedLinkId id : leg.links) {
    const LinkKind kind = graph.link(id).kind;
    azure = azure || kind == LinkKind::backbone || kind == LinkKind::inside;
    const char* const word = kind == LinkKind::tunnel     ? "tunnel "
                             : kind == LinkKind::wan      ? "wan "
                             : kind == LinkKind::peering  ? "peering "
                             : kind == LinkKind::internet ? "internet "
                             : kind == LinkKind::pstn     ? "telephone "
                                                          : "";
    text += word;
  }
  if (text.empty()) return azure ? "azure " : "lan ";
  return text;
}

std::string legsOf(const topology::NetworkGraph& graph, const explain::MediaPath& path) {
  std::string text;
  for (const explain::Leg& leg : path.legs) {
    if (!text.empty()) text += ", ";
    text += std::string(explain::name(leg.transport)) + " " + crossed(graph, leg) +
            graph.element(leg.to).name;
  }
  return text;
}

std::string flowsOf(const explain::MediaPath& path) {
  std::string text;
  for (const explain::Leg& leg : path.legs)
    text += (text.empty() ? "" : ", ") + (leg.flows.empty() ? "-" : explain::toText(leg.flows));
  return text;
}

// Of a call: from, to, kind, legs and flows of each pair.
using Pair = std::tuple<std::string, std::string, std::string, std::string, std::string>;

std::set<Pair> pairsOf(const topology::NetworkGraph& graph, const explain::CallPlan& plan) {
  std::set<Pair> pairs;
  for (std::size_t i = 0; i < plan.paths.size(); i += 2) {  // each way there has its way back
    const explain::MediaPath& there = plan.paths[i];
    REQUIRE(plan.path(there.to, there.from) != nullptr);
    CHECK(plan.path(there.to, there.from)->kind == there.kind);
    pairs.emplace(graph.element(there.from).name, graph.element(there.to).name,
                  std::string(explain::name(there.kind)), legsOf(graph, there), flowsOf(there));
  }
  for (const explain::PlanFailure& failure : plan.failures) {
    const std::size_t both = failure.who.find(" and ");
    REQUIRE(both != std::string::npos);
    pairs.emplace(failure.who.substr(0, both), failure.who.substr(both + 5),
                  std::to_string(failure.code) + "/" + std::to_string(failure.subcode), "", "");
  }
  return pairs;
}

std::string textOf(const std::set<Pair>& pairs) {
  std::string text;
  for (const auto& [from, to, kind, legs, flows] : pairs)
    text += from + " to " + to + ": " + kind + ": " + legs + ": flows " + flows + "\n";
  return text;
}

std::string where(std::string_view variant, std::string_view call) {
  return std::string(variant.empty() ? "" : "variant " + std::string(variant) + ", ") + "call " +
         std::string(call);
}

}  // namespace

TEST_CASE("media of the documents' figures and use cases goes as the documents say") {
  for (const File& file : table()) {
    DYNAMIC_SECTION(file.name) {
      std::map<std::string, std::set<Pair>> expected;
      for (const Row& row : file.rows)
        expected[where(row.variant, row.call)].emplace(row.from, row.to, row.kind, row.legs,
                                                       row.flows);
      const topology::Scenario scenario = testing::loadedScenario(
          (fs::path(CALLFLOW_SOURCE_DIR) / "scenarios" / file.name).string());
      std::map<std::string, std::set<Pair>> found;
      for (const topology::Case& one : scenario.cases) {
        const topology::NetworkGraph graph(one.topology, one.calls);
        const std::string variant = scenario.cases.size() > 1 ? one.variant : "";
        for (const explain::CallPlan& plan : explain::planCalls(graph, one.topology, one.calls))
          found[where(variant, plan.call)] = pairsOf(graph, plan);
      }
      for (const auto& [name, pairs] : expected) {
        INFO(name);
        CHECK(textOf(found[name]) == textOf(pairs));
      }
      CHECK(found.size() == expected.size());  // no variant and no call without a row
    }
  }
}

namespace {

// A participant's signaling, of each figure: the region nearest to it, and the flow there.
struct SignalingRow {
  std::string_view figure, participant, region, flows;
};

std::string signalingIn(std::string_view figure) {
  const topology::Scenario scenario = testing::loadedScenario(
      std::string(CALLFLOW_SOURCE_DIR "/scenarios/figures/") + std::string(figure) + ".yaml");
  const topology::Case& one = scenario.cases.front();
  const topology::NetworkGraph graph(one.topology, one.calls);
  const explain::CallPlan plan = explain::planCall(graph, one.topology, one.calls.front());
  std::string text;
  for (const explain::Signaling& each : plan.signaling)
    text += graph.element(each.participant).name + " to " + graph.element(each.region).site +
            ": flow " + explain::toText(each.flows) + "\n";
  return text;
}

std::string textOf(const std::vector<SignalingRow>& rows, std::string_view figure) {
  std::string text;
  for (const SignalingRow& row : rows)
    if (row.figure == figure)
      text += std::string(row.participant) + " to " + std::string(row.region) + ": flow " +
              std::string(row.flows) + "\n";
  return text;
}

}  // namespace

TEST_CASE("signaling of the documents' figures goes as the documents say") {
  const std::vector<SignalingRow> rows{
      {"figure-2", "alice@hq", "westeurope", "4"},
      {"figure-2", "bob@branch", "northeurope", "4"},
      {"figure-3", "alice@hq", "westeurope", "4"},
      {"figure-3", "carol@home", "westeurope", "3"},
      {"figure-4", "alice@hq", "westeurope", "4"},
      {"figure-4", "carol@home", "westeurope", "3"},
      {"figure-8", "alice@hq", "westeurope", "4"},
      {"figure-9", "alice@hq", "westeurope", "4"},
      {"figure-9", "bob@branch", "northeurope", "4"},
      {"figure-9", "carol@home", "westeurope", "3"},
      {"figure-9", "dave@cafe", "francecentral", "3"},
  };
  for (const char* const figure : {"figure-2", "figure-3", "figure-4", "figure-8", "figure-9"})
    CHECK(signalingIn(figure) == textOf(rows, figure));
}

// The server is the one nearest to the gateway, as it is from there that it is reached.
TEST_CASE("signaling of who is on a VPN goes through the tunnel, and on from its gateway") {
  const std::vector<SignalingRow> rows{
      {"figure-5", "erin@hotel", "westeurope", "2' + 4"},
      {"figure-5", "alice@hq", "westeurope", "4"},
      {"figure-6", "erin@hotel", "westeurope", "2' + 4"},
      {"figure-6", "alice@hq", "westeurope", "4"},
      {"figure-7", "erin@hotel", "westeurope", "2' + 4"},
      {"figure-7", "carol@home", "westeurope", "3"},
  };
  for (const char* const figure : {"figure-5", "figure-6", "figure-7"})
    CHECK(signalingIn(figure) == textOf(rows, figure));
}

TEST_CASE("every figure and use case has its rows") {
  std::set<std::string> known, there;
  for (const File& file : table()) known.emplace(file.name);
  for (const char* const folder : {"figures", "use-cases"}) {
    for (const auto& entry :
         fs::directory_iterator(fs::path(CALLFLOW_SOURCE_DIR) / "scenarios" / folder)) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() == ".yaml" && name != "figure-1.yaml")
        there.insert(std::string(folder) + "/" + name);
    }
  }
  CHECK(known == there);
}

}  // namespace callflow
