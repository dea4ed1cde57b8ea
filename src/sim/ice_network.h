// The servers that clients connect by, in a network that runs: TURN servers and media processors.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "models/conference/ice_socket.h"
#include "models/turn/client.h"
#include "models/turn/server.h"
#include "src/explain/plan.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

// Is told what a client's system says of one of its interfaces.
class AccessWatcher {
 public:
  virtual ~AccessWatcher() = default;
  virtual void onAccess(topology::ElementId interface, bool there) = 0;
};

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

  // Whether an interface's access line is up, both ways.
  bool hasAccess(topology::ElementId interface) const;
  // Must outlive it.
  void watch(topology::ElementId interface, AccessWatcher& watcher);
  // The network's links have changed so: clients whose access line it is are told. What breaks
  // further away no system notices.
  void onChange(const topology::LinkChange& change);

 private:
  Wiring& wiring_;
  explain::PortBook& ports_;
  std::map<topology::ElementId, std::unique_ptr<turn::Server>> relays_;
  std::map<topology::ElementId, topology::DirectedLinkId> accesses_;  // away from interfaces
  std::map<topology::ElementId, std::vector<AccessWatcher*>> watchers_;
  std::map<topology::ElementId, std::unique_ptr<conference::IceSocket>> processors_;
};

}  // namespace callflow::sim
