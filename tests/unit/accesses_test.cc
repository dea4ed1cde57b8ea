// Participants with two accesses as they are written, and what is said of those that cannot be.
#include <catch2/catch.hpp>

#include <string>

#include "src/explain/plan.h"
#include "src/topology/text_forms.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

using config::Scalar;
using topology::Participant;

TEST_CASE("a participant's second access stands behind a plus") {
  const auto parsed = Scalar<Participant>::parse("alice@home+phone");
  REQUIRE(parsed.value);
  CHECK(parsed.value->name == "alice");
  CHECK(parsed.value->site == "home");
  CHECK(parsed.value->second == "phone");
  CHECK(parsed.value->isAt("home"));
  CHECK(parsed.value->isAt("phone"));
  CHECK_FALSE(parsed.value->isAt("hq"));
  CHECK(Scalar<Participant>::print(*parsed.value) == "alice@home+phone");
  const auto many = Scalar<Participant>::parse("member@home+phone x 3");
  REQUIRE(many.value);
  CHECK(many.value->second == "phone");
  CHECK(many.value->count == 3);
  CHECK(Scalar<Participant>::print(*many.value) == "member@home+phone x 3");
}

TEST_CASE("what is no second access is said") {
  const auto problem = [](const char* text) { return Scalar<Participant>::parse(text).problem; };
  CHECK(problem("alice@home+phone+car") ==
        "\"alice@home+phone+car\" names more than two sites; write two, such as alice@home+phone");
  CHECK(problem("alice@home+") ==
        "\"alice@home+\" is not name@site+site; write for example alice@home+phone");
}

// With one call between the two who are given.
std::string faults(const std::string& name, const std::string& participants) {
  return testing::faultsOf(
      name,
      "scenario: accesses\ntopology:\n  sites:\n    hq: {uplink: {}, vpn: tunnel}\n"
      "    office: {uplink: {}, perimeter: [tunnel]}\n"
      "  remote: {home: {}, phone: {access-kind: cellular}}\n"
      "  servers:\n    our-sbc: {kind: sbc, at: office}\n"
      "    bypass: {kind: sbc, at: office, media-bypass: true}\n"
      "  devices: {tunnel: {kind: vpn}}\n"
      "calls:\n  - {name: chat, audio: {codec: pcmu}, participants: [" +
          participants + "]}\n");
}

bool says(const std::string& text, const std::string& words) {
  INFO(text);
  CHECK(text.find(words) != std::string::npos);
  return true;
}

TEST_CASE("faults of second accesses are told with what to write") {
  says(faults("access-unknown", "alice@home+phon, bob@office"),
       "participants[0]: there is no site \"phon\"; did you mean \"phone\"?");
  says(faults("access-twice", "alice@home+home, bob@office"),
       "participants[0]: \"alice\" has both accesses at \"home\"; write alice@home, or name two "
       "sites");
  says(faults("access-telephone", "alice@home, bob@our-sbc+home"),
       "participants[1]: \"bob\" has a telephone, which has no second access; write bob@our-sbc");
  says(faults("access-trunk", "alice@home, bob@pstn+home"),
       "participants[1]: \"bob\" has a telephone, which has no second access; write bob@pstn");
  says(faults("access-bypass", "alice@home+phone, bob@bypass"),
       "participants[0]: \"alice\" has two accesses, and media to the telephone of \"bob\" takes "
       "one path for the whole call; write alice@home, or leave media-bypass of the SBC out");
  says(faults("access-vpn", "alice@home+hq, bob@office"),
       "participants[0]: \"alice\" has two accesses, and who is at \"hq\" is in a VPN, whose "
       "tunnels stay on one; write alice@home, or leave vpn: of hq out");
}

TEST_CASE("of two accesses the better kind comes first, of equals the one that is written first") {
  const auto sitesOf = [](const std::string& name, const std::string& who) {
    const topology::Scenario scenario =
        testing::parsedScenario(name,
                                "scenario: accesses\ntopology:\n  sites: {hq: {uplink: {}}}\n"
                                "  remote: {home: {}, cafe: {}, phone: {access-kind: cellular}}\n"
                                "calls:\n  - {name: chat, participants: [" +
                                    who + ", bob@hq]}\n");
    const Participant& first = scenario.cases.front().calls.front().participants.front();
    return first.site + " " + first.second;
  };
  CHECK(sitesOf("order-1", "alice@phone+home") == "home phone");
  CHECK(sitesOf("order-2", "alice@home+phone") == "home phone");
  CHECK(sitesOf("order-3", "alice@home+hq") == "hq home");
  CHECK(sitesOf("order-4", "alice@cafe+home") == "cafe home");
  CHECK(sitesOf("order-5", "alice@home+cafe") == "home cafe");
}

// alice has Wi-Fi at home, behind `wall`, and LTE; bob is in an office.
std::vector<explain::CallPlan> plansOf(const std::string& name, const std::string& rules,
                                       topology::NetworkGraph& graph) {
  const topology::Scenario scenario = testing::parsedScenario(
      name,
      "scenario: accesses\ntopology:\n  sites: {office: {perimeter: [nat], uplink: {}}}\n"
      "  remote: {home: {perimeter: [wall]}, phone: {access-kind: cellular, perimeter: "
      "[carrier]}}\n"
      "  devices:\n    nat: {kind: nat}\n    carrier: {kind: nat}\n"
      "    wall: {kind: firewall, nat: {}, rules: [" +
          rules +
          "]}\n  azure: {regions: [westeurope]}\n"
          "calls:\n  - {name: chat, participants: [alice@home+phone, bob@office]}\n");
  const topology::Case& one = scenario.cases.front();
  graph = topology::NetworkGraph(one.topology, one.calls);
  return explain::planCalls(graph, one.topology, one.calls);
}

TEST_CASE(
    "a call is planned by the access that is preferred, and by the other if that has no way") {
  topology::NetworkGraph graph({}, std::vector<topology::Call>{});
  const auto open = plansOf("plan-open", "{allow: udp}", graph).front();
  const std::string text = explain::explainText(graph, open);
  INFO(text);
  CHECK(text.find("alice's client has two interfaces: home (wifi), which it prefers, and phone "
                  "(cellular)\n") != std::string::npos);
  REQUIRE(open.paths.size() == 2);
  CHECK(graph.element(open.paths[0].from).name == "alice@home");
  CHECK(graph.element(open.paths[0].legs.front().from).name == "alice@home");

  const auto shut = plansOf("plan-shut", "{deny: any}", graph).front();
  CHECK(shut.failures.empty());
  REQUIRE(shut.paths.size() == 2);
  // The client keeps its name.
  CHECK(graph.element(shut.paths[0].from).name == "alice@home");
  CHECK(graph.element(shut.paths[0].legs.front().from).name == "alice@phone");
  CHECK(graph.element(shut.paths[1].legs.back().to).name == "alice@phone");
}

}  // namespace
}  // namespace callflow
