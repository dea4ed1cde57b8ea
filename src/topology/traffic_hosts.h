// The hosts that other traffic begins and ends at.
#pragma once

#include <string>
#include <vector>

#include "src/topology/scenario.h"

namespace callflow::topology {

// The network and who is in it, with what traffic needs beside the calls' participants: a host at
// a site is one more participant of it, a server on the Internet one alone at a place of its own.
struct Inhabited {
  Topology topology;
  std::vector<Participant> people;
};
Inhabited withTrafficHosts(const Topology& topology, const std::vector<Call>& calls,
                           const std::vector<Traffic>& traffic);

// Whose machine an end is.
struct TrafficEnds {
  Participant from, to;
};
TrafficEnds endsOf(const Traffic& traffic);

// What its flows take their own ports from: below those of calls.
inline constexpr std::uint16_t kFirstTrafficPort = 20'000;
inline constexpr int kMostTrafficFlows = 20'000;

// Opens its flows: a server on the Internet never does.
inline bool opensFromReceiver(const Traffic& traffic) {
  return traffic.from == kInternet;
}

}  // namespace callflow::topology
