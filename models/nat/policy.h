// What a NAT does to a packet, and why (RFC 4787). Pure: the answer depends on the policy, the
// state handed in and the time only. mapping.h, filtering.h and port_allocation.h have an idea
// each; here they are put together.
#pragma once

#include <cstdint>
#include <string>

#include "models/nat/state.h"

namespace callflow::nat {

enum class Reason : std::uint8_t {
  existingSession,  // passed: the two have lately spoken to each other
  newSession,       // passed: known inside endpoint, new remote endpoint; same public port
  newMapping,       // passed: a public endpoint was given to the inside endpoint
  admitted,         // passed, inbound: the filtering lets in a remote endpoint not sent to
  portsExhausted,   // dropped, outbound: every public port is in use
  blockExhausted,   // dropped, outbound: every port of the host's block is in use
  poolExhausted,    // dropped, outbound: no address or block is left for this host
  hairpin,          // dropped, outbound: addressed to a public address of the NAT itself
  noMapping,        // dropped, inbound: nobody inside has this public port
  filtered,         // dropped, inbound: whoever has the port has not lately sent to this remote
                    // endpoint
  count_            // number of reasons, not a reason
};

constexpr bool passes(Reason reason) {
  return reason <= Reason::admitted;
}

struct Verdict {
  bool pass = false;
  Reason reason = Reason::noMapping;
  wire::Header5 header;  // after translation if the packet passes, else as it came
  bool turned = false;   // from inside to inside (hairpinning): both ends were translated
};

// Judges and translates a packet from inside: its source becomes the public endpoint mapped to it.
// Starts or refreshes mapping and session (RFC 4787 REQ-6). One that is addressed to the NAT itself
// turns, if the policy hairpins: its destination is translated too, and the one that it comes to
// sees the public endpoint of the sender (REQ-9a).
Verdict translateOut(const Policy& policy, State& state, const wire::Header5& header,
                     TimePoint now);

// Judges and translates a packet from outside: its destination becomes the inside endpoint.
// Refreshes nothing, unless the policy says so (REQ-6 leaves that open).
Verdict translateIn(const Policy& policy, State& state, const wire::Header5& header, TimePoint now);

// One clause for people, without the packet's addresses: "dropped: no inside host holds the public
// port".
std::string describe(const Verdict& verdict);
std::string describe(Reason reason);

}  // namespace callflow::nat
