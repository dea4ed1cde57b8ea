#include "models/nat/policy.h"

#include <algorithm>

namespace callflow::nat {
namespace {

using wire::Endpoint;
using wire::Header5;
using wire::Protocol;

FlowKey insideKey(const Endpoint& inside, Protocol protocol) {
  return FlowKey(inside, Endpoint{}, protocol);
}

FlowKey portKey(std::uint32_t port, Protocol protocol) {
  return FlowKey(Endpoint{wire::Ipv4{}, static_cast<std::uint16_t>(port)}, Endpoint{}, protocol);
}

Duration timeoutOf(const Policy& policy, Protocol protocol) {
  return protocol == Protocol::udp ? policy.udp_timeout : policy.tcp_timeout;
}

Verdict dropped(Reason reason, const Header5& header) {
  return Verdict{false, reason, header};
}

}  // namespace

std::size_t State::liveMappings(TimePoint now) const {
  return static_cast<std::size_t>(
      std::count_if(mappings_.begin(), mappings_.end(),
                    [&](const Mapping& mapping) { return now < mapping.expires; }));
}

std::uint32_t State::findMapping(const Endpoint& inside, Protocol protocol, TimePoint now) const {
  return mappings_by_inside_.find(insideKey(inside, protocol).hash(), [&](std::uint32_t record) {
    const Mapping& each = mappings_[record];
    return each.inside == inside && each.protocol == protocol && now < each.expires;
  });
}

std::uint32_t State::findPort(std::uint32_t port, Protocol protocol, TimePoint now) const {
  return mappings_by_port_.find(portKey(port, protocol).hash(), [&](std::uint32_t record) {
    const Mapping& each = mappings_[record];
    return each.port == port && each.protocol == protocol && now < each.expires;
  });
}

std::uint32_t State::freePort(const Policy& policy, const Endpoint& inside, Protocol protocol,
                              TimePoint now) {
  const std::uint32_t first = policy.first_port;
  const std::uint32_t last = policy.last_port;
  const auto isFree = [&](std::uint32_t port) {
    return findPort(port, protocol, now) == FlowIndex::none;
  };
  if (first <= inside.port && inside.port <= last && isFree(inside.port)) return inside.port;

  for (const std::uint32_t parity : {inside.port & 1u, ~inside.port & 1u}) {
    PortPool& pool = ports_[static_cast<std::size_t>(protocol)][parity];
    const std::uint32_t lowest = first + ((first & 1u) != parity ? 1 : 0);
    if (lowest > last || now < pool.full_until) continue;
    const std::uint32_t ports = (last - lowest) / 2 + 1;
    if (pool.cursor < lowest || pool.cursor > last) pool.cursor = lowest;
    for (std::uint32_t tried = 0; tried < ports; ++tried) {
      const std::uint32_t port = pool.cursor;
      pool.cursor = port + 2 > last ? lowest : port + 2;
      if (isFree(port)) return port;
    }
    // A mapping's end only ever moves away, so no port falls free before the earliest end known
    // now.
    pool.full_until = TimePoint::max();
    for (const Mapping& mapping : mappings_) {
      if (mapping.protocol == protocol && (mapping.port & 1u) == parity && now < mapping.expires) {
        pool.full_until = std::min(pool.full_until, mapping.expires);
      }
    }
  }
  return FlowIndex::none;
}

// Forgets what has expired if an index is full. Numbers of mappings and sessions change.
void State::makeRoom(TimePoint now) {
  if (!sessions_by_inside_.full() && !mappings_by_inside_.full()) return;
  std::vector<std::uint32_t> renumbered(mappings_.size(), FlowIndex::none);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < mappings_.size(); ++i) {
    if (mappings_[i].expires <= now) continue;
    renumbered[i] = kept;
    mappings_[kept++] = mappings_[i];
  }
  mappings_.resize(kept);
  std::erase_if(sessions_, [&](const Session& session) { return session.expires <= now; });

  mappings_by_inside_.reset(mappings_.size());
  mappings_by_port_.reset(mappings_.size());
  for (std::size_t i = 0; i < mappings_.size(); ++i) {
    const Mapping& mapping = mappings_[i];
    const auto record = static_cast<std::uint32_t>(i);
    mappings_by_inside_.add(insideKey(mapping.inside, mapping.protocol).hash(), record);
    mappings_by_port_.add(portKey(mapping.port, mapping.protocol).hash(), record);
  }
  sessions_by_inside_.reset(sessions_.size());
  sessions_by_outside_.reset(sessions_.size());
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    Session& session = sessions_[i];
    session.mapping = renumbered[session.mapping];  // outlives its sessions, so it was kept
    sessions_by_inside_.add(session.inside.hash(), static_cast<std::uint32_t>(i));
    sessions_by_outside_.add(session.outside.hash(), static_cast<std::uint32_t>(i));
  }
}

