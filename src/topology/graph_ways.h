// Which way out a site's traffic takes, by where it goes. Internal to the graph.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/topology/model.h"

namespace callflow::topology {

// Where traffic leaves the customer's network.
struct WayOut {
  std::string site;      // whose line it leaves by
  bool peering = false;  // its private peering, else its uplink
};

class WaysOut {
 public:
  WaysOut() = default;
  explicit WaysOut(const Topology& topology);

  // Whether it ever depends on the destination.
  bool matter() const { return matter_; }
  // From a site: by its routes (the longest prefix wins; of two as long, the first), to Azure by
  // its private peering, else by its uplink, else by its wan, and so on from there. Nothing: no way
  // leads out, or the routes lead round in a circle.
  std::optional<WayOut> of(const std::string& site, wire::Ipv4 destination) const;

 private:
  struct Lines {
    std::vector<SiteRoute> routes;
    bool uplink = false, peering = false;
    std::optional<std::string> wan;  // the site at its other end

    std::optional<RouteBy> by(wire::Ipv4 destination) const;
  };
  std::map<std::string, Lines> lines_;  // by site
  bool matter_ = false;
};

}  // namespace callflow::topology
