#include "models/nat/policy.h"

#include <algorithm>

#include "models/nat/filtering.h"
#include "models/nat/mapping.h"
#include "models/nat/port_allocation.h"

namespace callflow::nat {
namespace {

using wire::Header5;
using wire::Protocol;

Duration timeoutOf(const Policy& policy, Protocol protocol, bool answered) {
  if (protocol == Protocol::tcp) return policy.tcpTimeout;
  return answered ? policy.udpTimeout : policy.udpUnrepliedTimeout.value_or(policy.udpTimeout);
}

Verdict dropped(Reason reason, const Header5& header) {
  return Verdict{false, reason, header};
}

Verdict sentFrom(const wire::Endpoint& outside, Reason reason, const Header5& header) {
  return Verdict{true, reason, Header5{outside, header.destination, header.protocol}};
}

void keepUntil(State& state, Session& session, TimePoint expires) {
  session.expires = expires;
  TimePoint& mapping = state.mappings[session.mapping].expires;
  mapping = std::max(mapping, expires);
  if (session.permission == FlowIndex::kNone) return;
  TimePoint& permission = state.permissions[session.permission].expires;
  permission = std::max(permission, expires);
}

Reason reasonOf(Shortage shortage) {
  switch (shortage) {
    case Shortage::ownPorts:
      return Reason::blockExhausted;
    case Shortage::shares:
      return Reason::poolExhausted;
    case Shortage::ports:
    case Shortage::none:
      break;
  }
  return Reason::portsExhausted;
}

// The first packet from an inside endpoint to a remote one.
Verdict openSession(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  const TimePoint expires = expiry(now, timeoutOf(policy, header.protocol, false));
  state.makeRoom(now);
  Reason reason = Reason::newSession;
  FlowKey key = mappingKey(policy, header);
  std::uint32_t mapping = state.findMapping(key, now);
  // A shared port whose other user speaks to the same remote endpoint: this flow gets one apart.
  if (mapping != FlowIndex::kNone && policy.onCollision == Collision::overload &&
      !freeTowards(state, state.mappings[mapping].outside, header, now)) {
    mapping = FlowIndex::kNone;
    key = FlowKey(header.source, header.destination, header.protocol);
  }
  if (mapping == FlowIndex::kNone) {
    const Allocation given = allocate(policy, state, header, now);
    if (given.shortage != Shortage::none) return dropped(reasonOf(given.shortage), header);
    reason = Reason::newMapping;
    mapping = state.add(Mapping{key, given.outside, header.protocol, expires});
  }
  const wire::Endpoint outside = state.mappings[mapping].outside;
  Session session{FlowKey(header.source, header.destination, header.protocol),
                  FlowKey(outside, header.destination, header.protocol), expires, mapping};
  session.permission = permit(policy, state, outside, header, expires, now);
  state.mappings[mapping].expires = std::max(state.mappings[mapping].expires, expires);
  state.add(session);
  return sentFrom(outside, reason, header);
}

// From inside to a public address of the NAT's own.
Verdict turn(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  if (!policy.hairpin) return dropped(Reason::hairpin, header);
  const FlowKey inside(header.source, header.destination, header.protocol);
  const std::uint32_t known = state.findByInside(inside, now);
  Header5 seen;
  if (known == FlowIndex::kNone) {
    const Verdict out = openSession(policy, state, header, now);
    if (!out.pass) return out;
    seen = out.header;
  } else {
    Session& session = state.sessions[known];
    keepUntil(state, session, expiry(now, timeoutOf(policy, header.protocol, session.answered)));
    seen = Header5{state.mappings[session.mapping].outside, header.destination, header.protocol};
  }
  Verdict verdict = translateIn(policy, state, seen, now);
  verdict.turned = verdict.pass;
  if (!verdict.pass) verdict.header = header;
  return verdict;
}

}  // namespace

Verdict translateOut(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  if (policy.isPublic(header.destination.address)) return turn(policy, state, header, now);
  const FlowKey inside(header.source, header.destination, header.protocol);
  const std::uint32_t known = state.findByInside(inside, now);
  if (known == FlowIndex::kNone) return openSession(policy, state, header, now);
  Session& session = state.sessions[known];
  keepUntil(state, session, expiry(now, timeoutOf(policy, header.protocol, session.answered)));
  return sentFrom(state.mappings[session.mapping].outside, Reason::existingSession, header);
}

Verdict translateIn(const Policy& policy, State& state, const Header5& header, TimePoint now) {
  const Protocol protocol = header.protocol;
  const FlowKey outside(header.destination, header.source, protocol);
  const std::uint32_t known = state.findByOutside(outside, now);
  if (known != FlowIndex::kNone) {
    Session& session = state.sessions[known];
    session.answered = true;
    if (policy.refresh == Refresh::both)
      keepUntil(state, session, expiry(now, timeoutOf(policy, protocol, true)));
    return Verdict{true, Reason::existingSession,
                   Header5{header.source, session.inside.near(), protocol}};
  }
  if (!policy.isPublic(header.destination.address)) return dropped(Reason::noMapping, header);
  state.makeRoom(now);
  const std::uint32_t mapping = state.findPublic(header.destination, protocol, now);
  if (mapping == FlowIndex::kNone) return dropped(Reason::noMapping, header);
  const auto until = admittedUntil(policy, state, state.mappings[mapping], header.source, now);
  if (!until) return dropped(Reason::filtered, header);

  const wire::Endpoint inside = state.mappings[mapping].key.near();
  Session session{FlowKey(inside, header.source, protocol), outside, *until, mapping};
  session.answered = true;
  if (policy.filtering == Dependence::addressDependent)
    session.permission = state.findPermission(
        permissionKey(header.destination, header.source.address, protocol), now);
  if (policy.refresh == Refresh::both)
    keepUntil(state, session, std::max(*until, expiry(now, timeoutOf(policy, protocol, true))));
  state.add(session);
  return Verdict{true, Reason::admitted, Header5{header.source, inside, protocol}};
}

std::string describe(Reason reason) {
  switch (reason) {
    case Reason::existingSession:
      return "belongs to a session already translated";
    case Reason::newSession:
      return "known inside endpoint, new remote endpoint";
    case Reason::newMapping:
      return "new inside endpoint";
    case Reason::admitted:
      return "let in to a mapped port by the NAT's filtering";
    case Reason::portsExhausted:
      return "every public port is in use";
    case Reason::blockExhausted:
      return "every port of the inside host's block is in use";
    case Reason::poolExhausted:
      return "no public address or block of ports is left for one more inside host";
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
