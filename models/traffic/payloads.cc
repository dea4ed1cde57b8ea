#include "models/traffic/payloads.h"

namespace callflow::traffic {
namespace {

// RFC 8489 5: a Binding indication without attributes.
constexpr std::uint32_t kBindingIndication = 0x0011, kMagicCookie = 0x2112a442;

}  // namespace

void Payloads::writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const {
  if (packet.payload != kKeepsOpen) return;
  bytes.u16(kBindingIndication);
  bytes.u16(0);
  bytes.u32(kMagicCookie);
  bytes.u32(packet.stream);
  bytes.u64(static_cast<std::uint64_t>(packet.sent().sinceStart().count()));
}

}  // namespace callflow::traffic
