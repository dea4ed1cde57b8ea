// VPNs, packet shapers, packet inspection, proxies and marks on the way of media.
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

// Two homes on a VPN of headquarters; line 8 has the gateway.
std::string overVpn(const std::string& gateway, const std::string& paths = "") {
  return "topology:\n"                                              // 1
         "  sites:\n"                                               // 2
         "    hq: {subnets: [10.1.0.0/16], perimeter: [fw, gw]}\n"  // 3
         "  remote:\n"                                              // 4
         "    a: {nat: an, vpn: gw}\n"                              // 5
         "    b: {nat: bn, vpn: gw}\n"                              // 6
         "  devices:\n"                                             // 7
         "    gw: {kind: vpn" +
         gateway +
         "}\n"
         "    fw: {kind: nat}\n"
         "    an: {kind: nat}\n"
         "    bn: {kind: nat}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls: [{name: chat, participants: [ann@a, bob@b]" +
         paths + "}]\n";
}

// A site whose line has a box; line 5 has the box.
std::string boxed(const std::string& box, const std::string& call = "") {
  return "topology:\n"                                                       // 1
         "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [box, nat]}}\n"  // 2
         "  remote: {home: {nat: router}}\n"                                 // 3
         "  devices:\n"                                                      // 4
         "    box: {" +
         box +
         "}\n"  // 5
         "    nat: {kind: nat}\n"
         "    router: {kind: nat}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls: [{name: chat, participants: [ann@hq, bob@home]" +
         call + "}]\n";
}

TEST_CASE("media in a full tunnel is an error with the way out", "[check]") {
  const Finding found = only(checked(overVpn("")), "media-in-vpn");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "8:5");
  CHECK(found.subject == "gw");
  CHECK_THAT(found.problem, Contains("media from a and b goes through gw, a VPN"));
  CHECK(found.advice == "split the tunnel around Azure's media range: except: [azure]");
}

TEST_CASE("a tunnel that is split around Azure still joins its clients", "[check]") {
  const Finding found = only(checked(overVpn(", except: [azure]")), "media-in-vpn");
  CHECK_THAT(found.advice, Contains("rules: [{deny: udp, to: 10.255.0.0/16}]"));
  // Without it the call takes the relay, around the tunnel.
  const std::string apart = ", except: [azure], rules: [{deny: udp, to: 10.255.0.0/16}]";
  CHECK(of(checked(overVpn(apart)), "media-in-vpn").empty());
  CHECK(of(checked(overVpn(", except: [azure]", ", paths: [relay-udp]")), "media-in-vpn").empty());
}

TEST_CASE("a gateway that nobody's media crosses is no fault", "[check]") {
  const std::string beside =
      "topology:\n"
      "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [fw, gw]}}\n"
      "  remote: {a: {nat: an, vpn: gw}, b: {nat: bn}}\n"
      "  devices: {gw: {kind: vpn, except: [azure]}, fw: {kind: nat}, an: {kind: nat}, bn: {kind: "
      "nat}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: chat, participants: [cid@hq, bob@b]}]\n";
  CHECK(of(checked(beside), "media-in-vpn").empty());
}

TEST_CASE("a packet shaper is an error, a queue that sends media first is not", "[check]") {
  const Finding found = only(checked(boxed("kind: shaper, up: {rate: 5 Mbit/s}")), "shaper");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "5:5");
  CHECK_THAT(found.problem, Contains("media of call chat goes through box, a packet shaper"));
  const std::string first =
      "kind: shaper, up: {rate: 5 Mbit/s, classes: [{dscp: [ef], strict: true}, {share: 100%}]}";
  CHECK(only(checked(boxed(first, ", dscp: ef")), "shaper").severity == Severity::info);
  // The call's packets do not ask for it.
  CHECK(only(checked(boxed(first)), "shaper").severity == Severity::error);
  // One without a rate limits nothing.
  CHECK(of(checked(boxed("kind: shaper")), "shaper").empty());
}

