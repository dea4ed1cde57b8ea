#include "models/vpn/tunnel.h"

#include "models/vpn/box.h"
#include "models/vpn/outer_bytes.h"
#include "models/vpn/policy.h"

namespace callflow::vpn {
namespace {

// What is sent over TCP to keep it alive; no packet has this number.
constexpr auto kAlive = static_cast<transport::MessageToken>(fabric::kNoPacket);

constexpr std::size_t number(transport::End end) {
  return static_cast<std::size_t>(end);
}

}  // namespace

using transport::End;

Tunnel::Tunnel(fabric::Fabric& fabric, transport::TcpLayer& layer, const Vpn& parameters,
               const TunnelEnds& ends)
    : fabric_(fabric),
      layer_(layer),
      parameters_(parameters),
      ends_(ends),
      directions_{Direction(*this, End::client), Direction(*this, End::server)},
      how_(parameters.encapsulation) {
  fabric_.setCarrier(ends_.up, &directions_[0]);
  fabric_.setCarrier(ends_.down, &directions_[1]);
}

DataSize Tunnel::Direction::mtuForTcp() const {
  return packetForTcp(tunnel_.parameters_);
}

// ---- who is where ------------------------------------------------------------------------------

fabric::Endpoint Tunnel::clientSocket() const {
  if (how_.over == parameters_.encapsulation.over) return ends_.clientSocket;
  return {ends_.clientSocket.address, kTcpClientPort};
}

fabric::Header5 Tunnel::outerHeader(End from) const {
  const auto protocol = how_.over == Carriage::tcp ? fabric::Protocol::tcp : fabric::Protocol::udp;
  if (from == End::client) return {clientSocket(), gatewaySocket(), protocol};
  return {gatewaySocket(), seenAs_.value_or(clientSocket()), protocol};
}

std::uint32_t Tunnel::flow(End from) const {
  return fabric_.flowNumber("tunnel " + fabric_.name(ends_.up) +
                            (from == End::client ? " client" : " gateway"));
}

// ---- up and down -------------------------------------------------------------------------------

bool Tunnel::comesUp() {
  return seenAs_ || bringUp().arrived;
}

fabric::Trial Tunnel::request() {
  const fabric::Trial trial = fabric_.tryPacket(ends_.client, outerHeader(End::client));
  if (trial.arrived) seenAs_ = trial.header.source;
  return trial;
}

fabric::Trial Tunnel::exchange() {
  const fabric::Trial asked = request();
  return asked.arrived ? fabric_.tryPacket(ends_.gateway, outerHeader(End::server)) : asked;
}

fabric::Trial Tunnel::bringUp() {
  how_ = parameters_.encapsulation;
  refused_.reset();
  if (!parameters_.fallback) return request();
  const fabric::Trial overUdp = exchange();
  if (overUdp.arrived) return overUdp;
  seenAs_.reset();
  how_ = fallenBack(parameters_);
  const fabric::Trial overTcp = exchange();
  if (overTcp.arrived) {
    refused_ = overUdp;
  } else {
    seenAs_.reset();
  }
  return overTcp;
}

fabric::Trial Tunnel::tryCarry(End from) {
  // The client's packets open what stands on the way, also for what comes to it.
  const fabric::Trial asked = parameters_.fallback && !seenAs_ ? bringUp() : request();
  if (!asked.arrived || from == End::client) return asked;
  return fabric_.tryPacket(ends_.gateway, outerHeader(End::server));
}

void Tunnel::forget() {
  seenAs_.reset();
  refused_.reset();
}

void Tunnel::linkChanged() {
  const bool isDown = fabric_.parameters(ends_.up).down || fabric_.parameters(ends_.down).down;
  if (wasDown_ && !isDown) {
    forget();
    stream_ = nullptr;  // what it holds still arrives, if it can
    ready_ = fabric_.simulator().now() + parameters_.reconnect;
  }
  wasDown_ = isDown;
}

bool Tunnel::down(End from, TimePoint now) const {
  return now < ready_ || fabric_.parameters(link(from)).down;
}

// ---- what it carries ---------------------------------------------------------------------------

void Tunnel::carry(End from, fabric::PacketId id, fabric::Packet& packet, TimePoint now) {
  if (down(from, now) || !comesUp()) {
    fabric_.refuse(id, link(from), static_cast<std::uint16_t>(Reason::notUp));
    return;
  }
  const DataSize size = wrappedSize(how_, packet.dataSize());
  lastSent_[number(from)] = now;
  if (how_.over == Carriage::udp) {
    const std::uint8_t dscp = parameters_.copiesDscp ? packet.dscp : 0;
    fabric_.wrap(id, link(from), {outerHeader(from), size, dscp, ++sent_[number(from)]},
                 node(from));
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
  layer_.listen(ends_.gateway, how_.port);
  fabric::Endpoint client = clientSocket();
  client.port = static_cast<std::uint16_t>(client.port - connections_++);
  stream_ =
      &layer_.connect({ends_.client, client, flow(End::client)},
                      {ends_.gateway, gatewaySocket(), flow(End::server)}, parameters_.tcp, *this);
  stream_->open();
}

bool Tunnel::arrives(End from, fabric::NodeId at, const fabric::Packet& outer) {
  if (at != node(transport::other(from))) return false;
  // A client that moves, or whose NAT forgets it, is answered where it was heard last.
  if (from == End::client) seenAs_ = outer.source();
  return true;
}

void Tunnel::Direction::writePayload(const fabric::Packet& outer, std::uint32_t number,
                                     wire::Bytes& bytes) const {
  writeOuter(tunnel_.how_.port, outer.dataSize(), tunnel_.association(from_), number, bytes);
}

void Tunnel::writeMessage(End from, transport::MessageToken, DataSize size,
                          wire::Bytes& bytes) const {
  writeInStream(how_.overhead, size, association(from), bytes);
}

void Tunnel::onArrival(End, transport::MessageToken token, fabric::PacketId,
                       const fabric::Packet& carrier) {
  if (token != kAlive) fabric_.share(static_cast<fabric::PacketId>(token), carrier);
}

void Tunnel::onDelivery(End at, const transport::Delivery& delivery) {
  if (delivery.token == kAlive) return;
  const Duration onTheWay = delivery.arrived - delivery.copySent;
  fabric_.unload(static_cast<fabric::PacketId>(delivery.token), link(transport::other(at)),
                 delivery.delivered - delivery.written - onTheWay);
}

// ---- what keeps it alive -----------------------------------------------------------------------

void Tunnel::keepAlive() {
  if (!parameters_.keepalive) return;
  const TimePoint now = fabric_.simulator().now();
  for (const End end : {End::client, End::server}) {
    if (end == End::server && parameters_.keepaliveFrom == KeepaliveFrom::client) continue;
    lastSent_[number(end)] = now;
    timers_[number(end)] =
        fabric_.simulator().addLane(*this, static_cast<std::uint32_t>(number(end)));
    fabric_.simulator().pushOutOfOrder(timers_[number(end)], now + *parameters_.keepalive, 0);
  }
}

void Tunnel::onRecord(std::uint32_t channel, std::uint32_t, TimePoint now) {
  const End end{static_cast<std::uint8_t>(channel)};
  TimePoint& last = lastSent_[number(end)];
  if (now >= last + *parameters_.keepalive) {
    sendKeepalive(end, now);
    last = now;
  }
  fabric_.simulator().pushOutOfOrder(timers_[number(end)], last + *parameters_.keepalive, 0);
}

void Tunnel::sendKeepalive(End from, TimePoint now) {
  // A gateway that the client has not reached does not know where it is.
  if (down(from, now) || (from == End::server ? !seenAs_ : !comesUp())) return;
  const DataSize size = keepaliveSize(parameters_, how_);
  if (how_.over == Carriage::udp) {
    fabric_.sendEmpty(link(from), {outerHeader(from), size, 0, ++sent_[number(from)]}, node(from),
                      flow(from));
    return;
  }
  connect();
  stream_->send(from, size, kAlive);
}

}  // namespace callflow::vpn
