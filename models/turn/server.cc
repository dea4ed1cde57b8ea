#include "models/turn/server.h"

#include <algorithm>

namespace callflow::turn {

Server::Server(path::Datagrams& datagrams, fabric::NodeId node, ServerSettings settings,
               std::span<const std::uint16_t> ports)
    : datagrams_(datagrams),
      node_(node),
      address_(settings.address),
      ports_(ports.begin(), ports.end()),
      allocations_(std::move(settings)) {
  for (const std::uint16_t port : ports_) datagrams_.listen(node_, port, *this);
}

void Server::onDatagram(const path::Datagram& datagram, TimePoint now) {
  if (dead_) return;
  senders_[datagram.from] = datagram.sender;
  if (std::find(ports_.begin(), ports_.end(), datagram.to.port) != ports_.end()) {
    fromClient({datagram.from, datagram.to, wire::Protocol::udp}, datagram.bytes, now);
    return;
  }
  Allocations::FromPeer passed =
      allocations_.onPeer(datagram.to.port, datagram.from, datagram.bytes, now);
  if (passed.client) toClient(*passed.client, std::move(passed.bytes));
}

bool Server::takesMedia(wire::Endpoint from, wire::Endpoint to, TimePoint now) {
  if (dead_) return false;
  if (std::find(ports_.begin(), ports_.end(), to.port) != ports_.end())
    return allocations_.relayedPort({from, to, wire::Protocol::udp}, now).has_value();
  if (!allocations_.permits(to.port, from, now)) return false;
  const auto taker = takers_.find(to.port);
  return taker == takers_.end() || taker->second(from);
}

void Server::closed(const Client5& client) {
  connections_.erase(client);
  allocations_.onClosed(client);
}

void Server::onStream(const Client5& client, const stun::Bytes& bytes, TimePoint now) {
  if (!dead_) fromClient(client, bytes, now);
}

void Server::fromClient(const Client5& client, const stun::Bytes& bytes, TimePoint now) {
  Allocations::FromClient outcome = allocations_.onClient(client, bytes, now);
  if (const auto port = allocations_.relayedPort(client, now)) {
    if (relayed_.insert(*port).second) datagrams_.listen(node_, *port, *this);
  }
  if (outcome.answer) toClient(client, std::move(*outcome.answer));
  if (outcome.toPeer) {
    Allocations::ToPeer& to = *outcome.toPeer;
    sendDatagram({address_, to.port}, to.peer, std::move(to.bytes));
  }
}

void Server::toClient(const Client5& client, stun::Bytes bytes) {
  if (client.protocol == wire::Protocol::udp) {
    sendDatagram(client.destination, client.source, std::move(bytes));
  } else if (const auto connection = connections_.find(client); connection != connections_.end()) {
    connection->second(std::move(bytes));
  }
}

void Server::sendDatagram(wire::Endpoint source, wire::Endpoint destination, stun::Bytes bytes) {
  const auto known = senders_.find(destination);
  path::Datagrams::Sending sending;
  sending.from = node_;
  sending.source = source;
  sending.destination = destination;
  sending.towards = known == senders_.end() ? fabric::kNoNode : known->second;
  datagrams_.send(sending, std::move(bytes));
}

void Server::die() {
  dead_ = true;
  allocations_.forget();
}

}  // namespace callflow::turn
