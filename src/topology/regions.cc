#include "src/topology/regions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>

namespace callflow::topology {
namespace {

// The first 19 are those that the round trips below are of.
constexpr std::array<Region, 58> kRegions{{
    {"eastus", {37.3719, -79.8164}},
    {"centralus", {41.5908, -93.6208}},
    {"southcentralus", {29.4167, -98.5}},
    {"westus2", {47.233, -119.852}},
    {"canadacentral", {43.653, -79.383}},
    {"brazilsouth", {-23.55, -46.633}},
    {"northeurope", {53.3478, -6.2597}},
    {"westeurope", {52.3667, 4.9}},
    {"uksouth", {51.51, -0.13}},
    {"francecentral", {48.86, 2.35}},
    {"germanywestcentral", {50.1109, 8.6821}},
    {"uaenorth", {25.2667, 55.3167}},
    {"southafricanorth", {-26.2, 28.05}},
    {"centralindia", {18.5822, 73.9197}},
    {"southeastasia", {1.283, 103.833}},
    {"eastasia", {22.267, 114.188}},
    {"japaneast", {35.68, 139.77}},
    {"koreacentral", {37.5665, 126.978}},
    {"australiaeast", {-33.86, 151.2094}},
    {"switzerlandnorth", {47.4515, 8.5646}},
    {"norwayeast", {59.9139, 10.7522}},
    {"australiacentral", {-35.31, 149.12}},
    {"australiacentral2", {-35.31, 149.12}},
    {"australiasoutheast", {-37.81, 144.96}},
    {"austriaeast", {48.21, 16.37}},
    {"belgiumcentral", {50.85, 4.36}},
    {"brazilsoutheast", {-22.9, -43.21}},
    {"canadaeast", {46.82, -71.22}},
    {"chilecentral", {-33.45, -70.67}},
    {"denmarkeast", {55.68, 12.57}},
    {"eastus2", {36.67, -78.39}},
    {"francesouth", {43.83, 2.2}},
    {"germanynorth", {52.52, 13.41}},
    {"indonesiacentral", {-6.2, 106.82}},
    {"israelcentral", {32.09, 34.78}},
    {"italynorth", {45.47, 9.18}},
    {"japanwest", {34.69, 135.5}},
    {"jioindiacentral", {21.15, 79.09}},
    {"jioindiawest", {22.47, 70.06}},
    {"koreasouth", {35.18, 129.08}},
    {"malaysiawest", {3.14, 101.69}},
    {"mexicocentral", {20.59, -100.39}},
    {"newzealandnorth", {-36.85, 174.76}},
    {"northcentralus", {41.88, -87.63}},
    {"norwaywest", {58.97, 5.73}},
    {"polandcentral", {52.23, 21.02}},
    {"qatarcentral", {25.55, 51.44}},
    {"southafricawest", {-34.08, 18.84}},
    {"southindia", {12.98, 80.16}},
    {"spaincentral", {40.42, -3.7}},
    {"swedencentral", {60.67, 17.14}},
    {"switzerlandwest", {46.2, 6.14}},
    {"uaecentral", {24.47, 54.37}},
    {"ukwest", {51.48, -3.18}},
    {"westcentralus", {41.14, -104.82}},
    {"westindia", {19.09, 72.87}},
    {"westus", {37.78, -122.42}},
    {"westus3", {33.45, -112.07}},
}};

// Regions of clouds whose backbones and services are apart from the public one's.
struct SovereignRegion {
  std::string_view name;
  std::string_view cloud;
};
constexpr std::string_view kUsGovernment = "Azure's US government cloud";
constexpr std::string_view kChina = "Azure's cloud in China";
constexpr std::array<SovereignRegion, 11> kSovereign{{{"usgovvirginia", kUsGovernment},
                                                      {"usgovarizona", kUsGovernment},
                                                      {"usgovtexas", kUsGovernment},
                                                      {"usdodcentral", kUsGovernment},
                                                      {"usdodeast", kUsGovernment},
                                                      {"chinaeast", kChina},
                                                      {"chinaeast2", kChina},
                                                      {"chinaeast3", kChina},
                                                      {"chinanorth", kChina},
                                                      {"chinanorth2", kChina},
                                                      {"chinanorth3", kChina}}};

// Microsoft, "Azure network round-trip latency statistics" (learn.microsoft.com, revision of
// 2024-04-10): medians in ms of the 30 days that ended on 2024-04-09; the mean of both directions,
// rounded (they differ by at most 5 ms). Row r holds the first 19 regions' row r + 1, columns 0 to
// r. West US 2 was published in one direction only; the last two regions of the table above were
// not in the matrix that we read.
constexpr std::size_t kMeasured = 19;
// clang-format off
constexpr std::array<short, kMeasured * (kMeasured - 1) / 2> kRttMs{
    31,  // centralus
    37, 27,  // southcentralus
    67, 39, 46,  // westus2
    21, 26, 50, 67,  // canadacentral
    118, 149, 143, 184, 132,  // brazilsouth
    69, 94, 100, 133, 86, 171,  // northeurope
    84, 107, 114, 145, 98, 186, 20,  // westeurope
    78, 98, 109, 139, 92, 180, 13, 11,  // uksouth
    83, 107, 111, 144, 98, 185, 19, 12, 11,  // francecentral
    89, 110, 120, 150, 103, 193, 26, 11, 17, 12,  // germanywestcentral
    192, 223, 216, 246, 205, 294, 127, 120, 118, 114, 117,  // uaenorth
    233, 265, 261, 299, 246, 334, 169, 162, 160, 155, 162, 254,  // southafricanorth
    209, 240, 231, 212, 222, 311, 145, 138, 134, 130, 134, 38, 270,  // centralindia
    225, 200, 196, 163, 222, 342, 166, 159, 157, 152, 156, 87, 293, 54,  // southeastasia
    204, 180, 170, 144, 201, 330, 196, 189, 188, 182, 186, 116, 323, 84, 36,  // eastasia
    158, 137, 127, 100, 158, 281, 233, 226, 226, 220, 224, 154, 360, 121, 72, 48,  // japaneast
    183, 161, 154, 124, 182, 301, 231, 224, 222, 217, 221, 152, 357, 119, 70, 40, 33,  // koreacentral
    203, 177, 173, 161, 199, 311, 252, 259, 258, 239, 243, 170, 379, 140, 90, 120, 103, 131,  // australiaeast
};
// clang-format on

// Median of (published round trip) / (2 * great-circle distance / 200 km/ms) over the 171 pairs
// above (1.79).
constexpr double kMedianStretch = 1.8;

// So near to a region, a place is taken for the region's own: a metropolitan area.
constexpr double kMetropolitanKm = 30;

const Region& regionNamed(std::string_view name) {
  const Region* region = findRegion(name);
  if (region == nullptr) throw std::invalid_argument("no Azure region " + std::string(name));
  return *region;
}

// Of two different regions among the measured.
Duration measured(std::size_t a, std::size_t b) {
  const auto [column, row] = std::minmax(a, b);
  return Duration::ms(kRttMs.at(row * (row - 1) / 2 + column));
}

}  // namespace

std::span<const Region> builtInRegions() {
  return kRegions;
}

std::size_t regionNumber(std::string_view name) {
  return static_cast<std::size_t>(findRegion(name) - builtInRegions().data());
}

const Region* findRegion(std::string_view name) {
  for (const Region& region : kRegions) {
    if (region.name == name) return &region;
  }
  return nullptr;
}

double greatCircleKm(Location a, Location b) {
  constexpr double kEarthRadiusKm = 6371.0088;
  constexpr double kRadians = std::numbers::pi / 180;
  // The haversine formula: exact enough for short distances, unlike the law of cosines.
  const double sinLat = std::sin((b.latitude - a.latitude) * kRadians / 2);
  const double sinLon = std::sin((b.longitude - a.longitude) * kRadians / 2);
  const double h = sinLat * sinLat + std::cos(a.latitude * kRadians) *
                                         std::cos(b.latitude * kRadians) * sinLon * sinLon;
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::min(1.0, h)));
}

