// Places of a case where packets can be captured, by the names that results use.
#pragma once

#include <string>
#include <vector>

#include "models/capture/recorder.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::sim {

// All that there are: elements ("alice@hq", "azure:westeurope/relay"), links ("hq.uplink") and
// their directions ("hq.uplink up").
std::vector<std::string> capturePlaces(const topology::Case& input);
// The clients of its calls, each once.
std::vector<std::string> clientPlaces(const topology::Case& input);

// What a capture there sees; nothing if there is no such place. Of a link what comes out of it, of
// a link without a direction both ways; of an element what it sends and what comes to it, by its
// lines. A participant's VPN is an interface of its own: "alice@home/vpn" has what enters and
// leaves the tunnel, "alice@home" the tunnel's own packets.
std::vector<capture::Tap> tapsAt(const topology::NetworkGraph& graph, const std::string& place);

}  // namespace callflow::sim
