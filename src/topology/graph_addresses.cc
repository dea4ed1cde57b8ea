#include "src/topology/graph_addresses.h"

#include <array>

#include "src/topology/graph.h"

namespace callflow::topology {
namespace {

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

constexpr std::uint32_t lastAddress(Ipv4Prefix subnet) {
  return subnet.length >= 32 ? subnet.address.value : subnet.address.value | (~0U >> subnet.length);
}

}  // namespace

std::uint32_t AddressPlan::firstFree(std::uint32_t from) {
  std::uint32_t& address = next_.try_emplace(from, from).first->second;
  while (!used_.insert(address).second) ++address;
  return address++;
}

std::uint32_t AddressPlan::host(Ipv4Prefix subnet) {
  // A /31 and a /32 have neither network address nor router.
  return firstFree(subnet.address.value + (subnet.length >= 31 ? 0 : 2));
}

std::uint32_t AddressPlan::lastHost(Ipv4Prefix subnet) {
  std::uint32_t address = lastAddress(subnet) - (subnet.length >= 31 ? 0 : 1);
  while (!used_.insert(address).second) --address;
  return address;
}

std::uint32_t AddressPlan::publicHost() {
  struct Pool {
    std::uint32_t first, last;
  };
  constexpr std::array<Pool, 2> kDocumentation{
      {{ip(203, 0, 113, 1), ip(203, 0, 113, 254)}, {ip(198, 51, 100, 1), ip(198, 51, 100, 254)}}};
  for (const Pool& pool : kDocumentation) {
    for (std::uint32_t address = pool.first; address <= pool.last; ++address) {
      if (used_.insert(address).second) return address;
    }
  }
  return firstFree(ip(198, 18, 0, 1));
}

std::uint32_t AddressPlan::operatorHost() {
  return firstFree(ip(100, 64, 0, 1));
}

Ipv4Prefix AddressPlan::homeSubnet() {
  const auto third = static_cast<std::uint32_t>(homes_++ % 254 + 1);
  return {wire::Ipv4{ip(192, 168, third, 0)}, 24};
}

namespace {

std::uint32_t addressIn(const Ipv4Prefix& range, std::size_t region, std::uint32_t server) {
  return range.address.value | (static_cast<std::uint32_t>(region & 0xff) << 8) | server;
}

std::uint32_t azureAddress(std::size_t region, std::uint32_t server) {
  return addressIn(kAzureMediaRange, region, server);
}

}  // namespace

std::uint32_t relayAddress(std::size_t region) {
  return azureAddress(region, 10);
}

std::uint32_t mediaProcessorAddress(std::size_t region) {
  return azureAddress(region, 20);
}

std::uint32_t trunkAddress(std::size_t region) {
  return azureAddress(region, 30);
}

std::uint32_t signalingAddress(std::size_t region) {
  return addressIn(wire::kSignalingRanges[0], region, 10);
}

}  // namespace callflow::topology
