// How far traffic goes before it leaves; private peerings; hops.
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

// The branch lies on the equator, so many degrees of longitude from headquarters: a degree is
// 2 pi 6371.0088 km / 360 = 111.195 km. Line 4 has the branch.
std::string branchAt(const std::string& longitude) {
  return "topology: apart\n"
         "sites:\n"
         "  hq: {subnets: [10.1.0.0/16], location: [0, 0]}\n"
         "  branch: {subnets: [10.2.0.0/16], location: [0, " +
         longitude +
         "], wan: {to: hq}}\n"
         "azure: {regions: [westeurope]}\n";
}

// A peering and an uplink; line 3 has the site.
std::string peered(const std::string& subnet, const std::string& uplinkBoxes,
                   const std::string& peeringBoxes, const std::string& routes = "",
                   const std::string& dscp = "ef") {
  return "topology:\n"
         "  sites:\n"
         "    hq: {location: frankfurt, subnets: [" +
         subnet + "], perimeter: [" + uplinkBoxes + "], peering: {at: frankfurt, perimeter: [" +
         peeringBoxes + "]}" + routes +
         "}\n"
         "  devices: {n1: {kind: nat}, n2: {kind: nat}}\n"
         "  azure: {regions: [germanywestcentral, westeurope]}\n"
         "calls: [{name: board, kind: group, participants: [ann@hq, bob@hq], dscp: " +
         dscp + "}]\n";
}

TEST_CASE("traffic that leaves over 800 km away is a warning", "[check]") {
  // 7.2 degrees are 800.6 km, 7.1 are 789.5 km.
  const Finding far = only(checked(branchAt("7.2")), "egress");
  CHECK(far.severity == Severity::warning);
  CHECK(at(far) == "4:3");
  CHECK(far.problem == "what branch sends to Azure leaves at hq, 801 km away");
  const Finding near = only(checked(branchAt("7.1")), "egress");
  CHECK(near.severity == Severity::info);
  CHECK_THAT(near.problem, Contains("789 km away"));
}

TEST_CASE("a site with its own way out is not told of", "[check]") {
  CHECK(of(checked("sites: {hq: {subnets: [10.1.0.0/16]}}\nazure: {regions: [westeurope]}\n"),
           "egress")
            .empty());
}

TEST_CASE("a resolver over 800 km away is a warning", "[check]") {
  const auto resolving = [](const std::string& longitude) {
    return "sites:\n"
           "  hq: {subnets: [10.1.0.0/16], location: [0, 0], resolver: [0, " +
           longitude + "]}\nazure: {regions: [westeurope]}\n";
  };
  const Finding found = only(checked(resolving("7.2")), "resolver");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "2:3");
  CHECK(found.problem == "the DNS resolver of hq is 801 km away");
  CHECK(of(checked(resolving("7.1")), "resolver").empty());
}

TEST_CASE("public addresses behind no NAT are reached by two ways", "[check]") {
  const Finding found = only(checked(peered("198.51.100.0/24", "", "")), "express-route-ways");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "3:5");
  CHECK_THAT(found.problem, Contains("over hq's peering and over its uplink alike"));
  // Hidden on one of the lines, they are announced on the other only.
  CHECK(of(checked(peered("198.51.100.0/24", "", "n2")), "express-route-ways").empty());
  CHECK(of(checked(peered("10.1.0.0/16", "n1", "n2")), "express-route-ways").empty());
}

TEST_CASE("a part of Azure's range on another line is told of", "[check]") {
  // germanywestcentral and westeurope have their relays at different addresses of 20.202.0.0/16.
  const std::string split = ", routes: [{to: 20.202.7.0/24, by: uplink}]";
  const Report report = checked(peered("10.1.0.0/16", "n1", "n2", split));
  const Finding found = only(report, "express-route-ways");
  CHECK_THAT(found.problem, Contains("over the Internet"));
  const std::string whole = ", routes: [{to: azure, by: uplink}]";
  CHECK(of(checked(peered("10.1.0.0/16", "n1", "n2", whole)), "express-route-ways").empty());
}

TEST_CASE("what Azure answers by the other line is told of", "[check]") {
  const auto peering = [](const std::string& advertises, const std::string& routes) {
    std::string text = peered("10.1.0.0/16", "n1", "n2", routes);
    const std::string at = "at: frankfurt";
    return text.replace(text.rfind(at), at.size(), at + ", advertises: " + advertises);
  };
  const std::string byUplink = ", routes: [{to: azure, by: uplink}]";
  for (const std::string& text :
       {peering("[]", ""), peering("[uplink]", ""), peering("[peering, uplink]", byUplink)}) {
    const Finding found = only(checked(text), "express-route-ways");
    CHECK(at(found) == "3:5");
    CHECK_THAT(found.problem, Contains("hq reaches azure:") &&
                                  Contains("by one of peering and Internet and is answered by "
                                           "the other"));
    CHECK_THAT(found.advice, Contains("advertises: [peering]"));
  }
  CHECK(of(checked(peering("[peering, uplink]", "")), "express-route-ways").empty());
  CHECK(of(checked(peering("[]", byUplink)), "express-route-ways").empty());
}

TEST_CASE("ExpressRoute keeps five marks", "[check]") {
  const Finding found =
      only(checked(peered("10.1.0.0/16", "n1", "n2", "", "cs3")), "express-route-marks");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "6:9");
  CHECK_THAT(found.problem, Contains("call board sends mark 24 over a private peering"));
  CHECK(of(checked(peered("10.1.0.0/16", "n1", "n2")), "express-route-marks").empty());
  // Nor where the call does not cross it.
  const std::string around = ", routes: [{to: azure, by: uplink}]";
  CHECK(
      of(checked(peered("10.1.0.0/16", "n1", "n2", around, "cs3")), "express-route-marks").empty());
}

TEST_CASE("more than five hops to the edge are told of", "[check]") {
  // The local network and five boxes are six hops.
  const auto boxes = [](const std::string& perimeter) {
    return "sites:\n"
           "  hq: {subnets: [10.1.0.0/16], perimeter: [" +
           perimeter +
           "]}\n"
           "devices:\n"
           "  a: {kind: firewall}\n  b: {kind: firewall}\n  c: {kind: firewall}\n"
           "  d: {kind: firewall}\n  e: {kind: nat}\n"
           "azure: {regions: [westeurope]}\n";
  };
  const Finding found = only(checked(boxes("a, b, c, d, e")), "hops");
  CHECK(found.severity == Severity::info);
  CHECK(at(found) == "2:3");
  CHECK(found.problem == "6 hops lead from hq to the edge of its network");
  CHECK(of(checked(boxes("a, b, c, e")), "hops").empty());
}

}  // namespace
}  // namespace callflow::check::testing
