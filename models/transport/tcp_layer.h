// All TCP connections of one fabric, whichever model each of them is.
#pragma once

#include "models/fabric/fabric.h"
#include "models/transport/linux_tcp.h"
#include "models/transport/ns3_tcp.h"
#include "models/transport/stream.h"

namespace callflow::transport {

// Must outlive the simulation's run, and be gone before the fabric is.
class TcpLayer : public fabric::Sink {
 public:
  explicit TcpLayer(fabric::Fabric& fabric);
  TcpLayer(const TcpLayer&) = delete;
  TcpLayer& operator=(const TcpLayer&) = delete;

  // Binds the client's endpoint; the server's node must be bound by listen().
  Stream& connect(const StreamEnd& client, const StreamEnd& server, const Tcp& parameters,
                  StreamHandler& handler);
  void listen(fabric::NodeId node, std::uint16_t port);
  // Packets are going to be captured: connections remember from now on what is in their streams.
  void capture() {
    linux_.capture();
    ns3_.capture();
  }

  // A TCP segment reached the end of its route.
  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) override;

 private:
  static constexpr std::uint32_t kNs3Tag = 0x80000000;

  fabric::Fabric& fabric_;
  LinuxTcpLayer linux_;
  Ns3TcpLayer ns3_;
};

}  // namespace callflow::transport
