#include "src/topology/graph_ways.h"

namespace callflow::topology {

WaysOut::WaysOut(const Topology& topology) {
  for (const auto& [name, site] : topology.sites) {
    lines_[name] = {site.routes, site.uplink.has_value(), site.peering.has_value(),
                    site.wan ? std::optional(site.wan->to) : std::nullopt};
    matter_ = matter_ || site.peering || !site.routes.empty();
  }
}

std::optional<RouteBy> WaysOut::Lines::by(wire::Ipv4 destination) const {
  std::optional<RouteBy> found;
  int longest = -1;
  for (const SiteRoute& route : routes) {
    const int match = wire::longestMatch(route.to, destination);
    if (match <= longest) continue;
    longest = match;
    found = route.by;
  }
  return found;
}

std::optional<WayOut> WaysOut::of(const std::string& site, wire::Ipv4 destination) const {
  const bool azure = wire::kAzureMediaRange.contains(destination);
  std::string at = site;
  // A walk longer than there are sites goes round in a circle.
  for (std::size_t step = 0; step <= lines_.size(); ++step) {
    const auto found = lines_.find(at);
    if (found == lines_.end()) return std::nullopt;
    const Lines& here = found->second;
    const auto by = here.by(destination);
    if (here.peering && azure && by.value_or(RouteBy::peering) == RouteBy::peering)
      return WayOut{at, true};
    if (here.uplink && !(here.wan && by == RouteBy::wan)) return WayOut{at, false};
    if (!here.wan) return std::nullopt;
    at = *here.wan;
  }
  return std::nullopt;
}

}  // namespace callflow::topology
