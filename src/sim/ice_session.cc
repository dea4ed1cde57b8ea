#include "src/sim/ice_session.h"

#include <algorithm>
#include <utility>

#include "models/fabric/random.h"

namespace callflow::sim {

namespace {

using explain::PortBook;
using topology::ElementId;

// Of a record: the first client restarts, or looks whether it is to give up.
constexpr std::uint32_t kRestart = 0x80000000;
constexpr std::uint32_t kLimit = 0x80000001;
// A client sends media.
constexpr std::uint32_t kMedia = 0x80000002;

// Clients' ports are dynamic, from those that Microsoft documents for Teams on (QoS in Teams): two
// behind one NAT are not likely to have the same.
constexpr std::uint64_t kFirstPort = 50000;
constexpr std::uint64_t kPorts = 10000;

std::string typeOf(const ice::Candidate& candidate) {
  return std::string(ice::name(candidate.type));
}

explain::Leg legOf(const topology::NetworkGraph& graph, ElementId from, wire::Endpoint source,
                   ElementId to, wire::Endpoint destination) {
  explain::Leg leg;
  leg.from = from;
  leg.to = to;
  leg.transport = explain::Transport::tcp;
  leg.turn = true;
  leg.fromAddress = source.address.value;
  leg.fromPort = source.port;
  leg.toAddress = destination.address.value;
  leg.toPort = destination.port;
  if (const auto route = graph.route(from, to)) leg.links = *route;
  return leg;
}

}  // namespace

// ---- a session

IceSession::IceSession(IceNetwork& network, const topology::Call& call, std::size_t participant,
                       ElementId processor, const IceOptions& options)
    : network_(network),
      call_(call),
      options_(options),
      lane_(network.wiring().network().fabric().simulator().addLane(*this, 0)),
      reconnection_(options.restarts, options.again) {
  options_.mediaInterval.reset();
  const topology::Participant& who = call.participants[participant];
  sides_[0].element = network_.graph().participant(who).value();
  sides_[1].element = processor;
  makeClient(0, who, true);
  const std::string stream = call.name + "#" + std::to_string(call.copy) + " " +
                             network_.graph().element(sides_[0].element).name + " lite";
  sides_[1].server = &network_.processor(processor).open(
      fabric::streamNumber(stream) ^ options_.seed, options_.dtls,
      [this](TimePoint) { noteConnected(1); }, [this](TimePoint) { move(1); });
}

IceSession::IceSession(IceNetwork& network, const topology::Call& call, const IceOptions& options)
    : network_(network),
      call_(call),
      options_(options),
      lane_(network.wiring().network().fabric().simulator().addLane(*this, 0)),
      reconnection_(options.restarts, options.again) {
  for (const std::size_t i : {0U, 1U})
    sides_[i].element = network_.graph().participant(call.participants[i]).value();
  for (const std::size_t i : {0U, 1U}) makeClient(i, call.participants[i], i == 0);
}

bool IceSession::allows(topology::PathKind kind) const {
  return call_.paths.empty() ||
         std::find(call_.paths.begin(), call_.paths.end(), kind) != call_.paths.end();
}

std::vector<ice::Server> IceSession::serversOf(ElementId element) const {
  const auto addressOf = [this](ElementId server) {
    return wire::Ipv4{network_.graph().element(server).address};
  };
  std::vector<ice::Server> result;
  std::vector<wire::Ipv4> answering;  // as STUN servers only
  if (const auto relay = network_.graph().relay(element, call_.relays)) {
    addRelay(element, network_.graph().element(*relay), result);
    if (network_.graph().element(*relay).overUdp && !allows(topology::PathKind::relayUdp))
      answering.push_back(addressOf(*relay));
  }
  // Azure's own answer whichever relays a call may use.
  const auto nearest = network_.graph().relay(element);
  if (nearest && nearest != network_.graph().relay(element, call_.relays))
    answering.push_back(addressOf(*nearest));
  for (const wire::Ipv4 address : answering)
    result.push_back({{address, explain::kStunPort}, ice::RelayProtocol::udp, false});
  return result;
}

// What is reached over UDP, over TCP, and through the client's proxy, as far as the call may use
// it.
void IceSession::addRelay(ElementId client, const topology::Element& server,
                          std::vector<ice::Server>& result) const {
  const wire::Ipv4 address{server.address};
  if (server.overUdp && allows(topology::PathKind::relayUdp))
    result.push_back({{address, explain::kStunPort}, ice::RelayProtocol::udp});
  if (!server.overTcp) return;
  const bool secured = call_.transport.security != topology::Security::none;
  ice::Server overTcp{{address, explain::kTurnTcpPort},
                      secured ? ice::RelayProtocol::tls : ice::RelayProtocol::tcp};
  if (allows(topology::PathKind::relayTcp)) result.push_back(overTcp);
  const auto proxy = network_.graph().proxy(client);
  if (!proxy || !allows(topology::PathKind::relayProxy)) return;
  // A proxy that refuses the port, or looks into what it finds, opens no tunnel.
  const topology::Element& at = network_.graph().element(*proxy);
  overTcp.throughProxy = true;
  if (wire::contains(at.connectPorts, explain::kTurnTcpPort) && !at.inspectsTls)
    result.push_back(overTcp);
}

void IceSession::makeClient(std::size_t i, const topology::Participant& who, bool offers) {
  const topology::NetworkGraph& graph = network_.graph();
  Side& side = sides_[i];
  const std::string name = graph.element(side.element).name;
  client::IceClient::Setup setup;
  const fabric::NodeId node = network_.wiring().network().node(side.element);
  const wire::Ipv4 own{graph.element(side.element).address};
  setup.interfaces = {{node, own, own}};
  for (const topology::TunnelPlace& tunnel : graph.tunnels()) {
    if (tunnel.participant != side.element) continue;
    setup.interfaces.push_back({node, own, wire::Ipv4{graph.element(tunnel.client).address}});
    setup.agent.gathering.interfaceCosts.push_back(ice::kVpnCost);
  }
  // RFC 8445 6.1.1: a full agent controls one that is lite.
  const bool towardsServer =
      graph.element(sides_[1 - i].element).kind != topology::ElementKind::participant;
  setup.agent.role = offers ? ice::Role::controlling : ice::Role::controlled;
  setup.agent.remoteIsLite = towardsServer;
  setup.agent.direct = allows(topology::PathKind::direct);
  setup.agent.gathering.servers = serversOf(side.element);
  setup.agent.gathering.relayOnly =
      std::find(call_.relayOnly.begin(), call_.relayOnly.end(), who.name) != call_.relayOnly.end();
  setup.agent.gathering.preferences = options_.preferences;
  setup.agent.gathering.credentials = relayCredentials();
  const std::string stream = call_.name + "#" + std::to_string(call_.copy) + " " + name + " ice";
  setup.agent.seed = fabric::streamNumber(stream) ^ options_.seed;
  setup.dtls = options_.dtls;
  // RFC 5763 5: the offerer is actpass, who answers begins.
  setup.dtlsRole = offers && !towardsServer ? dtls::Role::server : dtls::Role::client;
  setup.dscp = call_.dscp;
  setup.draws = network_.wiring().network().fabric().flowNumber(stream);
  setup.nextPort = [this, element = side.element,
                    first = fabric::streamNumber(stream + " ports") % kPorts] {
    const std::uint16_t next = network_.ports().next(element, PortBook::Use::client);
    return static_cast<std::uint16_t>(kFirstPort + (first + next - kFirstPort) % kPorts);
  };
  setup.peer = network_.wiring().network().node(sides_[1 - i].element);
  for (const std::size_t each : {0U, 1U}) {
    if (each != i && towardsServer) continue;
    for (const auto& relay :
         {graph.relay(sides_[each].element, call_.relays), graph.relay(sides_[each].element)}) {
      if (!relay) continue;
      network_.relay(*relay);
      setup.servers[wire::Ipv4{graph.element(*relay).address}] =
          network_.wiring().network().node(*relay);
    }
  }
  side.client =
      std::make_unique<client::IceClient>(network_.datagrams(), *this, *this, std::move(setup));
}

TimePoint IceSession::now() const {
  return network_.wiring().network().fabric().simulator().now();
}

std::size_t IceSession::sideOf(const client::IceClient& client) const {
  return &client == sides_[0].client.get() ? 0 : 1;
}

void IceSession::start() {
  started_ = now();
  tell({Message::Kind::offer, 1, sides_[0].client->agent().credentials(), {}});
  sides_[0].client->gather();
}

void IceSession::close() {
  for (Side& side : sides_)
    if (side.client != nullptr) side.client->close();
}

// ---- signaling: in order, each way

void IceSession::tell(Message message) {
  Side& to = sides_[message.to];
  Duration takes = options_.signaling.candidate;
  if (message.kind == Message::Kind::offer) takes = options_.signaling.offer;
  if (message.kind == Message::Kind::answer) takes = options_.signaling.answer;
  to.busyUntil = std::max(now() + options_.signaling.oneWay, to.busyUntil) + takes;
  messages_.push_back(std::move(message));
  network_.wiring().network().fabric().simulator().pushOutOfOrder(
      lane_, to.busyUntil, static_cast<std::uint32_t>(messages_.size() - 1));
}

void IceSession::onRecord(std::uint32_t, std::uint32_t payload, TimePoint) {
  if (payload == kRestart) {
    restart();
    return;
  }
  if (payload == kLimit) {
    if (reconnection_.over(now())) end();
    return;
  }
  if (payload >= kMedia) {
    stun::Bytes packet(static_cast<std::size_t>(options_.mediaSize.count()));
    packet.front() = 0x80;  // RTP's version (RFC 3550 5.1)
    sides_[payload - kMedia].client->send(packet);
    later(payload, *options_.mediaInterval);
    return;
  }
  const Message message = messages_[payload];
  handle(message);
}

void IceSession::restart() {
  if (ended_) return;
  restarting_ = true;
  client::IceClient& client = *sides_[0].client;
  sides_[0].seen.restarts.push_back(since());
  client.restart();
  tell({Message::Kind::offer, 1, client.agent().credentials(), {}});
  client.gather();
}

void IceSession::end() {
  if (std::exchange(ended_, true)) return;
  if (watcher_ != nullptr) watcher_->onEnded(*this, now());
}

void IceSession::later(std::uint32_t what, Duration wait) {
  network_.wiring().network().fabric().simulator().pushOutOfOrder(lane_, now() + wait, what);
}

void IceSession::toServer(const Message& message) {
  // It sends no checks, and needs to know of nobody's candidates.
  if (message.kind != Message::Kind::offer) return;
  const ice::LiteAgent& agent = sides_[message.to].server->agent;
  tell({Message::Kind::answer, 1 - message.to, agent.credentials(), {}});
  tell({Message::Kind::candidate, 1 - message.to, {}, agent.candidate()});
}

void IceSession::handle(const Message& message) {
  if (sides_[message.to].server != nullptr) {
    toServer(message);
    return;
  }
  client::IceClient& to = *sides_[message.to].client;
  switch (message.kind) {
    case Message::Kind::offer:
      if (restarting_) to.restart();
      to.setRemote(message.credentials);
      tell({Message::Kind::answer, 1 - message.to, to.agent().credentials(), {}});
      to.gather();
      break;
    case Message::Kind::answer:
      to.setRemote(message.credentials);
      break;
    case Message::Kind::candidate:
      to.addRemoteCandidate(message.candidate);
      break;
  }
}

// ---- what clients tell

void IceSession::onCandidate(client::IceClient& client, const ice::Candidate& candidate) {
  const std::size_t i = sideOf(client);
  sides_[i].seen.candidates.push_back({since(), candidate});
  tell({Message::Kind::candidate, 1 - i, {}, candidate});
}

void IceSession::onGathered(client::IceClient& client) {
  IceSide& seen = sides_[sideOf(client)].seen;
  if (!seen.gathered) seen.gathered = since();
}

void IceSession::onState(client::IceClient& client, ice::State state) {
  const std::size_t i = sideOf(client);
  IceSide& seen = sides_[i].seen;
  seen.states.push_back({since(), state});
  const bool connected = state == ice::State::connected || state == ice::State::completed;
  if (connected && !seen.iceConnected) seen.iceConnected = since();
  if (state == ice::State::failed && !seen.failed) seen.failed = since();
  if (i != 0) return;
  const auto before = reconnection_.limit();
  act(reconnection_.onState(state, now()));
  const auto limit = reconnection_.limit();
  if (limit && limit != before) later(kLimit, *limit - now());
}

// The application acts on what it hears in an event of its own.
void IceSession::act(client::Reconnection::Act act) {
  switch (act) {
    case client::Reconnection::Act::nothing:
      return;
    case client::Reconnection::Act::restart:
      later(kRestart, {});
      return;
    case client::Reconnection::Act::end:
      if (watcher_ != nullptr) end();
      return;
  }
}

void IceSession::onSelected(client::IceClient& client, const ice::Pair* pair) {
  const std::size_t i = sideOf(client);
  sides_[i].seen.selections.push_back(selectionOf(pair));
  move(i);
}

IceSide::Selection IceSession::selection(std::size_t i) const {
  return selectionOf(sides_[i].client->agent().selected());
}

IceSide::Selection IceSession::selectionOf(const ice::Pair* pair) const {
  IceSide::Selection selection;
  selection.at = since();
  selection.none = pair == nullptr;
  if (pair != nullptr) {
    selection.local = typeOf(pair->local());
    selection.remote = typeOf(pair->remote());
    selection.relay = pair->local().relay;
    selection.words = words(pair->local()) + " - " + words(pair->remote());
  }
  return selection;
}

void IceSession::onConnected(client::IceClient& client) {
  const std::size_t i = sideOf(client);
  noteConnected(i);
  if (options_.mediaInterval) later(kMedia + static_cast<std::uint32_t>(i), {});
}

void IceSession::onMedia(client::IceClient& client) {
  sides_[sideOf(client)].seen.media.push_back(since());
}

void IceSession::onRoundTrip(client::IceClient& client, Duration roundTrip) {
  if (now() - roundTrip < countFrom_) return;
  sides_[sideOf(client)].roundTrips.add(roundTrip);
}

void IceSession::noteConnected(std::size_t i) {
  sides_[i].seen.dtlsConnected = since();
  if (!sides_[1 - i].seen.dtlsConnected) return;
  connected_ = true;
  if (watcher_ != nullptr) watcher_->onConnected(*this, now());
}

// ---- media

std::optional<TimePoint> IceSession::lastFrame(const client::IceClient& client,
                                               const ice::Pair& pair) {
  std::optional<TimePoint> last;
  for (const auto& [port, leg] : sides_[sideOf(client)].incoming) {
    if (port != pair.port() || leg->lastArrival() == TimePoint{}) continue;
    last = std::max(last, std::optional(leg->lastArrival()));
  }
  return last;
}

PathEnd IceSession::endOf(std::size_t i) const {
  const Side& side = sides_[i];
  PathEnd end;
  end.element = side.element;
  end.client = side.client.get();
  end.lines = &side.lines;
  if (side.server != nullptr) end.socket = side.server->agent.candidate().address;
  return end;
}

void IceSession::move(std::size_t from) {
  sides_[from].moved = true;
  if (watcher_ != nullptr) watcher_->onPath(*this, from, now());
}

const path::Path& IceSession::path(std::size_t from) {
  Side& side = sides_[from];
  if (!std::exchange(side.moved, false)) return *side.uses.back().legs;
  PathUse use{now(), nullptr, &network_.wiring().nowhere()};
  const ice::Pair* const selected = side.client ? side.client->agent().selected() : nullptr;
  const auto nominated = side.server ? side.server->agent.nominated() : std::nullopt;
  if (selected != nullptr || nominated) {
    const PathEnd near = endOf(from), far = endOf(1 - from);
    side.paths.push_back(std::make_unique<PathFromPair>(
        selected != nullptr ? pathBy(network_, *selected, near, far)
                            : pathTo(network_, *nominated, near, far)));
    const PathFromPair& made = *side.paths.back();
    use.path = &made.found.path;
    use.legs = &network_.wiring().path(made.found, call_);
    if (made.arrivesAt) {
      auto& incoming = sides_[1 - from].incoming;
      const std::pair last{*made.arrivesAt, static_cast<const path::Leg*>(use.legs->legs.back())};
      if (std::find(incoming.begin(), incoming.end(), last) == incoming.end())
        incoming.push_back(last);
    }
  }
  side.uses.push_back(use);
  return *use.legs;
}

// ---- relays over TCP

void IceSession::connect(client::IceClient& client, ice::PortNumber port, std::uint8_t,
                         const ice::Server& server) {
  const topology::NetworkGraph& graph = network_.graph();
  const std::size_t i = sideOf(client);
  Side& side = sides_[i];
  const ElementId relay = graph.relay(side.element, call_.relays).value();
  const auto socketOf = [&](ElementId element) {
    return wire::Endpoint{wire::Ipv4{graph.element(element).address},
                          network_.ports().next(element, PortBook::Use::client)};
  };
  const wire::Endpoint own = socketOf(side.element);
  RelayLine::Ends ends;
  std::vector<explain::Leg> legs;
  if (server.throughProxy) {
    const auto proxy = graph.proxy(side.element);
    const wire::Endpoint upstream = socketOf(*proxy);
    legs.push_back(
        legOf(graph, side.element, own, *proxy, {upstream.address, explain::kProxyPort}));
    legs.push_back(legOf(graph, *proxy, upstream, relay, server.address));
    for (explain::Leg& leg : legs) leg.tunnel = upstream.port;
  } else {
    legs.push_back(legOf(graph, side.element, own, relay, server.address));
  }
  ends.there.legs = legs;
  for (auto leg = legs.rbegin(); leg != legs.rend(); ++leg) {
    explain::Leg back = legOf(graph, leg->to, {wire::Ipv4{leg->toAddress}, leg->toPort}, leg->from,
                              {wire::Ipv4{leg->fromAddress}, leg->fromPort});
    back.tunnel = leg->tunnel;
    ends.back.legs.push_back(std::move(back));
  }
  ends.thereDraws = ends.backDraws = client.setup().draws;
  const turn::Client5 five{own, server.address, wire::Protocol::tcp};
  turn::Server& at = network_.relay(relay);
  side.lines[port] = std::make_unique<RelayLine>(
      network_.wiring(), call_, std::move(ends),
      [&client, &at, five, port](bool stands) {
        if (!stands) at.closed(five);
        client.onConnection(port, stands);
      },
      [this, &at, five](const stun::Bytes& bytes) { at.onStream(five, bytes, now()); },
      [&client, port](const stun::Bytes& bytes) { client.onStream(port, bytes); });
  RelayLine& line = *side.lines[port];
  at.connected(five, [&line](const stun::Bytes& bytes) { line.toClient(bytes); });
  line.open();
}

void IceSession::send(client::IceClient& client, ice::PortNumber port, const stun::Bytes& bytes) {
  sides_[sideOf(client)].lines.at(port)->toServer(bytes);
}

}  // namespace callflow::sim
