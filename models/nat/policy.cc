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
  return protocol == Protocol::udp ? policy.udpTimeout : policy.tcpTimeout;
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
  return mappingsByInside_.find(insideKey(inside, protocol).hash(), [&](std::uint32_t record) {
    const Mapping& each = mappings_[record];
    return each.inside == inside && each.protocol == protocol && now < each.expires;
  });
}

std::uint32_t State::findPort(std::uint32_t port, Protocol protocol, TimePoint now) const {
  return mappingsByPort_.find(portKey(port, protocol).hash(), [&](std::uint32_t record) {
    const Mapping& each = mappings_[record];
    return each.port == port && each.protocol == protocol && now < each.expires;
  });
}

std::uint32_t State::freePort(const Policy& policy, const Endpoint& inside, Protocol protocol,
                              TimePoint now) {
  const std::uint32_t first = policy.firstPort;
  const std::uint32_t last = policy.lastPort;
  const auto isFree = [&](std::uint32_t port) {
    return findPort(port, protocol, now) == FlowIndex::kNone;
  };
  if (first <= inside.port && inside.port <= last && isFree(inside.port)) return inside.port;

  for (const std::uint32_t parity : {inside.port & 1u, ~inside.port & 1u}) {
    PortPool& pool = ports_[static_cast<std::size_t>(protocol)][parity];
    const std::uint32_t lowest = first + ((first & 1u) != parity ? 1 : 0);
    if (lowest > last || now < pool.fullUntil) continue;
    const std::uint32_t ports = (last - lowest) / 2 + 1;
    if (pool.cursor < lowest || pool.cursor > last) pool.cursor = lowest;
    for (std::uint32_t tried = 0; tried < ports; ++tried) {
      const std::uint32_t port = pool.cursor;
      pool.cursor = port + 2 > last ? lowest : port + 2;
      if (isFree(port)) return port;
    }
    // A mapping's end only ever moves away, so no port falls free before the earliest end known
    // now.
    pool.fullUntil = TimePoint::max();
    for (const Mapping& mapping : mappings_) {
      if (mapping.protocol == protocol && (mapping.port & 1u) == parity && now < mapping.expires) {
        pool.fullUntil = std::min(pool.fullUntil, mapping.expires);
      }
    }
  }
  return FlowIndex::kNone;
}

// Forgets what has expired if an index is full. Numbers of mappings and sessions change.
void State::makeRoom(TimePoint now) {
  if (!sessionsByInside_.full() && !mappingsByInside_.full()) return;
  std::vector<std::uint32_t> renumbered(mappings_.size(), FlowIndex::kNone);
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < mappings_.size(); ++i) {
    if (mappings_[i].expires <= now) continue;
    renumbered[i] = kept;
    mappings_[kept++] = mappings_[i];
  }
  mappings_.resize(kept);
  std::erase_if(sessions_, [&](const Session& session) { return session.expires <= now; });

  mappingsByInside_.reset(mappings_.size());
  mappingsByPort_.reset(mappings_.size());
  for (std::size_t i = 0; i < mappings_.size(); ++i) {
    const Mapping& mapping = mappings_[i];
    const auto record = static_cast<std::uint32_t>(i);
    mappingsByInside_.add(insideKey(mapping.inside, mapping.protocol).hash(), record);
    mappingsByPort_.add(portKey(mapping.port, mapping.protocol).hash(), record);
  }
  sessionsByInside_.reset(sessions_.size());
  sessionsByOutside_.reset(sessions_.size());
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    Session& session = sessions_[i];
    session.mapping = renumbered[session.mapping];  // outlives its sessions, so it was kept
    sessionsByInside_.add(session.inside.hash(), static_cast<std::uint32_t>(i));
    sessionsByOutside_.add(session.outside.hash(), static_cast<std::uint32_t>(i));
  }
}

std::uint32_t State::addMapping(const Mapping& mapping) {
  const auto record = static_cast<std::uint32_t>(mappings_.size());
  mappings_.push_back(mapping);
  mappingsByInside_.add(insideKey(mapping.inside, mapping.protocol).hash(), record);
  mappingsByPort_.add(portKey(mapping.port, mapping.protocol).hash(), record);
  return record;
}

void State::addSession(const Session& session) {
  const auto record = static_cast<std::uint32_t>(sessions_.size());
  sessions_.push_back(session);
  sessionsByInside_.add(session.inside.hash(), record);
  sessionsByOutside_.add(session.outside.hash(), record);
}

Verdict translateOut(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  const Protocol protocol = header.protocol;
  const TimePoint expires = expiry(now, timeoutOf(policy, protocol));
  const auto translated = [&](Reason reason, std::uint16_t port) {
    return Verdict{true, reason,
                   Header5{{policy.publicAddress, port}, header.destination, protocol}};
  };

  const FlowKey inside(header.source, header.destination, protocol);
  const std::uint32_t known =
      state.sessionsByInside_.find(inside.hash(), [&](std::uint32_t record) {
        const State::Session& each = state.sessions_[record];
        return each.inside == inside && now < each.expires;
      });
  if (known != FlowIndex::kNone) {
    State::Session& session = state.sessions_[known];
    State::Mapping& mapping = state.mappings_[session.mapping];
    session.expires = expires;
    mapping.expires = std::max(mapping.expires, expires);
    return translated(Reason::existingSession, mapping.port);
  }

  if (header.destination.address == policy.publicAddress) return dropped(Reason::hairpin, header);
  state.makeRoom(now);
  Reason reason = Reason::newSession;
  std::uint32_t mapping = state.findMapping(header.source, protocol, now);
  if (mapping == FlowIndex::kNone) {
    const std::uint32_t port = state.freePort(policy, header.source, protocol, now);
    if (port == FlowIndex::kNone) return dropped(Reason::portsExhausted, header);
    reason = Reason::newMapping;
    mapping = state.addMapping(
        State::Mapping{header.source, static_cast<std::uint16_t>(port), protocol, expires});
  }
  const std::uint16_t port = state.mappings_[mapping].port;
  state.mappings_[mapping].expires = std::max(state.mappings_[mapping].expires, expires);
  const FlowKey outside(Endpoint{policy.publicAddress, port}, header.destination, protocol);
  state.addSession(State::Session{inside, outside, expires, mapping});
  return translated(reason, port);
}

Verdict translateIn(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  const Protocol protocol = header.protocol;
  const FlowKey outside(header.destination, header.source, protocol);
  const std::uint32_t known =
      state.sessionsByOutside_.find(outside.hash(), [&](std::uint32_t record) {
        const State::Session& each = state.sessions_[record];
        return each.outside == outside && now < each.expires;
      });
  if (known != FlowIndex::kNone) {
    const Endpoint inside = state.sessions_[known].inside.near();
    return Verdict{true, Reason::existingSession, Header5{header.source, inside, protocol}};
  }
  const bool mapped = header.destination.address == policy.publicAddress &&
                      state.findPort(header.destination.port, protocol, now) != FlowIndex::kNone;
  return dropped(mapped ? Reason::filtered : Reason::noMapping, header);
}

std::string describe(Reason reason) {
  switch (reason) {
    case Reason::existingSession:
      return "belongs to a session already translated";
    case Reason::newSession:
      return "known inside endpoint, new remote endpoint";
    case Reason::newMapping:
      return "new inside endpoint";
    case Reason::portsExhausted:
      return "every public port is in use";
    case Reason::hairpin:
      return "addressed from inside to the NAT's own public address, and hairpinning is not "
             "supported";
    case Reason::noMapping:
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
