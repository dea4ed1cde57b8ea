#include "src/sim/ice_session.h"

#include <algorithm>
#include <utility>

#include "models/fabric/random.h"
#include "src/sim/tcp_ends.h"

namespace callflow::sim {

namespace {

using explain::PortBook;
using topology::ElementId;

// Of a record: the first client restarts, or looks whether it is to give up.
constexpr std::uint32_t kRestart = 0x80000000;
constexpr std::uint32_t kLimit = 0x80000001;
// A client sends media.
constexpr std::uint32_t kMedia = 0x80000002;

std::string typeOf(const ice::Candidate& candidate) {
  return std::string(ice::name(candidate.type));
}

}  // namespace

IceOptions optionsOf(const topology::Call& call, const explain::MediaPath* plan, std::uint64_t seed,
                     int replication) {
  IceOptions options;
  options.firstsRelay = true;
  if (plan != nullptr) options.byOwnRelay = {plan->legs.front().turn, plan->legs.back().turn};
  const bool newest = call.profile == client::Version::chrome2026;
  // libwebrtc: both changed between M125 and M150.
  options.preferences = newest ? ice::Preferences::m150 : ice::Preferences::m125;
  options.dtls = newest ? dtls::Version::v13 : dtls::Version::v12;
  options.seed =
      fabric::streamNumber("ice " + std::to_string(seed) + " " + std::to_string(replication));
  return options;
}

std::string words(const ice::Candidate& candidate) {
  std::string text = std::string(ice::name(candidate.type)) + " " + toText(candidate.address);
  if (candidate.relay) text += " by " + std::string(ice::name(*candidate.relay));
  return text;
}

std::string IceSide::place(std::uint8_t interface) const {
  return interfaces.empty() ? "" : " at " + interfaces[interface];
}

std::string IceSide::words(const ice::Pair& pair) const {
  return sim::words(pair.local()) + " - " + sim::words(pair.remote()) + place(pair.interface());
}

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
  signalOverHttps();
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
  signalOverHttps();
}

std::vector<ice::Port::Refused> IceSession::refusals(std::size_t i) const {
  std::vector<ice::Port::Refused> all;
  for (const ice::Port& port : client(i).agent().gathering().ports())
    all.insert(all.end(), port.refused.begin(), port.refused.end());
  return all;
}

TimePoint IceSession::now() const {
  return network_.wiring().network().fabric().simulator().now();
}

std::size_t IceSession::sideOf(const client::IceClient& client) const {
  return &client == sides_[0].client.get() ? 0 : 1;
}

void IceSession::start() {
  started_ = now();
  for (const Side& side : sides_) {
    for (const ElementId each : side.interfaces) {
      network_.watch(each, *this);
      if (!network_.hasAccess(each)) onAccess(each, false);
    }
  }
  if (signaling_ != nullptr) {
    signaling_->start();
  } else {
    offer();
  }
}

void IceSession::offer() {
  client::IceClient& client = *sides_[0].client;
  tell({Message::Kind::offer, 1, client.agent().credentials(), {}});
  client.gather();
}

void IceSession::close() {
  if (signaling_ != nullptr) signaling_->close();
  for (Side& side : sides_)
    if (side.client != nullptr) side.client->close();
}

void IceSession::onAccess(ElementId interface, bool there) {
  for (Side& side : sides_) {
    for (std::size_t i = 0; i < side.interfaces.size(); ++i)
      if (side.interfaces[i] == interface)
        side.client->setInterface(static_cast<std::uint8_t>(i), there);
  }
}

// ---- signaling: in order, each way

signaling::Message IceSession::Message::content() const {
  switch (kind) {
    case Kind::offer:
      return signaling::Message::invite;
    case Kind::answer:
      return signaling::Message::answer;
    case Kind::candidate:
      break;
  }
  return signaling::Message::candidate;
}

void IceSession::signalOverHttps() {
  if (call_.signaling != signaling::Carriage::https) return;
  signaling_ = std::make_unique<Signaling>(
      network_, call_, std::array{sides_[0].element, sides_[1].element}, [this] { offer(); },
      [this] {
        if (watcher_ == nullptr) close();
        end();
      });
}

void IceSession::tell(Message message) {
  const std::size_t from = 1 - message.to;
  const auto number = static_cast<std::uint32_t>(messages_.size());
  messages_.push_back(std::move(message));
  if (signaling_ == nullptr) {
    told(number);
    return;
  }
  signaling_->send(from, messages_.back().content(), [this, number] { told(number); });
}

