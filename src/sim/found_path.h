// From the pair that ICE has selected to the path of media: the legs that the packets of its checks
// take.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "models/client/ice_client.h"
#include "src/sim/ice_network.h"
#include "src/sim/relay_line.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

using RelayLines = std::map<ice::PortNumber, std::unique_ptr<RelayLine>>;

// One of the two ends: a client with its connections to relays, or a media processor's socket.
struct PathEnd {
  topology::ElementId element{};
  const client::IceClient* client = nullptr;
  // Of a client: the elements that its interfaces stand at.
  const std::vector<topology::ElementId>* interfaces = nullptr;
  const RelayLines* lines = nullptr;
  wire::Endpoint socket = {};
};

struct PathFromPair {
  FoundPath found;
  // Of the client that it leads to.
  std::optional<ice::PortNumber> arrivesAt;
  // The leg at whose end the near client is seen by the far one, or by its relay; none within a
  // relay of both.
  std::optional<std::size_t> seenAfter;
};

// Of the paths that go by a client's port.
topology::PathKind kindOf(const ice::Port& port);

// By the pair that `near`, a client, has selected.
PathFromPair pathBy(IceNetwork& network, const ice::Pair& selected, const PathEnd& near,
                    const PathEnd& far);
// From a media processor to where its client's pair is nominated.
PathFromPair pathTo(IceNetwork& network, wire::Endpoint nominated, const PathEnd& near,
                    const PathEnd& far);

}  // namespace callflow::sim
