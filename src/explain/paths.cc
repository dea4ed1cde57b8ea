#include "src/explain/paths.h"

#include <algorithm>

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

Attempt refused(PathKind kind, std::string reason) {
  return {kind, false, std::move(reason)};
}
Attempt chosen(PathKind kind, std::string reason) {
  return {kind, true, std::move(reason)};
}

}  // namespace

bool PathFinder::allows(PathKind kind) const {
  return allowed_.empty() || std::find(allowed_.begin(), allowed_.end(), kind) != allowed_.end();
}

std::string PathFinder::relayName(const Client& client, Access access) const {
  if (!client.relay) return "a relay";
  return "the relay in " + graph_.element(*client.relay).site +
         (access == Access::turnProxy
              ? " over TCP 443 through " + name(graph_.proxy(client.element).value())
          : access == Access::turnTcp ? " over TCP 443"
                                      : " over UDP 3478");
}

std::optional<Refusal> PathFinder::exchange(const Client& client, ElementId at, Endpoint server,
                                            Protocol protocol) const {
  const auto out = graph_.route(client.element, at);
  const auto back = graph_.route(at, client.element);
  if (!out || !back) return Refusal{.kind = Refusal::Kind::noRoute, .element = client.element};
  network_.forget();
  const network::Passage request =
      network_.tryPacket(*out, {client.socket, server, protocol}, server);
  if (!request.delivered) return refusalOf(request);
  const network::Passage answer =
      network_.tryPacket(*back, {server, request.header.source, protocol}, client.socket);
  if (!answer.delivered) return refusalOf(answer);
  return std::nullopt;
}

std::optional<Refusal> PathFinder::toOwnRelay(const Client& client, Access access) const {
  if (!client.relay) {
    return Refusal{
        .kind = graph_.egress(client.element) ? Refusal::Kind::noRegion : Refusal::Kind::noInternet,
        .element = client.element};
  }
  const Ipv4 address{graph_.element(*client.relay).address};
  if (access == Access::turnProxy) {
    // The client reaches the proxy inside the LAN; the proxy's own connection meets the boxes.
    const ElementId proxy = graph_.proxy(client.element).value();
    const Client upstream{
        proxy,
        {Ipv4{graph_.element(proxy).address}, ports_.peek(proxy, PortBook::Use::client)},
        client.relay};
    return exchange(upstream, *client.relay, {address, kTurnTcpPort}, Protocol::tcp);
  }
  if (access == Access::turnTcp) {
    return exchange(client, *client.relay, {address, kTurnTcpPort}, Protocol::tcp);
  }
  return exchange(client, *client.relay, {address, kStunPort}, Protocol::udp);
}

std::optional<Refusal> PathFinder::toRelayedPort(const Client& client, const Client& owner) const {
  const Ipv4 address{graph_.element(*owner.relay).address};
  const std::uint16_t port = ports_.peek(*owner.relay, PortBook::Use::relay);
  return exchange(client, *owner.relay, {address, port}, Protocol::udp);
}

Attempt PathFinder::direct(const Client& a, const Client& b) const {
  const auto there = graph_.route(a.element, b.element);
  const auto back = graph_.route(b.element, a.element);
  if (!there || !back) {
    return refused(
        PathKind::direct,
        words(graph_, {.kind = Refusal::Kind::noRoute, .element = a.element, .other = b.element}));
  }
  network_.forget();
  const auto sides =
      punchHoles(network_, {.element = a.element, .socket = a.socket, .route = *there},
                 {.element = b.element, .socket = b.socket, .route = *back});
  if (sides[0].last.delivered && sides[1].last.delivered) {
    const auto as = [&](std::size_t i) {
      const Endpoint& reach = sides[1 - i].reach;
      return name(sides[i].element) + (reach == sides[i].socket ? " at " : " seen as ") +
             fabric::toText(reach);
    };
    return chosen(PathKind::direct, as(0) + " and " + as(1) + " reach each other over UDP");
  }
  // A packet that may not leave is the cause; that the answer finds the door shut is its
  // consequence.
  const auto stays = [](const PunchingSide& side) {
    return !side.last.delivered && side.last.refused && side.last.refused->outbound;
  };
  const bool out = stays(sides[0]) || stays(sides[1]);
  std::string reason;
  for (const PunchingSide& side : sides) {
    if (side.last.delivered || (out && !stays(side))) continue;
    reason += (reason.empty() ? "" : "; ") + ("from " + name(side.element) + ", ") +
              words(graph_, refusalOf(side.last));
  }
  return refused(PathKind::direct, reason);
}

