// The two ends of a client's TCP connection to a server of Azure's, and what stands between them.
#pragma once

#include <cstdint>
#include <optional>

#include "src/sim/ice_network.h"
#include "src/sim/relay_line.h"

namespace callflow::sim {

struct TcpWay {
  topology::ElementId client{}, server{};
  wire::Endpoint service;                    // of the server
  std::optional<topology::ElementId> proxy;  // that it goes through
  bool turn = false;                         // what it carries
  std::uint32_t draws = 0;
};

// From ports that nothing has had before.
RelayLine::Ends tcpEnds(IceNetwork& network, const TcpWay& way);

}  // namespace callflow::sim
