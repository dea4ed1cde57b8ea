// Which of the allowed kinds of path works between two clients, or between a client and a server.
// Internal to explain.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/explain/plan.h"
#include "src/explain/refusal.h"
#include "src/network/network.h"

namespace callflow::explain {

struct Client {
  topology::ElementId element{};
  fabric::Endpoint socket;
  std::optional<topology::ElementId> relay;  // the nearest one, or the next that has room for it
  bool relayOnly = false;                    // it uses no other candidates
  std::vector<Refusal> full = {};            // of relays that had none, and that it asked before
  std::vector<std::pair<Access, Refusal>> refused = {};  // by its relay, which has no more
};

struct Decision {
  std::vector<Attempt> attempts;             // in the order tried; the last is chosen, or none
  std::optional<topology::PathKind> chosen;  // nothing: no path
  Access first = Access::plainUdp;           // of the first client
  Access second = Access::plainUdp;          // of the second; plain_udp for a server
};

class PathFinder {
 public:
  // What is chosen goes through `taken` as well, whose boxes remember it: what they have no room
  // for is refused. Those of `empty` forget before each trial.
  PathFinder(const topology::NetworkGraph& graph, network::Network& empty, network::Network& taken,
             const PortBook& ports, const topology::Call& call)
      : graph_(graph), empty_(empty), taken_(taken), ports_(ports), call_(call) {}

  // By which it reaches its relay, as far as the call may use them.
  std::vector<Access> waysToRelay(const Client& client) const;
  Decision between(const Client& a, const Client& b) const;
  // To a socket of a media processor or SBC.
  Decision toServer(const Client& client, topology::ElementId at, fabric::Endpoint server) const;
  // From a server to another.
  Decision fromServer(const Client& own, topology::ElementId at, fabric::Endpoint server) const;

 private:
  // What was found of a client's way to its own relay.
  Finding ownRelay(const Client& client, Access access, std::optional<Refusal> refusal = {}) const;
  Finding noProxy(const Client& client) const;
  network::Network& fresh() const {
    empty_.forget();
    return empty_;
  }
  Attempt direct(network::Network& network, const Client& a, const Client& b) const;
  Attempt relayed(topology::PathKind kind, const Client& a, const Client& b,
                  Decision& decision) const;
  // A packet from the client to a server, and the answer to where it seemed to come
  // from.
  std::optional<Refusal> exchange(network::Network& network, const Client& client,
                                  topology::ElementId at, fabric::Endpoint server,
                                  fabric::Protocol protocol) const;
  std::optional<Refusal> toOwnRelay(const Client& client, Access access) const;
  // The packets of it, where nothing else stands against it.
  std::optional<Refusal> exchangeWithRelay(network::Network& network, const Client& client,
                                           Access access) const;
  // From a socket of a relay to one of another server, and back.
  std::optional<Refusal> betweenServers(topology::ElementId relay, topology::ElementId other,
                                        fabric::Endpoint socket) const;
  // Over UDP to a port that the other client's relay gives out to that client.
  std::optional<Refusal> toRelayedPort(network::Network& network, const Client& client,
                                       const Client& owner) const;
  // The chosen path takes its place in the boxes; nothing: there is none for it, and `attempt` is
  // refused.
  void take(const Client& a, const Client& b, const Decision& decision, Attempt& attempt) const;

  const std::string& name(topology::ElementId id) const { return graph_.element(id).name; }

  const topology::NetworkGraph& graph_;
  network::Network& empty_;
  network::Network& taken_;
  const PortBook& ports_;
  const topology::Call& call_;
};

}  // namespace callflow::explain
