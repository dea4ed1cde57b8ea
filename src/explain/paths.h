// Which of the allowed kinds of path works between two clients, or between a client and a server.
// Internal to explain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/explain/plan.h"
#include "src/explain/refusal.h"
#include "src/network/network.h"

namespace callflow::explain {

struct Client {
  topology::ElementId element{};
  fabric::Endpoint socket;
  std::optional<topology::ElementId> relay;  // its nearest one
};

struct Decision {
  std::vector<Attempt> attempts;             // in the order tried; the last is chosen, or none
  std::optional<topology::PathKind> chosen;  // nothing: no path
  Access first = Access::plainUdp;           // of the first client
  Access second = Access::plainUdp;          // of the second; plain_udp for a server
};

class PathFinder {
 public:
  PathFinder(const topology::NetworkGraph& graph, network::Network& network, const PortBook& ports,
             std::vector<topology::PathKind> allowed, topology::Security security, wire::Dscp dscp)
      : graph_(graph),
        network_(network),
        ports_(ports),
        allowed_(std::move(allowed)),
        security_(security),
        dscp_(dscp) {}

  Decision between(const Client& a, const Client& b) const;
  // To a socket of a media processor or SBC.
  Decision toServer(const Client& client, topology::ElementId at, fabric::Endpoint server) const;
  // From a server to another.
  Decision fromServer(const Client& own, topology::ElementId at, fabric::Endpoint server) const;

 private:
  bool allows(topology::PathKind kind) const;
  Attempt direct(const Client& a, const Client& b) const;
  Attempt relayed(topology::PathKind kind, const Client& a, const Client& b,
                  Decision& decision) const;
  // A packet from the client to a server, and the answer to where it seemed to come
  // from.
  std::optional<Refusal> exchange(const Client& client, topology::ElementId at,
                                  fabric::Endpoint server, fabric::Protocol protocol) const;
  std::optional<Refusal> toOwnRelay(const Client& client, Access access) const;
  // From a socket of a relay to one of another server, and back.
  std::optional<Refusal> betweenServers(topology::ElementId relay, topology::ElementId other,
                                        fabric::Endpoint socket) const;
  // Over UDP to a port that the other client's relay gives out to that client.
  std::optional<Refusal> toRelayedPort(const Client& client, const Client& owner) const;

  const std::string& name(topology::ElementId id) const { return graph_.element(id).name; }

  const topology::NetworkGraph& graph_;
  network::Network& network_;
  const PortBook& ports_;
  std::vector<topology::PathKind> allowed_;  // empty: all
  topology::Security security_;              // of what goes over TCP
  wire::Dscp dscp_;                          // of the call's packets
};

}  // namespace callflow::explain
