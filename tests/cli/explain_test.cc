// What `callflow explain` is asked beside the calls' paths: whether a packet gets through, what
// makes two cases differ, what would mend a call.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/explain_support.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;
using Json = nlohmann::json;

const std::string small = CALLFLOW_SOURCE_DIR "/tests/cli/input/small.yaml";

fs::path scratch() {
  return emptyDirectory(CALLFLOW_TEST_DIR, "explain");
}
Output run(const std::vector<std::string>& arguments) {
  return runCallflow(arguments, scratch());
}
Json jsonOf(std::vector<std::string> arguments) {
  return jsonIn(scratch(), std::move(arguments));
}

// The first fix of a file's only call, in its only variant.
Json fixesOf(const std::string& yaml) {
  return jsonOf({"explain", yaml, "--fix"})["variants"][0]["calls"][0];
}
std::string pathIn(const std::string& yaml) {
  const Json call = jsonOf({"explain", yaml})["variants"][0]["calls"][0];
  return call["paths"].empty() ? "no path" : call["paths"][0]["path"].get<std::string>();
}

// Somebody at home, and an office behind a firewall with these rules.
std::string office(const std::string& rules, const std::string& change = "") {
  return "scenario: office\n"
         "topology:\n"
         "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [wall]}}\n"
         "  remote: {home: {nat: router}}\n"
         "  devices:\n"
         "    wall: {kind: firewall, nat: {}, rules: [" +
         rules +
         "]}\n"
         "    router: {kind: nat}\n"
         "  azure: {regions: [westeurope]}\n" +
         (change.empty() ? "" : "change:\n" + change) +
         "calls: [{name: talk, participants: [alice@hq, bob@home], duration: 5 s}]\n";
}
// A `change:` block of a fix.
std::string changeOf(const Json& change, const std::string& without = "") {
  std::string text;
  for (const auto& [key, value] : change.items())
    if (key != without) text += "  " + key + ": " + value.get<std::string>() + "\n";
  return text;
}

