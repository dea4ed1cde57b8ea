// Why a packet did not come through.
#pragma once

#include <optional>
#include <string>

#include "models/wire/address.h"
#include "src/network/network.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"

namespace callflow::explain {

struct Refusal {
  enum class Kind {
    box,         // `element` refused it
    lost,        // no box refused it: `reason` says all
    nobody,      // it arrived, after translations addressed to somebody else
    noRoute,     // from `element` to `other`, or to Azure
    noRegion,    // the network has no Azure region with a relay
    noInternet,  // `element` has no way to the Internet
    noProxy,     // the site of `element` has none
    relayOnly,   // the policy of `element`
    notOffered,  // by the relay `element`: this transport
    relayQuota,  // the relay `element` has given out as many allocations as it may
    relayFull,   // the relay `element` has no port left to give out
    proxyPort,   // the proxy `element` opens no tunnel to a relay's port
    proxyOpens,  // the proxy `element` looks into tunnels for the web's TLS
    // `element`, who hosts the call, has no way to a region
    noMediaProcessor
  };
  Kind kind = Kind::box;
  topology::ElementId element{};
  std::optional<topology::ElementId> other{};
  wire::Header5 header{};   // box: as it came there; nobody: as it arrived
  bool outbound = false;    // box: on its way out of the sender's network
  std::string reason{};     // box: which of its rules, in its own words; lost: a clause
  fabric::Ground ground{};  // box: the same in the words that all boxes share

  // The same box by the same rule, whatever the packet; or the very same refusal.
  bool sameCause(const Refusal& refusal) const;
};

// Of a packet that was not delivered.
Refusal refusalOf(const network::Passage& passage);

// A packet from `source` to `goal` along `out`, and the answer along `back` to where it seemed to
// come from: what refuses one of them.
std::optional<Refusal> tryExchange(network::Network& network, const topology::Route& out,
                                   const topology::Route& back, wire::Endpoint source,
                                   wire::Endpoint goal, wire::Protocol protocol,
                                   wire::Sight sight = {});

// "hq-firewall refuses udp 10.1.0.2:50000 to 203.0.113.3:50000: denied by rule 3 (net.yaml:13)".
std::string words(const topology::NetworkGraph& graph, const Refusal& refusal);

// Where the rule is written that a box decided by; nothing if it was no rule.
std::optional<SourcePos> placeOf(const topology::NetworkGraph& graph,
                                 const topology::Topology& topology, topology::ElementId box,
                                 const fabric::Ground& ground);

}  // namespace callflow::explain
