#include "src/topology/regions.h"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

using namespace callflow;
using namespace callflow::topology;

TEST_CASE("the region table holds each region once, at a place on Earth", "[regions]") {
  std::set<std::string_view> names;
  for (const Region& region : builtInRegions()) {
    CHECK(names.insert(region.name).second);
    CHECK(region.location.latitude >= -90);
    CHECK(region.location.latitude <= 90);
    CHECK(region.location.longitude >= -180);
    CHECK(region.location.longitude <= 180);
  }
  CHECK(names.size() == 58);  // Azure's public physical regions
  REQUIRE(findRegion("westeurope") != nullptr);
  CHECK(findRegion("westeurope")->location.latitude == 52.3667);
  CHECK(findRegion("WestEurope") == nullptr);
}

TEST_CASE("edges are cities by their names, and regions may stand for edges", "[regions]") {
  std::set<std::string_view> names;
  for (const Edge& edge : builtInEdges()) {
    CHECK(names.insert(edge.name).second);
    CHECK(findRegion(edge.name) == nullptr);  // so that a name means one place
  }
  CHECK(names.size() == 110);
  REQUIRE(findEdge("new-york") != nullptr);
  CHECK(findEdge("new-york")->latitude == 40.71);
  REQUIRE(findEdge("eastus") != nullptr);
  CHECK(findEdge("eastus")->latitude == 37.3719);
  CHECK(findEdge("atlantis") == nullptr);
}

TEST_CASE("regions of other clouds are known as such, and are none of ours", "[regions]") {
  for (const char* name : {"usgovvirginia", "usdodeast", "chinanorth3"}) {
    CHECK_FALSE(sovereignCloudOf(name).empty());
    CHECK(findRegion(name) == nullptr);
  }
  CHECK(sovereignCloudOf("westeurope").empty());
}

TEST_CASE("great-circle distances", "[regions]") {
  // A quarter of the equator and of a meridian: pi / 2 * 6371.0088 km.
  CHECK(greatCircleKm({0, 0}, {0, 90}) == Approx(10007.5572).margin(0.001));
  CHECK(greatCircleKm({0, 12}, {90, 0}) == Approx(10007.5572).margin(0.001));
  // One degree of latitude: pi / 180 * 6371.0088 km.
  CHECK(greatCircleKm({51, 5}, {52, 5}) == Approx(111.19508).margin(0.0001));
  // Opposite points, where rounding could carry the haversine beyond 1.
  CHECK(greatCircleKm({37, -40}, {-37, 140}) == Approx(20015.1144).margin(0.001));
  CHECK(greatCircleKm({52.3667, 4.9}, {52.3667, 4.9}) == 0);
  // The short way round the date line: 2 degrees on the equator.
  CHECK(greatCircleKm({0, 179}, {0, -179}) == Approx(222.39016).margin(0.0001));
}

TEST_CASE("published round trips are those of the source, in either order", "[regions]") {
  struct Known {
    const char *a, *b;
    int ms;
  };
  // First, last and middle of the published matrix, and the pairs that scenarios use.
  const Known known[] = {{"eastus", "centralus", 31},
                         {"eastus", "australiaeast", 203},
                         {"koreacentral", "australiaeast", 131},
                         {"westeurope", "eastus", 84},
                         {"westeurope", "northeurope", 20},
                         {"uksouth", "westeurope", 11},
                         {"germanywestcentral", "francecentral", 12},
                         {"southeastasia", "eastasia", 36},
                         {"southafricanorth", "japaneast", 360},
                         {"brazilsouth", "southeastasia", 342},
                         {"uaenorth", "centralindia", 38}};
  for (const Known& pair : known) {
    INFO(pair.a << " and " << pair.b);
    CHECK(publishedRtt(pair.a, pair.b) == Duration::ms(pair.ms));
    CHECK(publishedRtt(pair.b, pair.a) == Duration::ms(pair.ms));
    CHECK(backboneRtt(pair.a, pair.b) == Duration::ms(pair.ms));
  }
}

TEST_CASE("no published round trip beats light in fibre", "[regions]") {
  int pairs = 0;
  for (const Region& a : builtInRegions()) {
    for (const Region& b : builtInRegions()) {
      const auto rtt = publishedRtt(a.name, b.name);
      if (!rtt) continue;
      ++pairs;
      INFO(a.name << " and " << b.name);
      CHECK(rtt->milliseconds() >= 2 * greatCircleKm(a.location, b.location) / 200);
    }
  }
  CHECK(pairs == 2 * 171);
}

TEST_CASE("a pair without a figure falls back to distance", "[regions]") {
  CHECK_FALSE(publishedRtt("norwayeast", "westeurope").has_value());
  // Oslo (59.9139, 10.7522) to Amsterdam (52.3667, 4.9), by hand:
  //   dlat = 7.5472 deg, dlon = 5.8522 deg
  //   h = sin^2(3.7736 deg) + cos(59.9139 deg) cos(52.3667 deg) sin^2(2.9261 deg)
  //     = 0.00433150 + 0.501301 * 0.610606 * 0.00260589 = 0.00512916
  //   d = 2 * 6371.0088 km * asin(0.0716181) = 913.34 km
  //   RTT = 2 * 913.34 / 200 * 1.8 = 16.440 ms
  CHECK(backboneRtt("norwayeast", "westeurope").milliseconds() == Approx(16.440).margin(0.002));
  CHECK(backboneRtt("westeurope", "norwayeast") == backboneRtt("norwayeast", "westeurope"));
}

TEST_CASE("near a measured region its published figures are scaled to the distance", "[regions]") {
  // Osaka (34.69, 135.50) lies 400 km from Tokyo (japaneast), the measured region nearest to it.
  // Both to Johannesburg (southafricanorth): 13,550 km from Tokyo, 13,103 km from Osaka (great
  // circles), and 360 ms are published for Tokyo: 360 * 13103 / 13550 = 348.1 ms.
  const BackbonePlace osaka({34.69, 135.50});
  const BackbonePlace johannesburg(findRegion("southafricanorth")->location);
  REQUIRE(publishedRtt(osaka, johannesburg).has_value());
  const double scaled = 360 * greatCircleKm(osaka.location, johannesburg.location) /
                        greatCircleKm(findRegion("japaneast")->location, johannesburg.location);
  CHECK(backboneRtt(osaka, johannesburg).milliseconds() == Approx(scaled).margin(1e-5));
  CHECK(scaled == Approx(349.3).margin(0.5));
  // Manassas has eastus next to it, and so has eastus: no figure tells of them. 256.27 km:
  // 2 * 256.27 / 200 * 1.8 = 4.613 ms.
  const BackbonePlace manassas({38.75, -77.47});
  const BackbonePlace eastus(findRegion("eastus")->location);
  CHECK_FALSE(publishedRtt(manassas, eastus).has_value());
  CHECK(backboneRtt(manassas, eastus).milliseconds() == Approx(4.613).margin(0.002));
  // In one city there is no way to go.
  CHECK(backboneRtt(BackbonePlace({52.30, 4.80}),
                    BackbonePlace(findRegion("westeurope")->location)) == kSamePlaceRtt);
}

TEST_CASE("a region is no round trip away from itself, and unknown names are refused",
          "[regions]") {
  CHECK(backboneRtt("westeurope", "westeurope") == Duration::ms(0));
  CHECK_THROWS_AS(backboneRtt("westeurope", "atlantis"), std::invalid_argument);
  CHECK_THROWS_AS(publishedRtt("atlantis", "westeurope"), std::invalid_argument);
}
