#include "src/sim/network.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/fabric/lay_route.h"

namespace callflow::sim {

struct Network::Box {
  std::unique_ptr<fabric::Box> judge;
  fabric::Ipv4 outside;  // public address; none if it does not translate
};

Network::Network(fabric::FabricSimulator& simulator, const topology::NetworkGraph& graph,
                 const topology::Topology& topology)
    : graph_(graph), fabric_(simulator) {
  for (const topology::Element& element : graph.elements()) {
    nodes_.push_back(fabric_.addNode(element.name));
  }
  for (const topology::DirectedLink& link : graph.links()) {
    const fabric::Side side =
        topology::fromInside(link) ? fabric::Side::inside : fabric::Side::outside;
    links_.push_back(fabric_.addLink(nodes_[index(link.from)], nodes_[index(link.to)],
                                     link.parameters, toText(link), side));
    graphLinks_.push_back(link.id);
  }
  boxes_.resize(graph.elements().size());
  processorNodes_.assign(graph.elements().size(), fabric::kNoNode);
  toProcessor_.assign(graph.elements().size(), fabric::kNoLink);
  fromProcessor_.assign(graph.elements().size(), fabric::kNoLink);
  for (const topology::Element& element : graph.elements()) {
    const std::size_t i = index(element.id);
    if (element.kind == topology::ElementKind::azureRegion) {
      const std::string name = element.name + "/media-processor";
      processorNodes_[i] = fabric_.addNode(name);
      toProcessor_[i] = fabric_.addLink(nodes_[i], processorNodes_[i], {}, name + " up");
      fromProcessor_[i] = fabric_.addLink(processorNodes_[i], nodes_[i], {}, name + " down");
    }
    if (element.kind != topology::ElementKind::device) continue;
    for (const auto& [name, device] : topology.devices) {
      if (name == element.device) addBox(element, device);
    }
  }
}

Network::~Network() = default;

void Network::addBox(const topology::Element& element, const topology::Device& device) {
  const fabric::Ipv4 outside{element.address};
  auto box = std::make_unique<Box>();
  box->outside = outside;
  box->judge = topology::BoxKinds::make(device.kind, {.outside = outside});
  fabric_.setBox(nodes_[index(element.id)], box->judge.get());
  boxes_[index(element.id)] = std::move(box);
}

fabric::NodeId Network::node(topology::ElementId element, fabric::Ipv4 address) const {
  const topology::Element& at = graph_.element(element);
  if (at.kind == topology::ElementKind::azureRegion && at.mediaProcessorAddress == address.value) {
    return processorNodes_[index(element)];
  }
  return nodes_[index(element)];
}

bool Network::isMediaProcessor(fabric::NodeId node) const {
  return std::find(processorNodes_.begin(), processorNodes_.end(), node) !=
         processorNodes_.end();
}

std::vector<fabric::LinkId> Network::links(const topology::Route& route, topology::ElementId from,
                                           fabric::Ipv4 fromAddress, topology::ElementId to,
                                           fabric::Ipv4 toAddress) const {
  std::vector<fabric::LinkId> result;
  if (node(from, fromAddress) != nodes_[index(from)]) result.push_back(fromProcessor_[index(from)]);
  for (const topology::DirectedLinkId link : route) result.push_back(links_[index(link)]);
  if (node(to, toAddress) != nodes_[index(to)]) result.push_back(toProcessor_[index(to)]);
  return result;
}

const topology::DirectedLink* Network::graphLink(fabric::LinkId link) const {
  if (index(link) >= graphLinks_.size()) return nullptr;
  return &graph_.link(graphLinks_[index(link)]);
}

void Network::addRoute(fabric::NodeId from, const std::vector<fabric::LinkId>& links,
                       fabric::Ipv4 destination) {
  fabric::layRoute(fabric_, from, links, destination, [&](fabric::LinkId id) -> fabric::Translator {
    const topology::DirectedLink* link = graphLink(id);
    if (link == nullptr || topology::fromInside(*link)) return {};
    const Box* box = boxes_[index(link->to)].get();
    return box == nullptr ? fabric::Translator{}
                          : fabric::Translator{nodes_[index(link->to)], box->outside};
  });
}

std::optional<fabric::Header5> Network::walk(const std::vector<fabric::LinkId>& links,
                                             const fabric::Header5& header) {
  fabric::Packet packet;
  packet.setHeader(header);
  for (const fabric::LinkId id : links) {
    const topology::DirectedLink* link = graphLink(id);
    if (link == nullptr) continue;
    Box* box = boxes_[index(link->to)].get();
    if (box == nullptr) continue;
    const fabric::Side side =
        topology::fromInside(*link) ? fabric::Side::inside : fabric::Side::outside;
    const fabric::BoxResult result = box->judge->process(packet, side, fabric_.simulator().now());
    if (result.action == fabric::BoxResult::Action::drop) return std::nullopt;
  }
  return packet.header();
}

std::vector<fabric::LinkId> Network::outbound(const std::vector<fabric::LinkId>& links) const {
  std::vector<fabric::LinkId> result;
  for (const fabric::LinkId id : links) {
    const topology::DirectedLink* link = graphLink(id);
    // A LAN is entered downwards behind a box at the far end of a WAN, on the way out all the same.
    if (link == nullptr || link->kind == topology::LinkKind::internet ||
        (link->direction == topology::Direction::down && link->kind != topology::LinkKind::lan)) {
      break;
    }
    result.push_back(id);
  }
  return result;
}

fabric::Ipv4 Network::addressSeenFrom(const std::vector<fabric::LinkId>& links,
                                      fabric::Ipv4 own) const {
  fabric::Ipv4 result = own;
  for (const fabric::LinkId id : outbound(links)) {
    const topology::DirectedLink& link = *graphLink(id);
    const Box* box = boxes_[index(link.to)].get();
    if (topology::fromInside(link) && box != nullptr && box->outside != fabric::Ipv4{})
      result = box->outside;
  }
  return result;
}

void Network::expect(const topology::LinkChange& change) {
  for (const topology::Direction direction : {topology::Direction::up, topology::Direction::down}) {
    for (const topology::DirectedLinkId id : graph_.linksNamed(change.link, direction)) {
      fabric_.expectChanges(links_[index(id)]);
    }
  }
}

void Network::change(const topology::LinkChange& change) {
  const auto apply = [&](const topology::LinkChange::Direction& wanted,
                         topology::Direction direction) {
    for (const topology::DirectedLinkId id : graph_.linksNamed(change.link, direction)) {
      const fabric::LinkId link = links_[index(id)];
      fabric::LinkParameters parameters = fabric_.parameters(link);
      if (wanted.rate) parameters.rate = *wanted.rate;
      if (wanted.delay) parameters.delay = *wanted.delay;
      if (wanted.jitter) parameters.jitter = *wanted.jitter;
      if (wanted.loss) parameters.loss = *wanted.loss;
      if (wanted.queue) parameters.queue = *wanted.queue;
      fabric_.setLinkParameters(link, parameters);
    }
  };
  apply(change.up, topology::Direction::up);
  apply(change.down, topology::Direction::down);
}

std::vector<fabric::LinkId> Network::waitingPlaces(const std::vector<fabric::LinkId>& links) const {
  std::vector<fabric::LinkId> places;
  for (const fabric::LinkId link : links) {
    places.push_back(link);
    const topology::DirectedLink* known = graphLink(link);
    if (known == nullptr) continue;
    const fabric::LinkId holding = fabric_.holdingPlace(nodes_[index(known->to)]);
    if (holding != fabric::kNoLink) places.push_back(holding);
  }
  return places;
}

std::string Network::place(fabric::LinkId link, fabric::NodeId node) const {
  return link != fabric::kNoLink ? fabric_.name(link) : fabric_.name(node);
}

std::vector<metrics::LinkCounters> Network::linkCounters() const {
  std::vector<metrics::LinkCounters> result;
  for (std::size_t i = 0; i < graphLinks_.size(); ++i) {
    const auto link = static_cast<fabric::LinkId>(i);
    const fabric::LinkCounters& counters = fabric_.counters(link);
    if (counters.sent == 0 && counters.queueDrops == 0 && counters.downDrops == 0) continue;
    metrics::LinkCounters record;
    record.link = fabric_.name(link);
    record.sent = counters.sent;
    record.lost = counters.lost;
    record.queueDrops = counters.queueDrops + counters.downDrops;
    record.busy = counters.busy;
    result.push_back(std::move(record));
  }
  return result;
}

std::vector<metrics::BoxDrop> Network::drops() const {
  std::vector<metrics::BoxDrop> result;
  for (const fabric::NodeDrops& drop : fabric_.nodeDrops()) {
    metrics::BoxDrop record;
    record.element = fabric_.name(drop.node);
    record.packets = drop.packets;
    switch (drop.cause) {
      case fabric::DropCause::box:
        record.reason = boxes_.at(index(drop.node))->judge->describeReason(drop.reason);
        break;
      case fabric::DropCause::kNoRoute:
        record.reason = "no route to the destination";
        break;
      case fabric::DropCause::noListener:
        record.reason = "nobody listens at the destination";
        break;
      case fabric::DropCause::loss:
      case fabric::DropCause::queueFull:
      case fabric::DropCause::linkDown:
        throw std::logic_error("a link's drop was counted at a node");
    }
    result.push_back(std::move(record));
  }
  return result;
}

}  // namespace callflow::sim
