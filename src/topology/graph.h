// The network as a graph: elements joined by directed links, and the routes that packets take
// over it.
//
// Who may go where is policy, not only delay:
// - A site with an uplink sends Internet and Azure traffic there; a site without one sends it over
//   its `wan`, to the first site on the way that has an uplink (backhaul). That uplink is its
//   egress.
// - Devices stand in a line: those of a site's perimeter in its uplink, those of a wan at the end
//   they are written for.
// - `routes` of a site send some destinations over its wan or its uplink instead; what goes to
//   Azure takes a site's private peering, if there is one, to the edge that that leads to.
// - Sites joined by WAN links, directly or through others, are one customer network: what goes
//   between them stays on the WAN.
// - Between customer networks packets cross the Internet from egress to egress, never Azure and
//   never a third site.
// - Towards an Azure region packets leave the Internet at the edge with the least delay over the
//   whole way from the egress to that region, and stay on Microsoft's backbone from there ("cold
//   potato"); the way back is the same.
// - Azure answers by a site's private peering to the addresses that are advertised there, and over
//   the Internet to all others: usually the way that the packets came.
// Among what policy admits, the least delay wins; equal delays: the fewer links, then the links
// created first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/topology/model.h"
#include "src/topology/scenario.h"

namespace callflow::topology {

// Positions in NetworkGraph::elements() and NetworkGraph::links().
enum class ElementId : std::uint32_t {};
enum class DirectedLinkId : std::uint32_t {};
constexpr std::size_t index(ElementId id) {
  return static_cast<std::size_t>(id);
}
constexpr std::size_t index(DirectedLinkId id) {
  return static_cast<std::size_t>(id);
}

enum class ElementKind {
  participant,
  site,
  device,
  proxy,
  internetPop,
  azureEdge,
  azureRegion,
  relay,
  mediaProcessor,
  signaling,
  sbc,
  trunk
};
std::string_view name(ElementKind kind);  // "participant", "Internet point of presence" ...

// IPv4 addresses are in host byte order; 0 means none.
struct Element {
  ElementId id{};
  ElementKind kind{};
  // participant "alice@hq"; site "hq"; proxy "hq/proxy"; device "hq-firewall", or "hq/fw" where
  // several sites have an fw or a site is called so too; "internet:hq" (named after the egress);
  // "edge:amsterdam"; "azure:westeurope", and the servers in it "azure:westeurope/relay",
  // "azure:westeurope/media-processor" and "azure:westeurope/signaling"; whoever has a telephone
  // "bob@our-sbc" or "bob@pstn".
  std::string name;
  // The site of a participant, device or point of presence, a site's own name, or the place of an
  // edge, region or server ("amsterdam", "westeurope"); of whoever has a telephone the SBC, or
  // kTrunk.
  std::string site;
  std::string device;         // device: its key in Topology::devices; else empty
  std::string role;           // device: "firewall", "firewall and NAT" or "NAT"; else empty
  bool guards = false;        // device: drawn as a wall, not as a router
  bool remote = false;        // belongs to a remote user's home
  std::uint32_t address = 0;  // of a device with NAT or a VPN: its outside
  int addresses = 1;          // from there on
  bool translates = false;    // device: what is behind it hides behind its addresses
  // Of a VPN's device: what of it this is. "alice@home/vpn" is its client there, "hq-vpn/inside"
  // the gateway's side to the local network.
  fabric::BoxPart part = fabric::BoxPart::whole;
  bool shared = false;  // device: a provider's, beyond the lines of several sites
  // Server: what it gives to clients and how they reach it (relay), where it listens (media
  // processor, SBC); and whether it is a customer's own.
  wire::PortRange ports = {};
  bool overUdp = true;
  bool overTcp = true;
  std::optional<int> allocations = {};  // of a relay: at most so many at once
  std::string alternate = {};           // of a relay: to which it sends clients when it is full
  bool own = false;
  // HTTP proxy: the ports that it opens tunnels to (none: all), and whether it looks into them.
  std::vector<wire::PortRange> connectPorts = {};
  bool inspectsTls = false;
};

// `up` is away from the participant, or from the first to the second place in the link's name.
enum class Direction { up, down };
std::string_view name(Direction direction);  // "up", "down"

// `inside`: between a region and a server in it.
// `tunnel`: its packets travel in others, over the links between its ends.
// `pstn`: a call through the telephone network.
enum class LinkKind { access, lan, uplink, wan, peering, internet, backbone, inside, tunnel, pstn };

struct DirectedLink {
  DirectedLinkId id{};
  DirectedLinkId reverse{};  // the other direction of the same link
  LinkKind kind{};
  // "hq.access:alice", "hq.lan:hq-firewall" (inside of that device), "hq.uplink", "branch.wan",
  // "hq.peering",
  // "internet:home-hq" (egress to egress, sorted), "internet:hq-edge:amsterdam" (egress to edge),
  // "edge:amsterdam-eastus" (edge to region), "azure:westeurope-eastus" (region to region),
  // "azure:westeurope/relay" (region to server), "home.vpn:alice" (from alice to the gateway),
  // "our-sbc.pstn:bob", "azure:westeurope/trunk.pstn:bob".
  std::string name;
  Direction direction{};
  ElementId from{};
  ElementId to{};
  // What arrives by it reaches a device at `to` from the device's inside.
  bool fromInside = false;
  // LAN links, and those inside a region: no delay, unlimited rate, no loss. Internet and backbone
  // links: unlimited rate.
  LinkDirection parameters;
};
std::string toText(const DirectedLink& link);  // "hq.uplink up"

// For people: what a direction adds to a packet's way, "200 Mbit/s, 4 ms, 0.5 ms jitter, 0.1%
// loss"; parts that are zero or unlimited are left out, so a LAN link gives "".
std::string toText(const LinkDirection& direction);
// For people: to a hundredth of a millisecond, "15.01 ms".
std::string roundedText(Duration delay);

std::string ipv4Text(std::uint32_t address);  // "10.1.0.2"

using Route = std::vector<DirectedLinkId>;

// A participant's tunnel to a VPN's gateway.
struct TunnelPlace {
  ElementId participant{};
  ElementId client{};   // with its address in the VPN
  ElementId inside{};   // the gateway towards the local network
  ElementId gateway{};  // and towards the participant: where the tunnel's own packets go
  DirectedLinkId up{};  // from client to inside
};

class NetworkGraph {
 public:
  // Takes every site, device and Azure place of the topology and the participants given (each once,
  // however often it is named). Precondition: names that the topology refers to exist (validation
  // has seen to it); else std::invalid_argument. Sites that cannot reach the Internet are accepted:
  // they have no egress.
  NetworkGraph(const Topology& topology, const std::vector<Participant>& participants);
  NetworkGraph(const Topology& topology, const std::vector<Call>& calls);
  // The same with no lines across the Internet but between sites that have to do with each other:
  // those of one company (and all with those that hold servers or gateways of VPNs). Only what
  // these have to do with each other has a route; all else is as in the whole graph.
  NetworkGraph(const Topology& topology, const std::vector<Participant>& participants,
               const std::vector<std::vector<std::string>>& companies);
  // Those of each call.
  static NetworkGraph ofCalls(const Topology& topology, const std::vector<Call>& calls);
  ~NetworkGraph();
  NetworkGraph(NetworkGraph&&) noexcept;
  NetworkGraph& operator=(NetworkGraph&&) noexcept;

