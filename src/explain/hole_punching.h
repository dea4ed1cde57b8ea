// How two clients open a way to each other over UDP through the boxes between them: the first
// checks of ICE (RFC 8445), reduced to what boxes make of them.
#pragma once

#include <array>
#include <optional>

#include "models/wire/address.h"
#include "models/wire/service.h"
#include "src/network/network.h"
#include "src/topology/graph.h"

namespace callflow::explain {

struct PunchingSide {
  topology::ElementId element{};
  wire::Endpoint socket;
  topology::Route route;  // to the other side
  wire::Dscp dscp = {};
  std::uint16_t stunPort = wire::kStunPort;  // of the STUN server that it asks
  std::optional<wire::Endpoint> seen = {};   // where a STUN server sees it
  wire::Endpoint reach = {};                 // what it sends to, to reach the other side
  network::Passage last = {};                // of its last packet to the other side
};

// Where a STUN server at the nearest relay sees a client, if its answer comes back.
std::optional<wire::Endpoint> serverReflexive(network::Network& network, const PunchingSide& side);

// Packets go through the boxes of `network`, which remember them. Each side learns from its nearest
// relay, if it has one, where it is seen; that is what the other side sends to, if the Internet
// lies between. The first offers, so that the second, who answers, sends first. Both have sent
// three times in the end, the last time to where the other's packets came from.
std::array<PunchingSide, 2> punchHoles(network::Network& network, PunchingSide first,
                                       PunchingSide second);

}  // namespace callflow::explain
