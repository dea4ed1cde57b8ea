#include "models/nat/port_allocation.h"

#include <algorithm>

namespace callflow::nat {
namespace {

using wire::Endpoint;
using wire::Header5;

// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): each NAT has a row of its own, the same in each
// run.
std::uint64_t nextDraw(const Policy& policy, State& state) {
  std::uint64_t z = policy.publicAddress.value + ++state.draws * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::uint32_t portsOf(const wire::PortRange& range) {
  return std::uint32_t{range.last} - range.first + 1;
}

// Where a host's mappings come from.
struct Share {
  std::uint32_t place = 0;  // which address of the pool
  wire::PortRange range;
  std::uint32_t search = 0;  // number of its searches
};

// Which address and which block of ports the n-th inside host has; none if there are no more.
bool giveOut(const Policy& policy, std::uint32_t n, Host& host) {
  const auto addresses = static_cast<std::uint32_t>(policy.addresses);
  host.place = n % addresses;
  if (policy.oneToOne) return n < addresses;
  if (policy.portsPerHost == 0) return true;
  host.block = n / addresses;
  return host.block < portsOf(policy.portRange) / static_cast<std::uint32_t>(policy.portsPerHost);
}

bool takeShare(const Policy& policy, State& state, wire::Ipv4 inside, Share& share) {
  share.range = policy.portRange;
  const bool own = policy.oneToOne || policy.portsPerHost > 0;
  if (!own && policy.addresses == 1) return true;
  if (!own && policy.pooling == Pooling::arbitrary) {
    share.place = state.turns++ % static_cast<std::uint32_t>(policy.addresses);
    share.search = share.place;
    return true;
  }
  std::uint32_t record = state.findHost(inside);
  if (record == FlowIndex::kNone) {
    Host host{inside, 0, 0};
    if (!giveOut(policy, static_cast<std::uint32_t>(state.hosts.size()), host)) return false;
    record = state.add(host);
  }
  const Host& host = state.hosts[record];
  share.place = host.place;
  share.search = host.place;
  if (policy.portsPerHost > 0 && !policy.oneToOne) {
    const auto size = static_cast<std::uint32_t>(policy.portsPerHost);
    const std::uint32_t first = policy.portRange.first + host.block * size;
    share.range = {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(first + size - 1)};
    share.search = record;
  }
  return true;
}

class Search {
 public:
  Search(const Policy& policy, State& state, const Header5& header, const Share& share,
         TimePoint now)
      : policy_(policy), state_(state), header_(header), share_(share), now_(now) {}

  bool isFree(std::uint32_t port) const {
    const Endpoint outside = at(port);
    if (policy_.onCollision == Collision::overload)
      return freeTowards(state_, outside, header_, now_);
    return state_.findPublic(outside, header_.protocol, now_) == FlowIndex::kNone;
  }

  // The port, or none.
  std::uint32_t run() {
    const std::uint32_t asked = header_.source.port;
    if (policy_.ports == PortChoice::preserve && share_.range.contains(header_.source.port) &&
        isFree(asked))
      return asked;
    if (state_.searches.size() <= share_.search) state_.searches.resize(share_.search + 1);
    if (!policy_.parity) return among(0, 1);
    const std::uint32_t same = among(asked & 1u, 2);
    return same != FlowIndex::kNone ? same : among(~asked & 1u, 2);
  }

  Endpoint at(std::uint32_t port) const {
    return {wire::Ipv4{policy_.publicAddress.value + share_.place},
            static_cast<std::uint16_t>(port)};
  }

 private:
  // Every second port, of one parity, or every port.
  std::uint32_t among(std::uint32_t parity, std::uint32_t step) {
    const std::uint32_t first = share_.range.first;
    const std::uint32_t last = share_.range.last;
    PortSearch& search =
        state_.searches[share_.search][static_cast<std::size_t>(header_.protocol)][parity];
    const std::uint32_t lowest = first + (step == 2 && (first & 1u) != parity ? 1 : 0);
    if (lowest > last || now_ < search.fullUntil) return FlowIndex::kNone;
    const std::uint32_t ports = (last - lowest) / step + 1;
    const bool byChance =
        policy_.ports == PortChoice::random ||
        (policy_.ports == PortChoice::preserve && policy_.onCollision != Collision::next);
    if (byChance) {
      search.cursor = lowest + step * static_cast<std::uint32_t>(nextDraw(policy_, state_) % ports);
    } else if (search.cursor < lowest || search.cursor > last) {
      search.cursor = lowest;
    }
    for (std::uint32_t tried = 0; tried < ports; ++tried) {
      const std::uint32_t port = search.cursor;
      search.cursor = port + step > last ? lowest : port + step;
      if (isFree(port)) return port;
    }
    if (policy_.onCollision != Collision::overload) search.fullUntil = firstEnd(parity, step);
    return FlowIndex::kNone;
  }

  // A mapping's end only ever moves away, so no port falls free before the earliest end known now.
  TimePoint firstEnd(std::uint32_t parity, std::uint32_t step) const {
    TimePoint end = TimePoint::max();
    const wire::Ipv4 address = at(0).address;
    for (const Mapping& mapping : state_.mappings) {
      if (mapping.protocol == header_.protocol && mapping.outside.address == address &&
          share_.range.contains(mapping.outside.port) &&
          (step == 1 || (mapping.outside.port & 1u) == parity) && now_ < mapping.expires)
        end = std::min(end, mapping.expires);
    }
    return end;
  }

  const Policy& policy_;
  State& state_;
  const Header5& header_;
  const Share& share_;
  TimePoint now_;
};

}  // namespace

bool freeTowards(const State& state, const Endpoint& outside, const Header5& fromInside,
                 TimePoint now) {
  const FlowKey key(outside, fromInside.destination, fromInside.protocol);
  return state.findByOutside(key, now) == FlowIndex::kNone;
}

Allocation allocate(const Policy& policy, State& state, const Header5& fromInside, TimePoint now) {
  Share share;
  if (!takeShare(policy, state, fromInside.source.address, share)) return {Shortage::shares, {}};
  Search search(policy, state, fromInside, share, now);
  if (policy.oneToOne) return {Shortage::none, search.at(fromInside.source.port)};
  const std::uint32_t port = search.run();
  if (port != FlowIndex::kNone) return {Shortage::none, search.at(port)};
  return {policy.portsPerHost > 0 ? Shortage::ownPorts : Shortage::ports, {}};
}

}  // namespace callflow::nat
