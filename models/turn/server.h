// A TURN server in the network: its sockets, and what of its policy needs a clock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "models/path/datagrams.h"
#include "models/turn/allocations.h"

namespace callflow::turn {

class Server : public path::DatagramSink {
 public:
  // Listens to clients at these ports of the node over UDP.
  Server(path::Datagrams& datagrams, fabric::NodeId node, ServerSettings settings,
         std::span<const std::uint16_t> ports);

  // A client's connection: what comes from it, and how it is answered.
  using Connection = std::function<void(stun::Bytes)>;
  void connected(const Client5& client, Connection connection) {
    connections_[client] = std::move(connection);
  }
  void closed(const Client5& client);
  void onStream(const Client5& client, const stun::Bytes& bytes, TimePoint now);

  void onDatagram(const path::Datagram& datagram, TimePoint now) override;
  bool takesMedia(wire::Endpoint from, wire::Endpoint to, TimePoint now) override;
  // Asks whether the client with this relayed port takes media from somebody. What it does not, it
  // would drop itself, where packets of media do not say any more who sent them.
  using Taker = std::function<bool(wire::Endpoint from)>;
  void setTaker(std::uint16_t relayedPort, Taker taker) { takers_[relayedPort] = std::move(taker); }
  // Who has been given this relayed port.
  std::optional<Client5> clientOf(std::uint16_t relayedPort) const {
    return allocations_.clientOf(relayedPort);
  }

  // From now on it answers nobody, and knows nothing any more.
  void die();
  // It answers again.
  void revive() { dead_ = false; }
  bool dead() const { return dead_; }

 private:
  void fromClient(const Client5& client, const stun::Bytes& bytes, TimePoint now);
  void toClient(const Client5& client, stun::Bytes bytes);
  void sendDatagram(wire::Endpoint source, wire::Endpoint destination, stun::Bytes bytes);

  path::Datagrams& datagrams_;
  fabric::NodeId node_;
  wire::Ipv4 address_;
  std::vector<std::uint16_t> ports_;
  Allocations allocations_;
  bool dead_ = false;
  std::map<Client5, Connection> connections_;
  std::map<wire::Endpoint, fabric::NodeId> senders_;  // of what has come, where answers go
  std::map<std::uint16_t, Taker> takers_;
  std::set<std::uint16_t> relayed_;  // ports that it listens at for clients
};

}  // namespace callflow::turn
