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

// One pair of a call: its path's kind ("410/3112": none), and each leg's transport, what it crosses
// and where it ends.
struct Row {
  std::string_view variant, call, from, to, kind, legs;
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
       {{"", "chat", "alice@hq", "bob@branch", "direct", "udp wan bob@branch"}}},
      {"figures/figure-3.yaml",
       {{"", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome}}},
      {"figures/figure-4.yaml",
       {{"", "chat", "alice@hq", "carol@home", "direct", "udp internet carol@home"}}},
      // Alice's firewall lets her reach a relay's 3478 and not the ports that it gives out, so that
      // it is hers.
      {"figures/figure-5.yaml",
       {{"", "chat", "erin@hotel", "alice@hq", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet alice@hq"}}},
      {"figures/figure-6.yaml",
       {{"", "chat", "erin@hotel", "alice@hq", "direct", "udp internet alice@hq"}}},
      {"figures/figure-7.yaml",
       {{"", "chat", "erin@hotel", "carol@home", "direct", "udp internet carol@home"}}},
      {"figures/figure-8.yaml",
       {{"", "order", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"", "order", "pat@pstn", kAmsterdam, "direct",
         "udp telephone azure:westeurope/trunk, udp azure azure:westeurope/media-processor"}}},
      {"figures/figure-9.yaml",
       {{"", "meeting", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"", "meeting", "bob@branch", kAmsterdam, "direct", kToAmsterdam},
        {"", "meeting", "carol@home", kAmsterdam, "direct", kToAmsterdam},
        {"", "meeting", "dave@cafe", kAmsterdam, "direct", kToAmsterdam}}},
      {"use-cases/inside-company.yaml",
       {{"uc1", "one-office", "amy@hq", "abel@hq", "direct", "udp lan abel@hq"},
        {"uc1", "two-offices", "alice@hq", "bob@branch", "direct", "udp wan bob@branch"},
        {"uc1b", "one-office", "amy@hq", "abel@hq", "direct", "udp lan abel@hq"},
        // Neither office's firewall lets clients reach a port that the other one's relay gives out.
        {"uc1b", "two-offices", "alice@hq", "bob@branch", "relay-udp",
         "udp internet azure:westeurope/relay, udp azure azure:northeurope/relay, "
         "udp internet bob@branch"}}},
      {"use-cases/office-to-home.yaml",
       {{"uc3", "chat", "alice@hq", "carol@home", "direct", "udp internet carol@home"},
        {"uc2", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome},
        {"uc9-tcp", "chat", "alice@hq", "carol@home", "relay-tcp",
         "tcp internet azure:westeurope/relay, udp internet carol@home"},
        {"uc9-tls", "chat", "alice@hq", "carol@home", "relay-tcp",
         "tcp internet azure:westeurope/relay, udp internet carol@home"},
        {"uc10", "chat", "alice@hq", "carol@home", "relay-proxy",
         "tcp lan hq/proxy, tcp internet azure:westeurope/relay, udp internet carol@home"},
        {"uc11", "chat", "alice@hq", "carol@home", "410/3112", ""}}},
      {"use-cases/two-homes.yaml",
       {{"uc7", "chat", "carol@home", "dave@cafe", "direct", "udp internet dave@cafe"},
        {"uc8-one-symmetric", "chat", "carol@home", "dave@cafe", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet dave@cafe"},
        {"uc8-both-symmetric", "chat", "carol@home", "dave@cafe", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet dave@cafe"},
        // Who has no UDP is on a relay of his own; the other one reaches that over UDP.
        {"uc9-cafe", "chat", "carol@home", "dave@cafe", "relay-tcp",
         "udp internet azure:francecentral/relay, tcp internet dave@cafe"}}},
      {"use-cases/vpn-user.yaml",
       {{"uc4", "chat", "erin@hotel", "alice@hq", "relay-udp",
         "udp internet azure:westeurope/relay, udp internet alice@hq"},
        {"uc5", "chat", "erin@hotel", "alice@hq", "direct", "udp internet alice@hq"},
        {"uc6", "chat", "erin@hotel", "carol@home", "direct", "udp internet carol@home"}}},
      // Out of the tunnel it leaves by the office's line, whose nearest relay is not the hotel's.
      {"use-cases/full-tunnel.yaml",
       {{"uc22-full-tunnel", "chat", "erin@hotel", "dave@cafe", "relay-udp",
         "udp tunnel internet azure:westeurope/relay, udp internet dave@cafe"},
        {"split-tunnel", "chat", "erin@hotel", "dave@cafe", "direct", "udp internet dave@cafe"}}},
      {"use-cases/vpn-peers.yaml",
       {{"uc23-through-gateway", "chat", "erin@hotel", "carol@home", "direct",
         "udp tunnel tunnel carol@home"},
        {"kept-apart", "chat", "erin@hotel", "carol@home", "relay-udp",
         "udp internet azure:spaincentral/relay, udp internet carol@home"}}},
      {"use-cases/inspected-media.yaml",
       {{"left-alone", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome},
        {"uc24-inspected", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome},
        {"uc24-shaped", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome}}},
      {"use-cases/hub-and-spoke.yaml",
       {{"uc25-backhaul", "order", "bob@branch", "tom@customer", "relay-udp",
         "udp wan internet azure:westeurope/relay, udp internet tom@customer"},
        {"local-egress", "order", "bob@branch", "tom@customer", "relay-udp",
         "udp internet azure:northeurope/relay, udp internet tom@customer"}}},
      {"use-cases/group-cases.yaml",
       {{"uc12", "meeting", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc12", "meeting", "bob@branch", kAmsterdam, "direct", kToAmsterdam},
        {"uc12", "meeting", "dave@cafe", kAmsterdam, "direct", kToAmsterdam},
        {"uc12-dave-first", "meeting", "alice@hq", kParis, "direct", kToParis},
        {"uc12-dave-first", "meeting", "bob@branch", kParis, "direct", kToParis},
        {"uc12-dave-first", "meeting", "dave@cafe", kParis, "direct", kToParis},
        {"uc13", "meeting", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc13", "meeting", "bob@branch", kAmsterdam, "direct", kToAmsterdam},
        {"uc13", "meeting", "dave@cafe", kAmsterdam, "relay-tcp",
         "tcp internet azure:francecentral/relay, udp azure azure:westeurope/media-processor"}}},
      {"use-cases/teams-meeting.yaml",
       {{"", "meeting", "organizer@hq", kAmsterdam, "direct", kToAmsterdam},
        {"", "meeting", "colleague@branch", kAmsterdam, "direct", kToAmsterdam},
        {"", "meeting", "guest@home", kAmsterdam, "direct", kToAmsterdam}}},
      {"use-cases/media-processor-by-need.yaml",
       {{"uc15", "pair", "alice@hq", "bob@branch", "direct", "udp wan bob@branch"},
        {"uc15-as-group", "pair", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc15-as-group", "pair", "bob@branch", kAmsterdam, "direct", kToAmsterdam},
        {"uc14", "pair", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc14", "pair", "bob@branch", kAmsterdam, "direct", kToAmsterdam},
        {"uc16", "pair", "alice@hq", "bob@branch", "direct", "udp wan bob@branch"},
        {"uc16", "promoted", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc16", "promoted", "bob@branch", kAmsterdam, "direct", kToAmsterdam},
        {"uc16", "promoted", "carol@home", kAmsterdam, "direct", kToAmsterdam}}},
      // By the trunk the media processor is near the caller, by an SBC near the SBC.
      {"use-cases/pstn.yaml",
       {{"uc17", "office", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc17", "office", "pat@pstn", kAmsterdam, "direct",
         "udp telephone azure:westeurope/trunk, udp azure azure:westeurope/media-processor"},
        {"uc17", "cafe", "dave@cafe", kParis, "direct", kToParis},
        {"uc17", "cafe", "pia@pstn", kParis, "direct",
         "udp telephone azure:francecentral/trunk, udp azure azure:francecentral/media-processor"},
        {"uc18", "office", "alice@hq", kAmsterdam, "direct", kToAmsterdam},
        {"uc18", "office", "pat@our-sbc", kAmsterdam, "direct",
         "udp telephone our-sbc, udp internet azure:westeurope/media-processor"},
        {"uc18", "cafe", "dave@cafe", kAmsterdam, "direct", kToAmsterdam},
        {"uc18", "cafe", "pia@our-sbc", kAmsterdam, "direct",
         "udp telephone our-sbc, udp internet azure:westeurope/media-processor"},
        {"uc19-relayed", "office", "alice@hq", "pat@our-sbc", "direct",
         "udp wan our-sbc, udp telephone pat@our-sbc"},
        {"uc19-relayed", "cafe", "dave@cafe", "pia@our-sbc", "relay-udp",
         "udp internet azure:francecentral/relay, udp internet our-sbc, "
         "udp telephone pia@our-sbc"},
        {"uc19-direct", "office", "alice@hq", "pat@our-sbc", "direct",
         "udp wan our-sbc, udp telephone pat@our-sbc"},
        {"uc19-direct", "cafe", "dave@cafe", "pia@our-sbc", "direct",
         "udp internet our-sbc, udp telephone pia@our-sbc"}}},
      {"use-cases/expressroute.yaml",
       {{"internet", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome},
        {"internet", "meeting", "anna@hq", kAmsterdam, "direct", kToAmsterdam},
        {"internet", "meeting", "ben@branch", kAmsterdam, "direct", kToAmsterdam},
        {"internet", "meeting", "clara@home", kAmsterdam, "direct", kToAmsterdam},
        {"uc21", "chat", "alice@hq", "carol@home", "relay-udp",
         "udp peering azure:westeurope/relay, udp internet carol@home"},
        {"uc21", "meeting", "anna@hq", kAmsterdam, "direct",
         "udp peering azure:westeurope/media-processor"},
        {"uc21", "meeting", "ben@branch", kAmsterdam, "direct", kToAmsterdam},
        {"uc21", "meeting", "clara@home", kAmsterdam, "direct", kToAmsterdam}}},
      {"use-cases/custom-turn.yaml",
       {{"azures-relays", "chat", "alice@hq", "carol@home", "relay-udp", kRelayedHome},
        {"uc26", "chat", "alice@hq", "carol@home", "relay-udp",
         "udp wan our-relay, udp internet carol@home"}}},
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

// Of a call: from, to, kind and legs of each pair.
using Pair = std::tuple<std::string, std::string, std::string, std::string>;

std::set<Pair> pairsOf(const topology::NetworkGraph& graph, const explain::CallPlan& plan) {
  std::set<Pair> pairs;
  for (std::size_t i = 0; i < plan.paths.size(); i += 2) {  // each way there has its way back
    const explain::MediaPath& there = plan.paths[i];
    REQUIRE(plan.path(there.to, there.from) != nullptr);
    CHECK(plan.path(there.to, there.from)->kind == there.kind);
    pairs.emplace(graph.element(there.from).name, graph.element(there.to).name,
                  std::string(explain::name(there.kind)), legsOf(graph, there));
  }
  for (const explain::PlanFailure& failure : plan.failures) {
    const std::size_t both = failure.who.find(" and ");
    REQUIRE(both != std::string::npos);
    pairs.emplace(failure.who.substr(0, both), failure.who.substr(both + 5),
                  std::to_string(failure.code) + "/" + std::to_string(failure.subcode), "");
  }
  return pairs;
}

std::string textOf(const std::set<Pair>& pairs) {
  std::string text;
  for (const auto& [from, to, kind, legs] : pairs)
    text += from + " to " + to + ": " + kind + (legs.empty() ? "" : ": " + legs) + "\n";
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
        expected[where(row.variant, row.call)].emplace(row.from, row.to, row.kind, row.legs);
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
