// UDP datagrams with bytes of their own: STUN, TURN, DTLS. They share sockets with media, whose
// packets have no bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/path/transit.h"
#include "models/wire/dscp.h"
#include "src/units/units.h"

namespace callflow::path {

using Bytes = std::vector<std::uint8_t>;

// What has come to a socket.
struct Datagram {
  fabric::Endpoint from, to;  // as it arrived: after all translations
  const Bytes& bytes;
  fabric::NodeId sender = fabric::kNoNode;  // where answers go in truth
};

class DatagramSink {
 public:
  virtual ~DatagramSink() = default;
  virtual void onDatagram(const Datagram& datagram, TimePoint now) = 0;
  // Whether media from there is taken at this socket: of strangers it is not.
  virtual bool takesMedia(fabric::Endpoint from, fabric::Endpoint to, TimePoint now) = 0;
};

// Knows how packets get to an address.
class Directory {
 public:
  virtual ~Directory() = default;
  // From now on what is sent at `from` to this address takes its way: to the node `towards`, or to
  // what stands for it there; or, if it is nobody's, as far as such packets get.
  virtual void layRoute(fabric::NodeId from, fabric::Ipv4 address, fabric::NodeId towards) = 0;
};

class Datagrams : public fabric::PacketOwner {
 public:
  Datagrams(fabric::Fabric& fabric, Directory& directory);
  ~Datagrams() override;
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  // What comes to a socket is the sink's from now on. Not owned.
  void listen(fabric::NodeId node, std::uint16_t port, DatagramSink& sink);
  void close(fabric::NodeId node, std::uint16_t port);
  // Media that comes to the socket goes there, as far as whoever listens takes it; all of it, if
  // nobody does.
  void setMedia(fabric::NodeId node, std::uint16_t port, FrameSink& sink);
  // Whoever listens takes media from there.
  void admit(fabric::NodeId node, std::uint16_t port, fabric::Endpoint from);

  struct Sending {
    fabric::NodeId from{};
    fabric::Endpoint source, destination;
    // Who has the destination, or is behind it; none: nobody knows.
    fabric::NodeId towards = fabric::kNoNode;
    wire::Dscp dscp = {};
    std::uint32_t draws = 0;  // fabric::Packet::stream
  };
  void send(const Sending& sending, Bytes bytes);
  // Is told of each that is dropped, as it was sent.
  using Lost = std::function<void(const Sending&, const Bytes&, const fabric::Drop&)>;
  void tellLost(Lost lost) { lost_ = std::move(lost); }

  // Who has last been seen with this address, where something has come from there. Behind one that
  // translates, that may be another computer than before.
  struct Sender {
    fabric::NodeId node{};
    fabric::Endpoint socket;
    constexpr auto operator<=>(const Sender&) const = default;
  };
  std::optional<Sender> senderOf(fabric::Endpoint seen) const;

  bool owns(const fabric::Packet& packet) const { return packet.owner == owner_; }
  fabric::Fabric& fabric() { return fabric_; }

  void onDrop(const fabric::Drop& drop) override;
  void writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const override;

 private:
  class Socket;
  Socket& socketAt(fabric::NodeId node, std::uint16_t port);
  struct Waiting {
    Bytes bytes;
    Sending sending;
  };
  void release(std::uint32_t index);

  fabric::Fabric& fabric_;
  Directory& directory_;
  fabric::OwnerId owner_;
  Lost lost_;
  std::vector<Waiting> waiting_;
  std::vector<std::uint32_t> free_;
  std::set<std::tuple<fabric::NodeId, fabric::Ipv4, fabric::NodeId>> laid_;
  std::map<std::pair<fabric::NodeId, std::uint16_t>, std::unique_ptr<Socket>> sockets_;
  std::map<fabric::Endpoint, Sender> translated_;  // by what they are seen as
};

}  // namespace callflow::path
