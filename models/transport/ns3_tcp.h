// TCP by ns-3's own sockets: two small ns-3 nodes a connection, joined by the fabric. Everything
// between them (links, boxes, losses) is the fabric's; the sockets see only a wire.
#pragma once

#include <memory>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/transport/parameters.h"
#include "models/transport/stream.h"
#include "src/units/units.h"

namespace callflow::transport {

class Ns3TcpStream;

// All TCP connections of one fabric. Owns the streams it makes; must outlive the simulation's run,
// and be gone before the fabric is.
class Ns3TcpLayer : public fabric::PacketOwner {
 public:
  // `sink` is bound in the fabric for the connections' packets, and hands them to onPacket(); `tag`
  // is set in the payload of each packet sent.
  Ns3TcpLayer(fabric::Fabric& fabric, fabric::Sink& sink, std::uint32_t tag);
  ~Ns3TcpLayer() override;
  Ns3TcpLayer(const Ns3TcpLayer&) = delete;
  Ns3TcpLayer& operator=(const Ns3TcpLayer&) = delete;

  // Binds the client's endpoint; the server's must be bound to the sink.
  Stream& connect(const StreamEnd& client, const StreamEnd& server, const Tcp& parameters,
                  StreamHandler& handler);

  // As TcpLayer::capture().
  void capture() { captured_ = true; }
  void writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const override;

  // A TCP segment reached the end of its route.
  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now);
  // A TCP segment was dropped on the way: frees what it carried.
  void onDrop(const fabric::Drop& drop) override;

 private:
  friend class Ns3TcpStream;
  class Segments;

  TimePoint now() const { return fabric_.simulator().now(); }

  fabric::Fabric& fabric_;
  fabric::Sink& sink_;
  std::uint32_t tag_;
  fabric::OwnerId owner_;  // of the packets sent
  bool captured_ = false;
  std::unique_ptr<Segments> segments_;
  std::vector<std::unique_ptr<Ns3TcpStream>> streams_;
};

}  // namespace callflow::transport
