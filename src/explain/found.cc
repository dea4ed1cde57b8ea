#include "src/explain/found.h"

#include <algorithm>

namespace callflow::explain {
namespace {

using topology::ElementId;
using topology::ElementKind;
using topology::NetworkGraph;
using topology::PathKind;

using Goal = Finding::Goal;

Attempt refused(Attempt attempt, const Missed& missed) {
  if (!attempt.chosen) return attempt;
  attempt.chosen = false;
  attempt.findings = missed(attempt.kind);
  return attempt;
}

// The findings of a path that was found.
class Told {
 public:
  Told(const NetworkGraph& graph, const FoundWay& there, const FoundWay& back,
       const std::vector<Attempt>& planned)
      : graph_(graph), there_(there), back_(back), planned_(planned) {}

  std::vector<Finding> findings() const {
    std::vector<Finding> all = there_.path->kind == PathKind::direct ? direct() : relayed();
    addFallenBack(all);
    return all;
  }

 private:
  const std::vector<Leg>& legs() const { return there_.path->legs; }
  ElementId near() const { return legs().front().from; }
  ElementId far() const { return legs().back().to; }
  bool toServer() const { return graph_.element(far()).kind != ElementKind::participant; }

  static Finding peer(const FoundWay& from, const FoundWay& to) {
    const Leg& leg = from.path->legs.front();
    const wire::Endpoint own{wire::Ipv4{leg.fromAddress}, leg.fromPort};
    const wire::Endpoint seen = to.destinations->back();
    return {.client = leg.from, .goal = Goal::peer, .seen = seen, .translated = seen != own};
  }

  std::vector<Finding> direct() const {
    if (!toServer()) return {peer(there_, back_), peer(back_, there_)};
    return {{.client = near(), .goal = Goal::server, .server = far()}};
  }

  // Of the planned findings, of the same client at the same relay.
  std::vector<Refusal> askedBefore(ElementId client, ElementId relay) const {
    for (const Attempt& attempt : planned_)
      for (const Finding& each : attempt.findings)
        if (each.goal == Goal::ownRelay && each.client == client && each.server == relay)
          return each.full;
    return {};
  }

  // By the first legs of a way, from a client to its own relay.
  Finding ownRelay(const FoundWay& from) const {
    const std::vector<Leg>& way = from.path->legs;
    const bool tunnel = way.front().tunnel != 0;
    const Leg& last = tunnel ? way[1] : way[0];
    const Access access = tunnel                             ? Access::turnProxy
                          : last.transport == Transport::tcp ? Access::turnTcp
                                                             : Access::turnUdp;
    return {.client = way.front().from,
            .goal = Goal::ownRelay,
            .access = access,
            .server = last.to,
            .full = askedBefore(way.front().from, last.to),
            .port = last.toPort};
  }

  std::vector<Finding> relayed() const {
    const bool nearOwn = legs().front().turn, farOwn = legs().back().turn;
    if (toServer()) {
      Finding relay = ownRelay(there_);
      const Finding goal{
          .client = near(), .goal = Goal::server, .access = relay.access, .server = far()};
      return {std::move(relay), goal};
    }
    if (nearOwn && farOwn) return {ownRelay(there_), ownRelay(back_)};
    if (nearOwn) return {ownRelay(there_), {.client = far(), .goal = Goal::relayedPort}};
    return {ownRelay(back_), {.client = near(), .goal = Goal::relayedPort}};
  }

  // Whose tunnel is taken, and goes over TCP.
  void addFallenBack(std::vector<Finding>& all) const {
    for (const Attempt& attempt : planned_) {
      for (const Finding& each : attempt.findings)
        if (each.goal == Goal::vpnGateway && takesTunnelOf(each.client)) all.push_back(each);
    }
  }

  bool takesTunnelOf(ElementId participant) const {
    for (const topology::TunnelPlace& tunnel : graph_.tunnels()) {
      if (tunnel.participant != participant) continue;
      for (const Leg& leg : legs())
        for (const topology::DirectedLinkId link : leg.links)
          if (link == tunnel.up || link == graph_.link(tunnel.up).reverse) return true;
    }
    return false;
  }

  const NetworkGraph& graph_;
  const FoundWay& there_;
  const FoundWay& back_;
  const std::vector<Attempt>& planned_;
};

}  // namespace

std::vector<Attempt> foundAttempts(const NetworkGraph& graph, const FoundWay& there,
                                   const FoundWay& back, const std::vector<Attempt>& planned,
                                   const Missed& missed) {
  const PathKind found = there.path->kind;
  std::vector<Attempt> attempts;
  for (const Attempt& each : planned)
    if (each.kind < found) attempts.push_back(refused(each, missed));
  attempts.push_back({found, true, Told(graph, there, back, planned).findings()});
  return attempts;
}

std::vector<Attempt> failedAttempts(const std::vector<Attempt>& planned, const Missed& missed) {
  std::vector<Attempt> attempts;
  for (const Attempt& each : planned) attempts.push_back(refused(each, missed));
  return attempts;
}

}  // namespace callflow::explain
