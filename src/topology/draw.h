// Drawings of a network: Graphviz DOT and Mermaid text.
#pragma once

#include <string>
#include <vector>

#include "src/topology/graph.h"

namespace callflow::topology {

enum class MediaTransport { udp, tcp };

// Part of a media path to be highlighted.
struct DrawnLeg {
  Route links;
  MediaTransport transport = MediaTransport::udp;
};

struct DrawOptions {
  std::string title;           // above the drawing; may be empty
  std::vector<DrawnLeg> legs;  // highlighted: UDP solid blue, TCP dashed orange
};

// Both draw what lies on the routes between participants and from them to their nearest relay's
// region, what is highlighted, and every site; not the links that nothing uses. User's names are
// escaped.
std::string drawDot(const NetworkGraph& graph, const DrawOptions& options = {});
std::string drawMermaid(const NetworkGraph& graph, const DrawOptions& options = {});

}  // namespace callflow::topology
