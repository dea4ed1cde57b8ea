// Where traffic enters Azure and which region serves whom. Internal to the graph.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/topology/model.h"

namespace callflow::topology {

// One way, between two places so many kilometres apart.
Duration internetDelay(const Internet& internet, double km);

// Who sends to Azure: a point of presence, or a private peering that leads to an edge.
struct AzureEntrance {
  Location from;
  std::optional<std::string> edge = {};
};

struct AzurePlan {
  struct Entry {
    std::size_t edge = 0;  // in edges
    Duration delay;        // one way over the Internet to it
  };
  // With every_region only those that serve somebody: the nearest, and the nearest with relays.
  std::vector<std::string> regions;
  std::vector<std::string> edges;  // those that somebody enters at
  // Of each entrance: by region, where traffic to it enters; and the region nearest by the
  // whole way.
  std::vector<std::vector<Entry>> entries;
  std::vector<std::optional<std::size_t>> nearest;
  std::vector<std::vector<Duration>> backbone;  // one way, by edge and region
};

// Traffic enters at the edge with the least delay over the whole way, Internet and backbone
// together; among equals the nearest. Where published figures say that the backbone itself takes
// longer between there, the Internet takes as long: else what Azure keeps on its backbone ("cold
// potato") would cross the world on an Internet that is faster only because less is known of it.
// std::invalid_argument for names of no place.
AzurePlan planAzure(const Azure& azure, const Internet& internet,
                    const std::vector<AzureEntrance>& entrances);

// Whether the relays of a region are on.
bool hasRelay(const Azure& azure, const std::string& region);

// The built-in edge that is nearest to a place.
std::string nearestEdge(Location place);

}  // namespace callflow::topology
