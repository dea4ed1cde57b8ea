#include "src/network/network.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "models/fabric/limited_box.h"
#include "models/fabric/trace.h"
#include "src/topology/place_addresses.h"

namespace callflow::network {

using topology::ElementId;

struct Network::Box {
  std::string_view name;  // of the device
  const topology::Device* device = nullptr;
  std::unique_ptr<fabric::Box> program;
  bool met = false;  // has perhaps seen a packet that was tried: it is in met_
};

Network::Network(fabric::FabricSimulator& simulator, const topology::NetworkGraph& graph,
                 const topology::Topology& topology)
    : graph_(&graph),
      topology_(topology),
      peers_(std::any_of(topology.sites.begin(), topology.sites.end(),
                         [](const auto& site) { return site.second.peering; })),
      strays_(std::any_of(topology.sites.begin(), topology.sites.end(),
                          [](const auto& site) {
                            return site.second.peering && site.second.peering->advertises !=
                                                              topology::Peering{}.advertises;
                          })),
      fabric_(simulator),
      tcp_(fabric_),
      boxes_(graph.elements().size()) {
  for (const topology::Element& element : graph.elements()) fabric_.addNode(element.name);
  for (const topology::DirectedLink& link : graph.links()) {
    const fabric::Side side =
        topology::fromInside(link) ? fabric::Side::inside : fabric::Side::outside;
    fabric_.addLink(node(link.from), node(link.to), link.parameters, toText(link), side);
  }
  std::map<std::string_view, const topology::Device*> devices;
  for (const auto& [name, device] : topology.devices) devices.emplace(name, &device);
  for (const topology::Element& element : graph.elements()) {
    if (element.kind != topology::ElementKind::device) continue;
    boxes_[index(element.id)] = std::make_unique<Box>();
    boxes_[index(element.id)]->name = element.device;
    boxes_[index(element.id)]->device = devices.at(element.device);
    placeBox(element.id);
  }
  for (const topology::TunnelPlace& place : graph.tunnels()) layTunnel(place);
}

Network::~Network() = default;

fabric::Ipv4 Network::hostOf(ElementId element) const {
  for (const topology::TunnelPlace& tunnel : graph_->tunnels())
    if (tunnel.client == element) return fabric::Ipv4{graph_->element(tunnel.participant).address};
  return {};
}

std::vector<fabric::BoxPlace::Host> Network::hostsAt(ElementId element) const {
  std::vector<fabric::BoxPlace::Host> hosts;
  if (!topology::BoxKinds::role(boxes_[index(element)]->device->kind).wireless) return hosts;
  for (const topology::DirectedLink& link : graph_->links()) {
    if (link.to != element || link.kind != topology::LinkKind::access) continue;
    const topology::Element& host = graph_->element(link.from);
    hosts.push_back({host.name, fabric::Ipv4{host.address}});
  }
  return hosts;
}

void Network::layTunnel(const topology::TunnelPlace& place) {
  const topology::Element& gateway = graph_->element(place.gateway);
  const vpn::Vpn& vpn = vpnOf(place);
  const fabric::Ipv4 client{graph_->element(place.participant).address};
  const fabric::Endpoint mouth{fabric::Ipv4{gateway.address}, vpn.encapsulation.port};
  const auto out = graph_->route(place.participant, place.gateway);
  const auto back = graph_->route(place.gateway, place.participant);
  if (!out || !back) return;  // nothing to carry it: what is sent into it finds no route
  addRoute(*out, place.participant, mouth.address);
  addRoute(*back, place.gateway, client);
  // As WireGuard and IPsec through NATs do, the client sends from the port that it sends to.
  const bool tcp = vpn.encapsulation.over == vpn::Carriage::tcp;
  const vpn::TunnelEnds ends{node(place.participant),
                             node(place.gateway),
                             {client, tcp ? vpn::kTcpClientPort : vpn.encapsulation.port},
                             mouth,
                             linkOf(place.up),
                             linkOf(graph_->link(place.up).reverse)};
  tunnels_.push_back({place, *out, *back, std::make_unique<vpn::Tunnel>(fabric_, tcp_, vpn, ends)});
}

void Network::placeBox(ElementId element) {
  Box& box = *boxes_[index(element)];
  const topology::Element& place = graph_->element(element);
  const auto addressesOf = [this](const std::string& name) {
    return topology::addressesOf(*graph_, topology_, name);
  };
  box.program = topology::BoxKinds::make(box.device->kind, {.name = place.name,
                                                            .outside = fabric::Ipv4{place.address},
                                                            .part = place.part,
                                                            .host = hostOf(element),
                                                            .hosts = hostsAt(element),
                                                            .addressesOf = addressesOf});
  box.met = false;
  fabric_.setBox(node(element), box.program.get());
}

void Network::forget() {
  for (const ElementId element : met_) placeBox(element);
  met_.clear();
  for (const Laid& tunnel : tunnels_) tunnel.program->forget();
}

void Network::meet(const topology::Route& route) {
  for (const topology::DirectedLinkId id : route) {
    for (const Laid& tunnel : tunnels_) {
      if (tunnel.place.up != id && graph_->link(tunnel.place.up).reverse != id) continue;
      meet(tunnel.out);
      meet(tunnel.back);
    }
    const ElementId element = graph_->link(id).to;
    Box* const box = boxes_[index(element)].get();
    if (box == nullptr || std::exchange(box->met, true)) continue;
    met_.push_back(element);
  }
}

fabric::Ipv4 Network::addressAlong(const topology::Route& route, fabric::Ipv4 end) const {
  for (const topology::DirectedLinkId id : route) {
    const topology::DirectedLink& link = graph_->link(id);
    const topology::Element& element = graph_->element(link.to);
    if (!topology::fromInside(link) && element.part == fabric::BoxPart::client)
      return fabric::Ipv4{element.address};
  }
  return end;
}

Passage Network::passageOf(const fabric::Trial& trial) const {
  Passage result;
  result.header = trial.header;
  if (trial.refused) {
    const topology::DirectedLink& arrival =
        graph_->link(topology::DirectedLinkId{index(trial.lastLink)});
    const fabric::Box& program = *boxes_[index(arrival.to)]->program;
    result.refused = {arrival.to, topology::fromInside(arrival),
                      program.describeReason(trial.reason), program.groundOf(trial.reason)};
  }
  return result;
}

std::optional<FellBack> Network::fellBack(topology::DirectedLinkId link) {
  for (const Laid& tunnel : tunnels_) {
    if (tunnel.place.up != link && graph_->link(tunnel.place.up).reverse != link) continue;
    meet({tunnel.place.up});
    tunnel.program->bringUp();
    if (const auto& udp = tunnel.program->refused()) {
      const vpn::Vpn& vpn = vpnOf(tunnel.place);
      return FellBack{tunnel.place.participant, vpn.fallback->port, passageOf(*udp)};
    }
  }
  return std::nullopt;
}

bool Network::isOnLink(ElementId participant, fabric::Ipv4 address) const {
  const std::string& at = graph_->element(participant).site;
  const auto home = std::find_if(topology_.sites.begin(), topology_.sites.end(),
                                 [&](const auto& each) { return each.first == at; });
  if (home == topology_.sites.end()) return false;
  const std::vector<topology::Ipv4Prefix>& subnets = home->second.subnets;
  for (const topology::TunnelPlace& tunnel : graph_->tunnels())
    if (tunnel.participant == participant) return vpn::staysHome(vpnOf(tunnel), subnets, address);
  return std::any_of(subnets.begin(), subnets.end(),
                     [&](const topology::Ipv4Prefix& each) { return each.contains(address); });
}

const vpn::Vpn& Network::vpnOf(const topology::TunnelPlace& tunnel) const {
  return std::get<vpn::Vpn>(boxes_[index(tunnel.gateway)]->device->kind);
}

bool Network::entersTunnel(const topology::TunnelPlace& tunnel, fabric::Ipv4 address) const {
  return vpn::enters(vpnOf(tunnel), address) && !isOnLink(tunnel.participant, address);
}

void Network::keepTunnelsAlive() {
  for (const Laid& tunnel : tunnels_) tunnel.program->keepAlive();
}

Passage Network::tryPacket(const topology::Route& route, const fabric::Header5& header,
                           fabric::Endpoint goal, wire::Sight sight) {
  Passage result;
  result.header = header;
  result.delivered = header.destination == goal;
  if (route.empty()) return result;
  meet(route);
  const ElementId from = graph_->link(route.front()).from;
  const fabric::Trial trial =
      fabric_.tryPacket(node(from), header, addRoute(route, from, goal.address), sight);
  result = passageOf(trial);
  result.delivered = trial.arrived && trial.header.destination == goal;
  return result;
}

void Network::expect(const topology::LinkChange& change) {
  for (const topology::Direction direction : {topology::Direction::up, topology::Direction::down}) {
    for (const topology::DirectedLinkId id : graph_->linksNamed(change.link, direction)) {
      fabric_.expectChanges(linkOf(id));
    }
  }
}

void Network::changeDevice(const topology::LinkChange& change) {
  const auto limits = [](const topology::LinkChange::Direction& wanted) {
    return fabric::LimitChange{wanted.rate, wanted.queue};
  };
  for (const std::unique_ptr<Box>& box : boxes_) {
    if (!box || box->name != change.device) continue;
    if (change.forget) box->program->forget(*change.forget);
    if (auto* const limited = dynamic_cast<fabric::LimitedBox*>(box->program.get()))
      limited->change(limits(change.up), limits(change.down), fabric_.simulator().now());
  }
}

void Network::change(const topology::LinkChange& change) {
  if (!change.device.empty()) changeDevice(change);
  const auto apply = [&](const topology::LinkChange::Direction& wanted,
                         topology::Direction direction) {
    for (const topology::DirectedLinkId id : graph_->linksNamed(change.link, direction)) {
      const auto replaced = replaced_.find(linkOf(id));
      const bool away = replaced != replaced_.end();
      fabric::LinkParameters parameters = away ? replaced->second : fabric_.parameters(linkOf(id));
      if (wanted.state) parameters.down = *wanted.state == topology::LinkState::down;
      if (wanted.rate) parameters.rate = *wanted.rate;
      if (wanted.delay) parameters.delay = *wanted.delay;
      if (wanted.jitter) parameters.jitter = *wanted.jitter;
      if (wanted.loss) parameters.loss = *wanted.loss;
      if (wanted.queue) parameters.queue = *wanted.queue;
      if (away && parameters.down) {
        replaced->second = parameters;  // the second line goes on
        continue;
      }
      if (away) replaced_.erase(replaced);
      fabric_.setLinkParameters(linkOf(id), parameters);
    }
  };
  apply(change.up, topology::Direction::up);
  apply(change.down, topology::Direction::down);
  for (const Laid& tunnel : tunnels_) tunnel.program->linkChanged();
  const std::string site = change.link.substr(0, change.link.rfind('.'));
  if (change.advertises) reroute(graph_->advertising(site, *change.advertises));
}

const topology::Backup* Network::backupFor(const topology::LinkChange& change) const {
  for (const auto& [name, site] : topology_.sites)
    if (site.backup && change.link == name + ".uplink") return &*site.backup;
  return nullptr;
}

std::optional<Duration> Network::takesOverAfter(const topology::LinkChange& change) const {
  const topology::Backup* const backup = backupFor(change);
  const bool fails = change.up.state == topology::LinkState::down ||
                     change.down.state == topology::LinkState::down;
  return backup != nullptr && fails ? std::optional(backup->after) : std::nullopt;
}

void Network::takeOver(const topology::LinkChange& change) {
  const topology::Backup& backup = *backupFor(change);
  std::vector<std::pair<fabric::LinkId, const topology::LinkDirection*>> both;
  bool down = false;
  for (const topology::Direction direction : {topology::Direction::up, topology::Direction::down}) {
    for (const topology::DirectedLinkId id : graph_->linksNamed(change.link, direction)) {
      down = down || fabric_.parameters(linkOf(id)).down;
      both.emplace_back(linkOf(id),
                        direction == topology::Direction::up ? &backup.up : &backup.down);
    }
  }
  if (!down) return;
  // A router that has lost one direction of a line uses neither.
  for (const auto& [link, second] : both) {
    if (!replaced_.emplace(link, fabric_.parameters(link)).second) continue;
    fabric_.setLinkParameters(link, *second);
  }
}

std::vector<fabric::LinkId> Network::traced() const {
  std::vector<fabric::LinkId> links;
  for (const topology::DirectedLink& link : graph_->links())
    if (link.parameters.trace) links.push_back(linkOf(link.id));
  return links;
}

Duration Network::follow(fabric::LinkId link, std::size_t number) {
  fabric::LinkParameters parameters = fabric_.parameters(link);
  const fabric::Trace& trace = *parameters.trace->trace;
  const fabric::TraceStep& step = trace.steps[number % trace.steps.size()];
  if (step.rate) parameters.rate = *step.rate;
  if (step.delay) parameters.delay = *step.delay;
  if (step.loss) parameters.loss.mean = *step.loss;
  if (number == 0) fabric_.expectChanges(link);
  fabric_.setLinkParameters(link, parameters);
  const std::size_t next = (number + 1) % trace.steps.size();
  return (next == 0 ? trace.period : trace.steps[next].at) - step.at;
}

std::vector<fabric::LinkId> Network::waitingPlaces(const topology::Route& route) const {
  std::vector<fabric::LinkId> places;
  const auto add = [&](fabric::LinkId place) {
    // What travels in a tunnel may cross a line twice, once within.
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  };
  for (const topology::DirectedLinkId id : route) {
    if (const topology::Route* const under = wayOfTunnel(id); under != nullptr)
      for (const fabric::LinkId place : waitingPlaces(*under)) add(place);
    add(linkOf(id));
    const fabric::LinkId holding = fabric_.holdingPlace(node(graph_->link(id).to));
    if (holding != fabric::kNoLink) add(holding);
  }
  return places;
}

const topology::Route* Network::wayOfTunnel(topology::DirectedLinkId link) const {
  for (const Laid& tunnel : tunnels_) {
    if (tunnel.place.up == link) return &tunnel.out;
    if (graph_->link(tunnel.place.up).reverse == link) return &tunnel.back;
  }
  return nullptr;
}

std::string Network::place(fabric::LinkId link, fabric::NodeId node) const {
  return link != fabric::kNoLink ? fabric_.name(link) : fabric_.name(node);
}

std::string Network::describeReason(fabric::NodeId box, std::uint16_t reason) const {
  return boxes_.at(index(box))->program->describeReason(reason);
}

fabric::Ground Network::groundOf(fabric::NodeId box, std::uint16_t reason) const {
  return boxes_.at(index(box))->program->groundOf(reason);
}

}  // namespace callflow::network