  const std::vector<Element>& elements() const;
  const std::vector<DirectedLink>& links() const;
  const Element& element(ElementId id) const { return elements()[index(id)]; }
  const DirectedLink& link(DirectedLinkId id) const { return links()[index(id)]; }

  std::optional<ElementId> find(std::string_view name) const;
  // find("alice@hq"): of two accesses the one that is preferred.
  std::optional<ElementId> participant(const Participant& who) const;
  // All interfaces of a participant's client, the preferred first. Of alice@home+phone these are
  // the elements "alice@home" and "alice@phone".
  std::vector<ElementId> accesses(const Participant& who) const;
  // Of an element that is an interface of a client: the other interfaces of that client.
  const std::vector<ElementId>& companions(ElementId access) const;
  std::optional<ElementId> region(std::string_view name) const;  // find("azure:" + name)

  // The same network where the private peering of a site tells Azure of other addresses. Only
  // routes differ: elements and links have the same numbers.
  NetworkGraph advertising(std::string_view site, const std::vector<Advertised>& lines) const;

  // Every link that an event's name means: "hq.access" is the access link of each participant of
  // hq. Empty if there is none.
  std::vector<DirectedLinkId> linksNamed(std::string_view name, Direction direction) const;

  const std::vector<TunnelPlace>& tunnels() const;

  // The links from one element to another, in order. Empty if both are the same; nothing if policy
  // or the lack of links leaves no way. Ends may be participants, sites and regions.
  std::optional<Route> route(ElementId from, ElementId to) const;

  // Sum of the links' delays: what a packet takes at least, apart from serialization.
  Duration baseDelay(const Route& route) const;

  // The HTTP proxy of a participant's site, if there is one.
  std::optional<ElementId> proxy(ElementId participant) const;
  // Of a participant or site: its Internet point of presence, if it has an egress.
  std::optional<ElementId> egress(ElementId from) const;
  // Where its traffic to a region or a server in it enters Azure.
  std::optional<ElementId> edge(ElementId from, ElementId region) const;
  // The relay that it uses, nearest by the whole way; nothing without egress or region. Of those
  // named, servers of the customer's own, if there are any.
  // None of those that are left out.
  std::optional<ElementId> relay(ElementId from, const std::vector<std::string>& own = {},
                                 const std::vector<ElementId>& without = {}) const;
  // As events and other relays call it: by its server's name, or Azure's by its region's.
  std::optional<ElementId> relayNamed(std::string_view name) const;
  // To which it sends clients when it is full.
  std::optional<ElementId> alternateOf(ElementId relay) const;
  // The signaling server that it uses: in the region nearest to where its way there leaves; nothing
  // without egress or region.
  std::optional<ElementId> signaling(ElementId from) const;
  // The media processor of a call: the one that it names, or that in the region nearest to the SBC
  // that a participant is called by, or else to the first participant with a client.
  std::optional<ElementId> mediaProcessor(const Call& call) const;
  // What leads to a participant with a telephone: its SBC, or Azure's trunk beside the media
  // processor of the call.
  std::optional<ElementId> pstnGateway(const Participant& who,
                                       std::optional<ElementId> mediaProcessor) const;
  // The servers that stand in a region.
  const std::vector<ElementId>& serversIn(ElementId region) const;

 private:
  struct Impl;
  explicit NetworkGraph(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

// Does a packet that enters a device by this link come from the device's inside?
inline bool fromInside(const DirectedLink& arrival) {
  return arrival.fromInside;
}

// Whether a route comes to a shared device from inside by its i-th link, and goes back inside.
inline bool turnsAt(const NetworkGraph& graph, const Route& route, std::size_t i) {
  if (i + 1 >= route.size()) return false;
  const DirectedLink& in = graph.link(route[i]);
  const DirectedLink& out = graph.link(route[i + 1]);
  return fromInside(in) && graph.element(in.to).shared && out.direction == Direction::down;
}

}  // namespace callflow::topology
