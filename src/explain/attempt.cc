#include "src/explain/attempt.h"

#include <algorithm>

namespace callflow::explain {

namespace {

using Goal = Finding::Goal;

class Sentence {
 public:
  explicit Sentence(const topology::NetworkGraph& graph) : graph_(graph) {}

  std::string of(const Attempt& attempt) const {
    if (attempt.findings.empty())
      return attempt.chosen ? "ICE has found a pair that works" : "ICE has found none that works";
    return attempt.chosen ? chosen(attempt.findings) : refused(attempt.findings);
  }

 private:
  const std::string& name(topology::ElementId id) const { return graph_.element(id).name; }

  // "the relay in westeurope", "the SBC our-sbc"
  static std::string nameOf(const topology::Element& server) {
    return "the " + std::string(topology::name(server.kind)) +
           (server.own ? " " + server.name : " in " + server.site);
  }

  // "the relay in westeurope over TCP 443", "the media processor in westeurope over UDP 3478"
  std::string goal(const Finding& finding) const {
    if (!finding.server) return "a relay";
    const topology::Element& server = graph_.element(*finding.server);
    const std::string where = nameOf(server);
    switch (finding.access) {
      case Access::turnProxy:
        return where + " over TCP 443 through " + name(graph_.proxy(finding.client).value());
      case Access::turnTcp:
        return where + " over TCP 443";
      case Access::plainUdp:
      case Access::turnUdp:
        break;
    }
    if (server.kind == topology::ElementKind::relay)
      return where + " over UDP " + std::to_string(finding.port);
    const bool one = server.ports.first == server.ports.last;
    return where + " over UDP" + (one ? " " + std::to_string(server.ports.first) : "");
  }

  std::string askedBefore(const Finding& finding) const {
    std::string text;
    for (const Refusal& each : finding.full)
      text += (text.empty() ? "" : ", and ") + words(graph_, each);
    return text;
  }

  std::string seenAs(const Finding& finding) const {
    return name(finding.client) + (finding.translated ? " seen as " : " at ") +
           wire::toText(finding.seen);
  }

  std::string chosen(const std::vector<Finding>& findings) const {
    std::string text;
    if (findings.front().goal == Goal::peer)
      text = seenAs(findings[0]) + " and " + seenAs(findings[1]) + " reach each other over UDP";
    for (const Finding& finding : findings) {
      if (finding.goal == Goal::peer) continue;
      if (finding.goal == Goal::vpnGateway) {
        text += "; " + name(finding.client) + "'s VPN goes over TCP " +
                std::to_string(finding.port) + ", as " + words(graph_, *finding.refusal);
        continue;
      }
      const std::string then = text.empty() ? "" : ", and ";
      if (finding.goal == Goal::relayedPort) {
        text += then + name(finding.client) + " reaches over UDP the port that the relay gives out";
      } else if (finding.goal == Goal::server && finding.access != Access::plainUdp) {
        text += "; the relay speaks UDP to " + nameOf(graph_.element(*finding.server));
      } else {
        text += then + name(finding.client) + " reaches " + goal(finding);
        if (!finding.full.empty()) text += ", as " + askedBefore(finding);
      }
    }
    return text;
  }

  std::string refused(const std::vector<Finding>& findings) const {
    const bool proxies = std::all_of(findings.begin(), findings.end(), [](const Finding& each) {
      return each.refusal->kind == Refusal::Kind::noProxy;
    });
    if (proxies && findings.size() == 2) {
      return "neither " + name(findings[0].client) + "'s site nor " + name(findings[1].client) +
             "'s has a proxy";
    }
    std::string text;
    for (const Finding& finding : findings) {
      const std::string why = words(graph_, *finding.refusal);
      if (finding.goal == Goal::relayedPort) {
        text += ", nor the port that the other side's relay gives out, as " + why;
        continue;
      }
      text += text.empty() ? "" : "; ";
      if (tellsAll(finding)) {
        text += why;
      } else if (finding.goal == Goal::peer) {
        text += "from " + name(finding.client) + ", " + why;
      } else {
        text += name(finding.client) + " does not reach " + goal(finding) + ", as " + why;
        if (!finding.full.empty()) text += ", and " + askedBefore(finding);
      }
    }
    return text;
  }

  // The refusal's own words are the sentence.
  static bool tellsAll(const Finding& finding) {
    switch (finding.refusal->kind) {
      case Refusal::Kind::noProxy:
      case Refusal::Kind::relayOnly:
      case Refusal::Kind::noMediaProcessor:
        return true;
      case Refusal::Kind::noRoute:
        return finding.goal == Goal::peer;
      default:
        return false;
    }
  }

  const topology::NetworkGraph& graph_;
};

}  // namespace

Access accessOf(topology::PathKind kind) {
  switch (kind) {
    case topology::PathKind::direct:
      break;
    case topology::PathKind::relayUdp:
      return Access::turnUdp;
    case topology::PathKind::relayTcp:
      return Access::turnTcp;
    case topology::PathKind::relayProxy:
      return Access::turnProxy;
  }
  return Access::plainUdp;
}

std::string words(const topology::NetworkGraph& graph, const Attempt& attempt) {
  return Sentence(graph).of(attempt);
}

}  // namespace callflow::explain
