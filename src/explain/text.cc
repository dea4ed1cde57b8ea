#include <algorithm>
#include <vector>

#include "src/explain/plan.h"
#include "src/topology/tunnel_route.h"

namespace callflow::explain {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string title(topology::PathKind kind, bool processor) {
  switch (kind) {
    case topology::PathKind::direct:
      return processor ? "straight to the media processor over UDP" : "direct over UDP";
    case topology::PathKind::relayUdp:
      return "by relay over UDP";
    case topology::PathKind::relayTcp:
      return "by relay over TCP";
    case topology::PathKind::relayProxy:
      break;
  }
  return "by relay over TCP through an HTTP proxy";
}

void addAttempts(std::string& text, const topology::NetworkGraph& graph,
                 const std::vector<Attempt>& attempts) {
  std::size_t width = 0;
  for (const Attempt& attempt : attempts) width = std::max(width, name(attempt.kind).size());
  for (const Attempt& attempt : attempts) {
    text += "  " + padded(std::string(name(attempt.kind)), width) +
            (attempt.chosen ? "  chosen   " : "  refused  ") + words(graph, attempt) + "\n";
  }
}

std::string socket(std::uint32_t address, std::uint16_t port) {
  return topology::ipv4Text(address) + ":" + std::to_string(port);
}

// What TURN over TCP is wrapped in: " in TLS 1.3 in a CONNECT tunnel".
std::string wrapping(const Leg& leg, topology::Security security) {
  std::string text;
  if (leg.transport == Transport::tcp && leg.turn) {
    if (security == topology::Security::tls12) text = " in TLS 1.2";
    if (security == topology::Security::tls13) text = " in TLS 1.3";
    if (security == topology::Security::pseudo) text = " in pseudo-TLS";
  }
  return text + (leg.tunnel != 0 ? " in a CONNECT tunnel" : "");
}

// "flow 4, "
std::string flow(const FlowLabels& labels) {
  return labels.empty() ? "" : "flow " + toText(labels) + ", ";
}

// ", RELAY (Turn to Stun)"
std::string connectivity(const std::optional<IceEnds>& ice) {
  if (!ice) return "";
  return ", " + std::string(name(ice->connectivity)) + " (" + std::string(name(ice->from)) +
         " to " + std::string(name(ice->to)) + ")";
}

// "UDP, TURN channel, 10.1.0.2:50000 to 203.0.113.3:3478"
std::string overIp(const Leg& leg, topology::Security security) {
  return (leg.transport == Transport::udp ? "UDP" : "TCP") +
         std::string(leg.turn ? ", TURN channel" : "") + wrapping(leg, security) + ", " +
         socket(leg.fromAddress, leg.fromPort) + " to " + socket(leg.toAddress, leg.toPort);
}

// Below a tunnel's line the lines and boxes that its packets cross, further in.
void addCarriers(std::string& text, const topology::NetworkGraph& graph,
                 topology::DirectedLinkId tunnel) {
  const topology::Route route = topology::carriersOf(graph, tunnel);
  std::size_t width = 0;
  for (const topology::DirectedLinkId id : route)
    width = std::max(width, toText(graph.link(id)).size());
  if (!route.empty())
    text +=
        "          in packets from " + graph.element(graph.link(route.front()).from).name + "\n";
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph.link(id);
    const std::string parameters = topology::toText(link.parameters);
    text += "            " + (parameters.empty() ? toText(link) : padded(toText(link), width)) +
            (parameters.empty() ? "" : "  ") + parameters + "\n          " +
            graph.element(link.to).name + "\n";
  }
}

