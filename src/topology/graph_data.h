// What a graph is built into, before any route is asked for. Internal to the graph.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/topology/graph.h"
#include "src/topology/graph_ways.h"

namespace callflow::topology {

// What policy needs to know of an element, beside the element itself.
struct Standing {
  // The customer network an element belongs to (sites joined by WAN links, their devices,
  // participants and points of presence); nothing for Azure.
  std::optional<int> network;
  std::optional<ElementId> egress;         // Internet point of presence that its traffic leaves by
  std::optional<ElementId> nearestRegion;  // to that egress
  std::optional<ElementId> region;         // of a server, and of a region itself
  bool byResolver = false;                 // nearestRegion is what a resolver elsewhere says
  std::optional<ElementId> privateEdge;    // where traffic to Azure enters by a private peering
};

// What a way out of a customer's network leads to.
struct ExitPoint {
  std::optional<ElementId> egress;       // Internet point of presence
  std::optional<ElementId> privateEdge;  // of a private peering
  std::optional<ElementId> nearestRegion;
};

// A tunnel, and what decides who goes through it.
struct Tunnelling {
  TunnelPlace place;
  Standing inside;  // of what comes out of it: the gateway's network and its egress
  std::shared_ptr<const vpn::Vpn> vpn;
  std::vector<Ipv4Prefix> home;  // the local network that the participant is in, if it is known

  bool staysHome(wire::Ipv4 to) const { return vpn::staysHome(*vpn, home, to); }
  bool takesIn(wire::Ipv4 to) const { return vpn::enters(*vpn, to) && !staysHome(to); }
};

struct GraphData {
  std::vector<Element> elements;
  std::vector<Standing> standing;  // of each element
  std::vector<DirectedLink> links;
  std::map<std::string, ElementId, std::less<>> byName;
  // By link name, and by "hq.access" for all access links of hq: the directions up, in order of
  // creation.
  std::map<std::string, std::vector<DirectedLinkId>, std::less<>> linksByName;
  std::map<ElementId, std::vector<ElementId>> servers;  // by region
  std::map<ElementId, std::vector<ElementId>> companions;
  // By point of presence and region.
  std::map<std::pair<ElementId, ElementId>, ElementId> edges;

  WaysOut ways;
  // By site, and whether by its private peering.
  std::map<std::pair<std::string, bool>, ExitPoint> exits;
  // What private peerings tell Azure of, by site.
  std::map<std::string, std::vector<Advertised>, std::less<>> advertised;

  std::vector<TunnelPlace> tunnelPlaces;
  std::map<ElementId, Tunnelling> tunnels;    // by participant
  std::map<ElementId, std::uint32_t> seenAs;  // by point of presence: who is behind a NAT there

  // Throws std::invalid_argument for a name that is taken.
  ElementId addElement(Element element, Standing of);
  // Both directions; gives the one up. A name that is taken gets a `+`, as a link's name also names
  // its random stream. `also` is another name that events can use.
  DirectedLinkId addLink(LinkKind kind, std::string name, ElementId from, ElementId to,
                         const Link& link, const std::string& also = {});

  // Both are interfaces of one client.
  void addCompanions(ElementId first, ElementId second);

  // In a region, which gives it its name: "azure:westeurope/relay".
  ElementId addServer(Element element, ElementId region, const std::string& name,
                      std::uint32_t address);

  // The tunnel that `who` sends through to `other`, if it does.
  const Tunnelling* tunnelTo(ElementId who, ElementId other) const;
  // Whether the address of `other` in the VPN is one of the local network that `who` is in, and it
  // has none that is reached outside of the tunnel.
  bool isCutOff(ElementId who, ElementId other) const;
  // Where `who` stands for its traffic with `other`, and with Azure.
  Standing standingTowards(ElementId who, ElementId other) const;
  // The same for what `other` sends back, which goes by what it is told of addresses.
  Standing standingForAnswers(ElementId who, ElementId other) const;
  Standing standingTowardsAzure(ElementId who) const {
    return standingTowardsService(who, wire::kAzureMediaRange.address);
  }
  // The same with the servers of Azure's that have such addresses.
  Standing standingTowardsService(ElementId who, wire::Ipv4 service) const;

  // Where the traffic of a customer's element to a region or a server in it enters Azure.
  std::optional<ElementId> edgeBetween(const Standing& customer, ElementId azure) const;
  // What `who` addresses when it sends to `other` in another network, if it is known.
  std::optional<wire::Ipv4> addressTowards(ElementId who, ElementId other) const;
  // Where an element stands for what it sends to an address.
  Standing standingFor(ElementId at, wire::Ipv4 destination) const;
  Standing standingBy(ElementId at, const std::optional<WayOut>& way) const;
  // By which way Azure answers what has left by another.
  WayOut answering(WayOut way) const;
  // The first server of this kind in a region.
  std::optional<ElementId> serverIn(ElementId region, ElementKind kind) const;

 private:
  // The tunnel of `who`, if `other` is somebody whom it may lead to.
  const Tunnelling* tunnelAside(ElementId who, ElementId other) const;
  // That of `other`, if it leads to the same gateway.
  const Tunnelling* sameVpn(const Tunnelling& tunnel, ElementId other) const;
  // What is addressed in the tunnel to reach somebody.
  wire::Ipv4 insideAddress(const Tunnelling& tunnel, ElementId other) const;
  // Whether one of the two whom the tunnel of `who` would join takes the other's address for one of
  // its own local network.
  bool homeHides(const Tunnelling& tunnel, ElementId who, ElementId other) const;
};

// What a server of this kind is, without a name or a place.
Element serverElement(const ServerKinds& kind);

// Sites of which each has to do with each.
using Company = std::vector<std::string>;

// `companies`: who has to do with whom; null: everybody with everybody. Between the exits of others
// there are no lines across the Internet: of five hundred sites most have nothing to do with most.
GraphData buildGraph(const Topology& topology, const std::vector<Participant>& participants,
                     const std::vector<Company>* companies = nullptr);

}  // namespace callflow::topology
