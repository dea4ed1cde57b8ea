// Which public endpoint a new mapping gets (RFC 4787 section 4.2, RFC 6888 for blocks of ports).
#pragma once

#include "models/nat/state.h"

namespace callflow::nat {

enum class Shortage : std::uint8_t {
  none,
  ports,     // every port of the address is in use
  ownPorts,  // every port of the host's own block is in use
  shares     // the pool has no address, or no block of ports, for one more host
};

struct Allocation {
  Shortage shortage = Shortage::none;
  wire::Endpoint outside;  // if there is no shortage
};

// Takes the port of the inside endpoint if the policy preserves ports and it is free; else another
// one of its parity; else one of the other parity.
Allocation allocate(const Policy& policy, State& state, const wire::Header5& fromInside,
                    TimePoint now);

// Whether nobody else's flow to the same remote endpoint leaves by the public endpoint: what
// overloading asks for.
bool freeTowards(const State& state, const wire::Endpoint& outside, const wire::Header5& fromInside,
                 TimePoint now);

}  // namespace callflow::nat
