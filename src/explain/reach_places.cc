#include "src/explain/reach_places.h"

#include <algorithm>
#include <stdexcept>

#include "models/wire/address_text.h"
#include "src/units/quoted.h"

namespace callflow::explain {
namespace {

using topology::Element;
using topology::ElementId;
using topology::ElementKind;
using topology::NetworkGraph;

constexpr const char* kHost = "host";
constexpr const char* kOtherHost = "other-host";

bool isSite(const topology::Topology& topology, const std::string& place) {
  return std::any_of(topology.sites.begin(), topology.sites.end(),
                     [&](const auto& site) { return site.first == place; });
}

bool sends(const Element& element) {
  switch (element.kind) {
    case ElementKind::participant:
    case ElementKind::proxy:
    case ElementKind::relay:
    case ElementKind::mediaProcessor:
    case ElementKind::sbc:
      return element.address != 0;
    default:
      return false;
  }
}

// Of a site: the host there.
std::optional<ElementId> found(const NetworkGraph& graph, const std::string& place,
                               const char* host) {
  const auto element = graph.find(place);
  if (element && graph.element(*element).kind == ElementKind::site)
    return graph.find(host + ("@" + place));
  return element;
}

[[noreturn]] void nobodyIs(const NetworkGraph& graph, const std::string& place,
                           const std::string& advice) {
  std::vector<std::string> names;
  for (const Element& each : graph.elements())
    if (each.address != 0 || each.kind == ElementKind::site) names.push_back(each.name);
  const std::string near = nearestName(place, names);
  throw std::invalid_argument("there is no " + quoted(place) +
                              (near.empty() ? "" : "; did you mean " + quoted(near) + "?") + " (" +
                              advice + ")");
}

bool owns(const Element& element, wire::Ipv4 address) {
  return element.address != 0 && address.value >= element.address &&
         address.value - element.address < static_cast<std::uint32_t>(element.addresses);
}

std::optional<wire::Ipv4> addressIn(const std::string& text) {
  const auto prefix = wire::parsePrefix(text).value;
  return prefix && prefix->length == 32 ? std::optional(prefix->address) : std::nullopt;
}

// Whoever has the address; of several, one that it leads to from there, as homes may use the same.
std::optional<ElementId> ownerOf(const NetworkGraph& graph, wire::Ipv4 address, ElementId from) {
  std::optional<ElementId> owner;
  for (const Element& each : graph.elements()) {
    if (!owns(each, address)) continue;
    ElementId at = each.id;
    // What a VPN has given is its client's, who is at the computer.
    for (const topology::TunnelPlace& tunnel : graph.tunnels())
      if (tunnel.client == at) at = tunnel.participant;
    if (!owner) owner = at;
    const auto route = graph.route(from, at);
    if (route && addressedAlong(graph, *route, at).has(address)) return at;
  }
  return owner;
}

}  // namespace

std::vector<topology::Participant> hostsFor(const topology::Topology& topology,
                                            const std::vector<topology::Participant>& people,
                                            const Question& question) {
  std::vector<topology::Participant> hosts;
  const auto add = [&](const std::string& place, const char* name) {
    if (!isSite(topology, place)) {
      // Who is in no call can stand nowhere but in a network that has none.
      const std::size_t at = place.find('@');
      if (!people.empty() || at == std::string::npos || at == 0) return;
      if (isSite(topology, place.substr(at + 1)))
        hosts.push_back({place.substr(0, at), place.substr(at + 1)});
      return;
    }
    hosts.push_back({name, place});
  };
  add(question.from, kHost);
  add(question.to, question.to == question.from ? kOtherHost : kHost);
  return hosts;
}

std::vector<std::string> companyOf(const topology::Topology& topology, const Question& question) {
  std::vector<std::string> sites;
  for (const std::string& place : {question.from, question.to}) {
    // "hq", "alice@hq", "hq/proxy"; Azure's are with everybody.
    const std::string site = place.substr(place.find('@') + 1);
    const std::string whole = site.substr(0, site.find('/'));
    if (isSite(topology, whole))
      sites.push_back(whole);
    else if (place != "relay" && !place.starts_with("azure:"))
      return {};
  }
  return sites;
}

ReachPlace sourceOf(const NetworkGraph& graph, const Question& question) {
  const auto element = found(graph, question.from, kHost);
  if (!element) nobodyIs(graph, question.from, "write somebody in a call, a site or a server");
  if (!sends(graph.element(*element)))
    throw std::invalid_argument(quoted(question.from) + " is " +
                                std::string(topology::name(graph.element(*element).kind)) +
                                ", which sends nothing of its own (write somebody in a call, a "
                                "site or a server)");
  return {*element};
}

ReachPlace destinationOf(const NetworkGraph& graph, const Question& question, ElementId from) {
  const bool same = question.to == question.from;
  if (const auto element = found(graph, question.to, same ? kOtherHost : kHost)) {
    if (graph.element(*element).address == 0)
      throw std::invalid_argument(quoted(question.to) + " is " +
                                  std::string(topology::name(graph.element(*element).kind)) +
                                  " and has no address (write a server, such as relay, or "
                                  "somebody)");
    if (*element == from)
      throw std::invalid_argument("from and to are both " + quoted(question.to) +
                                  " (write another place)");
    return {*element};
  }
  if (question.to == "relay") {
    if (const auto relay = graph.relay(from)) return {*relay};
    throw std::invalid_argument(quoted(question.from) +
                                " has no relay: it has no way to the Internet, or there is none");
  }
  if (const auto address = addressIn(question.to)) {
    if (const auto owner = ownerOf(graph, *address, from)) return {*owner, *address};
    throw std::invalid_argument("nobody has the address " + question.to +
                                " (callflow graph FILE --format json lists all that there are)");
  }
  nobodyIs(graph, question.to,
           "write somebody in a call, a site, relay, a server, a device or an address");
}

Addressed addressedAlong(const NetworkGraph& graph, const topology::Route& route, ElementId end) {
  for (std::size_t i = 0; i < route.size(); ++i) {
    const topology::DirectedLink& link = graph.link(route[i]);
    const Element& element = graph.element(link.to);
    const bool entered = !topology::fromInside(link);
    const bool hides =
        (entered && (element.translates || element.part == fabric::BoxPart::client)) ||
        (element.translates && topology::turnsAt(graph, route, i));
    if (hides)
      return {wire::Ipv4{element.address}, static_cast<std::uint32_t>(element.addresses),
              element.id};
  }
  const Element& element = graph.element(end);
  return {wire::Ipv4{element.address}, static_cast<std::uint32_t>(element.addresses)};
}

}  // namespace callflow::explain
