#include "src/topology/graph_data.h"

#include <algorithm>
#include <stdexcept>

#include "src/topology/graph_links.h"

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

ElementId GraphData::addServer(Element element, ElementId region, const std::string& name,
                               std::uint32_t address) {
  element.name = elements[index(region)].name + "/" + name;
  element.site = elements[index(region)].site;
  element.address = address;
  Standing stands;
  stands.region = region;
  const std::string link = element.name;
  const ElementId id = addElement(std::move(element), stands);
  servers[region].push_back(id);
  addLink(LinkKind::inside, link, region, id, symmetric(freeDirection()));
  return id;
}

std::optional<wire::Ipv4> GraphData::addressTowards(ElementId who, ElementId other) const {
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
    case ElementKind::signaling:
    case ElementKind::sbc:
    case ElementKind::trunk:
      if (!there.own) break;
      [[fallthrough]];
    case ElementKind::participant:
    case ElementKind::proxy: {
      const Standing& stands = standing[index(other)];
      if (stands.network == standing[index(who)].network || !stands.egress) break;
      const auto seen = seenAs.find(*stands.egress);
      if (seen != seenAs.end()) address = seen->second;
      break;
    }
    case ElementKind::site:
    case ElementKind::device:
    case ElementKind::internetPop:
    case ElementKind::azureEdge:
      break;
  }
  return address != 0 ? std::optional(wire::Ipv4{address}) : std::nullopt;
}

void GraphData::addCompanions(ElementId first, ElementId second) {
  for (const auto& [one, other] : {std::pair(first, second), std::pair(second, first)}) {
    std::vector<ElementId>& all = companions[one];
    if (std::find(all.begin(), all.end(), other) == all.end()) all.push_back(other);
  }
}

const Tunnelling* GraphData::tunnelAside(ElementId who, ElementId other) const {
  const auto found = tunnels.find(who);
  if (found == tunnels.end()) return nullptr;
  const Element& there = elements[index(other)];
  const bool azure = there.kind == ElementKind::azureRegion || standing[index(other)].region;
  const bool person =
      there.kind == ElementKind::participant || there.kind == ElementKind::proxy || there.own;
  if (!azure && !person) return nullptr;  // the tunnel's own packets
  // The own local network is nearer than any route into the tunnel.
  const bool neighbour = person && there.site == elements[index(who)].site;
  return neighbour ? nullptr : &found->second;
}

const Tunnelling* GraphData::sameVpn(const Tunnelling& tunnel, ElementId other) const {
  const auto others = tunnels.find(other);
  const bool same = others != tunnels.end() && others->second.place.gateway == tunnel.place.gateway;
  return same ? &others->second : nullptr;
}

wire::Ipv4 GraphData::insideAddress(const Tunnelling& tunnel, ElementId other) const {
  if (const Tunnelling* const others = sameVpn(tunnel, other); others != nullptr)
    return wire::Ipv4{elements[index(others->place.client)].address};
  return addressTowards(tunnel.place.inside, other).value_or(wire::Ipv4{});
}

bool GraphData::homeHides(const Tunnelling& tunnel, ElementId who, ElementId other) const {
  if (tunnel.staysHome(insideAddress(tunnel, other))) return true;
  const Tunnelling* const others = sameVpn(tunnel, other);
  return others != nullptr && others->staysHome(insideAddress(*others, who));
}

const Tunnelling* GraphData::tunnelTo(ElementId who, ElementId other) const {
  const Tunnelling* const tunnel = tunnelAside(who, other);
  if (tunnel == nullptr || homeHides(*tunnel, who, other)) return nullptr;
  const bool enters =
      sameVpn(*tunnel, other) != nullptr || tunnel->takesIn(insideAddress(*tunnel, other));
  return enters ? tunnel : nullptr;
}

bool GraphData::isCutOff(ElementId who, ElementId other) const {
  const Tunnelling* const tunnel = tunnelAside(who, other);
  if (tunnel == nullptr || !homeHides(*tunnel, who, other)) return false;
  const auto outside = addressTowards(who, other);
  return !outside || tunnel->staysHome(*outside) || tunnel->takesIn(*outside);
}

Standing GraphData::standingFor(ElementId at, wire::Ipv4 destination) const {
  if (!standing[index(at)].network || !ways.matter()) return standing[index(at)];
  return standingBy(at, ways.of(elements[index(at)].site, destination));
}

Standing GraphData::standingBy(ElementId at, const std::optional<WayOut>& way) const {
  Standing stands = standing[index(at)];
  const auto exit = way ? exits.find({way->site, way->peering}) : exits.end();
  if (exit == exits.end()) {
    stands.egress = stands.nearestRegion = std::nullopt;
    return stands;
  }
  stands.egress = exit->second.egress;
  stands.privateEdge = exit->second.privateEdge;
  if (!stands.byResolver) stands.nearestRegion = exit->second.nearestRegion;
  return stands;
}

Standing GraphData::standingTowards(ElementId who, ElementId other) const {
  const Tunnelling* const tunnel = tunnelTo(who, other);
  const ElementId at = tunnel != nullptr ? tunnel->place.inside : who;
  const auto address = addressTowards(at, other);
  return address ? standingFor(at, *address) : standing[index(at)];
}

Standing GraphData::standingForAnswers(ElementId who, ElementId other) const {
  const bool fromAzure = standing[index(other)].region.has_value();
  const Tunnelling* const tunnel = tunnelTo(who, other);
  const ElementId at = tunnel != nullptr ? tunnel->place.inside : who;
  const auto address = addressTowards(at, other);
  if (!fromAzure || !address || !standing[index(at)].network || !ways.matter())
    return standingTowards(who, other);
  auto way = ways.of(elements[index(at)].site, *address);
  if (way) way = answering(*way);
  return standingBy(at, way);
}

WayOut GraphData::answering(WayOut way) const {
  const auto told = advertised.find(way.site);
  if (told == advertised.end()) return way;
  const Advertised own = way.peering ? Advertised::peering : Advertised::uplink;
  way.peering = std::find(told->second.begin(), told->second.end(), own) != told->second.end();
  return way;
}

Standing GraphData::standingTowardsService(ElementId who, wire::Ipv4 service) const {
  const auto tunnel = tunnels.find(who);
  const bool inside = tunnel != tunnels.end() && tunnel->second.takesIn(service);
  return standingFor(inside ? tunnel->second.place.inside : who, service);
}

std::optional<ElementId> GraphData::edgeBetween(const Standing& customer, ElementId azure) const {
  const std::optional<ElementId>& region = standing[index(azure)].region;
  if (customer.privateEdge && region) return customer.privateEdge;
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
    element.allocations = relay->allocations;
    element.alternate = relay->alternate.value_or("");
  } else if (const auto* sbc = std::get_if<sbc::Sbc>(&kind)) {
    element.kind = ElementKind::sbc;
    element.ports = sbc->ports;
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