BackbonePlace::BackbonePlace(Location where) : location(where) {
  for (std::size_t i = 0; i < kMeasured; ++i) {
    const double km = greatCircleKm(where, kRegions.at(i).location);
    if (i != 0 && km >= measuredKm) continue;
    measuredRegion = i;
    measuredKm = km;
  }
}

std::optional<Duration> publishedRtt(const BackbonePlace& a, const BackbonePlace& b) {
  if (a.measuredRegion == b.measuredRegion) return std::nullopt;
  const Duration rtt = measured(a.measuredRegion, b.measuredRegion);
  if (std::max(a.measuredKm, b.measuredKm) <= kMetropolitanKm) return rtt;
  const double km = greatCircleKm(a.location, b.location);
  if (a.measuredKm + b.measuredKm >= km) return std::nullopt;
  const double between =
      greatCircleKm(kRegions.at(a.measuredRegion).location, kRegions.at(b.measuredRegion).location);
  return Duration::fromSeconds(rtt.seconds() * km / between);
}

Duration backboneRtt(const BackbonePlace& a, const BackbonePlace& b) {
  if (const auto published = publishedRtt(a, b)) return *published;
  const double km = greatCircleKm(a.location, b.location);
  if (km <= kMetropolitanKm) return kSamePlaceRtt;
  return fibreDelay(2 * km * kMedianStretch);
}

std::optional<Duration> publishedRtt(std::string_view a, std::string_view b) {
  const auto row = static_cast<std::size_t>(&regionNamed(a) - kRegions.data());
  const auto column = static_cast<std::size_t>(&regionNamed(b) - kRegions.data());
  if (row == column || std::max(row, column) >= kMeasured) return std::nullopt;
  return measured(row, column);
}

Duration backboneRtt(std::string_view a, std::string_view b) {
  return backboneRtt(BackbonePlace(regionNamed(a).location),
                     BackbonePlace(regionNamed(b).location));
}

std::string_view sovereignCloudOf(std::string_view region) {
  for (const SovereignRegion& each : kSovereign) {
    if (each.name == region) return each.cloud;
  }
  return {};
}

}  // namespace callflow::topology
