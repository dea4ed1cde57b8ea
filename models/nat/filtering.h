// Whom a mapping lets in that belongs to no session (RFC 4787 section 5).
#pragma once

#include <optional>

#include "models/nat/state.h"

namespace callflow::nat {

// Until when the remote endpoint may send to the mapping, unless something from inside puts that
// off; nothing: it may not. With address-and-port-dependent filtering only sessions let in.
std::optional<TimePoint> admittedUntil(const Nat& nat, const State& state, const Mapping& mapping,
                                       const wire::Endpoint& remote, TimePoint now);

// Notes that the mapping's inside endpoint sends to a remote endpoint, and gives the number of the
// permission; none if the filtering needs none.
std::uint32_t permit(const Nat& nat, State& state, const wire::Endpoint& outside,
                     const wire::Header5& fromInside, TimePoint expires, TimePoint now);

}  // namespace callflow::nat