std::uint32_t State::addMapping(const Mapping& mapping) {
  const auto record = static_cast<std::uint32_t>(mappings_.size());
  mappings_.push_back(mapping);
  mappings_by_inside_.add(insideKey(mapping.inside, mapping.protocol).hash(), record);
  mappings_by_port_.add(portKey(mapping.port, mapping.protocol).hash(), record);
  return record;
}

void State::addSession(const Session& session) {
  const auto record = static_cast<std::uint32_t>(sessions_.size());
  sessions_.push_back(session);
  sessions_by_inside_.add(session.inside.hash(), record);
  sessions_by_outside_.add(session.outside.hash(), record);
}

Verdict translateOut(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  const Protocol protocol = header.protocol;
  const TimePoint expires = expiry(now, timeoutOf(policy, protocol));
  const auto translated = [&](Reason reason, std::uint16_t port) {
    return Verdict{true, reason,
                   Header5{{policy.public_address, port}, header.destination, protocol}};
  };

  const FlowKey inside(header.source, header.destination, protocol);
  const std::uint32_t known =
      state.sessions_by_inside_.find(inside.hash(), [&](std::uint32_t record) {
        const State::Session& each = state.sessions_[record];
        return each.inside == inside && now < each.expires;
      });
  if (known != FlowIndex::none) {
    State::Session& session = state.sessions_[known];
    State::Mapping& mapping = state.mappings_[session.mapping];
    session.expires = expires;
    mapping.expires = std::max(mapping.expires, expires);
    return translated(Reason::existing_session, mapping.port);
  }

  if (header.destination.address == policy.public_address) return dropped(Reason::hairpin, header);
  state.makeRoom(now);
  Reason reason = Reason::new_session;
  std::uint32_t mapping = state.findMapping(header.source, protocol, now);
  if (mapping == FlowIndex::none) {
    const std::uint32_t port = state.freePort(policy, header.source, protocol, now);
    if (port == FlowIndex::none) return dropped(Reason::ports_exhausted, header);
    reason = Reason::new_mapping;
    mapping = state.addMapping(
        State::Mapping{header.source, static_cast<std::uint16_t>(port), protocol, expires});
  }
  const std::uint16_t port = state.mappings_[mapping].port;
  state.mappings_[mapping].expires = std::max(state.mappings_[mapping].expires, expires);
  const FlowKey outside(Endpoint{policy.public_address, port}, header.destination, protocol);
  state.addSession(State::Session{inside, outside, expires, mapping});
  return translated(reason, port);
}

Verdict translateIn(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  const Protocol protocol = header.protocol;
  const FlowKey outside(header.destination, header.source, protocol);
  const std::uint32_t known =
      state.sessions_by_outside_.find(outside.hash(), [&](std::uint32_t record) {
        const State::Session& each = state.sessions_[record];
        return each.outside == outside && now < each.expires;
      });
  if (known != FlowIndex::none) {
    const Endpoint inside = state.sessions_[known].inside.near();
    return Verdict{true, Reason::existing_session, Header5{header.source, inside, protocol}};
  }
  const bool mapped = header.destination.address == policy.public_address &&
                      state.findPort(header.destination.port, protocol, now) != FlowIndex::none;
  return dropped(mapped ? Reason::filtered : Reason::no_mapping, header);
}

std::string describe(Reason reason) {
  switch (reason) {
    case Reason::existing_session:
      return "belongs to a session already translated";
    case Reason::new_session:
      return "known inside endpoint, new remote endpoint";
    case Reason::new_mapping:
      return "new inside endpoint";
    case Reason::ports_exhausted:
      return "every public port is in use";
    case Reason::hairpin:
      return "addressed from inside to the NAT's own public address, and hairpinning is not "
             "supported";
    case Reason::no_mapping:
      return "no inside endpoint holds this public port";
    case Reason::filtered:
      return "the inside endpoint of this public port has not lately sent to this remote endpoint";
    case Reason::count_:
      break;
  }
  return "unknown";
}

std::string describe(const Verdict& verdict) {
  return (verdict.pass ? "translated: " : "dropped: ") + describe(verdict.reason);
}

}  // namespace callflow::nat
