// The servers that clients connect by, in a network that runs: TURN servers and media processors.
#pragma once

#include <map>
#include <memory>

#include "models/conference/ice_socket.h"
#include "models/turn/client.h"
#include "models/turn/server.h"
#include "src/explain/plan.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

// All clients have the same: what is simulated is their exchange, not their secrecy.
turn::Credentials relayCredentials();

// The TURN servers of a network, and what all sessions share.
class IceNetwork {
 public:
  IceNetwork(Wiring& wiring, explain::PortBook& ports);

  path::Datagrams& datagrams() { return wiring_.datagrams(); }
  Wiring& wiring() { return wiring_; }
  explain::PortBook& ports() { return ports_; }
  const topology::NetworkGraph& graph() const { return wiring_.network().graph(); }
  turn::Server& relay(topology::ElementId element);
  void killRelay(topology::ElementId element);
  conference::IceSocket& processor(topology::ElementId element);

 private:
  Wiring& wiring_;
  explain::PortBook& ports_;
  std::map<topology::ElementId, std::unique_ptr<turn::Server>> relays_;
  std::map<topology::ElementId, std::unique_ptr<conference::IceSocket>> processors_;
};

}  // namespace callflow::sim
