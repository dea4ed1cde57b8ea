// Drawings of a network: Graphviz DOT and Mermaid text.
#pragma once

#include <string>
#include <vector>

#include "models/wire/address.h"
#include "src/topology/graph.h"

namespace callflow::topology {

using MediaTransport = wire::Protocol;

// Part of a media path to be highlighted.
struct DrawnLeg {
  Route links;
  MediaTransport transport = MediaTransport::udp;
};

struct DrawOptions {
  std::string title;           // below the drawing, before the legend; may be empty
  std::vector<DrawnLeg> legs;  // highlighted: UDP solid blue, TCP dashed orange
};

// Both draw every site with what stands in it, and of Azure what lies on the routes from
// participants (without any: from sites) to their nearest relays, between these relays, and what is
// highlighted. The points of presence appear as one Internet. Labels show rate, delay and loss;
// users' names are escaped.
std::string drawDot(const NetworkGraph& graph, const DrawOptions& options = {});
std::string drawMermaid(const NetworkGraph& graph, const DrawOptions& options = {});

}  // namespace callflow::topology
