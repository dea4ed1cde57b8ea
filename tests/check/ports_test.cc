// Which ports and addresses are closed, by what, and what that breaks.
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

// Line 7 has the firewall, 9 its first rule, and so on.
std::string office(const std::string& rules) {
  return "topology: office\n"                                 // 1
         "sites:\n"                                           // 2
         "  hq: {subnets: [10.1.0.0/16], perimeter: [fw]}\n"  // 3
         "remote:\n"                                          // 4
         "  home: {nat: router}\n"                            // 5
         "devices:\n"                                         // 6
         "  fw:\n"                                            // 7
         "    kind: firewall\n"                               // 8
         "    nat: {}\n" +                                    // 9
         rules +
         "  router: {kind: nat}\n"
         "azure: {regions: [westeurope]}\n";
}

constexpr const char* kMedia = "      - {allow: udp, to: azure, ports: 3478-3481}\n";
constexpr const char* kWeb = "      - {allow: tcp, ports: 443}\n";
constexpr const char* kDeny = "      - {deny: any}\n";

TEST_CASE("a network with all required ports open has no finding", "[check]") {
  const Report report = checked(office(std::string("    rules:\n") + kMedia + kWeb + kDeny));
  INFO(toText(report));
  CHECK(report.findings.empty());
}

TEST_CASE("UDP that is shut is told with the rule that shuts it", "[check]") {
  const Report report = checked(office(std::string("    rules:\n") + kWeb + kDeny));
  const Finding found = only(report, "required-ports");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "12:9");  // {deny: any}
  CHECK(found.subject == "fw");
  CHECK_THAT(found.problem,
             Contains("fw shuts UDP 3478-3481 to 20.202.0.0/16 for hq: rule 2, {deny: any}"));
  CHECK(found.effect == "media falls back to TCP 443");
  CHECK(found.advice == "{allow: udp, to: azure, ports: 3478-3481} before it in the rules of fw");
  CHECK(found.document == "Prepare your organization's network for Azure Communication Services");
}

TEST_CASE("what one rule shuts is told once, whatever number of ports and sites it is", "[check]") {
  // The branch's way out is headquarters'.
  const std::string two =
      "topology: two\n"
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], perimeter: [fw]}\n"
      "  branch: {subnets: [10.2.0.0/16], wan: {to: hq}}\n"
      "devices:\n"
      "  fw: {kind: firewall, nat: {}, rules: [{allow: tcp, to: acs-signaling, ports: 443}, {deny: "
      "any}]}\n"
      "azure: {regions: [westeurope]}\n";
  const Finding found = only(checked(two), "required-ports");
  CHECK(at(found).substr(0, 2) == "6:");
  CHECK_THAT(
      found.problem,
      Contains("fw shuts UDP 3478-3481 and TCP 443 to 20.202.0.0/16 for hq and branch: rule 2"));
  CHECK(found.effect == "no relay: only direct calls work, others end with 410/3112");
}

TEST_CASE("signaling has addresses of its own", "[check]") {
  const std::string media = "      - {allow: tcp, to: azure, ports: 443}\n";
  const Finding found =
      only(checked(office(std::string("    rules:\n") + kMedia + media + kDeny)), "required-ports");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "13:9");
  CHECK_THAT(found.problem, Contains("fw shuts TCP 443 to ACS signaling for hq: rule 3"));
  CHECK(found.effect == "no signaling: no call can be set up");
  CHECK_THAT(found.advice, Contains("{allow: tcp, to: acs-signaling, ports: 443}"));
  // Both together are all that is needed.
  const std::string both = "      - {allow: tcp, to: [azure, acs-signaling], ports: 443}\n";
  CHECK(of(checked(office(std::string("    rules:\n") + kMedia + both + kDeny)), "required-ports")
            .empty());
}

TEST_CASE("ports beside 3478 cost QoS only", "[check]") {
  const std::string one = "      - {allow: udp, to: azure, ports: 3478}\n";
  const Finding found =
      only(checked(office(std::string("    rules:\n") + one + kWeb + kDeny)), "required-ports");
  CHECK(found.severity == Severity::warning);
  CHECK_THAT(found.problem, Contains("UDP 3479-3481 to"));
  CHECK_THAT(found.effect, Contains("cannot be told apart by port"));
}

