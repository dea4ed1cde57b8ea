// The flows by which Microsoft's documents call the legs of a call: "Detailed call flows" of Azure
// Communication Services has 2, 2', 3, 4, 5 and 6, "Microsoft Teams call flows" the others as well.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/topology/graph.h"

namespace callflow::explain {

// A customer network is a site with all that WAN links join to it; a remote user is somebody at one
// of `remote:`.
enum class FlowLabel : std::uint8_t {
  flow1,       // 4 by a private peering
  flow1Prime,  // 4' by a private peering
  flow2,       // between a customer network and the Internet
  flow2Prime,  // through a VPN's tunnel
  flow3,       // between a remote user and Azure
  flow4,       // between a customer network and Azure
  flow4Prime,  // between Azure's media server and a customer's SBC
  flow5,       // inside a customer network
  flow5A,      // inside a customer network, to a media relay of its own
  flow5B,      // inside a customer network, to an SBC in media bypass
  flow5C,      // between two SBCs of a customer network
  flow6        // between two remote users
};
// "2'", "5A"
std::string_view name(FlowLabel label);
// All three spellings of the documents, 2', 2* and 2`, mean 2'; and so of the other primed ones.
std::optional<FlowLabel> flowLabelFrom(std::string_view text);

// A way can be several: through a tunnel and on from its gateway. Tunnels come first, whatever the
// direction.
using FlowLabels = std::vector<FlowLabel>;
std::string toText(const FlowLabels& labels);  // "2' + 4"; empty for none

// What a way between two elements is called. None: it is inside Azure, or telephony. The same both
// ways.
FlowLabels flowLabels(const topology::NetworkGraph& graph, topology::ElementId from,
                      topology::ElementId to, const topology::Route& links);

}  // namespace callflow::explain
