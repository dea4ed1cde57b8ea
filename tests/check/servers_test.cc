// Servers of others, and SBCs.
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

// Lines 5 to 7 have the servers.
std::string served(const std::string& call) {
  return "topology:\n"
         "  sites: {cloud: {}, dmz: {subnets: [198.51.100.0/28]}, in: {subnets: [10.9.0.0/24], "
         "perimeter: [wall]}}\n"
         "  remote: {home: {nat: router}, flat: {nat: router2}}\n"
         "  servers:\n"
         "    turn: {kind: relay, at: cloud}\n"
         "    meet: {kind: media-processor, at: cloud}\n"
         "    sbc: {kind: sbc, at: dmz}\n"
         "  devices: {router: {kind: nat}, router2: {kind: nat}, wall: {kind: nat}}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls: [{name: chat, participants: " +
         call + "}]\n";
}

TEST_CASE("a relay of others is a warning where a call uses it", "[check]") {
  const Finding found =
      only(checked(served("[a@home, b@flat], relays: [turn]")), "third-party-relay");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "5:5");
  CHECK(found.subject == "turn");
  // Both texts.
  CHECK_THAT(found.effect, Contains("2020 to 2024"));
  CHECK_THAT(found.effect, Contains("June 2025"));
  CHECK(of(checked(served("[a@home, b@flat]")), "third-party-relay").empty());
}

TEST_CASE("a media server of others is an error where a call uses it", "[check]") {
  const Finding found =
      only(checked(served("[a@home, b@flat], kind: group, server: meet")), "third-party-server");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "6:5");
  CHECK(of(checked(served("[a@home, b@flat], kind: group")), "third-party-server").empty());
}

TEST_CASE("an SBC ends RTP, and has a public address", "[check]") {
  const Finding public_ = only(checked(served("[a@home, b@sbc], audio: {codec: pcmu}")), "sbc");
  CHECK(public_.severity == Severity::info);
  CHECK(at(public_) == "7:5");
  std::string inside = served("[a@home, b@sbc], audio: {codec: pcmu}");
  inside.replace(inside.find("at: dmz"), 7, "at: in");
  const std::vector<Finding> found = of(checked(inside), "sbc");
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::error);
  CHECK_THAT(found[0].problem, Contains("sbc has the private address 10.9.0."));
}

}  // namespace
}  // namespace callflow::check::testing
