// TCP connections over the fabric that behave like Linux 6.1's.
#pragma once

#include <memory>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/transport/stream.h"
#include "models/transport/tcp_segment.h"
#include "models/transport/tcp_sender.h"

namespace callflow::transport {

class LinuxTcpConnection;

// All such connections of one fabric. Must outlive the simulation's run, and be gone before the
// fabric is.
class LinuxTcpLayer : public fabric::LaneClient, public fabric::PacketOwner {
 public:
  // `sink` is bound in the fabric for the connections' packets, and hands them to onPacket(); `tag`
  // is set in the payload of each packet sent.
  LinuxTcpLayer(fabric::Fabric& fabric, fabric::Sink& sink, std::uint32_t tag);
  ~LinuxTcpLayer() override;
  LinuxTcpLayer(const LinuxTcpLayer&) = delete;
  LinuxTcpLayer& operator=(const LinuxTcpLayer&) = delete;

  // Binds the client's endpoint; the server's must be bound to the sink.
  Stream& connect(const StreamEnd& client, const StreamEnd& server, const Tcp& parameters,
                  StreamHandler& handler);
  // What a connection of this layer counts and holds; for measurements.
  static const TcpSender& sender(const Stream& stream, End from);

  // As TcpLayer::capture().
  void capture() { captured_ = true; }
  void writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const override;

  // A segment reached the end of its route.
  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now);
  // A segment was dropped on the way: frees what it carried.
  void onDrop(const fabric::Drop& drop) override;
  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;

 private:
  friend class LinuxTcpConnection;
  struct OnWire {
    TcpSegment segment;
    std::uint32_t connection = 0;
    End from = End::client;
  };

  TimePoint now() const { return fabric_.simulator().now(); }
  std::uint32_t put(const OnWire& segment);
  OnWire take(std::uint32_t handle);

  fabric::Fabric& fabric_;
  fabric::Sink& sink_;
  std::uint32_t tag_;
  fabric::OwnerId owner_;  // of the packets sent
  fabric::LaneId timers_;
  bool captured_ = false;
  std::vector<OnWire> wire_;
  std::vector<std::uint32_t> freeWire_;
  std::vector<std::unique_ptr<LinuxTcpConnection>> connections_;
};

}  // namespace callflow::transport
