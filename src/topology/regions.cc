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

constexpr std::array<Region, 21> kRegions{{
    {"eastus", {37.3719, -79.8164}},
    {"centralus", {41.5908, -93.6208}},
    {"southcentralus", {29.4167, -98.5}},
    {"westus2", {47.233, -119.852}},
    {"canadacentral", {43.653, -79.383}},
    {"brazilsouth", {-23.55, -46.633}},
    {"northeurope", {53.3478, -6.2597}},
    {"westeurope", {52.3667, 4.9}},
    {"uksouth", {50.941, -0.799}},
    {"francecentral", {46.3772, 2.373}},
    {"germanywestcentral", {50.1109, 8.6821}},
    {"uaenorth", {25.2667, 55.3167}},
    {"southafricanorth", {-25.7313, 28.2184}},
    {"centralindia", {18.5822, 73.9197}},
    {"southeastasia", {1.283, 103.833}},
    {"eastasia", {22.267, 114.188}},
    {"japaneast", {35.68, 139.77}},
    {"koreacentral", {37.5665, 126.978}},
    {"australiaeast", {-33.86, 151.2094}},
    {"switzerlandnorth", {47.4515, 8.5646}},
    {"norwayeast", {59.9139, 10.7522}},
}};

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
// above.
constexpr double kMedianStretch = 1.8;

const Region& regionNamed(std::string_view name) {
  const Region* region = findRegion(name);
  if (region == nullptr) throw std::invalid_argument("no Azure region " + std::string(name));
  return *region;
}

}  // namespace

std::span<const Region> builtInRegions() {
  return kRegions;
}

const Region* findRegion(std::string_view name) {
  for (const Region& region : kRegions) {
    if (region.name == name) return &region;
  }
  return nullptr;
}

double greatCircleKm(Location a, Location b) {
  constexpr double earthRadiusKm = 6371.0088;
  constexpr double radians = std::numbers::pi / 180;
  // The haversine formula: exact enough for short distances, unlike the law of cosines.
  const double sinLat = std::sin((b.latitude - a.latitude) * radians / 2);
  const double sinLon = std::sin((b.longitude - a.longitude) * radians / 2);
  const double h = sinLat * sinLat + std::cos(a.latitude * radians) *
                                         std::cos(b.latitude * radians) * sinLon * sinLon;
  return 2 * earthRadiusKm * std::asin(std::sqrt(std::min(1.0, h)));
}

std::optional<Duration> publishedRtt(std::string_view a, std::string_view b) {
  auto row = static_cast<std::size_t>(&regionNamed(a) - kRegions.data());
  auto column = static_cast<std::size_t>(&regionNamed(b) - kRegions.data());
  if (row < column) std::swap(row, column);
  if (row == column || row >= kMeasured) return std::nullopt;
  return Duration::ms(kRttMs.at(row * (row - 1) / 2 + column));
}

Duration backboneRtt(std::string_view a, std::string_view b) {
  if (regionNamed(a).name == regionNamed(b).name) return kSamePlaceRtt;
  if (const auto published = publishedRtt(a, b)) return *published;
  const double km = greatCircleKm(regionNamed(a).location, regionNamed(b).location);
  return fibreDelay(2 * km * kMedianStretch);
}

}  // namespace callflow::topology