void IceSession::told(std::uint32_t number) {
  const Message& message = messages_[number];
  Side& to = sides_[message.to];
  Duration takes = options_.signaling.candidate;
  if (message.kind == Message::Kind::offer) takes = options_.signaling.offer;
  if (message.kind == Message::Kind::answer) takes = options_.signaling.answer;
  const Duration way = signaling_ == nullptr ? options_.signaling.oneWay : Duration{};
  to.busyUntil = std::max(now() + way, to.busyUntil) + takes;
  network_.wiring().network().fabric().simulator().pushOutOfOrder(lane_, to.busyUntil, number);
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
    if (!options_.mediaInterval) return;
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
  sides_[0].seen.restarts.push_back(since());
  sides_[0].client->restart();
  offer();
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
  if (candidate.type == ice::CandidateType::relayed) {
    if (signaling_ != nullptr) signaling_->allocated(i);
    const wire::Endpoint own = candidate.address;
    network_.relay(network_.relayAt(own.address))
        .setTaker(own.port,
                  [&client, own](wire::Endpoint from) { return client.agent().knows(own, from); });
  }
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
  sides_[i].seen.selections.push_back(selectionOf(i, pair));
  move(i);
}

IceSide::Selection IceSession::selection(std::size_t i) const {
  return selectionOf(i, sides_[i].client->agent().selected());
}

IceSide::Selection IceSession::selectionOf(std::size_t i, const ice::Pair* pair) const {
  IceSide::Selection selection;
  selection.at = since();
  selection.none = pair == nullptr;
  if (pair != nullptr) {
    selection.local = typeOf(pair->local());
    selection.remote = typeOf(pair->remote());
    selection.relay = pair->local().relay;
    selection.interface = pair->interface();
    selection.words = sides_[i].seen.words(*pair);
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
  if (signaling_ != nullptr) signaling_->connected(i);
  if (!sides_[1 - i].seen.dtlsConnected) return;
  connected_ = true;
  if (watcher_ != nullptr) watcher_->onConnected(*this, now());
}

// ---- media

std::optional<TimePoint> IceSession::lastFrame(const client::IceClient& client,
                                               const ice::Pair& pair) {
  std::optional<TimePoint> last;
  for (const Side::Incoming& each : sides_[sideOf(client)].incoming) {
    const wire::Endpoint from = each.seen != nullptr ? each.seen->lastSource() : each.from;
    const bool its = each.port == pair.port() && from == pair.remote().address;
    if (!its || each.leg->lastArrival() == TimePoint{}) continue;
    last = std::max(last, std::optional(each.leg->lastArrival()));
  }
  return last;
}

PathEnd IceSession::endOf(std::size_t i) const {
  const Side& side = sides_[i];
  PathEnd end;
  end.element = side.element;
  end.client = side.client.get();
  end.interfaces = &side.interfaces;
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
    use.found = &made.found;
    use.legs = &network_.wiring().path(made.found, call_);
    if (made.arrivesAt) {
      auto& incoming = sides_[1 - from].incoming;
      const wire::Endpoint seen =
          selected != nullptr ? selected->local().address : side.server->agent.candidate().address;
      const path::Leg* const after = made.seenAfter ? use.legs->legs[*made.seenAfter] : nullptr;
      const Side::Incoming last{*made.arrivesAt, seen, use.legs->legs.back(), after};
      if (std::find(incoming.begin(), incoming.end(), last) == incoming.end())
        incoming.push_back(last);
    }
  }
  side.uses.push_back(use);
  return *use.legs;
}

const IceSession::PathUse* IceSession::longestUse(std::size_t from, TimePoint end) const {
  const std::vector<PathUse>& all = uses(from);
  const PathUse* longest = nullptr;
  Duration most;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const TimePoint until = i + 1 < all.size() ? all[i + 1].since : std::max(end, all[i].since);
    const Duration lasted = until - all[i].since;
    if (all[i].found == nullptr || (longest != nullptr && lasted <= most)) continue;
    longest = &all[i];
    most = lasted;
  }
  return longest;
}

// ---- relays over TCP

void IceSession::connect(client::IceClient& client, ice::PortNumber port, std::uint8_t interface,
                         const ice::Server& server) {
  const topology::NetworkGraph& graph = network_.graph();
  const std::size_t i = sideOf(client);
  Side& side = sides_[i];
  const ElementId relay = network_.relayAt(server.address.address);
  const ElementId from = side.interfaces[interface];
  TcpWay way{from, relay, server.address, std::nullopt, true, client.setup().draws};
  if (server.throughProxy) way.proxy = graph.proxy(from);
  RelayLine::Ends ends = tcpEnds(network_, way);
  const explain::Leg& first = ends.there.legs.front();
  const turn::Client5 five{
      {wire::Ipv4{first.fromAddress}, first.fromPort}, server.address, wire::Protocol::tcp};
  turn::Server& at = network_.relay(relay);
  if (std::unique_ptr<RelayLine>& old = side.lines[port]; old != nullptr) {
    old->abandon();
    side.left.push_back(std::move(old));
  }
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
