// Packets through a box or a tunnel, for the benchmarks: one every 100 us from alice to bob.
#pragma once

#include <cstdint>

namespace callflow::bench {

// Over a line alone, for comparison. Each gives how many arrived.
std::int64_t crossLine(std::uint32_t packets);
// Through a shaper with eight classes that has room for all.
std::int64_t crossShaper(std::uint32_t packets);
// Through a VPN's tunnel over UDP.
std::int64_t crossTunnel(std::uint32_t packets);

}  // namespace callflow::bench
