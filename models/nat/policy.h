// What a NAT with port translation does to a packet, and why: endpoint-independent mapping (RFC
// 4787 section 4.1), address-and-port-dependent filtering (section 5), all inside hosts behind one
// public address. Pure: the answer depends on the policy, the state handed in and the time only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/nat/flow_index.h"
#include "models/nat/parameters.h"
#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::nat {

// The parameters, and where the NAT stands.
struct Policy : Nat {
  wire::Ipv4 publicAddress;
  std::uint16_t firstPort = 1024;  // public ports to give away, for each protocol
  std::uint16_t lastPort = 65535;
};

enum class Reason : std::uint8_t {
  existingSession,  // passed: this inside endpoint has lately sent to this remote endpoint
  newSession,       // passed: known inside endpoint, new remote endpoint; same public port
  newMapping,       // passed: new inside endpoint, a public port was given to it
  portsExhausted,   // dropped, outbound: every public port is in use
  hairpin,          // dropped, outbound: addressed to the NAT's own public address
  noMapping,        // dropped, inbound: nobody inside has this public port
  filtered,  // dropped, inbound: whoever has the port has not lately sent to this remote endpoint
  count_     // number of reasons, not a reason
};

constexpr bool passes(Reason reason) {
  return reason <= Reason::newMapping;
}

struct Verdict {
  bool pass = false;
  Reason reason = Reason::noMapping;
  wire::Header5 header;  // after translation if the packet passes, else as it came
};

// What a NAT remembers. A value: copy it to ask "what if". Times given to it must not go back.
class State {
 public:
  // Mappings in force at `now`.
  std::size_t liveMappings(TimePoint now) const;

 private:
  friend Verdict translateOut(const Policy&, State&, const wire::Header5&, TimePoint);
  friend Verdict translateIn(const Policy&, State&, const wire::Header5&, TimePoint);

  // An inside endpoint's public port. Lives as long as the longest of its sessions.
  struct Mapping {
    wire::Endpoint inside;
    std::uint16_t port = 0;
    wire::Protocol protocol = wire::Protocol::udp;
    TimePoint expires;
  };
  // Leave for one remote endpoint to send to a mapping.
  struct Session {
    FlowKey inside;   // inside endpoint, remote endpoint
    FlowKey outside;  // public port, remote endpoint
    TimePoint expires;
    std::uint32_t mapping = 0;
  };
  // The even or the odd public ports of one protocol.
  struct PortPool {
    std::uint32_t cursor = 0;  // where the search for a free port goes on
    TimePoint fullUntil;       // no port falls free before
  };

  std::uint32_t findMapping(const wire::Endpoint& inside, wire::Protocol protocol,
                            TimePoint now) const;
  std::uint32_t findPort(std::uint32_t port, wire::Protocol protocol, TimePoint now) const;
  std::uint32_t freePort(const Policy& policy, const wire::Endpoint& inside,
                         wire::Protocol protocol, TimePoint now);
  std::uint32_t addMapping(const Mapping& mapping);
  void addSession(const Session& session);
  void makeRoom(TimePoint now);

  std::vector<Mapping> mappings_;
  std::vector<Session> sessions_;
  FlowIndex mappingsByInside_;
  FlowIndex mappingsByPort_;
  FlowIndex sessionsByInside_;
  FlowIndex sessionsByOutside_;
  std::array<std::array<PortPool, 2>, 2> ports_;  // by protocol and parity
};

// Judges and translates a packet from inside: its source becomes the public address and the port
// mapped to it. Starts or refreshes mapping and session (RFC 4787 REQ-6).
//
// The public port is the inside port if that is in the policy's range and free (RFC 4787
// section 4.2.1, port preservation); else the next free one of the same parity (section 4.2.2),
// counting on from the one given away last; else one of the other parity; else the packet is
// dropped.
Verdict translateOut(const Policy& policy, State& state, const wire::Header5& header,
                     TimePoint now);

// Judges and translates a packet from outside: its destination becomes the inside endpoint.
// Refreshes nothing (REQ-6 leaves that open; a flow that only receives loses its mapping, as behind
// many real NATs).
Verdict translateIn(const Policy& policy, State& state, const wire::Header5& header, TimePoint now);

// One clause for people, without the packet's addresses: "dropped: no inside host holds the public
// port".
std::string describe(const Verdict& verdict);
std::string describe(Reason reason);

}  // namespace callflow::nat
