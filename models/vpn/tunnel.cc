#include "models/vpn/tunnel.h"

#include "models/vpn/box.h"
#include "models/vpn/policy.h"

namespace callflow::vpn {

using transport::End;

Tunnel::Tunnel(fabric::Fabric& fabric, transport::TcpLayer& layer, const Vpn& parameters,
               const TunnelEnds& ends)
    : fabric_(fabric),
      layer_(layer),
      parameters_(parameters),
      ends_(ends),
      directions_{Direction(*this, End::client), Direction(*this, End::server)} {
  fabric_.setCarrier(ends_.up, &directions_[0]);
  fabric_.setCarrier(ends_.down, &directions_[1]);
}

DataSize Tunnel::Direction::mtuForTcp() const {
  return packetForTcp(tunnel_.parameters_);
}

fabric::Header5 Tunnel::outerHeader(End from) const {
  const auto protocol = parameters_.encapsulation.over == Carriage::tcp ? fabric::Protocol::tcp
                                                                        : fabric::Protocol::udp;
  if (from == End::client) return {ends_.clientSocket, ends_.gatewaySocket, protocol};
  return {ends_.gatewaySocket, seenAs_.value_or(ends_.clientSocket), protocol};
}

bool Tunnel::comesUp() {
  if (seenAs_) return true;
  const fabric::Trial request = fabric_.tryPacket(ends_.client, outerHeader(End::client));
  if (request.arrived) seenAs_ = request.header.source;
  return request.arrived;
}

fabric::Trial Tunnel::tryCarry(End from) {
  // The client's packets open what stands on the way, also for what comes to it.
  const fabric::Trial request = fabric_.tryPacket(ends_.client, outerHeader(End::client));
  if (!request.arrived) return request;
  seenAs_ = request.header.source;
  return from == End::client ? request : fabric_.tryPacket(ends_.gateway, outerHeader(End::server));
}

void Tunnel::carry(End from, fabric::PacketId id, fabric::Packet& packet, TimePoint) {
  if (!comesUp()) {
    fabric_.refuse(id, link(from), static_cast<std::uint16_t>(Reason::notUp));
    return;
  }
  const DataSize size = wrappedSize(parameters_.encapsulation, packet.dataSize());
  if (parameters_.encapsulation.over == Carriage::udp) {
    const std::uint8_t dscp = parameters_.copiesDscp ? packet.dscp : 0;
    fabric_.wrap(id, link(from), {outerHeader(from), size, dscp}, node(from));
    return;
  }
  connect();
  if (stream_->waiting(from) + size > parameters_.queue) {
    fabric_.refuse(id, link(from), static_cast<std::uint16_t>(Reason::queueFull));
    return;
  }
  stream_->send(from, size, static_cast<transport::MessageToken>(id));
}

void Tunnel::connect() {
  if (stream_ != nullptr) return;
  layer_.listen(ends_.gateway, ends_.gatewaySocket.port);
  const std::string& name = fabric_.name(ends_.up);
  stream_ = &layer_.connect(
      {ends_.client, ends_.clientSocket, fabric_.flowNumber("tunnel " + name + " client")},
      {ends_.gateway, ends_.gatewaySocket, fabric_.flowNumber("tunnel " + name + " gateway")},
      parameters_.tcp, *this);
  stream_->open();
}

bool Tunnel::arrives(End from, fabric::NodeId at, const fabric::Packet& outer) {
  if (at != node(transport::other(from))) return false;
  // A client that moves, or whose NAT forgets it, is answered where it was heard last.
  if (from == End::client) seenAs_ = outer.source();
  return true;
}

void Tunnel::onArrival(End, transport::MessageToken token, fabric::PacketId,
                       const fabric::Packet& carrier) {
  fabric_.share(static_cast<fabric::PacketId>(token), carrier);
}

void Tunnel::onDelivery(End at, const transport::Delivery& delivery) {
  const Duration onTheWay = delivery.arrived - delivery.copySent;
  fabric_.unload(static_cast<fabric::PacketId>(delivery.token), link(transport::other(at)),
                 delivery.delivered - delivery.written - onTheWay);
}

}  // namespace callflow::vpn
