#include "models/transport/tcp_layer.h"

namespace callflow::transport {

TcpLayer::TcpLayer(fabric::Fabric& fabric)
    : fabric_(fabric), linux_(fabric, *this, 0), ns3_(fabric, *this, kNs3Tag) {}

Stream& TcpLayer::connect(const StreamEnd& client, const StreamEnd& server, const Tcp& parameters,
                          StreamHandler& handler) {
  if (parameters.model == TcpModel::ns3) return ns3_.connect(client, server, parameters, handler);
  return linux_.connect(client, server, parameters, handler);
}

void TcpLayer::listen(fabric::NodeId node, std::uint16_t port) {
  fabric_.bind(node, fabric::Protocol::tcp, port, this);
}

void TcpLayer::onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) {
  if ((packet.payload & kNs3Tag) != 0) {
    ns3_.onPacket(id, packet, now);
  } else {
    linux_.onPacket(id, packet, now);
  }
}

}  // namespace callflow::transport
