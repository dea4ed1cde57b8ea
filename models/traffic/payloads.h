// What is in the datagrams of other traffic.
#pragma once

#include <cstdint>

#include "models/fabric/fabric.h"
#include "models/wire/bytes.h"

namespace callflow::traffic {

// fabric::Packet::payload of a datagram that keeps a NAT's mapping open, and of all others.
inline constexpr std::uint32_t kKeepsOpen = 1, kData = 0;

// The owner of all such datagrams of one fabric. Must outlive the simulation.
class Payloads : public fabric::PacketOwner {
 public:
  explicit Payloads(fabric::Fabric& fabric) : owner_(fabric.addOwner(*this)) {}
  Payloads(const Payloads&) = delete;
  Payloads& operator=(const Payloads&) = delete;

  fabric::OwnerId owner() const { return owner_; }
  void onDrop(const fabric::Drop& drop) override { static_cast<void>(drop); }
  // What keeps a mapping open is a STUN indication (RFC 8445 11); data is content that nobody
  // knows.
  void writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const override;

 private:
  fabric::OwnerId owner_;
};

}  // namespace callflow::traffic
