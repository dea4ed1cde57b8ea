// How a client is connected, in the words of Teams' Call Quality Dashboard ("Dimensions and
// measures available in CQD").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/wire/address.h"

namespace callflow::explain {

// "Connectivity Ice"
enum class Connectivity : std::uint8_t {
  direct,  // "DIRECT": no relay
  relay,   // "RELAY"
  http,    // "HTTP": to a relay, in a tunnel through an HTTP proxy
  failed   // "FAILED"
};
std::string_view name(Connectivity connectivity);

// "CDR Connectivity Type": the kinds of candidates of ICE (RFC 8445 section 5.1.1 and 7.3.1.3).
enum class CandidateType : std::uint8_t {
  os,           // "OS": host
  peerDerived,  // "PeerDerived": peer-reflexive
  stun,         // "Stun": server-reflexive
  turn          // "Turn": relayed
};
std::string_view name(CandidateType type);

// What a client's socket is to whoever sees it at `seen`. `own`: all that the client itself has
// for it; `known`: what a STUN server has told it.
CandidateType candidateType(const std::vector<wire::Endpoint>& own, const wire::Endpoint& seen,
                            const std::optional<wire::Endpoint>& known);

// Of a leg of a path that ICE has found.
struct IceEnds {
  Connectivity connectivity{};
  CandidateType from{};
  CandidateType to{};
};

}  // namespace callflow::explain
