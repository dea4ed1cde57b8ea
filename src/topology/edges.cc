#include <algorithm>
#include <array>

#include "src/topology/regions.h"

namespace callflow::topology {
namespace {

// Cities with a point of presence of Azure Front Door ("Azure Front Door POP locations by metro",
// learn.microsoft.com, May 2023; several of one city are one here): where Microsoft's network meets
// others. Coordinates are those of the cities' centres.
constexpr std::array<Edge, 110> kEdges{{
    // North America
    {"toronto", {43.65, -79.38}},
    {"montreal", {45.5, -73.57}},
    {"quebec", {46.81, -71.21}},
    {"vancouver", {49.28, -123.12}},
    {"queretaro", {20.59, -100.39}},
    {"atlanta", {33.75, -84.39}},
    {"boydton", {36.67, -78.39}},
    {"ashburn", {39.04, -77.49}},
    {"manassas", {38.75, -77.47}},
    {"boston", {42.36, -71.06}},
    {"nashville", {36.16, -86.78}},
    {"chicago", {41.88, -87.63}},
    {"charlotte", {35.23, -80.84}},
    {"cincinnati", {39.1, -84.51}},
    {"cheyenne", {41.14, -104.82}},
    {"dallas", {32.78, -96.8}},
    {"des-moines", {41.59, -93.62}},
    {"denver", {39.74, -104.99}},
    {"detroit", {42.33, -83.05}},
    {"newark", {40.74, -74.17}},
    {"secaucus", {40.79, -74.06}},
    {"new-york", {40.71, -74.01}},
    {"philadelphia", {39.95, -75.17}},
    {"honolulu", {21.31, -157.86}},
    {"houston", {29.76, -95.37}},
    {"jacksonville", {30.33, -81.66}},
    {"las-vegas", {36.17, -115.14}},
    {"los-angeles", {34.05, -118.24}},
    {"memphis", {35.15, -90.05}},
    {"miami", {25.76, -80.19}},
    {"minneapolis", {44.98, -93.27}},
    {"phoenix", {33.45, -112.07}},
    {"portland", {45.52, -122.68}},
    {"quincy", {47.23, -119.85}},
    {"san-antonio", {29.42, -98.49}},
    {"san-jose", {37.34, -121.89}},
    {"palo-alto", {37.44, -122.14}},
    {"salt-lake-city", {40.76, -111.89}},
    {"seattle", {47.61, -122.33}},
    // South America
    {"buenos-aires", {-34.6, -58.38}},
    {"campinas", {-22.91, -47.06}},
    {"rio-de-janeiro", {-22.91, -43.17}},
    {"sao-paulo", {-23.55, -46.63}},
    {"bogota", {4.71, -74.07}},
    {"santiago", {-33.45, -70.67}},
    // Europe
    {"amsterdam", {52.37, 4.9}},
    {"athens", {37.98, 23.73}},
    {"barcelona", {41.39, 2.17}},
    {"berlin", {52.52, 13.41}},
    {"brussels", {50.85, 4.35}},
    {"budapest", {47.5, 19.04}},
    {"bucharest", {44.43, 26.1}},
    {"copenhagen", {55.68, 12.57}},
    {"dublin", {53.35, -6.26}},
    {"duesseldorf", {51.23, 6.78}},
    {"frankfurt", {50.11, 8.68}},
    {"geneva", {46.2, 6.14}},
    {"sandviken", {60.62, 16.78}},
    {"helsinki", {60.17, 24.94}},
    {"istanbul", {41.01, 28.98}},
    {"lisbon", {38.72, -9.14}},
    {"london", {51.51, -0.13}},
    {"madrid", {40.42, -3.7}},
    {"manchester", {53.48, -2.24}},
    {"milan", {45.46, 9.19}},
    {"marseille", {43.3, 5.37}},
    {"munich", {48.14, 11.58}},
    {"oslo", {59.91, 10.75}},
    {"paris", {48.86, 2.35}},
    {"prague", {50.08, 14.44}},
    {"rome", {41.9, 12.5}},
    {"sofia", {42.7, 23.32}},
    {"stockholm", {59.33, 18.07}},
    {"stavanger", {58.97, 5.73}},
    {"vienna", {48.21, 16.37}},
    {"warsaw", {52.23, 21.01}},
    {"zagreb", {45.81, 15.98}},
    {"zurich", {47.38, 8.54}},
    // Africa, Middle East
    {"cairo", {30.04, 31.24}},
    {"cape-town", {-33.92, 18.42}},
    {"johannesburg", {-26.2, 28.05}},
    {"luanda", {-8.84, 13.23}},
    {"lagos", {6.52, 3.38}},
    {"nairobi", {-1.29, 36.82}},
    {"rabat", {34.02, -6.84}},
    {"doha", {25.29, 51.53}},
    {"dubai", {25.2, 55.27}},
    {"tel-aviv", {32.09, 34.78}},
    // Asia
    {"chennai", {13.08, 80.27}},
    {"hyderabad", {17.39, 78.49}},
    {"mumbai", {19.08, 72.88}},
    {"new-delhi", {28.61, 77.21}},
    {"pune", {18.52, 73.86}},
    {"hong-kong", {22.32, 114.17}},
    {"jakarta", {-6.21, 106.85}},
    {"osaka", {34.69, 135.5}},
    {"tokyo", {35.68, 139.69}},
    {"seoul", {37.57, 126.98}},
    {"busan", {35.18, 129.08}},
    {"kuala-lumpur", {3.14, 101.69}},
    {"manila", {14.6, 120.98}},
    {"singapore", {1.35, 103.82}},
    {"taipei", {25.03, 121.57}},
    {"bangkok", {13.76, 100.5}},
    {"ho-chi-minh-city", {10.82, 106.63}},
    // Oceania
    {"auckland", {-36.85, 174.76}},
    {"brisbane", {-27.47, 153.03}},
    {"melbourne", {-37.81, 144.96}},
    {"perth", {-31.95, 115.86}},
    {"sydney", {-33.87, 151.21}},
}};

}  // namespace

std::span<const Edge> builtInEdges() {
  return kEdges;
}

const Location* findEdge(std::string_view name) {
  const auto* const city = std::find_if(kEdges.begin(), kEdges.end(),
                                        [&](const Edge& edge) { return edge.name == name; });
  if (city != kEdges.end()) return &city->location;
  const Region* region = findRegion(name);
  return region == nullptr ? nullptr : &region->location;
}

}  // namespace callflow::topology
