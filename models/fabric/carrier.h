// What takes packets over a link that is no line but a tunnel: they cross it inside other packets.
#pragma once

#include "models/fabric/packet.h"
#include "models/wire/bytes.h"
#include "src/units/units.h"

namespace callflow::fabric {

struct Trial;

// The packet that another travels in.
struct Wrapping {
  Header5 header;
  DataSize size;  // of the IP packet, at most 65,535 B
  std::uint8_t dscp = 0;
  std::uint32_t number = 0;  // the carrier's own, among those of its direction
};

// Stands for one direction of a tunnel (Fabric::setCarrier).
class Carrier {
 public:
  virtual ~Carrier() = default;
  // Gets what is to cross. It wraps it (Fabric::wrap), refuses it (Fabric::refuse), or has it until
  // Fabric::unload.
  virtual void carry(PacketId id, Packet& packet, TimePoint now) = 0;
  // A packet that something is wrapped in, or an empty one (Fabric::sendEmpty), has come to the end
  // of its route at `at`. Whether the tunnel ends there; if not, nobody listens.
  virtual bool arrives(NodeId at, const Packet& outer) = 0;
  // What a packet that is tried (Fabric::tryPacket) meets on its way through the tunnel.
  virtual Trial tryCarry() = 0;
  // The largest packet that TCP connections through it believe in.
  virtual DataSize mtuForTcp() const = 0;
  // What its packet of this number has behind the UDP header, as far as anybody can tell.
  virtual void writePayload(const Packet& outer, std::uint32_t number, wire::Bytes& bytes) const {
    static_cast<void>(outer), static_cast<void>(number), static_cast<void>(bytes);
  }
};

}  // namespace callflow::fabric
