// A firewall with NAT under load, for the benchmarks: flows from inside to one relay, each
// answered.
#pragma once

#include <cstdint>

#include "models/firewall/gateway.h"

namespace callflow::bench {

inline constexpr wire::Ipv4 kPublicAddress = wire::Ipv4::of(198, 51, 100, 1);

// The inside header of flow i.
wire::Header5 flowHeader(std::uint32_t i);

// `rules` rules; only the last one matches the flows, and allows them.
firewall::GatewayPolicy gatewayPolicy(std::size_t rules);

// Takes each of `flows` flows through the gateway `rounds` times, out and back. Returns how many
// packets passed: all of them, that is 2 * flows * rounds, if the gateway works.
std::int64_t crossGateway(std::uint32_t flows, std::uint32_t rounds);

}  // namespace callflow::bench
