// What a NAT remembers: mappings, sessions, permissions, and what it has given away of its pool.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/nat/flow_index.h"
#include "models/nat/parameters.h"
#include "models/wire/address.h"
#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::nat {

// The parameters, and where the NAT stands.
struct Policy : Nat {
  wire::Ipv4 publicAddress;  // the first of its pool

  bool isPublic(wire::Ipv4 address) const {
    return address.value - publicAddress.value < static_cast<std::uint32_t>(addresses);
  }
};

// An inside endpoint's public endpoint. Lives as long as the longest of its sessions.
struct Mapping {
  FlowKey key;  // the inside endpoint, as much of the remote one as counts
  wire::Endpoint outside;
  wire::Protocol protocol = wire::Protocol::udp;
  TimePoint expires;
};

// One inside endpoint and one remote endpoint that speak to each other.
struct Session {
  FlowKey inside;   // inside endpoint, remote endpoint
  FlowKey outside;  // public endpoint, remote endpoint
  TimePoint expires;
  std::uint32_t mapping = 0;
  std::uint32_t permission = FlowIndex::kNone;  // with address-dependent filtering
  bool answered = false;                        // something has come in
};

// Leave for a remote address to send to a public endpoint. Lives as long as the longest of its
// sessions that were opened from inside.
struct Permission {
  FlowKey key;
  TimePoint expires;
};

// Numbers of a free public endpoint's search: of one protocol and one parity.
struct PortSearch {
  std::uint32_t cursor = 0;  // where it goes on
  TimePoint fullUntil;       // no port falls free before
};
using PortSearches = std::array<std::array<PortSearch, 2>, 2>;  // by protocol and parity

// An inside host that has something of its own of the pool, for good.
struct Host {
  wire::Ipv4 address;
  std::uint32_t place = 0;  // which address of the pool
  std::uint32_t block = 0;  // which block of ports there
};

// A value: copy it to ask "what if". Times given to it must not go back.
class State {
 public:
  // Loses the mappings of these protocols, and with all of them what hosts have of the pool, too.
  // What is drawn next is not what was drawn first.
  void forget(wire::RuleProtocol which);
  // Mappings in force at `now`.
  std::size_t liveMappings(TimePoint now) const;

  std::uint32_t findMapping(const FlowKey& key, TimePoint now) const;
  // Of a public endpoint; any of those that share it.
  std::uint32_t findPublic(const wire::Endpoint& outside, wire::Protocol protocol,
                           TimePoint now) const;
  std::uint32_t findPermission(const FlowKey& key, TimePoint now) const;
  std::uint32_t findHost(wire::Ipv4 address) const;
  std::uint32_t findByInside(const FlowKey& key, TimePoint now) const {
    return sessionsByInside_.find(key.hash(), [&](std::uint32_t record) {
      const Session& each = sessions[record];
      return each.inside == key && now < each.expires;
    });
  }
  std::uint32_t findByOutside(const FlowKey& key, TimePoint now) const {
    return sessionsByOutside_.find(key.hash(), [&](std::uint32_t record) {
      const Session& each = sessions[record];
      return each.outside == key && now < each.expires;
    });
  }

  // Forgets what has expired if an index is full. Numbers of records change. To be called before
  // records are looked for that others are to be added to.
  void makeRoom(TimePoint now);
  std::uint32_t add(const Mapping& mapping);
  std::uint32_t add(const Permission& permission);
  std::uint32_t add(const Host& host);
  void add(const Session& session);

  std::vector<Mapping> mappings;
  std::vector<Session> sessions;
  std::vector<Permission> permissions;
  std::vector<Host> hosts;
  std::vector<PortSearches> searches;  // by address of the pool, or by host if each has a block
  std::uint64_t draws = 0;             // random ports asked for so far
  std::uint32_t turns = 0;             // mappings that have taken an address by turns

 private:
  FlowIndex mappingsByKey_;
  FlowIndex mappingsByPublic_;
  FlowIndex sessionsByInside_;
  FlowIndex sessionsByOutside_;
  FlowIndex permissionsByKey_;
  FlowIndex hostsByAddress_;
};

// A public endpoint on its own, and with a remote address, as keys.
inline FlowKey publicKey(const wire::Endpoint& outside, wire::Protocol protocol) {
  return FlowKey(outside, wire::Endpoint{}, protocol);
}
inline FlowKey permissionKey(const wire::Endpoint& outside, wire::Ipv4 remote,
                             wire::Protocol protocol) {
  return FlowKey(outside, wire::Endpoint{remote, 0}, protocol);
}

}  // namespace callflow::nat
