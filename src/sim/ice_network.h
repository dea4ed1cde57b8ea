// The servers that clients connect by, in a network that runs: TURN servers and media processors.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/conference/ice_socket.h"
#include "models/turn/client.h"
#include "models/turn/server.h"
#include "src/explain/plan.h"
#include "src/sim/lost_packets.h"
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
  const LostPackets& lost() const { return lost_; }
  // With those that it sends clients to.
  turn::Server& relay(topology::ElementId element);
  // Which one has this address.
  topology::ElementId relayAt(wire::Ipv4 address) const;
  // Where all of them are, whether somebody uses them or not.
  const std::map<wire::Ipv4, fabric::NodeId>& relayNodes() const { return nodes_; }
  // What a client is told to use: the nearest that answers. The service knows which do, and clients
  // ask it each time that they gather.
  std::optional<topology::ElementId> relayFor(
      topology::ElementId client, const std::vector<std::string>& own = {},
      const std::vector<topology::ElementId>& full = {}) const;
  // One dies, and clients are told to use it nevertheless.
  void killRelay(topology::ElementId element);
  // Events that come before `end`, to be told before packets are sent. They must outlive it.
  void happen(const std::vector<topology::LinkChange>& events, Duration end = Duration::max());
  conference::IceSocket& processor(topology::ElementId element);

  // Whether an interface's access line is up, both ways.
  bool hasAccess(topology::ElementId interface) const;
  // Must outlive it.
  void watch(topology::ElementId interface, AccessWatcher& watcher);

 private:
  // What an event does, to a relay or to the network.
  void change(const topology::LinkChange& change);

  Wiring& wiring_;
  explain::PortBook& ports_;
  LostPackets lost_;
  void setRelay(std::string_view name, bool up);
  // Clients whose access line has changed are told. What breaks further away no system notices.
  void tellOfAccess(const topology::LinkChange& change);
  // Ports come back when an allocation is over, and rest until all others have been given out.
  std::optional<std::uint16_t> nextPort(topology::ElementId relay);

  std::map<wire::Ipv4, fabric::NodeId> nodes_;  // of all relays
  std::map<topology::ElementId, std::deque<std::uint16_t>> freed_;
  std::vector<topology::ElementId> down_;
  std::map<topology::ElementId, std::unique_ptr<turn::Server>> relays_;
  std::map<topology::ElementId, topology::DirectedLinkId> accesses_;  // away from interfaces
  std::map<topology::ElementId, std::vector<AccessWatcher*>> watchers_;
  std::map<topology::ElementId, std::unique_ptr<conference::IceSocket>> processors_;
};

}  // namespace callflow::sim
