// A client's tunnel to its gateway in the fabric: packets that cross it travel in others.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/fabric/fabric.h"
#include "models/transport/stream.h"
#include "models/transport/tcp_layer.h"
#include "models/vpn/parameters.h"

namespace callflow::vpn {

// Where a tunnel's own packets begin and end, and the links that it is.
struct TunnelEnds {
  fabric::NodeId client{}, gateway{};
  fabric::Endpoint clientSocket, gatewaySocket;
  fabric::LinkId up{}, down{};  // towards the gateway, towards the client
};

// Takes both links (Fabric::setCarrier). The client opens it when the first packet comes, either
// way: it is up as long as the client reaches the gateway.
class Tunnel : private transport::StreamHandler {
 public:
  // `layer` carries those over TCP.
  Tunnel(fabric::Fabric& fabric, transport::TcpLayer& layer, const Vpn& parameters,
         const TunnelEnds& ends);
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  // Over TCP: sets up its connection now rather than with the first packet.
  void connect();
  // The client has not reached the gateway yet.
  void forget() { seenAs_.reset(); }

 private:
  class Direction : public fabric::Carrier {
   public:
    Direction(Tunnel& tunnel, transport::End from) : tunnel_(tunnel), from_(from) {}
    void carry(fabric::PacketId id, fabric::Packet& packet, TimePoint now) override {
      tunnel_.carry(from_, id, packet, now);
    }
    bool arrives(fabric::NodeId at, const fabric::Packet& outer) override {
      return tunnel_.arrives(from_, at, outer);
    }
    fabric::Trial tryCarry() override { return tunnel_.tryCarry(from_); }
    DataSize mtuForTcp() const override;

   private:
    Tunnel& tunnel_;
    transport::End from_;
  };

  void carry(transport::End from, fabric::PacketId id, fabric::Packet& packet, TimePoint now);
  bool arrives(transport::End from, fabric::NodeId at, const fabric::Packet& outer);
  fabric::Trial tryCarry(transport::End from);
  // Whether the client reaches the gateway; what it is seen as there is then known.
  bool comesUp();
  fabric::Header5 outerHeader(transport::End from) const;
  fabric::LinkId link(transport::End from) const {
    return from == transport::End::client ? ends_.up : ends_.down;
  }
  fabric::NodeId node(transport::End from) const {
    return from == transport::End::client ? ends_.client : ends_.gateway;
  }

  void onArrival(transport::End at, transport::MessageToken token, fabric::PacketId id,
                 const fabric::Packet& carrier) override;
  void onDelivery(transport::End at, const transport::Delivery& delivery) override;

  fabric::Fabric& fabric_;
  transport::TcpLayer& layer_;
  const Vpn& parameters_;
  TunnelEnds ends_;
  std::array<Direction, 2> directions_;
  std::optional<fabric::Endpoint> seenAs_;  // the client's socket, at the gateway
  transport::Stream* stream_ = nullptr;     // over TCP, once it is open
};

}  // namespace callflow::vpn