TEST_CASE("a box beside the way of media is not told of", "[check]") {
  // The shaper is in the line to the branch, and the call goes out at headquarters.
  const std::string beside =
      "topology:\n"
      "  sites:\n"
      "    hq: {subnets: [10.1.0.0/16], perimeter: [nat]}\n"
      "    branch: {subnets: [10.2.0.0/16], wan: {to: hq, perimeter: [box]}}\n"
      "  remote: {home: {nat: router}}\n"
      "  devices: {box: {kind: shaper, up: {rate: 5 Mbit/s}}, nat: {kind: nat}, router: {kind: "
      "nat}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: chat, participants: [ann@hq, bob@home]}]\n";
  CHECK(of(checked(beside), "shaper").empty());
}

TEST_CASE("packet inspection is an error", "[check]") {
  const Finding found = only(checked(boxed("kind: inspector, up: {delay: 5 ms}")), "inspector");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "5:5");
  CHECK(of(checked(boxed("kind: nat")), "inspector").empty());
}

TEST_CASE("media through an HTTP proxy is a warning", "[check]") {
  const auto proxied = [](const std::string& paths) {
    return "topology:\n"
           "  sites: {hq: {subnets: [10.1.0.0/16], proxy: true, perimeter: [nat]}}\n"
           "  remote: {home: {nat: router}}\n"
           "  devices: {nat: {kind: nat}, router: {kind: nat}}\n"
           "  azure: {regions: [westeurope]}\n"
           "calls: [{name: chat, participants: [ann@hq, bob@home], paths: [" +
           paths + "]}]\n";
  };
  const Finding found = only(checked(proxied("relay-proxy")), "http-proxy");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "2:11");
  // It stands there, and media goes around it.
  CHECK(of(checked(proxied("relay-udp, relay-proxy")), "http-proxy").empty());
}

TEST_CASE("a line of the customer's that wipes marks is told with its directions", "[check]") {
  const auto wan = [](const std::string& dscp) {
    return "sites:\n"
           "  hq: {subnets: [10.1.0.0/16]}\n"
           "  branch: {subnets: [10.2.0.0/16], wan: {to: hq" +
           dscp + "}}\nazure: {regions: [westeurope]}\n";
  };
  const Finding both = only(checked(wan(", dscp: wipe")), "marks-kept");
  CHECK(both.severity == Severity::warning);
  CHECK(at(both) == "3:3");
  CHECK(both.problem == "branch.wan wipes marks both ways");
  CHECK(only(checked(wan(", down: {dscp: wipe}")), "marks-kept").problem ==
        "branch.wan wipes marks down");
  CHECK(of(checked(wan("")), "marks-kept").empty());
}

TEST_CASE("a shaper that marks audio as something else is told of", "[check]") {
  const auto marking = [](const std::string& mark) {
    return boxed("kind: shaper, up: {classes: [{dscp: [ef], mark: " + mark + "}, {share: 100%}]}");
  };
  const Finding found = only(checked(marking("be")), "marks-kept");
  CHECK(at(found) == "5:5");
  CHECK(found.problem == "box marks 46 as 0 up");
  CHECK(of(checked(marking("ef")), "marks-kept").empty());
}

TEST_CASE("audio is marked 46 or not at all, and the Internet wipes it", "[check]") {
  const Report wrong = checked(boxed("kind: nat", ", dscp: af41"));
  const std::vector<Finding> found = of(wrong, "marks-sent");
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::warning);
  CHECK(at(found[0]) == "9:9");
  CHECK(found[0].problem == "the audio of call chat is marked 34, not 46");
  CHECK(found[1].severity == Severity::info);
  CHECK(found[1].problem == "the Internet wipes the marks of call chat");
  CHECK(only(checked(boxed("kind: nat", ", dscp: ef")), "marks-sent").severity == Severity::info);
  CHECK(of(checked(boxed("kind: nat")), "marks-sent").empty());
}

TEST_CASE("Wi-Fi without WMM takes no notice of marks", "[check]") {
  const auto wifi = [](const std::string& how) {
    return "sites:\n"
           "  hq: {subnets: [10.1.0.0/16], wifi: air}\n"
           "devices:\n"
           "  air: {kind: wifi" +
           how + "}\nazure: {regions: [westeurope]}\n";
  };
  const Finding found = only(checked(wifi(", wmm: false")), "marks-kept");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "4:3");
  CHECK(only(checked(wifi(", dscp-map: precedence")), "marks-kept").severity == Severity::info);
  CHECK(of(checked(wifi("")), "marks-kept").empty());
}

}  // namespace
}  // namespace callflow::check::testing