TEST_CASE("a rule for one relay leaves the rest of the range shut", "[check]") {
  // Regions' relays have addresses 20.202.x.10 (graph_addresses.cc).
  const std::string some = "      - {allow: udp, to: 20.202.0.0/20, ports: 3478-3481}\n";
  const Report report = checked(office(std::string("    rules:\n") + some + kWeb + kDeny));
  const Finding found = only(report, "required-ports");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "13:9");
  CHECK_THAT(found.problem, Contains("fw shuts a part of 20.202.0.0/16 for hq: rule 3"));
}

TEST_CASE("TCP 443 is what is left where UDP fails", "[check]") {
  const std::string signaling = "      - {allow: tcp, to: acs-signaling, ports: 443}\n";
  const Finding found = only(
      checked(office(std::string("    rules:\n") + kMedia + signaling + kDeny)), "required-ports");
  CHECK(found.severity == Severity::error);
  CHECK_THAT(found.problem, Contains("fw shuts TCP 443 to 20.202.0.0/16 for hq: rule 3"));
  CHECK(found.effect == "nothing to fall back to where UDP fails");
}

TEST_CASE("a default that denies has the place of its device", "[check]") {
  const Finding found = only(
      checked(office(std::string("    default-out: deny\n    rules:\n") + kWeb)), "required-ports");
  CHECK(at(found) == "7:3");
  CHECK_THAT(found.problem, Contains("denied by default, as no rule for outbound packets matches"));
}

TEST_CASE("a proxy that opens tunnels stands for TCP, not for UDP", "[check]") {
  const std::string proxied =
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], proxy: true, perimeter: [fw]}\n"
      "devices:\n"
      "  fw: {kind: firewall, nat: {}, rules: [{allow: tcp, from: hq/proxy, ports: 443}, {deny: "
      "any}]}\n"
      "azure: {regions: [westeurope]}\n";
  const Finding found = only(checked(proxied), "required-ports");
  CHECK_THAT(found.problem, Contains("fw shuts UDP 3478-3481 to 20.202.0.0/16 for hq"));
  CHECK(found.problem.find("TCP") == std::string::npos);
  CHECK(found.effect == "media falls back to TCP 443");
}

TEST_CASE("an answer that is not let in is told as such", "[check]") {
  // The first firewall translates nothing and knows the flow; one behind it refuses what comes in.
  const std::string odd =
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], perimeter: [fw, nat]}\n"
      "devices:\n"
      "  nat: {kind: nat}\n"
      "  fw: {kind: firewall, udp-timeout: 120 s, rules: [{deny: udp, direction: in}]}\n"
      "azure: {regions: [westeurope]}\n";
  // Stateful: answers of what went out pass, whatever the rules for new flows say.
  CHECK(of(checked(odd), "required-ports").empty());
}

TEST_CASE("a site without a way out has no calls", "[check]") {
  const std::string cut =
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16]}\n"
      "  lab: {subnets: [10.9.0.0/16], uplink: none}\n"
      "azure: {regions: [westeurope]}\n";
  const Finding found = only(checked(cut), "required-ports");
  CHECK(found.severity == Severity::error);
  CHECK(found.problem == "lab has no way to Azure");
  CHECK(found.pos.line == 3);
}

TEST_CASE("a firewall that drops a flow after its first packets is found", "[check]") {
  const auto after = [](const std::string& packets) {
    return office("    rules:\n      - {deny: udp, after: " + packets + " packets}\n" + kMedia +
                  kWeb + kDeny);
  };
  const Finding found = only(checked(after("20")), "required-ports");
  CHECK(found.severity == Severity::error);
  CHECK(at(found) == "11:9");
  CHECK_THAT(found.problem,
             Contains("fw shuts UDP 3478 to 20.202.0.0/16 after the first packets for hq: rule 1"));
  CHECK(found.effect == "calls are set up, and then are silent");
}

// The branch's way out is headquarters': what is opened at the first firewall is shut at the
// second.
TEST_CASE("two firewalls on the way that close the same ports are both named", "[check]") {
  const std::string two =
      "topology: two\n"                                                                    // 1
      "sites:\n"                                                                           // 2
      "  hq: {subnets: [10.1.0.0/16], perimeter: [fw]}\n"                                  // 3
      "  branch: {subnets: [10.2.0.0/16], wan: {to: hq, perimeter: [filter]}}\n"           // 4
      "devices:\n"                                                                         // 5
      "  fw: {kind: firewall, nat: {}, rules: [{allow: tcp, ports: 443}, {deny: any}]}\n"  // 6
      "  filter: {kind: firewall, rules: [{allow: tcp, ports: 443}, {deny: udp}]}\n"       // 7
      "azure: {regions: [westeurope]}\n";
  const std::vector<Finding> found = of(checked(two), "required-ports");
  REQUIRE(found.size() == 2);
  CHECK(found[0].pos.line == 6);
  CHECK_THAT(found[0].problem,
             Contains("fw shuts UDP 3478-3481 to 20.202.0.0/16 for hq and branch: rule 2"));
  CHECK(found[0].effect == "media falls back to TCP 443");
  CHECK(found[1].pos.line == 7);
  CHECK_THAT(found[1].problem,
             Contains("filter shuts UDP 3478-3481 to 20.202.0.0/16 for branch: rule 2"));
  CHECK(found[1].advice ==
        "{allow: udp, to: azure, ports: 3478-3481} before it in the rules of filter");
}