Attempt PathFinder::relayed(PathKind kind, const Client& a, const Client& b,
                            Decision& decision) const {
  const Access access = kind == PathKind::relayProxy ? Access::turnProxy
                        : kind == PathKind::relayTcp ? Access::turnTcp
                                                     : Access::turnUdp;
  const auto own = [&](const Client& client) -> std::optional<Refusal> {
    if (access == Access::turnProxy && !graph_.proxy(client.element)) {
      return Refusal{.kind = Refusal::Kind::noProxy, .element = client.element};
    }
    return toOwnRelay(client, access);
  };
  const std::optional<Refusal> aOwn = own(a);
  const std::optional<Refusal> bOwn = own(b);
  const auto take = [&](Access first, Access second, std::string reason) {
    decision.first = first;
    decision.second = second;
    return chosen(kind, std::move(reason));
  };
  const auto reaches = [&](const Client& client, Access how) {
    return name(client.element) + " reaches " + relayName(client, how);
  };
  // One relay, the first client's if it will do; the other client speaks to it over plain UDP.
  std::optional<Refusal> bToPort, aToPort;
  if (!aOwn) {
    bToPort = toRelayedPort(b, a);
    if (!bToPort) {
      return take(access, Access::plainUdp,
                  reaches(a, access) + ", and " + name(b.element) +
                      " reaches over UDP the port that the relay gives out");
    }
  }
  if (!bOwn) {
    aToPort = toRelayedPort(a, b);
    if (!aToPort) {
      return take(Access::plainUdp, access,
                  reaches(b, access) + ", and " + name(a.element) +
                      " reaches over UDP the port that the relay gives out");
    }
  }
  // Both need one. Over TCP only who must.
  const auto both = [&](Access first, Access second) {
    return take(first, second, reaches(a, first) + ", and " + reaches(b, second));
  };
  if (kind == PathKind::relayProxy && allows(PathKind::relayTcp)) {
    if (!aOwn && !toOwnRelay(b, Access::turnTcp)) return both(access, Access::turnTcp);
    if (!bOwn && !toOwnRelay(a, Access::turnTcp)) return both(Access::turnTcp, access);
  }
  if (kind != PathKind::relayUdp && allows(PathKind::relayUdp)) {
    if (!aOwn && !toOwnRelay(b, Access::turnUdp)) return both(access, Access::turnUdp);
    if (!bOwn && !toOwnRelay(a, Access::turnUdp)) return both(Access::turnUdp, access);
  }
  if (!aOwn && !bOwn) return both(access, access);
  std::string reason;
  const auto blame = [&](const Client& client, const std::optional<Refusal>& refusal,
                         const std::optional<Refusal>& toPort) {
    if (!refusal) return;
    reason += reason.empty() ? "" : "; ";
    if (refusal->kind == Refusal::Kind::noProxy) {
      reason += words(graph_, *refusal);
      return;
    }
    reason += name(client.element) + " does not reach " + relayName(client, access) + ", as " +
              words(graph_, *refusal);
    if (toPort && !toPort->sameCause(*refusal))
      reason +=
          ", nor the port that the other side's relay gives out, as " + words(graph_, *toPort);
  };
  blame(a, aOwn, aToPort);
  blame(b, bOwn, bToPort);
  return refused(kind, reason);
}

Decision PathFinder::between(const Client& a, const Client& b) const {
  Decision decision;
  for (const PathKind kind : kKinds) {
    if (!allows(kind)) continue;
    if (kind == PathKind::relayProxy && !graph_.proxy(a.element) && !graph_.proxy(b.element)) {
      // No word of it, unless nothing else was to be tried.
      if (decision.attempts.empty()) {
        decision.attempts.push_back(refused(kind, "neither " + name(a.element) + "'s site nor " +
                                                      name(b.element) + "'s has a proxy"));
      }
      continue;
    }
    decision.attempts.push_back(kind == PathKind::direct ? direct(a, b)
                                                         : relayed(kind, a, b, decision));
    if (!decision.attempts.back().chosen) continue;
    decision.chosen = kind;
    break;
  }
  return decision;
}

Decision PathFinder::toMediaProcessor(const Client& client, ElementId mediaProcessor) const {
  Decision decision;
  const topology::Element& host = graph_.element(mediaProcessor);
  const std::string processor = "the media processor in " + host.site;
  for (const PathKind kind : kKinds) {
    if (!allows(kind)) continue;
    if (kind == PathKind::relayProxy && !graph_.proxy(client.element)) {
      if (decision.attempts.empty())
        decision.attempts.push_back(refused(
            kind, words(graph_, {.kind = Refusal::Kind::noProxy, .element = client.element})));
      continue;
    }
    const Access access = kind == PathKind::direct     ? Access::plainUdp
                          : kind == PathKind::relayUdp ? Access::turnUdp
                          : kind == PathKind::relayTcp ? Access::turnTcp
                                                       : Access::turnProxy;
    std::optional<Refusal> refusal;
    std::string reached;
    if (kind == PathKind::direct) {
      const Endpoint server{Ipv4{host.address}, kStunPort};
      refusal = exchange(client, mediaProcessor, server, Protocol::udp);
      reached = processor + " over UDP 3478";
    } else {
      // A relay and a media processor have public addresses and no box between them.
      refusal = toOwnRelay(client, access);
      reached = relayName(client, access);
    }
    if (refusal) {
      decision.attempts.push_back(refused(kind, name(client.element) + " does not reach " +
                                                    reached + ", as " + words(graph_, *refusal)));
      continue;
    }
    decision.attempts.push_back(chosen(
        kind, name(client.element) + " reaches " + reached +
                  (kind == PathKind::direct ? "" : "; the relay speaks UDP to " + processor)));
    decision.chosen = kind;
    decision.first = access;
    break;
  }
  return decision;
}

}  // namespace callflow::explain
