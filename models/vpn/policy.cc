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

DataSize packetForTcp(const Vpn& vpn) {
  if (vpn.largestSegment) return *vpn.largestSegment + kTcpAndIp;
  return vpn.clamp == SegmentClamp::fits ? vpn.encapsulation.mtu : kLargestPacket;
}

}  // namespace callflow::vpn
