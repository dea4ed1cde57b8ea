#include "models/vpn/policy.h"

namespace callflow::vpn {
namespace {

constexpr DataSize kTcpAndIp = DataSize::bytes(40);
constexpr DataSize kLargestPacket = DataSize::bytes(65'535);

}  // namespace

DataSize wrappedSize(const Encapsulation& how, DataSize inner) {
  const std::int64_t block = how.block.count();
  const std::int64_t padded = ((inner + how.trailer).count() + block - 1) / block * block;
  return DataSize::bytes(padded) + how.overhead;
}

// Streams need no padding: TLS's ciphers have none, nor has OpenVPN's AES-GCM.
Encapsulation fallenBack(const Vpn& vpn) {
  return {.over = Carriage::tcp,
          .port = vpn.fallback->port,
          .overhead = vpn.fallback->overhead,
          .trailer = {},
          .block = DataSize::bytes(1),
          .mtu = vpn.encapsulation.mtu};
}

DataSize keepaliveSize(const Vpn& vpn, const Encapsulation& how) {
  return how.over == vpn.encapsulation.over ? vpn.keepaliveSize : wrappedSize(how, DataSize{});
}

DataSize packetForTcp(const Vpn& vpn) {
  if (vpn.largestSegment) return *vpn.largestSegment + kTcpAndIp;
  return vpn.clamp == SegmentClamp::fits ? vpn.encapsulation.mtu : kLargestPacket;
}

}  // namespace callflow::vpn
