#include "models/capture/ip_packet.h"

#include <optional>

#include "models/wire/header_sizes.h"

namespace callflow::capture {
namespace {

using fabric::Packet;
using wire::Bytes;

// RFC 791 3.1.
constexpr std::uint32_t kVersionAndLength = 0x45;
constexpr std::uint32_t kDontFragment = 0x4000, kMoreFragments = 0x2000;
constexpr std::uint32_t kUnit = 8;         // of a fragment's offset
constexpr std::uint32_t kTimeToLive = 64;  // the fabric counts no hops: as a sender writes it
constexpr std::size_t kIpChecksumAt = 10;
// IANA's protocol numbers.
constexpr std::uint32_t kTcp = 6, kUdp = 17;
// RFC 9293 3.1 and RFC 768: where the checksums are.
constexpr std::size_t kTcpChecksumAt = 16, kUdpChecksumAt = 6;

constexpr auto kIpHeader = static_cast<std::size_t>(wire::kIpv4Header.count());

std::uint32_t protocolNumber(const Packet& packet) {
  return packet.protocol == fabric::Protocol::tcp ? kTcp : kUdp;
}

std::uint32_t sumOf(fabric::Ipv4 address) {
  return (address.value >> 16) + (address.value & 0xffff);
}

// RFC 9293 3.1: the pseudo-header.
std::uint16_t transportChecksum(const Packet& packet, const Bytes& bytes) {
  return internetChecksum(bytes, 0,
                          sumOf(packet.sourceAddress) + sumOf(packet.destinationAddress) +
                              protocolNumber(packet) + static_cast<std::uint32_t>(bytes.size()));
}

// What stands behind the IP header of a packet of this size, addressed as `addressed` is now.
// `packet` is none where nobody knows any more what was in it.
Bytes transportBytes(const fabric::Fabric& fabric, const Packet* packet, const Packet& addressed,
                     std::size_t size) {
  Bytes bytes;
  if (addressed.protocol == fabric::Protocol::tcp) {
    if (packet != nullptr) fabric.writePayload(*packet, bytes);
    if (bytes.size() < static_cast<std::size_t>(wire::kTcpHeader.count())) bytes.resize(size);
    bytes.put16(0, addressed.sourcePort);
    bytes.put16(2, addressed.destinationPort);
    bytes.put16(kTcpChecksumAt, 0);
    bytes.put16(kTcpChecksumAt, transportChecksum(addressed, bytes));
    return bytes;
  }
  Bytes payload;
  if (packet != nullptr) fabric.writePayload(*packet, payload);
  bytes.u16(addressed.sourcePort);
  bytes.u16(addressed.destinationPort);
  bytes.u16(static_cast<std::uint32_t>(size));
  bytes.u16(0);
  bytes.append(payload);
  bytes.resize(size);
  const std::uint16_t checksum = transportChecksum(addressed, bytes);
  // RFC 768: 0 would say that there is none.
  bytes.put16(kUdpChecksumAt, checksum == 0 ? 0xffff : checksum);
  return bytes;
}

}  // namespace

std::uint16_t internetChecksum(const Bytes& bytes, std::size_t begin, std::uint32_t start) {
  std::uint64_t sum = start;
  for (std::size_t i = begin; i < bytes.size(); i += 2)
    sum += (std::uint32_t{bytes[i]} << 8) | (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::uint16_t identification(const Packet& packet, bool isFragment) {
  // A fragment has half of its packet's sequence number left.
  const std::uint64_t number = (isFragment ? packet.sequence >> 16 : packet.sequence) & 0xffff;
  std::uint64_t mixed = static_cast<std::uint64_t>(packet.sent().sinceStart().count()) ^
                        (std::uint64_t{packet.stream} << 40) ^ (number << 20);
  // MurmurHash3's last step: every bit counts for every bit.
  mixed ^= mixed >> 33;
  mixed *= 0xff51afd7ed558ccdULL;
  mixed ^= mixed >> 33;
  mixed *= 0xc4ceb9fe1a85ec53ULL;
  mixed ^= mixed >> 33;
  return static_cast<std::uint16_t>(mixed);
}

Bytes ipPacket(const fabric::Fabric& fabric, const Packet& packet) {
  const std::optional<fabric::Fragment> fragment = fabric.fragment(packet);
  const auto sizeOf = [](std::int64_t size) { return static_cast<std::size_t>(size) - kIpHeader; };
  const Bytes transport =
      fragment ? transportBytes(fabric, fragment->whole, packet, sizeOf(fragment->size.count()))
               : transportBytes(fabric, &packet, packet, sizeOf(packet.size));
  const std::size_t begin = fragment ? fragment->offset : 0;
  const std::size_t end = fragment ? begin + sizeOf(packet.size) : transport.size();
  std::uint32_t flags = 0;
  if (fragment) {
    flags = (fragment->last ? 0 : kMoreFragments) | static_cast<std::uint32_t>(begin) / kUnit;
  } else if (packet.protocol == fabric::Protocol::tcp) {
    flags = kDontFragment;
  }
  Bytes bytes;
  bytes.u8(kVersionAndLength);
  bytes.u8(std::uint32_t{packet.dscp} << 2);  // RFC 2474 3
  bytes.u16(static_cast<std::uint32_t>(kIpHeader + end - begin));
  bytes.u16(identification(packet, fragment.has_value()));
  bytes.u16(flags);
  bytes.u8(kTimeToLive);
  bytes.u8(protocolNumber(packet));
  bytes.u16(0);
  bytes.u32(packet.sourceAddress.value);
  bytes.u32(packet.destinationAddress.value);
  bytes.put16(kIpChecksumAt, internetChecksum(bytes, 0));
  bytes.append(transport, begin, end);
  return bytes;
}

}  // namespace callflow::capture
