// What stands against a call or other traffic, named, with what would mend it: signaling, proxies,
// tunnels that fall back.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/explain_support.h"

namespace callflow::test {
namespace {

using Catch::Contains;
using Json = nlohmann::json;

Output run(const std::vector<std::string>& arguments) {
  return runCallflow(arguments, emptyDirectory(CALLFLOW_TEST_DIR, "causes"));
}
Json jsonOf(std::vector<std::string> arguments) {
  return jsonIn(emptyDirectory(CALLFLOW_TEST_DIR, "causes"), std::move(arguments));
}
// Of a file's only call, in its only variant.
Json fixesOf(const std::string& yaml) {
  return jsonOf({"explain", yaml, "--fix"})["variants"][0]["calls"][0];
}
Json explained(const std::string& yaml) {
  return jsonOf({"explain", yaml})["variants"][0]["calls"][0];
}
std::vector<Json> ofOneChange(const Json& fixes) {
  std::vector<Json> found;
  for (const Json& fix : fixes["fixes"])
    if (fix["changes"].size() == 1) found.push_back(fix);
  return found;
}

// Somebody at home, and an office behind a firewall with these rules.
std::string office(const std::string& rules, const std::string& site = "", bool group = false) {
  return "scenario: office\n"
         "topology:\n"
         "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [wall]" +
         site +
         "}}\n"
         "  remote: {home: {nat: router}}\n"
         "  devices:\n"
         "    wall: {kind: firewall, nat: {}, rules: [" +
         rules +
         "]}\n"
         "    router: {kind: nat}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls: [{name: talk, participants: [alice@hq, bob@home], duration: 5 s" +
         (group ? ", kind: group" : "") + "}]\n";
}

constexpr const char* kMedia =
    "{allow: udp, to: azure, ports: 3478-3481}, {allow: tcp, to: azure, ports: 443}";

TEST_CASE("explain says who refuses signaling, without which there is no call") {
  const std::string yaml = file("unheard", office(std::string(kMedia) + ", {deny: any}"));
  const Json signaling = explained(yaml)["signaling"];
  REQUIRE(signaling.size() == 2);
  CHECK(signaling[0]["participant"] == "alice@hq");
  CHECK_THAT(signaling[0]["refused"].get<std::string>(),
             Contains("wall refuses tcp 10.1.0.2:50000 to ") && Contains(":443: denied by rule 3"));
  CHECK(signaling[1]["refused"].is_null());
  CHECK_THAT(run({"explain", yaml}).out, Contains("no call can be set up"));
  // Where it gets out there is no word of it.
  const std::string open =
      office(std::string(kMedia) + ", {allow: tcp, to: acs-signaling, ports: 443}, {deny: any}");
  CHECK(explained(file("heard", open))["signaling"][0]["refused"].is_null());
}

TEST_CASE("signaling that is refused is mended by a rule for it") {
  const std::string yaml = file("unheard", office(std::string(kMedia) + ", {deny: any}"));
  const Json call = fixesOf(yaml);
  REQUIRE(call["signaling_refused"].size() == 1);
  REQUIRE(ofOneChange(call).size() == 1);
  const Json fix = ofOneChange(call)[0];
  CHECK(fix["path"] == "relay-udp");
  CHECK(fix["change"] ==
        Json({{"devices.wall.rules", "[" + std::string(kMedia) +
                                         ", {allow: tcp, to: acs-signaling, ports: 443}, {deny: "
                                         "any}]"}}));
  CHECK_THAT(run({"explain", yaml, "--fix"}).out, Contains("no signaling -> relay-udp: 1 change"));
}

TEST_CASE("signaling that a tunnel swallows goes around it or is let out at its end") {
  const std::string yaml =
      file("swallowed",
           "scenario: swallowed\n"
           "topology:\n"
           "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [wall, gateway]}}\n"
           "  remote: {home: {nat: router, vpn: gateway}, other: {nat: far}}\n"
           "  devices:\n"
           "    wall: {kind: firewall, nat: {}, rules: [{allow: udp}, {deny: any}]}\n"
           "    gateway: {kind: vpn, except: [azure]}\n"
           "    router: {kind: nat}\n"
           "    far: {kind: nat}\n"
           "  azure: {regions: [westeurope]}\n"
           "calls: [{name: talk, participants: [ann@home, ben@other], duration: 5 s}]\n");
  std::vector<Json> changes;
  for (const Json& fix : ofOneChange(fixesOf(yaml))) changes.push_back(fix["change"]);
  const auto has = [&](const Json& change) {
    return std::find(changes.begin(), changes.end(), change) != changes.end();
  };
  CHECK(has({{"devices.gateway.except", "[azure, acs-signaling]"}}));
  CHECK(has({{"devices.wall.rules",
              "[{allow: udp}, {allow: tcp, to: acs-signaling, ports: 443}, {deny: any}]"}}));
}

// The media processor listens at 3478, a relay as well, and one rule opens both.
TEST_CASE("a rule that opens the service's ports is proposed once") {
  const Json call =
      fixesOf(file("once", office("{allow: tcp, ports: 443}, {deny: any}", "", true)));
  CHECK(call["path"] == "relay-tcp");
  REQUIRE(ofOneChange(call).size() == 1);
  CHECK(ofOneChange(call)[0]["changes"][0] ==
        "{allow: udp, to: azure, ports: 3478-3481} at wall before rule 2");
}

TEST_CASE("a proxy that keeps a call from its relay is named, and what would mend it") {
  constexpr const char* kRules = "{allow: tcp, from: hq/proxy, ports: 443}, {deny: any}";
  struct Case {
    const char *proxy, *reason, *key, *value;
  };
  const Case cases[] = {{"{inspects-tls: true}", "hq/proxy opens TLS to inspect it",
                         "sites.hq.proxy.inspects-tls", "false"},
                        {"{ports: [8443]}", "hq/proxy opens no tunnel to port 443",
                         "sites.hq.proxy.ports", "[8443, 443]"}};
  for (const Case& each : cases) {
    INFO(each.proxy);
    const std::string yaml = file("proxied", office(kRules, std::string(", proxy: ") + each.proxy));
    const Json failures = explained(yaml)["failures"];
    REQUIRE(failures.size() == 1);
    CHECK_THAT(failures.dump(), Contains(each.reason));
    const Json agents = jsonOf({"explain", yaml, "-v"})["variants"][0]["calls"][0]["no_candidate"];
    REQUIRE(agents.size() == 1);
    CHECK_THAT(agents[0].get<std::string>(),
               Contains("alice@hq has no relay candidate through hq/proxy, which opens "));
    bool found = false;
    for (const Json& fix : ofOneChange(fixesOf(yaml)))
      found = found ||
              (fix["path"] == "relay-proxy" && fix["change"] == Json({{each.key, each.value}}));
    CHECK(found);
  }
}

TEST_CASE("a call whose agents are not simulated says why") {
  const std::string yaml = CALLFLOW_SOURCE_DIR "/scenarios/telephone.yaml";
  const Json bypassed = jsonOf({"explain", yaml, "-v", "--variant", "media-bypass"});
  std::size_t without = 0;
  for (const Json& call : bypassed["variants"][0]["calls"]) {
    if (call.contains("ice")) continue;
    ++without;
    CHECK_THAT(call["no_ice"].get<std::string>(), Contains("(media bypass)"));
  }
  CHECK(without >= 1);
  CHECK_THAT(run({"explain", yaml, "-v", "--variant", "media-bypass"}).out,
             Contains("has no ICE agent to show"));
}

// Whoever may send to the ports that relays give out, but ask no STUN server where it is seen, is
// let in by no relay: RFC 8656 9, permissions are for the addresses of candidates.
TEST_CASE("a proposal by which a call does not connect is none") {
  const std::string yaml =
      file("unseen",
           "scenario: unseen\n"
           "topology:\n"
           "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [wall]}}\n"
           "  remote: {room: {perimeter: [hotel]}}\n"
           "  devices:\n"
           "    wall: {kind: firewall, nat: {}, rules: [{allow: udp, to: azure, ports: 3478-3481}, "
           "{allow: tcp, ports: 443}, {deny: any}]}\n"
           "    hotel: {kind: firewall, nat: {}, rules: [{allow: tcp, to: acs-signaling}, {deny: "
           "any}]}\n"
           "  azure: {regions: [westeurope]}\n"
           "calls: [{name: talk, participants: [kim@room, lee@hq], duration: 5 s}]\n");
  const Json call = fixesOf(yaml);
  CHECK(!call["fixes"].empty());
  for (const Json& fix : call["fixes"]) {
    CHECK(fix["after"]["mos_short_run"].is_number());
    CHECK(fix["changes"].dump().find("49152-65535") == std::string::npos);
  }
}

TEST_CASE("what is wrong with one file is said once, though two of its variants are compared") {
  // A device that stands nowhere is a warning.
  std::string text = office("{allow: any}");
  text.insert(text.find("    router:"), "    spare: {kind: nat}\n");
  const std::string yaml =
      file("said", text + "variants: {one: {}, two: {change: {devices.router.ports: random}}}\n");
  const Output output = run({"explain", yaml, "--variant", "one", "--against", "two"});
  REQUIRE(output.code == 0);
  const std::size_t first = output.err.find("warning: ");
  REQUIRE(first != std::string::npos);
  CHECK(output.err.find("warning: ", first + 1) == std::string::npos);
}

// Line 14 has the rules that shut UDP, of which the second refuses.
std::string hotel() {
  return "scenario: hotel\n"                                                                   // 1
         "topology:\n"                                                                         // 2
         "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [edge, gateway]}}\n"               // 3
         "  remote: {room: {perimeter: [wall], vpn: gateway}}\n"                               // 4
         "  devices:\n"                                                                        // 5
         "    edge: {kind: nat}\n"                                                             // 6
         "    gateway: {kind: vpn, fallback: {}}\n"                                            // 7
         "    wall: {kind: firewall, nat: {}}\n"                                               // 8
         "  azure: {regions: [westeurope]}\n"                                                  // 9
         "runs: 1\n"                                                                           // 10
         "calls: [{name: talk, participants: [ann@room, ben@hq], duration: 5 s}]\n"            // 11
         "variants:\n"                                                                         // 12
         "  open: {}\n"                                                                        // 13
         "  shut: {change: {devices.wall.rules: [{allow: tcp, ports: 443}, {deny: any}]}}\n";  // 14
}

TEST_CASE("a tunnel that falls back to TCP is a difference, by the rule that makes it do so") {
  const std::string yaml = file("hotel", hotel());
  const std::vector<std::string> asked{"explain", yaml, "--variant", "open", "--against", "shut"};
  const Json pair = jsonOf(asked)["comparisons"][0]["differences"][0];
  CHECK(pair["a"]["path"] == "direct");
  CHECK(pair["b"]["path"] == "direct");
  REQUIRE(pair.contains("rule"));
  CHECK(pair["rule"]["refused_in"] == "b");
  CHECK(pair["rule"]["line"] == 14);
  const std::string text = run(asked).out;
  CHECK_THAT(text, Contains("ann@room and ben@hq: direct -> direct, in a VPN over TCP\n"));
  CHECK_THAT(text, Contains("by rule: "));
}

TEST_CASE("runs over a tunnel that falls back are told apart from those over one that does not") {
  const Output output = run({"run", file("hotel", hotel()), "--no-plots"});
  REQUIRE(output.code == 0);
  CHECK_THAT(output.out, Contains("direct (udp) -> direct (udp, in a VPN over TCP)"));
  CHECK_THAT(output.out, !Contains("paths: the same"));
}

TEST_CASE("other traffic of which nothing arrives is told with what refuses it") {
  const std::string yaml =
      office("{allow: tcp, ports: 443}, {allow: udp, to: azure}, {deny: any}") +
      "traffic:\n"
      "  - {name: backup, kind: transfer, port: 8080, from: hq, to: internet, start: 1 s}\n"
      "  - {name: update, kind: transfer, port: 443, from: hq, to: internet, start: 1 s}\n"
      "runs: 1\n";
  const std::string path = file("backup", yaml);
  const Output text = run({"run", path, "--no-plots"});
  REQUIRE(text.code == 0);
  CHECK_THAT(text.out, Contains("nothing of backup arrives, as wall refuses tcp 10.1."));
  CHECK_THAT(text.out, !Contains("nothing of update"));
  const Json result = jsonOf({"run", path, "--no-plots"})["results"][0];
  REQUIRE(result["not_carried"].size() == 1);
  CHECK(result["not_carried"][0]["traffic"] == "backup");
  CHECK_THAT(result["not_carried"][0]["reason"].get<std::string>(), Contains("denied by rule 3"));
}

}  // namespace
}  // namespace callflow::test