// The filter lets 3478 by, at which headquarters' own firewall shuts all four.
TEST_CASE("each of two firewalls is told with all that it closes", "[check]") {
  const std::string two =
      "topology: two\n"
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], perimeter: [fw]}\n"
      "  branch: {subnets: [10.2.0.0/16], wan: {to: hq, perimeter: [filter]}}\n"
      "devices:\n"
      "  fw: {kind: firewall, nat: {}, rules: [{allow: tcp, ports: 443}, {deny: any}]}\n"
      "  filter: {kind: firewall, rules: [{allow: udp, ports: 3478}, {deny: udp}]}\n"
      "azure: {regions: [westeurope]}\n";
  const std::vector<Finding> found = of(checked(two), "required-ports");
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0].problem,
             Contains("fw shuts UDP 3478-3481 to 20.202.0.0/16 for hq and branch: rule 2"));
  CHECK_THAT(found[1].problem,
             Contains("filter shuts UDP 3479-3481 to 20.202.0.0/16 for branch: rule 2"));
}

TEST_CASE("a firewall behind one that refuses more is told with what it refuses", "[check]") {
  const std::string two =
      "topology: two\n"
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], perimeter: [inner, outer]}\n"
      "devices:\n"
      "  inner: {kind: firewall, rules: [{deny: any}]}\n"
      "  outer: {kind: firewall, nat: {}, rules: [{deny: udp}]}\n"
      "azure: {regions: [westeurope]}\n";
  const std::vector<Finding> found = of(checked(two), "required-ports");
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0].problem, Contains("inner shuts UDP 3478-3481 and TCP 443 to"));
  CHECK_THAT(found[1].problem, Contains("outer shuts UDP 3478-3481 to 20.202.0.0/16 for hq"));
}

TEST_CASE("a tunnel that does not come up is told as such", "[check]") {
  const std::string shut =
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], perimeter: [fw, gw]}\n"
      "remote:\n"
      "  hotel: {perimeter: [wall], vpn: gw}\n"
      "devices:\n"
      "  gw: {kind: vpn}\n"
      "  fw: {kind: nat}\n"
      "  wall: {kind: firewall, nat: {}, rules: [{allow: tcp, ports: 443}, {deny: any}]}\n"
      "azure: {regions: [westeurope]}\n";
  const Finding found = only(checked(shut), "required-ports");
  CHECK(found.severity == Severity::error);
  CHECK(found.pos.line == 8);
  CHECK_THAT(found.problem, Contains("wall shuts UDP 4500 to the VPN gw for hotel: rule 2"));
  CHECK_THAT(found.advice, Contains("UDP 4500"));
}

TEST_CASE("relays that are off serve nobody", "[check]") {
  const std::string off =
      "sites: {hq: {subnets: [10.1.0.0/16]}}\n"
      "azure: {regions: [westeurope], relays-off: [westeurope]}\n";
  const Finding found = only(checked(off), "required-ports");
  CHECK(found.problem == "no relay of Azure's serves hq");
  CHECK(at(found) == "1:9");
}

TEST_CASE("TLS inspection is found by what passes only as TLS", "[check]") {
  const std::string inspecting = office(std::string("    rules:\n") + kMedia +
                                        "      - {allow: tcp, ports: 443, inspect: tls}\n" + kDeny);
  const Finding found = only(checked(inspecting), "tls-inspection");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "12:9");
  CHECK(found.subject == "fw");
  const std::string proxy =
      "sites:\n"
      "  hq: {subnets: [10.1.0.0/16], proxy: {inspects-tls: true}}\n"
      "azure: {regions: [westeurope]}\n";
  CHECK(only(checked(proxy), "tls-inspection").subject == "hq");
  CHECK(of(checked(office(std::string("    rules:\n") + kMedia + kWeb + kDeny)), "tls-inspection")
            .empty());
}

}  // namespace
}  // namespace callflow::check::testing
