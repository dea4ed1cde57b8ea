// The servers that clients connect by, in a network that runs: TURN servers and media processors.
#pragma once

#include <map>
#include <memory>

#include "models/conference/ice_socket.h"
#include "models/path/datagrams.h"
#include "models/turn/client.h"
#include "models/turn/server.h"
#include "src/explain/plan.h"
#include "src/network/reach.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

// All clients have the same: what is simulated is their exchange, not their secrecy.
turn::Credentials relayCredentials();

// The TURN servers of a network, and what all sessions share.
class IceNetwork {
 public:
  IceNetwork(Wiring& wiring, explain::PortBook& ports);

  path::Datagrams& datagrams() { return datagrams_; }
  Wiring& wiring() { return wiring_; }
  explain::PortBook& ports() { return ports_; }
  const topology::NetworkGraph& graph() const { return wiring_.network().graph(); }
  turn::Server& relay(topology::ElementId element);
  void killRelay(topology::ElementId element) { relay(element).die(); }
  conference::IceSocket& processor(topology::ElementId element);

 private:
  Wiring& wiring_;
  explain::PortBook& ports_;
  network::Reach reach_;
  path::Datagrams datagrams_;
  std::map<topology::ElementId, std::unique_ptr<turn::Server>> relays_;
  std::map<topology::ElementId, std::unique_ptr<conference::IceSocket>> processors_;
};

}  // namespace callflow::sim
