#include "models/ice/agent.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "models/ice/timers.h"

namespace callflow::ice {

std::string_view name(State state) {
  switch (state) {
    case State::fresh:
      return "new";
    case State::checking:
      return "checking";
    case State::connected:
      return "connected";
    case State::completed:
      return "completed";
    case State::disconnected:
      return "disconnected";
    case State::failed:
      return "failed";
  }
  return "";
}

Agent::Agent(const AgentSettings& settings, AgentWorld& world)
    : settings_(settings),
      world_(world),
      random_(settings.seed),
      tieBreaker_(random_()),
      local_(drawCredentials(random_)),
      localKey_(stun::Key::shortTerm(local_.password)),
      gathering_(settings.gathering, world, *this, [this] { return newTransaction(); }),
      schedule_(settings.gathering.ticks) {}

stun::TransactionId Agent::newTransaction() {
  stun::TransactionId id{};
  for (std::uint8_t& byte : id) byte = static_cast<std::uint8_t>(random_());
  return id;
}

// ---- candidates and pairs

void Agent::gather(TimePoint now) {
  gathering_.start(generation_, now);
}

void Agent::restart() {
  ++generation_;
  local_ = drawCredentials(random_);
  localKey_ = stun::Key::shortTerm(local_.password);
  remote_.reset();
  remoteKey_.reset();
  remoteCandidates_.clear();
}

void Agent::loseInterface(std::uint8_t interface, TimePoint now) {
  gathering_.loseInterface(interface, now);
}

void Agent::gainInterface(std::uint8_t interface, TimePoint now) {
  gathering_.gainInterface(interface, now);
}

void Agent::setRemote(const Credentials& remote, TimePoint now) {
  remote_ = remote;
  remoteKey_ = stun::Key::shortTerm(remote.password);
  decide(now);
}

void Agent::addRemoteCandidate(const Candidate& candidate, TimePoint now) {
  remoteCandidates_.push_back(candidate);
  for (const Port& port : gathering_.ports()) pairUp(port, candidate, now);
  decide(now);
}

void Agent::onPort(const Port& port, TimePoint now) {
  for (const Candidate& remote : remoteCandidates_) pairUp(port, remote, now);
  decide(now);
}

void Agent::onPortLost(const Port& port, TimePoint now) {
  for (const auto& pair : pairs_)
    if (pair->port() == port.number) pair->fail();
  decide(now);
}

void Agent::onLocalCandidate(const Candidate& candidate) {
  world_.onCandidate(candidate);
}

void Agent::onAllGathered() {
  world_.onGathered();
}

void Agent::pairUp(const Port& port, const Candidate& remote, TimePoint now) {
  if (!port.own || port.lost || port.generation != generation_) return;
  const bool relayed = port.relay || remote.type == CandidateType::relayed ||
                       remote.type == CandidateType::peerReflexive;  // a relay's, not told yet
  if (!settings_.direct && !relayed) return;
  if (Pair* const known = find(port.number, remote.address)) {
    // A check came from there before the candidate was told.
    if (known->remote().type == CandidateType::peerReflexive) known->setRemote(remote);
    return;
  }
  pairs_.push_back(
      std::make_unique<Pair>(nextPair_++, port.number, port.interface, *port.own, remote, now));
  hadPair_ = true;
  gathering_.permit(port.number, remote.address, now);
}

Pair* Agent::find(PortNumber port, wire::Endpoint remote) const {
  const auto found = std::find_if(pairs_.begin(), pairs_.end(), [&](const auto& pair) {
    return pair->port() == port && pair->remote().address == remote;
  });
  return found == pairs_.end() ? nullptr : found->get();
}

// ---- what comes

void Agent::onDatagram(wire::Endpoint socket, wire::Endpoint from, const stun::Bytes& bytes,
                       TimePoint now) {
  if (const auto received = gathering_.onDatagram(socket, from, bytes, now))
    onPacket(received->port, received->from, received->bytes, now);
}

void Agent::onStream(PortNumber port, const stun::Bytes& bytes, TimePoint now) {
  if (const auto received = gathering_.onStream(port, bytes, now))
    onPacket(received->port, received->from, received->bytes, now);
}

void Agent::onConnection(PortNumber port, bool stands, TimePoint now) {
  gathering_.onConnection(port, stands, now);
}

void Agent::onPacket(PortNumber port, wire::Endpoint from, const stun::Bytes& bytes,
                     TimePoint now) {
  if (!looksLikeStun(bytes)) {
    Pair* const pair = find(port, from);
    if (pair == nullptr) return;  // it has told nobody that it may be reached so
    pair->heard(now);
    world_.onPayload(bytes);
    decide(now);
    return;
  }
  const auto parsed = stun::parse(bytes);
  if (!parsed || parsed->message.method != stun::Method::binding) return;
  switch (parsed->message.messageClass) {
    case stun::Class::request:
      if (localKey_ && stun::verify(bytes, *parsed, *localKey_)) onCheck(port, from, *parsed, now);
      break;
    case stun::Class::success:
      if (remoteKey_ && stun::verify(bytes, *parsed, *remoteKey_)) onAnswer(port, *parsed, now);
      break;
    case stun::Class::error:
    case stun::Class::indication:
      break;
  }
}

void Agent::onCheck(PortNumber port, wire::Endpoint from, const stun::Parsed& check,
                    TimePoint now) {
  const stun::Message& message = check.message;
  Pair* pair = find(port, from);
  const Port& at = gathering_.ports()[port];
  if (pair == nullptr) {
    if (!at.own) return;
    const Candidate remote{
        .type = CandidateType::peerReflexive,
        .address = from,
        .base = from,
        .relay = std::nullopt,
        .priority = message.priority.value_or(0),
        .generation = generation_,
        .networkCost = static_cast<std::uint16_t>(message.networkInfo.value_or(0))};
    pairUp(at, remote, now);
    pair = find(port, from);
    if (pair == nullptr) return;  // a port of a generation that is over
  }
  pair->checked(message.useCandidate, now);
  pair->revive();
  gathering_.send(port, from, answerTo(message, from, *localKey_), false, now);
  decide(now);
}

void Agent::onAnswer(PortNumber port, const stun::Parsed& answer, TimePoint now) {
  std::optional<Duration> roundTrip;
  const auto answered = std::find_if(pairs_.begin(), pairs_.end(), [&](const auto& pair) {
    if (pair->port() == port) roundTrip = pair->answered(answer.message.transaction, now);
    return roundTrip.has_value();
  });
  if (answered == pairs_.end()) return;
  Pair& pair = **answered;
  world_.onRoundTrip(pair, *roundTrip);
  if (answer.message.mapped) {
    const auto* const address = std::get_if<wire::Ipv4>(&answer.message.mapped->ip);
    if (address != nullptr)
      pair.setLocal(gathering_.localAs(port, {*address, answer.message.mapped->port}));
  }
  decide(now);
}

bool Agent::takesMedia(wire::Endpoint socket, wire::Endpoint from) const {
  const Port* const port = gathering_.portAt(socket, from);
  if (port == nullptr) return false;
  if (port->relay) return true;  // which asks for permissions
  return find(port->number, from) != nullptr;
}

bool Agent::knows(wire::Endpoint own, wire::Endpoint other) const {
  return std::any_of(pairs_.begin(), pairs_.end(), [&](const auto& pair) {
    const Port& port = gathering_.ports()[pair->port()];
    return port.own && port.own->address == own && pair->remote().address == other;
  });
}

// ---- what goes out

void Agent::check(Pair& pair, TimePoint now) {
  stun::Message message;
  message.messageClass = stun::Class::request;
  message.method = stun::Method::binding;
  message.transaction = newTransaction();
  message.username = remote_->fragment + ":" + local_.fragment;
  message.networkInfo = std::uint32_t{pair.local().networkCost};
  if (settings_.role == Role::controlling) {
    message.controlling = tieBreaker_;
    message.useCandidate = nominates(pair, selected_, settings_.remoteIsLite);
  } else {
    message.controlled = tieBreaker_;
  }
  message.priority = peerReflexivePriority(pair.local());
  pair.checkSent(message.transaction, now);
  schedule_.sent(pair, now);
  gathering_.send(pair.port(), pair.remote().address, stun::encode(message, &*remoteKey_, true),
                  false, now);
}

void Agent::sendPayload(stun::Bytes bytes, TimePoint now) {
  if (selected_ == nullptr) return;
  gathering_.send(selected_->port(), selected_->remote().address, std::move(bytes), true, now);
}

// ---- time

std::optional<TimePoint> Agent::nextTimer(TimePoint now) {
  std::optional<TimePoint> next = gathering_.nextTimer(), update;
  for (const auto& pair : pairs_)
    if (const auto when = pair->nextUpdate()) update = update ? std::min(*update, *when) : *when;
  if (const auto look = schedule_.nextLook(pairs_, context(), update, now))
    next = next ? std::min(*next, *look) : *look;
  return next;
}

void Agent::onTimer(TimePoint now) {
  gathering_.onTimer(now);
  if (pairs_.empty() || !schedule_.looksAt(now)) return;
  for (const auto& pair : pairs_) {
    if (const auto media = world_.lastMedia(*pair); media && media > pair->lastHeard())
      pair->heard(*media);
    pair->update(now);
  }
  for (auto& pair : pairs_) {
    if (pair.get() == selected_ || !pair->dead(now)) continue;
    schedule_.forget(pair->number());
    former_.push_back(std::move(pair));
  }
  std::erase(pairs_, nullptr);
  decide(now);
  if (Pair* const pair = schedule_.look(pairs_, context(), now)) check(*pair, now);
}

void Agent::close(TimePoint now) {
  gathering_.close(now);
}

// ---- decisions

void Agent::decide(TimePoint) {
  sort(pairs_, settings_.role);
  Pair* selected = selected_;
  if (!pairs_.empty() && shouldSwitch(selected, *pairs_.front(), settings_.role))
    selected = pairs_.front().get();
  if (selected != nullptr && selected->writability() == Writability::timedOut) selected = nullptr;
  const bool changed = std::exchange(selected_, selected) != selected;
  if (changed && selected != nullptr) sort(pairs_, settings_.role);
  for (Pair* const pair : toPrune(pairs_, selected_, settings_.role)) pair->prune();
  std::bitset<256> interfaces;
  bool alone = true;  // each on its interface
  for (const auto& pair : pairs_) {
    if (!pair->active()) continue;
    alone = alone && !interfaces[pair->interface()];
    interfaces.set(pair->interface());
  }
  completed_ = interfaces.any() && alone;
  if (changed) world_.onSelected(selected_);
  if (selected_ != nullptr && selected_->writable()) {
    everWritable_ = true;
    if (selected_->local().generation == generation_) gathering_.stop(selected_->interface());
  }
  const State state = stateNow();
  if (state == State::failed) failedIn_ = generation_;
  if (std::exchange(state_, state) != state) world_.onState(state);
}

State Agent::stateNow() const {
  const bool any =
      std::any_of(pairs_.begin(), pairs_.end(), [](const auto& pair) { return pair->active(); });
  const bool writable = selected_ != nullptr && selected_->writable();
  if (hadPair_ && !any) return State::failed;
  // That is for good until ICE is restarted (W3C webrtc-pc 5.6.4) or a pair works after all: checks
  // that still come from the other side, and are answered in vain, begin pairs anew again and
  // again.
  if (state_ == State::failed && failedIn_ == generation_ && !writable) return State::failed;
  if (!writable && everWritable_) return State::disconnected;
  if (!hadPair_) return State::fresh;
  if (!writable) return State::checking;
  return completed_ ? State::completed : State::connected;
}

}  // namespace callflow::ice