void addLeg(std::string& text, const topology::NetworkGraph& graph, const Leg& leg,
            std::size_t number, topology::Security security) {
  text += "    leg " + std::to_string(number) + ": " +
          (isPstn(graph, leg) ? "telephone network"
                              : flow(leg.flows) + overIp(leg, security) + connectivity(leg.ice)) +
          ", " + topology::roundedText(graph.baseDelay(leg.links)) + "\n";
  std::size_t width = 0;
  for (const topology::DirectedLinkId id : leg.links) {
    width = std::max(width, toText(graph.link(id)).size());
  }
  text += "      " + graph.element(leg.from).name + "\n";
  if (leg.links.empty()) text += "      " + graph.element(leg.to).name + ", inside the region\n";
  for (const topology::DirectedLinkId id : leg.links) {
    const topology::DirectedLink& link = graph.link(id);
    const std::string parameters = topology::toText(link.parameters);
    std::string line =
        "        " + padded(toText(link), width) + (parameters.empty() ? "" : "  ") + parameters;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    addCarriers(text, graph, id);
    text += "      " + graph.element(link.to).name + "\n";
  }
}

// "alice's client has two interfaces: home (wifi), which it prefers, and phone (cellular)"
void addAccesses(std::string& text, const topology::NetworkGraph& graph,
                 const std::vector<Accesses>& accesses) {
  for (const Accesses& each : accesses) {
    std::string names;
    for (const Accesses::Interface& interface : each.interfaces) {
      const bool first = names.empty();
      names += (first ? "" : " and ") + graph.element(interface.element).site + " (" +
               std::string(ice::name(interface.kind)) + ")" + (first ? ", which it prefers," : "");
    }
    text += "  " + each.user + "'s client has two interfaces: " + names + "\n";
  }
}

void addSignaling(std::string& text, const topology::NetworkGraph& graph,
                  const std::vector<Signaling>& signaling) {
  if (signaling.empty()) return;
  text += "\nsignaling, HTTPS over TCP 443\n";
  for (const Signaling& each : signaling) {
    text += "  " + graph.element(each.participant).name + " to " + graph.element(each.region).site +
            ": " + flow(each.flows) + "the nearest region\n";
    if (!each.refused.empty()) text += "    refused  " + each.refused + "; no call can be set up\n";
  }
}

std::string pathText(const topology::NetworkGraph& graph, const MediaPath& path,
                     topology::Security security) {
  Duration delay;
  for (const Leg& leg : path.legs) delay += graph.baseDelay(leg.links);
  std::string text = "  " + graph.element(path.from).name + " to " + graph.element(path.to).name +
                     ": " + topology::roundedText(delay) + " base delay one way\n";
  for (std::size_t i = 0; i < path.legs.size(); ++i)
    addLeg(text, graph, path.legs[i], i + 1, security);
  return text;
}

}  // namespace

std::string explainText(const topology::NetworkGraph& graph, const MediaPath& path) {
  return pathText(graph, path, topology::Security::none);
}

std::string explainText(const topology::NetworkGraph& graph, const CallPlan& plan) {
  std::string text = "call " + plan.call;
  text += plan.kind == topology::CallKind::group ? " (group" : " (one-to-one";
  if (plan.mediaProcessor)
    text += ", media processor in " + graph.element(*plan.mediaProcessor).site;
  text += ")\n";
  addAccesses(text, graph, plan.accesses);
  // Paths come in pairs, there and back, with the same attempts.
  for (std::size_t i = 0; i + 1 < plan.paths.size(); i += 2) {
    const MediaPath& there = plan.paths[i];
    const bool processor = plan.mediaProcessor.has_value();
    text += "\n" + graph.element(there.from).name + " and " +
            (processor ? "the media processor" : graph.element(there.to).name) + ": " +
            title(there.kind, processor) + "\n";
    addAttempts(text, graph, there.attempts);
    text +=
        pathText(graph, there, plan.security) + pathText(graph, plan.paths[i + 1], plan.security);
  }
  for (const PlanFailure& failure : plan.failures) {
    text += "\n" + failure.who + ": no path; ends with code " + std::to_string(failure.code) + "/" +
            std::to_string(failure.subcode) + "\n";
    addAttempts(text, graph, failure.attempts);
  }
  addSignaling(text, graph, plan.signaling);
  return text;
}

}  // namespace callflow::explain
