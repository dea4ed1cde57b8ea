#include "src/sim/wiring.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/client/client.h"
#include "models/path/forwarder.h"
#include "models/proxy/http_proxy.h"
#include "models/relay/framing.h"
#include "src/explain/hole_punching.h"

namespace callflow::sim {

namespace {

relay::LegKind legKind(const explain::Leg& leg) {
  if (leg.transport == explain::Transport::tcp) return relay::LegKind::clientTcp;
  return leg.turn ? relay::LegKind::clientUdp : relay::LegKind::peer;
}

fabric::Endpoint sourceOf(const explain::Leg& leg) {
  return {fabric::Ipv4{leg.fromAddress}, leg.fromPort};
}

fabric::Endpoint destinationOf(const explain::Leg& leg) {
  return {fabric::Ipv4{leg.toAddress}, leg.toPort};
}

// Behind whoever did it.
std::string words(path::Closing closing) {
  switch (closing) {
    case path::Closing::no:
      break;
    case path::Closing::oldAge:
      return " has closed the tunnel, which had lasted for its longest";
    case path::Closing::idleness:
      return " has closed the tunnel, which was idle for too long";
  }
  return {};
}

}  // namespace

Wiring::Wiring(network::Network& network, const topology::Topology& topology, bool traced)
    : network_(network),
      topology_(topology),
      transit_(network.fabric(), traced),
      tcp_(network.fabric()),
      reach_(network),
      datagrams_(network.fabric(), reach_) {}

Wiring::~Wiring() = default;

// Of a server of the customer's own, or else Azure's.
template <class Kind>
const Kind& Wiring::parametersOf(topology::ElementId element, const Kind& azures) const {
  for (const auto& [name, server] : topology_.servers)
    if (name == network_.graph().element(element).name) return std::get<Kind>(server.kind);
  return azures;
}

path::FrameSink& Wiring::sinkAt(topology::ElementId element) {
  std::unique_ptr<path::FrameSink>& sink = sinks_[element];
  if (sink != nullptr) return *sink;
  switch (kindOf(element)) {
    case topology::ElementKind::participant:
      sink = std::make_unique<client::Client>(transit_);
      break;
    case topology::ElementKind::proxy:
      sink =
          std::make_unique<proxy::HttpProxy>(transit_, proxyAt(element), waitingPlaceAt(element));
      break;
    case topology::ElementKind::relay:
      sink = std::make_unique<path::Forwarder>(
          transit_, parametersOf<relay::Relay>(element, topology_.azure.relay).processing);
      break;
    case topology::ElementKind::sbc:
      sink = std::make_unique<path::Forwarder>(
          transit_, parametersOf<sbc::Sbc>(element, sbc::Sbc{}).processing);
      break;
    case topology::ElementKind::signaling:
    case topology::ElementKind::trunk:  // its time is its media processor's
      sink = std::make_unique<path::Forwarder>(transit_, Duration{});
      break;
    case topology::ElementKind::mediaProcessor:
      sink = std::make_unique<conference::Server>(
          transit_,
          parametersOf<conference::MediaProcessor>(element, topology_.azure.mediaProcessor));
      break;
    default:
      throw std::logic_error("a leg ends where nobody is");
  }
  return *sink;
}

const proxy::Proxy& Wiring::proxyAt(topology::ElementId element) const {
  for (const auto& [name, site] : topology_.sites)
    if (name == network_.graph().element(element).site) return site.proxy;
  throw std::logic_error("a proxy stands at no site");
}

fabric::LinkId Wiring::waitingPlaceAt(topology::ElementId element) {
  if (proxyAt(element).processing == Duration{}) return fabric::kNoLink;
  const fabric::NodeId node = network_.node(element);
  return places_[element] = network_.fabric().addLink(node, node, {}, network_.fabric().name(node));
}

conference::Server& Wiring::mediaProcessor(topology::ElementId element) {
  return dynamic_cast<conference::Server&>(sinkAt(element));
}

Wiring::LegRun& Wiring::addLeg(const explain::Leg& plan, fabric::Endpoint destination,
                               const topology::Call& call) {
  const path::LegEnds ends{network_.node(plan.from), network_.node(plan.to), sourceOf(plan),
                           destination, call.dscp};
  path::FrameSink& sink = sinkAt(plan.to);
  LegRun run;
  run.plan = &plan;
  run.leg = std::make_unique<path::Leg>(transit_, ends, relay::framing(legKind(plan)), sink);
  if (plan.transport == explain::Transport::udp) datagrams_.setMedia(ends.to, plan.toPort, sink);
  numbers_[run.leg.get()] = legs_.size();
  legs_.push_back(std::move(run));
  return legs_.back();
}

path::Leg& Wiring::leg(const explain::Leg& plan, const topology::Call& call, std::uint32_t draws) {
  const fabric::Endpoint destination = destinationOf(plan);
  const auto [known, isNew] = legBetween_.try_emplace(
      {plan.transport, plan.from, sourceOf(plan), plan.to, destination}, legs_.size());
  if (!isNew) return *legs_[known->second].leg;
  LegRun& run = addLeg(plan, destination, call);
  run.tcp.tcp = call.tcp;
  run.tcp.security = call.transport.security;
  run.tcp.clientQueue = call.transport.clientQueue;
  run.tcp.serverQueue = call.transport.relayQueue;
  run.tcp.forthDraws = draws;
  network_.addRoute(plan.links, plan.from, destination.address);
  if (plan.transport == explain::Transport::udp)
    datagrams_.admit(network_.node(plan.to), plan.toPort, sourceOf(plan));
  return *run.leg;
}

path::Leg& Wiring::foundLeg(const explain::Leg& plan, fabric::Endpoint destination,
                            const topology::Call& call) {
  const bool tcp = plan.transport == explain::Transport::tcp;
  const auto [known, isNew] = legBetween_.try_emplace(
      {plan.transport, plan.from, sourceOf(plan), plan.to, tcp ? destinationOf(plan) : destination},
      legs_.size());
  if (!isNew) return *legs_[known->second].leg;
  if (tcp) throw std::logic_error("media is to take a connection that was never opened");
  return *addLeg(plan, destination, call).leg;
}

const path::Path& Wiring::path(const explain::MediaPath& plan, const topology::Call& call,
                               std::uint32_t draws) {
  std::unique_ptr<path::Path>& made = paths_[&plan];
  if (made == nullptr) {
    made = std::make_unique<path::Path>();
    for (const explain::Leg& each : plan.legs) made->legs.push_back(&leg(each, call, draws));
  }
  return *made;
}

const path::Path& Wiring::path(const FoundPath& found, const topology::Call& call) {
  std::unique_ptr<path::Path>& made = paths_[&found.path];
  if (made == nullptr) {
    made = std::make_unique<path::Path>();
    for (std::size_t i = 0; i < found.path.legs.size(); ++i)
      made->legs.push_back(&foundLeg(found.path.legs[i], found.destinations[i], call));
    made->found = network_.fabric().simulator().now();
  }
  return *made;
}

void Wiring::setRelayAlive(topology::ElementId relay, bool alive) {
  auto& forwarder = dynamic_cast<path::Forwarder&>(sinkAt(relay));
  if (alive)
    forwarder.revive(network_.fabric().simulator().now());
  else
    forwarder.die();
}

Wiring::LegRun& Wiring::run(const path::Leg& leg) {
  return legs_[numbers_.at(&leg)];
}

const Wiring::LegRun& Wiring::run(const path::Leg& leg) const {
  return legs_[numbers_.at(&leg)];
}

Wiring::LegRun& Wiring::opposite(const explain::Leg& plan) {
  const auto other =
      legBetween_.find({plan.transport, plan.to, destinationOf(plan), plan.from, sourceOf(plan)});
  if (other == legBetween_.end())
    throw std::logic_error("a leg was opened without its opposite direction");
  return legs_[other->second];
}

std::vector<fabric::LinkId> Wiring::waitingPlaces(const path::Path& path) const {
  std::vector<fabric::LinkId> result;
  for (const path::Leg* const each : path.legs) {
    const auto places = network_.waitingPlaces(run(*each).plan->links);
    result.insert(result.end(), places.begin(), places.end());
    const auto looks = places_.find(run(*each).plan->to);
    if (looks != places_.end()) result.push_back(looks->second);
  }
  return result;
}

// A connection is opened by the client's end of it, or by a proxy to where it was asked to connect
// to: what a proxy sends to its client goes over the client's connection.
bool Wiring::opensConnection(const explain::Leg& plan) const {
  const topology::ElementKind from = kindOf(plan.from), to = kindOf(plan.to);
  if (to == topology::ElementKind::participant) return false;
  return from == topology::ElementKind::participant ||
         (from == topology::ElementKind::proxy && plan.toPort != explain::kProxyPort);
}

// Over UDP servers learn from the first packet where the other end is seen.
bool Wiring::sendsFirst(const explain::Leg& plan) const {
  const topology::ElementKind from = kindOf(plan.from), to = kindOf(plan.to);
  return from == topology::ElementKind::participant ||
         (from == topology::ElementKind::sbc && to == topology::ElementKind::mediaProcessor);
}

void Wiring::open(const std::vector<path::Leg*>& legs, path::ConnectionWatcher& watcher) {
  std::vector<std::pair<const explain::Leg*, path::TcpConnection*>> made;
  for (const path::Leg* const each : legs) {
    LegRun& forth = run(*each);
    const explain::Leg& plan = *forth.plan;
    if (plan.transport == explain::Transport::tcp) {
      if (opensConnection(plan)) made.emplace_back(&plan, &connect(forth, opposite(plan), watcher));
      continue;
    }
    if (!sendsFirst(plan)) continue;
    LegRun& back = opposite(plan);
    if (kindOf(plan.to) != topology::ElementKind::participant) {
      openToServer(forth, back);
    } else if (&forth < &back) {
      openDirect(forth, back);
    }
  }
  joinTunnels(made);
}

void Wiring::joinTunnels(
    const std::vector<std::pair<const explain::Leg*, path::TcpConnection*>>& connections) {
  std::vector<const path::TcpConnection*> opened;  // by proxies, when they are asked to
  for (const auto& [plan, inner] : connections) {
    if (!inner->isTunnel()) continue;
    for (const auto& [other, outer] : connections) {
      if (other->from != plan->to || other->tunnel != plan->tunnel) continue;
      dynamic_cast<proxy::HttpProxy&>(sinkAt(plan->to)).addTunnel(*inner, *outer);
      opened.push_back(outer);
    }
  }
  for (const auto& [plan, connection] : connections) {
    if (std::find(opened.begin(), opened.end(), connection) == opened.end()) connection->open();
  }
}

void Wiring::openToServer(LegRun& forth, LegRun& back) {
  const path::LegEnds& ends = forth.leg->ends();
  const network::Passage first =
      network_.tryPacket(forth.plan->links, {ends.source, ends.destination, fabric::Protocol::udp},
                         ends.destination, {ends.dscp, false});
  if (!first.delivered) return;
  back.leg->sendTo(first.header.source);
  datagrams_.admit(ends.to, ends.destination.port, first.header.source);
}

void Wiring::openDirect(LegRun& forth, LegRun& back) {
  const auto side = [](const LegRun& leg) {
    return explain::PunchingSide{.element = leg.plan->from,
                                 .socket = leg.leg->ends().source,
                                 .route = leg.plan->links,
                                 .dscp = leg.leg->ends().dscp};
  };
  const auto sides = explain::punchHoles(network_, side(forth), side(back));
  forth.leg->sendTo(sides[0].reach);
  back.leg->sendTo(sides[1].reach);
}

path::TcpConnection& Wiring::connect(LegRun& forth, LegRun& back,
                                     path::ConnectionWatcher& watcher) {
  // A proxy is a pipe: it drops nothing.
  constexpr DataSize kPipe = DataSize::bytes(std::int64_t{1} << 40);
  path::TcpConnection::Setup setup = forth.tcp;
  setup.backDraws = back.tcp.forthDraws;
  setup.toProxy = kindOf(forth.plan->to) == topology::ElementKind::proxy;
  if (setup.toProxy) {
    setup.serverQueue = kPipe;
    setup.challenges = proxy::challenges(proxyAt(forth.plan->to).authentication);
  }
  if (kindOf(forth.plan->from) == topology::ElementKind::proxy) setup.clientQueue = kPipe;
  connections_.push_back(
      std::make_unique<path::TcpConnection>(transit_, tcp_, *forth.leg, *back.leg, setup, watcher));
  return *connections_.back();
}

topology::ElementId Wiring::proxyOf(const explain::Leg& plan) const {
  return kindOf(plan.to) == topology::ElementKind::proxy ? plan.to : plan.from;
}

bool Wiring::mayClose(const std::vector<path::Leg*>& legs) const {
  return std::any_of(legs.begin(), legs.end(), [&](const path::Leg* leg) {
    const topology::ElementId to = run(*leg).plan->to;
    return kindOf(to) == topology::ElementKind::proxy && proxyAt(to).closesTunnels();
  });
}

std::string Wiring::closing(const std::vector<path::Leg*>& legs) const {
  for (const path::Leg* const leg : legs) {
    if (leg->closing() == path::Closing::no) continue;
    return network_.graph().element(proxyOf(*run(*leg).plan)).name + words(leg->closing());
  }
  return {};
}

std::vector<metrics::BoxDrop> Wiring::socketDrops() const {
  std::vector<metrics::BoxDrop> result;
  std::map<std::pair<std::string, std::string>, std::int64_t> closed;  // by element and reason
  for (const LegRun& run : legs_) {
    const std::string& from = network_.graph().element(run.plan->from).name;
    if (run.leg->lostToClosing() > 0) {
      const topology::ElementId proxy = proxyOf(*run.plan);
      const std::string who = proxy == run.plan->from ? "it" : network_.graph().element(proxy).name;
      closed[{from, who + words(run.leg->closing())}] += run.leg->lostToClosing();
    }
    const std::int64_t dropped = run.leg->droppedAtSocket();
    if (dropped == 0) continue;
    result.push_back({from, "the queue before its TCP socket is full", dropped});
  }
  for (const auto& [where, packets] : closed)
    result.push_back({where.first, where.second, packets});
  return result;
}

}  // namespace callflow::sim