TEST_CASE("explain traces a packet and its answer") {
  const Json json =
      jsonOf({"explain", small, "--from", "alice@office", "--to", "relay", "--udp", "3478"});
  CHECK(json["question"]["protocol"] == "udp");
  REQUIRE(json["variants"].size() == 2);
  const Json& open = json["variants"][0];
  CHECK(open["variant"] == "udp-open");
  CHECK(open["works"] == true);
  CHECK(open["there"]["disposition"] == "delivered");
  CHECK(open["back"]["disposition"] == "delivered");
  const Json& shut = json["variants"][1];
  CHECK(shut["works"] == false);
  CHECK(shut["there"]["disposition"] == "denied-by-rule");
  CHECK(shut["there"]["at"]["name"] == "firewall");
  // {deny: any} of the variant's own list.
  CHECK(shut["there"]["at"]["rule"]["line"] == 29);
  CHECK_FALSE(shut.contains("back"));
  const Output text = run({"explain", small, "--from", "office", "--to", "home", "--tcp", "443",
                           "--variant", "tcp-only"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("TCP 443 from host@office to host@home: dropped for want of a "
                                "mapping at router"));
  CHECK_THAT(text.out, Contains("allowed by rule 1 (small.yaml:29)"));
}

TEST_CASE("explain traces through a topology, which has no calls") {
  const Output text = run({"explain", CALLFLOW_SOURCE_DIR "/scenarios/topologies/contoso.yaml",
                           "--from", "branch", "--to", "relay", "--tcp", "443"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("TCP 443 from host@branch to azure:westeurope/relay: delivered, "
                                "and so is the answer"));
}

TEST_CASE("explain says what a question lacks") {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--from", "office"}, "--from needs --to"},
      {{"--from", "office", "--to", "relay"}, "write --udp PORT or --tcp PORT"},
      {{"--from", "office", "--to", "relay", "--udp", "1", "--tcp", "1"}, "only one of --udp"},
      {{"--from", "ofice", "--to", "relay", "--udp", "1"}, "did you mean \"office\"?"},
      {{"--from", "office", "--to", "192.0.2.1", "--udp", "1"}, "nobody has the address"},
      {{"--from", "office", "--to", "relay", "--udp", "0"}, "from 1 to 65535"},
      {{"--against", "tcp-only"}, "--against needs --variant"},
      {{"--variant", "udp-open", "--against", "tcp"}, "has no variant \"tcp\""},
      {{"--fix", "--call", "chta"}, "did you mean \"chat\"?"}};
  for (const auto& [arguments, said] : wrong) {
    std::vector<std::string> all{"explain", small};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Output output = run(all);
    INFO(output.err);
    CHECK(output.code == 2);
    CHECK_THAT(output.err, Contains(said));
  }
}

TEST_CASE("explain says which paths differ, and by which line") {
  const Json json = jsonOf({"explain", small, "--variant", "udp-open", "--against", "tcp-only"});
  const Json& compared = json["comparisons"][0];
  CHECK(compared["same"] == false);
  REQUIRE(compared["differences"].size() == 1);
  const Json& pair = compared["differences"][0];
  CHECK(pair["call"] == "chat");
  CHECK(pair["who"] == "alice@office and bob@home");
  CHECK(pair["a"]["path"] == "relay-udp");
  CHECK(pair["b"]["path"] == "relay-tcp");
  CHECK(pair["rule"]["refused_in"] == "b");
  CHECK(pair["rule"]["line"] == 29);
  CHECK(pair["key"]["path"].get<std::string>().starts_with("topology.devices.firewall.rules"));
  // The other way round it is refused in A.
  const Json back = jsonOf({"explain", small, "--variant", "tcp-only", "--against", "udp-open"});
  CHECK(back["comparisons"][0]["differences"][0]["rule"]["refused_in"] == "a");
}

TEST_CASE("explain of two that are alike says so") {
  const Output same = run({"explain", small, "--variant", "udp-open", "--against", "udp-open"});
  CHECK(same.code == 0);
  CHECK_THAT(same.out, Contains("the same paths\n"));
  // A longer line has no part in it.
  const std::string a = file("alike-a", office("{allow: any}"));
  const std::string b = file("alike-b", office("{allow: any}", "  sites.hq.uplink.delay: 9 ms\n"));
  CHECK_THAT(run({"explain", a, b}).out, Contains("the same paths\n"));
}

TEST_CASE("explain compares two files, where no rule refuses by the key that differs") {
  const std::string a = file("two-a", office("{allow: any}"));
  const std::string b = file("two-b", office("{allow: any}", "  calls.talk.paths: [relay-tcp]\n"));
  const Json compared = jsonOf({"explain", a, b})["comparisons"][0];
  REQUIRE(compared["differences"].size() == 1);
  const Json& pair = compared["differences"][0];
  CHECK(pair["a"]["path"] == "direct");
  CHECK(pair["b"]["path"] == "relay-tcp");
  CHECK_FALSE(pair.contains("rule"));
  CHECK(pair["key"]["path"].get<std::string>().starts_with("calls[talk].paths"));
}

TEST_CASE("explain compares two networks by calls between their sites") {
  const std::string first =
      "sites: {a: {subnets: [10.1.0.0/16]}, b: {subnets: [10.2.0.0/16], perimeter: [wall]}}\n"
      "azure: {regions: [westeurope]}\n";
  const std::string a =
      file("net-a", first + "devices: {wall: {kind: firewall, nat: {}, rules: [{allow: any}]}}\n");
  const std::string b =
      file("net-b", first +
                        "devices: {wall: {kind: firewall, nat: {}, rules: [{allow: udp, to: "
                        "azure}, {deny: any}]}}\n");
  const Json pair = jsonOf({"explain", a, b})["comparisons"][0]["differences"][0];
  CHECK(pair["call"] == "a to b");
  CHECK(pair["a"]["path"] == "direct");
  CHECK(pair["b"]["path"] == "relay-udp");
  CHECK(pair["rule"]["refused_in"] == "b");
  CHECK(pair["rule"]["line"] == 3);
}

TEST_CASE("a port that is opened mends a call") {
  const std::string yaml = file("port", office("{allow: tcp, ports: 443}, {deny: any}"));
  CHECK(pathIn(yaml) == "relay-tcp");
  const Json call = fixesOf(yaml);
  CHECK(call["path"] == "relay-tcp");
  REQUIRE(!call["fixes"].empty());
  const Json& fix = call["fixes"][0];
  CHECK(fix["path"] == "relay-udp");
  CHECK(fix["change"] ==
        Json({{"devices.wall.rules",
               "[{allow: tcp, ports: 443}, {allow: udp, to: azure, ports: 3478-3481}, {deny: "
               "any}]"}}));
  CHECK(fix["after"]["mos_short_run"] > 3);
}

TEST_CASE("every proposal does what it says, and none of its lines is to spare") {
  std::size_t tried = 0, several = 0;
  for (const char* rules : {"{allow: tcp, ports: 443}, {deny: any}", "{deny: any}",
                            "{allow: udp, to: azure, ports: 3478-3481}, {deny: any}"}) {
    const std::string yaml = office(rules);
    const Json call = fixesOf(file("proposals", yaml));
    for (const Json& fix : call["fixes"]) {
      ++tried;
      CHECK(pathIn(file("changed", office(rules, changeOf(fix["change"])))) == fix["path"]);
      if (fix["change"].size() < 2) continue;
      ++several;
      for (const auto& [key, value] : fix["change"].items())
        CHECK(pathIn(file("fewer", office(rules, changeOf(fix["change"], key)))) != fix["path"]);
    }
  }
  CHECK(tried >= 6);
  CHECK(several >= 1);
}

TEST_CASE("a tunnel that is split mends a call") {
  // All goes through the VPN to an office that lets no UDP out.
  const std::string yaml =
      file("split",
           "scenario: split\n"
           "topology:\n"
           "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [wall, gateway]}}\n"
           "  remote: {home: {nat: router, vpn: gateway}, other: {nat: far}}\n"
           "  devices:\n"
           "    wall: {kind: firewall, nat: {}, rules: [{allow: tcp, ports: 443}, {deny: any}]}\n"
           "    gateway: {kind: vpn}\n"
           "    router: {kind: nat}\n"
           "    far: {kind: nat}\n"
           "  azure: {regions: [westeurope]}\n"
           "calls: [{name: talk, participants: [ann@home, ben@other], duration: 5 s}]\n");
  CHECK(pathIn(yaml) == "relay-tcp");
  const Json call = fixesOf(yaml);
  bool found = false;
  for (const Json& fix : call["fixes"])
    found = found || (fix["path"] == "relay-udp" &&
                      fix["change"] == Json({{"devices.gateway.except", "[azure]"}}));
  CHECK(found);
}

TEST_CASE("a call that is direct needs nothing") {
  const std::string yaml = file("direct", office("{allow: any}"));
  CHECK_THAT(run({"explain", yaml, "--fix"}).out, Contains("call talk: direct, nothing to mend\n"));
  CHECK(fixesOf(yaml)["fixes"].empty());
}

TEST_CASE("a call that nothing mends says so, and what was tried") {
  // One of them uses relays only, and there is none.
  const std::string yaml =
      file("island",
           "scenario: island\n"
           "topology: {sites: {hq: {}, lab: {}}, azure: {regions: "
           "[westeurope], relays-off: [westeurope]}}\n"
           "calls: [{name: talk, participants: [alice@hq, bob@lab], relay-only: "
           "[alice], duration: 5 s}]\n");
  const Output text = run({"explain", yaml, "--fix"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("call talk: no path\n"));
  CHECK_THAT(text.out, Contains("no change of rules, NATs, proxies, tunnels or routes was found"));
  CHECK_THAT(text.out,
             Contains("tried: nothing, as no box, proxy, tunnel or route stands in the way"));
  const std::string only = file("only", office("{allow: tcp, to: acs-signaling}, {deny: any}",
                                               "  calls.talk.paths: [relay-proxy]\n"));
  CHECK_THAT(run({"explain", only, "--fix"}).out,
             Contains("the call may use no other path than relay-proxy"));
}

TEST_CASE("explain says of signaling over HTTPS how a call ends, and with -v its steps") {
  const std::string yaml = CALLFLOW_SOURCE_DIR "/scenarios/signaling.yaml";
  const Output shut = run({"explain", yaml, "--variant", "443-shut"});
  CHECK(shut.code == 0);
  CHECK_THAT(shut.out, Contains("the call ends with 490/4502 after 85000 ms: ann@home has no"));
  CHECK_THAT(shut.out, Contains("home-router refuses tcp"));
  const Output near = run({"explain", yaml, "--variant", "near"});
  CHECK_THAT(near.out, !Contains("the call ends"));
  CHECK_THAT(near.out, !Contains("callee notified"));
  const Output steps = run({"explain", yaml, "--variant", "near", "-v"});
  CHECK_THAT(steps.out, Contains("ann@home signals to azure:spaincentral/signaling, connected"));
  CHECK_THAT(steps.out, Contains("invite at the service") && Contains("callee notified"));
}

}  // namespace
}  // namespace callflow::test
