// Which IPv4 address each element has. Internal to the graph.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "src/topology/model.h"

namespace callflow::topology {

// Gives out addresses in host byte order, each once. The order of the requests decides, nothing
// else.
class AddressPlan {
 public:
  // For the n-th host of a subnet: the first free address from the second host address on (the
  // first is left to the router). In a full subnet it goes on beyond its end: validation warns,
  // routes still work.
  std::uint32_t host(Ipv4Prefix subnet);
  // The last host address of a subnet that is free: where routers put the outside of a translation.
  std::uint32_t lastHost(Ipv4Prefix subnet);
  // A public address: 203.0.113.0/24 and 198.51.100.0/24 (documentation, RFC 5737), then
  // 198.18.0.0/15 (benchmarks, RFC 2544): none of them belongs to anybody.
  std::uint32_t publicHost();
  // Behind a NAT of an operator: 100.64.0.0/10 (RFC 6598).
  std::uint32_t operatorHost();
  // The lowest of so many addresses that lie side by side, out of what `next` gives.
  template <class Next>
  static std::uint32_t adjoining(int count, Next&& next) {
    std::uint32_t first = next();
    std::uint32_t last = first;
    for (int found = 1; found < count;) {
      const std::uint32_t address = next();
      const bool beside = address - last == 1 || last - address == 1;
      found = beside ? found + 1 : 1;
      if (!beside) first = address;
      last = address;
    }
    return first < last ? first : last;
  }
  // A /24 of 192.168.0.0/16 that was not given out before; after 254 of them they repeat.
  Ipv4Prefix homeSubnet();

 private:
  std::uint32_t firstFree(std::uint32_t from);

  std::set<std::uint32_t> used_;
  std::map<std::uint32_t, std::uint32_t> next_;  // by what was asked for: none before is free
  int homes_ = 0;
};

// Of the n-th region of the built-in table, inside kAzureMediaRange.
std::uint32_t relayAddress(std::size_t region);
std::uint32_t mediaProcessorAddress(std::size_t region);
std::uint32_t trunkAddress(std::size_t region);
// The same of the first of wire::kSignalingRanges.
std::uint32_t signalingAddress(std::size_t region);

}  // namespace callflow::topology
