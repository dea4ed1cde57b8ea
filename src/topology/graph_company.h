// Which exits to the Internet have to do with each other, so that packets go between them. Internal
// to the graph.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "src/topology/graph_data.h"

namespace callflow::topology {

bool holdsGateway(const Site& site, const Topology& topology);

// Exits are sites' numbers; `exitsOf` gives those that a site's traffic may leave by.
class ExitPairs {
 public:
  using ExitsOf = std::function<std::set<std::size_t>(std::size_t site)>;
  ExitPairs(const Topology& topology, const std::vector<Company>* companies,
            const ExitsOf& exitsOf);

  bool has(std::size_t a, std::size_t b) const {
    return all_ || hubs_.count(a) != 0 || hubs_.count(b) != 0 ||
           pairs_.count(std::minmax(a, b)) != 0;
  }

 private:
  bool all_;
  std::set<std::size_t> hubs_;  // with all others
  std::set<std::pair<std::size_t, std::size_t>> pairs_;
};

}  // namespace callflow::topology
