// How the media plane is built, and how its legs are opened.
#include <stdexcept>
#include <utility>

#include "models/media/wire.h"
#include "models/relay/framing.h"
#include "src/sim/media_plane.h"

namespace callflow::sim {

namespace {

relay::LegKind legKind(const explain::Leg& leg) {
  if (leg.transport == explain::Transport::tcp) return relay::LegKind::clientTcp;
  return leg.turn ? relay::LegKind::clientUdp : relay::LegKind::peer;
}

}  // namespace

MediaPlane::MediaPlane(Network& network, Duration relayProcessing, Duration forkProcessing,
                       bool trace)
    : network_(network),
      tcp_(network.fabric()),
      relayProcessing_(relayProcessing),
      forkProcessing_(forkProcessing),
      relayLane_(network.fabric().simulator().addLane(*this, 0)),
      forkLane_(network.fabric().simulator().addLane(*this, 1)),
      trace_(trace) {
  network.fabric().addDropObserver(this);
}

MediaPlane::~MediaPlane() = default;

LegIndex MediaPlane::addLeg(const LegSpec& spec) {
  const explain::Leg& plan = *spec.plan;
  const fabric::Endpoint source{fabric::Ipv4{plan.fromAddress}, plan.fromPort};
  const fabric::Endpoint destination{fabric::Ipv4{plan.toAddress}, plan.toPort};
  const auto [known, isNew] =
      legBetween_.try_emplace({plan.transport, source, destination}, LegIndex(legs_.size()));
  if (!isNew) return known->second;
  LegRun run;
  run.plan = &plan;
  run.from = network_.node(plan.from, source.address);
  run.to = network_.node(plan.to, destination.address);
  run.links = network_.links(plan.links, plan.from, source.address, plan.to, destination.address);
  run.source = source;
  run.destination = destination;
  run.framing = relay::framing(legKind(plan));
  run.draws = spec.draws;
  run.tcp = spec.tcp;
  run.transport = spec.transport;
  network_.addRoute(run.from, run.links, destination.address);
  if (plan.transport == explain::Transport::udp) {
    network_.fabric().bind(run.to, fabric::Protocol::udp, destination.port, this);
  }
  legs_.push_back(std::move(run));
  return known->second;
}

StreamIndex MediaPlane::addStream(const receiver::MeterConfig& config,
                                  const std::vector<LegIndex>& legs) {
  StreamRun run;
  run.legs = legs;
  for (const LegIndex i : legs) {
    const auto places = network_.waitingPlaces(leg(i).links);
    run.links.insert(run.links.end(), places.begin(), places.end());
  }
  receiver::MeterConfig meter = config;
  meter.queueingElements = run.links.size();
  meter.trace = trace_;
  run.meter = std::make_unique<receiver::StreamMeter>(meter);
  streams_.push_back(std::move(run));
  return static_cast<StreamIndex>(streams_.size() - 1);
}

FlowIndex MediaPlane::addFlow(const FlowSpec& spec, StreamIndex end) {
  return add(FlowRun{spec.legs, FlowEnd::meter, {}, {end}, spec.draws, nullptr});
}

FlowIndex MediaPlane::addFlow(const FlowSpec& spec, const std::vector<FlowIndex>& forks) {
  FlowRun run{spec.legs, FlowEnd::fork, forks, {}, spec.draws, nullptr};
  for (const FlowIndex fork : forks) {
    const FlowRun& end = flow(static_cast<std::uint32_t>(fork));
    run.streams.insert(run.streams.end(), end.streams.begin(), end.streams.end());
  }
  return add(std::move(run));
}

FlowIndex MediaPlane::addFlow(const FlowSpec& spec, ControlHandler& handler) {
  return add(FlowRun{spec.legs, FlowEnd::control, {}, {}, spec.draws, &handler});
}

FlowIndex MediaPlane::add(FlowRun run) {
  flows_.push_back(std::move(run));
  return static_cast<FlowIndex>(flows_.size() - 1);
}

std::optional<LegIndex> MediaPlane::opposite(LegIndex index) const {
  const explain::Leg& leg = *legs_[static_cast<std::size_t>(index)].plan;
  const auto other = legBetween_.find({leg.transport,
                                       {fabric::Ipv4{leg.toAddress}, leg.toPort},
                                       {fabric::Ipv4{leg.fromAddress}, leg.fromPort}});
  if (other == legBetween_.end()) return std::nullopt;
  return other->second;
}

bool MediaPlane::startsAtClient(const LegRun& leg) const {
  return network_.graph().element(leg.plan->from).kind == topology::ElementKind::participant;
}

bool MediaPlane::endsAtClient(const LegRun& leg) const {
  return network_.graph().element(leg.plan->to).kind == topology::ElementKind::participant;
}

bool MediaPlane::startsAtProxy(const LegRun& leg) const {
  return network_.graph().element(leg.plan->from).kind == topology::ElementKind::proxy;
}

void MediaPlane::open(const std::vector<LegIndex>& legs, OpenHandler& handler) {
  std::vector<std::pair<const explain::Leg*, SecuredStream*>> made;
  for (const LegIndex i : legs) {
    LegRun& forth = leg(i);
    const bool tcp = forth.plan->transport == explain::Transport::tcp;
    const bool byProxy =
        tcp && startsAtProxy(forth) && forth.destination.port != explain::kProxyPort;
    const bool byClient = startsAtClient(forth) && (!tcp || !endsAtClient(forth));
    // What a proxy sends to its client goes over the client's connection.
    if (!byClient && (!byProxy || endsAtClient(forth))) continue;
    const std::optional<LegIndex> reverse = opposite(i);
    if (!reverse) throw std::logic_error("a leg was opened without its opposite direction");
    LegRun& back = leg(*reverse);
    if (tcp) {
      made.emplace_back(forth.plan, &connect(forth, back, handler));
      continue;
    }
    if (!endsAtClient(forth)) {
      openToServer(forth, back);
    } else if (i < *reverse) {
      openDirect(forth, back);
    }
  }
  for (const auto& [plan, inner] : made) {
    if (!inner->isTunnel()) continue;
    for (const auto& [other, outer] : made) {
      if (other->from != plan->to || other->tunnel != plan->tunnel) continue;
      tunnels_[&outer->stream()] = inner;
      upstreams_[inner] = outer;
    }
  }
  // A proxy connects when it is asked to.
  for (const auto& [plan, secured] : made) {
    if (tunnels_.count(&secured->stream()) == 0) secured->open();
  }
}

void MediaPlane::openToServer(LegRun& forth, LegRun& back) {
  const auto seen =
      network_.walk(forth.links, {forth.source, forth.destination, fabric::Protocol::udp});
  if (seen) back.destination = seen->source;
}

// What ICE does with its first checks: each side learns where the other is seen from, and sends
// there, which opens its own boxes for the other's packets.
void MediaPlane::openDirect(LegRun& forth, LegRun& back) {
  const fabric::Endpoint farProvisional{network_.addressSeenFrom(back.links, back.source.address),
                                        back.source.port};
  const auto near = network_.walk(network_.outbound(forth.links),
                                  {forth.source, farProvisional, fabric::Protocol::udp});
  if (near) back.destination = near->source;
  const auto far = network_.walk(network_.outbound(back.links),
                                 {back.source, back.destination, fabric::Protocol::udp});
  if (far) forth.destination = far->source;
  network_.walk(forth.links, {forth.source, forth.destination, fabric::Protocol::udp});
  network_.walk(back.links, {back.source, back.destination, fabric::Protocol::udp});
}

SecuredStream& MediaPlane::connect(LegRun& forth, LegRun& back, OpenHandler& handler) {
  tcp_.listen(forth.to, forth.destination.port);
  const transport::StreamEnd client{forth.from, forth.source, forth.draws};
  const transport::StreamEnd server{forth.to, forth.destination, back.draws};
  transport::Stream& stream = tcp_.connect(client, server, forth.tcp, *this);
  const bool toProxy =
      network_.graph().element(forth.plan->to).kind == topology::ElementKind::proxy;
  // A proxy is a pipe: it drops nothing.
  constexpr DataSize kPipe = DataSize::bytes(std::int64_t{1} << 40);
  const std::size_t number = connections_.size();
  numbers_[&stream] = number;
  connections_.push_back(
      {std::make_unique<SecuredStream>(stream, forth.transport.security, toProxy,
                                       startsAtProxy(forth) ? kPipe : forth.transport.clientQueue,
                                       toProxy ? kPipe : forth.transport.relayQueue,
                                       static_cast<std::uint32_t>(number)),
       &handler});
  SecuredStream& secured = *connections_.back().secured;
  forth.stream = &secured;
  forth.end = transport::End::client;
  back.stream = &secured;
  back.end = transport::End::server;
  return secured;
}

}  // namespace callflow::sim
