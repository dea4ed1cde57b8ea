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

// The client's port of a tunnel over TCP, whose segments go by their port: one that nobody else at
// the computer is given. A connection made anew takes the next below.
inline constexpr std::uint16_t kTcpClientPort = 49'151;

// Where a tunnel's own packets begin and end, and the links that it is. Sockets are those of what
// carries it first; what it falls back to has the same addresses.
struct TunnelEnds {
  fabric::NodeId client{}, gateway{};
  fabric::Endpoint clientSocket, gatewaySocket;
  fabric::LinkId up{}, down{};  // towards the gateway, towards the client
};

// Takes both links (Fabric::setCarrier). The client opens it when the first packet comes, either
// way: it is up as long as the client reaches the gateway.
class Tunnel : private transport::StreamHandler, private fabric::LaneClient {
 public:
  // `layer` carries those over TCP.
  Tunnel(fabric::Fabric& fabric, transport::TcpLayer& layer, const Vpn& parameters,
         const TunnelEnds& ends);
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  // Over TCP: sets up its connection now rather than with the first packet.
  void connect();
  // Its ends keep it alive from now on, if they are to.
  void keepAlive();
  // A link of it has changed: one that is down carries nothing. When no link is down any more, the
  // client brings the tunnel up anew, which takes its time.
  void linkChanged();
  // The client has not reached the gateway yet.
  void forget();

  // The client tries to reach the gateway now: over UDP, and where it falls back over TCP.
  fabric::Trial bringUp();
  // What became of UDP, if the tunnel is up and has fallen back.
  const std::optional<fabric::Trial>& refused() const { return refused_; }

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
    void writePayload(const fabric::Packet& outer, std::uint32_t number,
                      wire::Bytes& bytes) const override;

   private:
    Tunnel& tunnel_;
    transport::End from_;
  };

  void carry(transport::End from, fabric::PacketId id, fabric::Packet& packet, TimePoint now);
  bool arrives(transport::End from, fabric::NodeId at, const fabric::Packet& outer);
  fabric::Trial tryCarry(transport::End from);
  // Whether the client reaches the gateway; what it is seen as there is then known.
  bool comesUp();
  // A packet of the client's, and what it is seen as.
  fabric::Trial request();
  // A packet of the client's, and an answer to where it seemed to come from.
  fabric::Trial exchange();
  bool down(transport::End from, TimePoint now) const;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;
  void sendKeepalive(transport::End from, TimePoint now);

  fabric::Endpoint clientSocket() const;
  fabric::Endpoint gatewaySocket() const { return {ends_.gatewaySocket.address, how_.port}; }
  fabric::Header5 outerHeader(transport::End from) const;
  std::uint32_t flow(transport::End from) const;
  // What tells a direction of it from all others: ESP's SPI, of which the first 255 are reserved
  // (RFC 4303 2.1), and what other protocols have for it.
  std::uint32_t association(transport::End from) const { return 0x1000 + index(link(from)); }
  fabric::LinkId link(transport::End from) const {
    return from == transport::End::client ? ends_.up : ends_.down;
  }
  fabric::NodeId node(transport::End from) const {
    return from == transport::End::client ? ends_.client : ends_.gateway;
  }

  void onArrival(transport::End at, transport::MessageToken token, fabric::PacketId id,
                 const fabric::Packet& carrier) override;
  void onDelivery(transport::End at, const transport::Delivery& delivery) override;
  void writeMessage(transport::End from, transport::MessageToken token, DataSize size,
                    wire::Bytes& bytes) const override;

  fabric::Fabric& fabric_;
  transport::TcpLayer& layer_;
  const Vpn& parameters_;
  TunnelEnds ends_;
  std::array<Direction, 2> directions_;
  Encapsulation how_;                       // what carries it
  std::optional<fabric::Trial> refused_;    // over UDP, where it has fallen back
  std::optional<fabric::Endpoint> seenAs_;  // the client's socket, at the gateway
  transport::Stream* stream_ = nullptr;     // over TCP, once it is open
  std::uint16_t connections_ = 0;           // over TCP, so far
  bool wasDown_ = false;
  TimePoint ready_;  // to carry packets, after it was down
  std::array<TimePoint, 2> lastSent_;
  std::array<std::uint32_t, 2> sent_{};     // packets, over UDP
  std::array<fabric::LaneId, 2> timers_{};  // of keep-alives
};

}  // namespace callflow::vpn
