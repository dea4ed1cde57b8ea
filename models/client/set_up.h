// How long a client is busy before its media may start, in round trips: of calls to telephones,
// where it stands in for ICE's, TURN's and DTLS' own packets. TCP and TLS connect by real packets
// before.
#pragma once

#include "models/client/profile.h"
#include "src/units/units.h"

namespace callflow::client {

// Round trips, there and back.
struct SetUpPath {
  Duration ownRelay;    // between a client and the relay that it uses; zero: it uses none
  Duration otherRelay;  // the same of the other client
  Duration ends;        // between the two ends of the path
};

// What both clients do with their relays goes on at once; then they check the path and agree on
// keys over it.
Duration setUpTime(const SetUpPath& path, Version version);

// A call that is not connected so long after its start ends without: ours, about as long as people
// let it ring.
inline constexpr Duration kSetUpLimit = Duration::s(60);

}  // namespace callflow::client
