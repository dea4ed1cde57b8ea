#include "models/vpn/outer_bytes.h"

#include "models/wire/header_sizes.h"

namespace callflow::vpn {
namespace {

// Ports of IANA's register: IPsec through NATs, WireGuard's and OpenVPN's usual, TLS.
constexpr std::uint16_t kIpsecPort = 4500, kGlobalProtectPort = 4501, kWireGuardPort = 51820,
                        kOpenVpnPort = 1194, kTlsPort = 443;

// RFC 3948 2.3.
constexpr std::uint32_t kNatKeepalive = 0xff;
// wireguard.com/protocol: a data message, and three bytes reserved.
constexpr std::uint32_t kWireGuardData = 4U << 24;
// OpenVPN ssl_pkt.h: P_DATA_V2 in five bits, the key's number in three.
constexpr std::uint32_t kOpenVpnData = 9U << 3;
// RFC 6347 4.1 and RFC 5246 6.2.1: application data of DTLS 1.2 and TLS 1.2.
constexpr std::uint32_t kApplicationData = 23, kDtls12 = 0xfefd, kTls12 = 0x0303;
constexpr std::uint32_t kDtlsHeader = 13, kTlsHeader = 5;
// What OpenVPN's AES-GCM adds in a stream (presets.cc). TLS adds more.
constexpr DataSize kOpenVpnInStream = DataSize::bytes(26);
constexpr std::uint32_t kOpenVpnLength = 2;

}  // namespace

void writeOuter(std::uint16_t port, DataSize ipPacket, std::uint32_t association,
                std::uint32_t number, wire::Bytes& bytes) {
  const auto size =
      static_cast<std::uint32_t>((ipPacket - wire::kIpv4Header - wire::kUdpHeader).count());
  switch (port) {
    case kIpsecPort:
    case kGlobalProtectPort:
      if (size == 1) {
        bytes.u8(kNatKeepalive);
        return;
      }
      bytes.u32(association);
      bytes.u32(number);
      return;
    case kWireGuardPort: {
      bytes.u32(kWireGuardData);
      bytes.u32(association);
      // A counter of 64 bits with the lowest byte first.
      for (int shift = 0; shift < 32; shift += 8) bytes.u8(number >> shift);
      bytes.u32(0);
      return;
    }
    case kOpenVpnPort:
      bytes.u8(kOpenVpnData);
      bytes.u24(association);
      bytes.u32(number);
      return;
    case kTlsPort:
      if (size < kDtlsHeader) return;
      bytes.u8(kApplicationData);
      bytes.u16(kDtls12);
      bytes.u16(1);  // the first epoch with keys
      bytes.u16(0);
      bytes.u32(number);
      bytes.u16(size - kDtlsHeader);
      return;
    default:
      return;  // whatever it is, nobody would know
  }
}

void writeInStream(DataSize overhead, DataSize size, std::uint32_t association,
                   wire::Bytes& bytes) {
  const auto all = static_cast<std::uint32_t>(size.count());
  if (all < kTlsHeader) return;
  if (overhead <= kOpenVpnInStream) {
    bytes.u16(all - kOpenVpnLength);
    bytes.u8(kOpenVpnData);
    bytes.u24(association);
    return;
  }
  bytes.u8(kApplicationData);
  bytes.u16(kTls12);
  bytes.u16(all - kTlsHeader);
}

}  // namespace callflow::vpn
