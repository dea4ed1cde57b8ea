// Azure regions: where they are, and how long the backbone takes between them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "src/topology/model.h"
#include "src/units/units.h"

namespace callflow::topology {

struct Region {
  std::string_view name;  // as Azure writes it: "westeurope"
  Location location;
};

// How long light takes for so many kilometres of fibre: 200 km in a millisecond (refractive
// index 1.5).
constexpr Duration fibreDelay(double km) {
  return Duration::fromSeconds(km / 200e3);
}

// The built-in table, in the order in which it is printed everywhere. Coordinates are those that
// `az account list-locations` gives.
std::span<const Region> builtInRegions();

// Null if the table has no such region.
const Region* findRegion(std::string_view name);

// Length of the shortest way over the Earth's surface, in kilometres, on a sphere of the mean
// radius 6371.0088 km (IUGG; within 0.6 % of the ellipsoid).
double greatCircleKm(Location a, Location b);

// What Microsoft published for this pair ("Azure network round-trip latency statistics": median of
// the 30 days that ended on 2024-04-09, mean of both directions); nothing for pairs it gives no
// figure for and for a region with itself.
std::optional<Duration> publishedRtt(std::string_view a, std::string_view b);

// Round trip between two regions on the backbone: the published figure, else
// 2 * distance / (200 km/ms) * 1.8, where 1.8 is the median of published over ideal for the
// published pairs; for a region with itself kSamePlaceRtt. Throws std::invalid_argument for an
// unknown name.
Duration backboneRtt(std::string_view a, std::string_view b);

// Between an edge and a region at the same place: nothing. Microsoft promises less than about 2 ms
// round trip inside a region; the `minimum-delay` of the Internet link in front of the edge stands
// for that.
inline constexpr Duration kSamePlaceRtt = Duration::ms(0);

}  // namespace callflow::topology
