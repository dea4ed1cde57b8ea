// How a kind of path was tried for two clients, or for a client and a server: what each of
// them reached, as data. Words are made of it last.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/wire/address.h"
#include "src/explain/refusal.h"
#include "src/topology/graph.h"
#include "src/topology/scenario.h"

namespace callflow::explain {

// How a client's media gets to the rest of the path.
enum class Access : std::uint8_t {
  plainUdp,  // straight to the peer, the server, or a port that the peer's relay gives out
  turnUdp,   // to its own relay over UDP 3478, or another port of the call's choice
  turnTcp,   // to its own relay over TCP 443
  turnProxy  // the same, through its site's HTTP proxy
};

// Of a path of this kind, for a client that needs it.
Access accessOf(topology::PathKind kind);

// What a client reached, or why it did not.
struct Finding {
  enum class Goal : std::uint8_t {
    peer,         // the other client, and back
    ownRelay,     // by `access`
    relayedPort,  // of the other client's relay
    server,       // a media processor or SBC, by `access`: over its relay if that is not plain
    vpnGateway    // over UDP; refused, its VPN goes over TCP to `port`
  };
  topology::ElementId client{};
  Goal goal = Goal::peer;
  Access access = Access::plainUdp;
  // The relay, media processor or SBC, if there is one.
  std::optional<topology::ElementId> server = {};
  wire::Endpoint seen = {};                      // by the peer that it reached
  bool translated = false;                       // `seen` is not its own address
  std::optional<wire::Endpoint> reflexive = {};  // where a STUN server has told it that it is seen
  std::optional<Refusal> refusal = {};           // nothing: it was reached
  std::vector<Refusal> full = {};                // of relays that it asked before its own
  std::uint16_t port = 0;                        // of the relay, or of the gateway over TCP
};

struct Attempt {
  topology::PathKind kind{};
  bool chosen = false;
  std::vector<Finding> findings;  // of the ways that were chosen, or of those that failed
};

// One sentence. For a refusal: which box, which rule, where it is written.
std::string words(const topology::NetworkGraph& graph, const Attempt& attempt);

}  // namespace callflow::explain
