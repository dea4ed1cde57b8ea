#include "src/topology/graph_data.h"

#include <algorithm>
#include <stdexcept>

namespace callflow::topology {

ElementId GraphData::addElement(Element element, Standing of) {
  element.id = static_cast<ElementId>(elements.size());
  if (!byName.emplace(element.name, element.id).second) {
    throw std::invalid_argument("two elements are called " + element.name);
  }
  elements.push_back(std::move(element));
  standing.push_back(of);
  return elements.back().id;
}

DirectedLinkId GraphData::addLink(LinkKind kind, std::string name, ElementId from, ElementId to,
                                  const Link& link, const std::string& also) {
  // Names made of two user's names can coincide (sites "a-b" and "c", "a" and "b-c").
  while (linksByName.count(name) != 0) name += '+';
  const auto up = static_cast<DirectedLinkId>(links.size());
  const auto down = static_cast<DirectedLinkId>(links.size() + 1);
  linksByName[name].push_back(up);
  if (!also.empty()) linksByName[also].push_back(up);
  // Devices face outwards, away from the participants; both ends of a WAN are outside.
  const bool outwards = kind != LinkKind::wan;
  links.push_back({up, down, kind, name, Direction::up, from, to, outwards, link.up});
  links.push_back({down, up, kind, name, Direction::down, to, from, false, link.down});
  return up;
}

const Tunnelling* GraphData::tunnelTo(ElementId who, ElementId other) const {
  const auto found = tunnels.find(who);
  if (found == tunnels.end()) return nullptr;
  const Tunnelling& tunnel = found->second;
  const Element& there = elements[index(other)];
  std::uint32_t address = there.address;
  switch (there.kind) {
    case ElementKind::azureRegion: {
      const auto server = serverIn(other, ElementKind::relay);
      address = server ? elements[index(*server)].address : wire::kAzureMediaRange.address.value;
      break;
    }
    case ElementKind::relay:
    case ElementKind::mediaProcessor:
      if (!there.own) break;
      [[fallthrough]];
    case ElementKind::participant:
    case ElementKind::proxy: {
      // The own local network is nearer than any route into the tunnel.
      if (there.site == elements[index(who)].site) return nullptr;
      const auto others = tunnels.find(other);
      if (others != tunnels.end() && others->second.place.gateway == tunnel.place.gateway)
        return &tunnel;
      const Standing& stands = standing[index(other)];
      if (stands.network == tunnel.inside.network || !stands.egress) break;
      const auto seen = seenAs.find(*stands.egress);
      if (seen != seenAs.end()) address = seen->second;
      break;
    }
    case ElementKind::site:
    case ElementKind::device:
    case ElementKind::internetPop:
    case ElementKind::azureEdge:
      return nullptr;  // the tunnel's own packets
  }
  return vpn::enters(*tunnel.vpn, wire::Ipv4{address}) ? &tunnel : nullptr;
}

const Standing& GraphData::standingTowards(ElementId who, ElementId other) const {
  const Tunnelling* const tunnel = tunnelTo(who, other);
  return tunnel != nullptr ? tunnel->inside : standing[index(who)];
}

const Standing& GraphData::standingTowardsAzure(ElementId who) const {
  const auto tunnel = tunnels.find(who);
  if (tunnel == tunnels.end()) return standing[index(who)];
  const bool inside = vpn::enters(*tunnel->second.vpn, wire::kAzureMediaRange.address);
  return inside ? tunnel->second.inside : standing[index(who)];
}

std::optional<ElementId> GraphData::edgeBetween(const Standing& customer, ElementId azure) const {
  const std::optional<ElementId>& region = standing[index(azure)].region;
  if (!customer.egress || !region) return std::nullopt;
  const auto found = edges.find({*customer.egress, *region});
  return found == edges.end() ? std::nullopt : std::optional(found->second);
}

Element serverElement(const ServerKinds& kind) {
  Element element;
  if (const auto* relay = std::get_if<relay::Relay>(&kind)) {
    const auto offers = [&](relay::ClientTransport transport) {
      const auto& all = relay->transports;
      return all.empty() || std::find(all.begin(), all.end(), transport) != all.end();
    };
    element.kind = ElementKind::relay;
    element.ports = relay->ports;
    element.overUdp = offers(relay::ClientTransport::udp);
    element.overTcp = offers(relay::ClientTransport::tcp);
  } else {
    const std::uint16_t port = std::get<conference::MediaProcessor>(kind).port;
    element.kind = ElementKind::mediaProcessor;
    element.ports = {port, port};
  }
  return element;
}

std::optional<ElementId> GraphData::serverIn(ElementId region, ElementKind kind) const {
  for (const ElementId id : servers.at(region)) {
    if (elements[index(id)].kind == kind) return id;
  }
  return std::nullopt;
}

}  // namespace callflow::topology
