#include "src/explain/paths.h"

#include <algorithm>
#include <utility>

#include "src/explain/hole_punching.h"

namespace callflow::explain {
namespace {

using fabric::Endpoint;
using fabric::Ipv4;
using fabric::Protocol;
using topology::ElementId;
using topology::PathKind;

constexpr PathKind kKinds[] = {PathKind::direct, PathKind::relayUdp, PathKind::relayTcp,
                               PathKind::relayProxy};

Finding relayedPort(const Client& client, std::optional<Refusal> refusal = {}) {
  return {
      .client = client.element, .goal = Finding::Goal::relayedPort, .refusal = std::move(refusal)};
}
Refusal relayOnly(const Client& client) {
  return {.kind = Refusal::Kind::relayOnly, .element = client.element};
}

}  // namespace

Finding PathFinder::ownRelay(const Client& client, Access access,
                             std::optional<Refusal> refusal) const {
  return {.client = client.element,
          .goal = Finding::Goal::ownRelay,
          .access = access,
          .server = client.relay,
          .refusal = std::move(refusal),
          .full = client.full,
          .port = access == Access::turnUdp ? call_.relayPort : kTurnTcpPort};
}

Finding PathFinder::noProxy(const Client& client) const {
  return ownRelay(client, Access::turnProxy,
                  Refusal{.kind = Refusal::Kind::noProxy, .element = client.element});
}

std::optional<Refusal> PathFinder::exchange(network::Network& network, const Client& client,
                                            ElementId at, Endpoint server,
                                            Protocol protocol) const {
  const auto out = graph_.route(client.element, at);
  const auto back = graph_.route(at, client.element);
  if (!out || !back) return Refusal{.kind = Refusal::Kind::noRoute, .element = client.element};
  wire::Sight sight{.dscp = call_.dscp};
  sight.plain = protocol == Protocol::tcp && call_.transport.security == topology::Security::none;
  return tryExchange(network, *out, *back, client.socket, server, protocol, sight);
}

std::optional<Refusal> PathFinder::toOwnRelay(const Client& client, Access access) const {
  if (!client.relay) {
    return Refusal{
        .kind = graph_.egress(client.element) ? Refusal::Kind::noRegion : Refusal::Kind::noInternet,
        .element = client.element};
  }
  const topology::Element& relay = graph_.element(*client.relay);
  if (access == Access::turnUdp ? !relay.overUdp : !relay.overTcp)
    return Refusal{.kind = Refusal::Kind::notOffered, .element = *client.relay};
  for (const auto& [by, why] : client.refused)
    if (by == access) return why;
  if (access == Access::turnProxy) {
    const ElementId proxy = graph_.proxy(client.element).value();
    if (!wire::contains(graph_.element(proxy).connectPorts, kTurnTcpPort))
      return Refusal{.kind = Refusal::Kind::proxyPort, .element = proxy};
    if (graph_.element(proxy).inspectsTls)
      return Refusal{.kind = Refusal::Kind::proxyOpens, .element = proxy};
  }
  return exchangeWithRelay(fresh(), client, access);
}

std::vector<Access> PathFinder::waysToRelay(const Client& client) const {
  std::vector<Access> ways;
  for (const PathKind kind : {PathKind::relayUdp, PathKind::relayTcp, PathKind::relayProxy}) {
    if (!call_.allows(kind)) continue;
    const Access access = accessOf(kind);
    if (access == Access::turnProxy && !graph_.proxy(client.element)) continue;
    if (!toOwnRelay(client, access)) ways.push_back(access);
  }
  return ways;
}

std::optional<Refusal> PathFinder::exchangeWithRelay(network::Network& network,
                                                     const Client& client, Access access) const {
  const Ipv4 address{graph_.element(*client.relay).address};
  if (access == Access::turnProxy) {
    // The client reaches the proxy inside the LAN; the proxy's own connection meets the boxes.
    const ElementId proxy = graph_.proxy(client.element).value();
    const Client upstream{
        proxy,
        {Ipv4{graph_.element(proxy).address}, ports_.peek(proxy, PortBook::Use::client)},
        client.relay};
    return exchange(network, upstream, *client.relay, {address, kTurnTcpPort}, Protocol::tcp);
  }
  if (access == Access::turnTcp) {
    return exchange(network, client, *client.relay, {address, kTurnTcpPort}, Protocol::tcp);
  }
  return exchange(network, client, *client.relay, {address, call_.relayPort}, Protocol::udp);
}

std::optional<Refusal> PathFinder::toRelayedPort(network::Network& network, const Client& client,
                                                 const Client& owner) const {
  const Ipv4 address{graph_.element(*owner.relay).address};
  const std::uint16_t port = ports_.peek(*owner.relay, PortBook::Use::relay);
  return exchange(network, client, *owner.relay, {address, port}, Protocol::udp);
}

// Azure's own have no box between them.
std::optional<Refusal> PathFinder::betweenServers(ElementId relay, ElementId other,
                                                  Endpoint socket) const {
  if (relay == other || (!graph_.element(relay).own && !graph_.element(other).own)) return {};
  const Ipv4 address{graph_.element(relay).address};
  const Client end{relay, {address, ports_.peek(relay, PortBook::Use::relay)}, {}};
  return exchange(fresh(), end, other, socket, Protocol::udp);
}

Attempt PathFinder::direct(network::Network& network, const Client& a, const Client& b) const {
  Attempt attempt{PathKind::direct, false, {}};
  for (const Client* const each : {&a, &b})
    if (each->relayOnly)
      attempt.findings.push_back({.client = each->element, .refusal = relayOnly(*each)});
  if (!attempt.findings.empty()) return attempt;
  const auto there = graph_.route(a.element, b.element);
  const auto back = graph_.route(b.element, a.element);
  if (!there || !back) {
    attempt.findings.push_back(
        {.client = a.element,
         .refusal =
             Refusal{.kind = Refusal::Kind::noRoute, .element = a.element, .other = b.element}});
    return attempt;
  }
  const auto sides = punchHoles(network,
                                {.element = a.element,
                                 .socket = a.socket,
                                 .route = *there,
                                 .dscp = call_.dscp,
                                 .stunPort = call_.relayPort},
                                {.element = b.element,
                                 .socket = b.socket,
                                 .route = *back,
                                 .dscp = call_.dscp,
                                 .stunPort = call_.relayPort});
  attempt.chosen = sides[0].last.delivered && sides[1].last.delivered;
  // A packet that may not leave is the cause; that the answer finds the door shut is its
  // consequence.
  const auto stays = [](const PunchingSide& side) {
    return side.last.refused && side.last.refused->outbound;
  };
  const bool out = stays(sides[0]) || stays(sides[1]);
  for (std::size_t i : {0U, 1U}) {
    const PunchingSide& side = sides[i];
    Finding finding{.client = side.element};
    if (attempt.chosen) {
      finding.seen = sides[1 - i].reach;
      finding.translated = finding.seen != side.socket;
      finding.reflexive = side.seen;
    } else if (side.last.delivered || (out && !stays(side))) {
      continue;
    } else {
      finding.refusal = refusalOf(side.last);
    }
    attempt.findings.push_back(std::move(finding));
  }
  return attempt;
}

Attempt PathFinder::relayed(PathKind kind, const Client& a, const Client& b,
                            Decision& decision) const {
  const Access access = accessOf(kind);
  const auto own = [&](const Client& client) -> std::optional<Refusal> {
    if (access == Access::turnProxy && !graph_.proxy(client.element)) {
      return noProxy(client).refusal;
    }
    return toOwnRelay(client, access);
  };
  const std::optional<Refusal> aOwn = own(a);
  const std::optional<Refusal> bOwn = own(b);
  const auto take = [&](Access first, Access second, Finding one, Finding other) {
    decision.first = first;
    decision.second = second;
    return Attempt{kind, true, {std::move(one), std::move(other)}};
  };
  // One relay, the first client's if it will do; the other client speaks to it over plain UDP.
  std::optional<Refusal> bToPort, aToPort;
  if (!aOwn && !b.relayOnly) {
    bToPort = toRelayedPort(fresh(), b, a);
    if (!bToPort) return take(access, Access::plainUdp, ownRelay(a, access), relayedPort(b));
  }
  if (!bOwn && !a.relayOnly) {
    aToPort = toRelayedPort(fresh(), a, b);
    if (!aToPort) return take(Access::plainUdp, access, ownRelay(b, access), relayedPort(a));
  }
  // Both need one. Over TCP only who must.
  std::optional<Refusal> apart;
  if (a.relay && b.relay && *a.relay != *b.relay) {
    const Ipv4 address{graph_.element(*b.relay).address};
    apart =
        betweenServers(*a.relay, *b.relay, {address, ports_.peek(*b.relay, PortBook::Use::relay)});
  }
  if (apart)
    return {kind, false, {{.client = *a.relay, .goal = Finding::Goal::peer, .refusal = apart}}};
  const auto both = [&](Access first, Access second) {
    return take(first, second, ownRelay(a, first), ownRelay(b, second));
  };
  if (kind == PathKind::relayProxy && call_.allows(PathKind::relayTcp)) {
    if (!aOwn && !toOwnRelay(b, Access::turnTcp)) return both(access, Access::turnTcp);
    if (!bOwn && !toOwnRelay(a, Access::turnTcp)) return both(Access::turnTcp, access);
  }
  if (kind != PathKind::relayUdp && call_.allows(PathKind::relayUdp)) {
    if (!aOwn && !toOwnRelay(b, Access::turnUdp)) return both(access, Access::turnUdp);
    if (!bOwn && !toOwnRelay(a, Access::turnUdp)) return both(Access::turnUdp, access);
  }
  if (!aOwn && !bOwn) return both(access, access);
  Attempt attempt{kind, false, {}};
  const auto blame = [&](const Client& client, const std::optional<Refusal>& refusal,
                         const std::optional<Refusal>& toPort) {
    if (!refusal) return;
    attempt.findings.push_back(ownRelay(client, access, refusal));
    if (toPort && refusal->kind != Refusal::Kind::noProxy && !toPort->sameCause(*refusal))
      attempt.findings.push_back(relayedPort(client, toPort));
  };
  blame(a, aOwn, aToPort);
  blame(b, bOwn, bToPort);
  return attempt;
}

void PathFinder::take(const Client& a, const Client& b, const Decision& decision,
                      Attempt& attempt) const {
  if (attempt.kind == PathKind::direct) {
    attempt = direct(taken_, a, b);
    return;
  }
  const auto refusalOf = [&](const Client& client, Access access, const Client& other) {
    return access == Access::plainUdp ? toRelayedPort(taken_, client, other)
                                      : exchangeWithRelay(taken_, client, access);
  };
  for (Finding& finding : attempt.findings) {
    const bool first = finding.client == a.element;
    finding.refusal = first ? refusalOf(a, decision.first, b) : refusalOf(b, decision.second, a);
    attempt.chosen = attempt.chosen && !finding.refusal;
  }
  if (attempt.chosen) return;
  std::erase_if(attempt.findings, [](const Finding& each) { return !each.refusal; });
}

Decision PathFinder::between(const Client& a, const Client& b) const {
  Decision decision;
  for (const PathKind kind : kKinds) {
    if (!call_.allows(kind)) continue;
    if (kind == PathKind::relayProxy && !graph_.proxy(a.element) && !graph_.proxy(b.element)) {
      // No word of it, unless nothing else was to be tried.
      if (decision.attempts.empty()) {
        decision.attempts.push_back({kind, false, {noProxy(a), noProxy(b)}});
      }
      continue;
    }
    decision.attempts.push_back(kind == PathKind::direct ? direct(fresh(), a, b)
                                                         : relayed(kind, a, b, decision));
    if (decision.attempts.back().chosen) take(a, b, decision, decision.attempts.back());
    if (!decision.attempts.back().chosen) continue;
    decision.chosen = kind;
    break;
  }
  return decision;
}

Decision PathFinder::toServer(const Client& client, ElementId at, Endpoint server) const {
  Decision decision;
  for (const PathKind kind : kKinds) {
    if (!call_.allows(kind)) continue;
    if (kind == PathKind::relayProxy && !graph_.proxy(client.element)) {
      if (decision.attempts.empty()) decision.attempts.push_back({kind, false, {noProxy(client)}});
      continue;
    }
    const Access access = accessOf(kind);
    const Finding found{
        .client = client.element, .goal = Finding::Goal::server, .access = access, .server = at};
    Attempt attempt{kind, false, {found}};
    if (kind == PathKind::direct) {
      attempt.findings[0].refusal = client.relayOnly
                                        ? relayOnly(client)
                                        : exchange(fresh(), client, at, server, Protocol::udp);
    } else {
      attempt.findings[0] = ownRelay(client, access, toOwnRelay(client, access));
      if (!attempt.findings[0].refusal) {
        if (auto apart = betweenServers(*client.relay, at, server))
          attempt.findings[0] = Finding{.client = *client.relay,
                                        .goal = Finding::Goal::server,
                                        .server = at,
                                        .refusal = std::move(apart)};
      }
    }
    // It takes its place in the boxes.
    if (!attempt.findings[0].refusal)
      attempt.findings[0].refusal = kind == PathKind::direct
                                        ? exchange(taken_, client, at, server, Protocol::udp)
                                        : exchangeWithRelay(taken_, client, access);
    attempt.chosen = !attempt.findings[0].refusal;
    if (attempt.chosen && kind != PathKind::direct) attempt.findings.push_back(found);
    decision.attempts.push_back(std::move(attempt));
    if (!decision.attempts.back().chosen) continue;
    decision.chosen = kind;
    decision.first = access;
    break;
  }
  return decision;
}

Decision PathFinder::fromServer(const Client& own, ElementId at, Endpoint server) const {
  Finding found{.client = own.element, .goal = Finding::Goal::server, .server = at};
  const bool azures = !graph_.element(own.element).own && !graph_.element(at).own;
  if (!azures) found.refusal = exchange(fresh(), own, at, server, Protocol::udp);
  if (!azures && !found.refusal) found.refusal = exchange(taken_, own, at, server, Protocol::udp);
  Decision decision;
  if (!found.refusal) decision.chosen = PathKind::direct;
  decision.attempts.push_back({PathKind::direct, !found.refusal, {std::move(found)}});
  return decision;
}

}  // namespace callflow::explain
