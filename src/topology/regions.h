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

// All public regions, in the order in which they are printed everywhere. Coordinates are those that
// `az account list-locations` gives, but for eight that it puts elsewhere than the datacentres are
// (Spain east of Greenwich, Israel in Sinai, France in its middle ...).
std::span<const Region> builtInRegions();

// Null if the table has no such region.
const Region* findRegion(std::string_view name);
// Its place in builtInRegions(). Precondition: there is one of this name.
std::size_t regionNumber(std::string_view name);

// "Azure's US government cloud" for a region of it; empty if it is no region of such a cloud.
std::string_view sovereignCloudOf(std::string_view region);

// Where Microsoft's network meets the Internet: a city.
struct Edge {
  std::string_view name;  // "new-york"
  Location location;
};
std::span<const Edge> builtInEdges();

// Where the edge of this name is: one of the cities, or a region, which may stand for an edge of
// its own. Null if there is neither.
const Location* findEdge(std::string_view name);

// Length of the shortest way over the Earth's surface, in kilometres, on a sphere of the mean
// radius 6371.0088 km (IUGG; within 0.6 % of the ellipsoid).
double greatCircleKm(Location a, Location b);

// What Microsoft published for this pair ("Azure network round-trip latency statistics": median of
// the 30 days that ended on 2024-04-09, mean of both directions); nothing for pairs it gives no
// figure for and for a region with itself.
std::optional<Duration> publishedRtt(std::string_view a, std::string_view b);

// A place on the backbone and the measured region (one that figures were published for) nearest to
// it, found once.
struct BackbonePlace {
  explicit BackbonePlace(Location where);
  Location location;
  std::size_t measuredRegion = 0;
  double measuredKm = 0;
};

// The published figure of the measured regions nearest to both places, scaled to the distance
// between these places. Nothing where the figure says little: both have the same nearest region, or
// the ways there add up to more than the way between them.
std::optional<Duration> publishedRtt(const BackbonePlace& a, const BackbonePlace& b);

// Round trip on the backbone: by published figures, else kSamePlaceRtt within a metropolitan area,
// else 2 * distance / (200 km/ms) * 1.8, where 1.8 is the median of published over ideal for the
// published pairs. By names of regions: std::invalid_argument for an unknown one.
Duration backboneRtt(const BackbonePlace& a, const BackbonePlace& b);
Duration backboneRtt(std::string_view a, std::string_view b);

// Between an edge and a region at the same place: nothing. Microsoft promises less than about 2 ms
// round trip inside a region; the `minimum-delay` of the Internet link in front of the edge stands
// for that.
inline constexpr Duration kSamePlaceRtt = Duration::ms(0);

}  // namespace callflow::topology
