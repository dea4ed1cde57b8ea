#include "models/ice/gathering.h"

#include <algorithm>
#include <utility>

#include "models/turn/error_code.h"

namespace callflow::ice {

Gathering::Gathering(const GatheringSettings& settings, PortWorld& world,
                     GatheringListener& listener, std::function<stun::TransactionId()> transactions)
    : settings_(settings),
      world_(world),
      listener_(listener),
      transactions_(std::move(transactions)) {
  for (std::size_t i = 0; i < settings_.interfaceCosts.size(); ++i)
    interfaces_.insert(static_cast<std::uint8_t>(i));
}

// ---- candidates

std::uint32_t Gathering::localPreference(const Port& port) const {
  LocalPreference preference;
  preference.interface = port.interface;
  if (port.relay) {
    preference.servers = static_cast<std::uint8_t>(
        std::count_if(settings_.servers.begin(), settings_.servers.end(),
                      [](const Server& server) { return server.relays; }));
    preference.server = port.server;
    preference.ownRelays = settings_.ownRelays;
  }
  return preference.value();
}

Candidate Gathering::candidate(const Port& port, CandidateType type, wire::Endpoint address) const {
  Candidate result;
  result.type = type;
  result.address = address;
  result.base = type == CandidateType::relayed ? address : port.socket;
  if (type == CandidateType::relayed) result.relay = port.at.protocol;
  result.priority =
      priority(typePreference(type, result.relay, settings_.preferences), localPreference(port));
  result.generation = port.generation;
  result.networkCost = port.cost;
  result.interface = port.interface;
  return result;
}

Candidate Gathering::localAs(PortNumber number, wire::Endpoint seen) const {
  const Port& port = ports_[number];
  if (port.own->address == seen) return *port.own;
  for (const Candidate& each : port.reflexive)
    if (each.address == seen) return each;
  Candidate result = *port.own;
  result.type = CandidateType::peerReflexive;
  result.address = seen;
  result.priority = peerReflexivePriority(*port.own);
  return result;
}

// ---- steps

void Gathering::start(std::uint32_t generation, TimePoint now) {
  generation_ = generation;
  if (settings_.serversNow) settings_.servers = settings_.serversNow();
  stopped_ = false;
  sequences_.clear();
  begin(interfaces_, now);
}

void Gathering::begin(std::set<std::uint8_t> interfaces, TimePoint now) {
  complete_ = false;
  sequences_.push_back({std::move(interfaces), now, now + settings_.opening});
  timer_.reset();
  onTimer(now);
}

void Gathering::loseInterface(std::uint8_t interface, TimePoint now) {
  if (interfaces_.erase(interface) == 0) return;
  timer_.reset();
  for (Sequence& sequence : sequences_) sequence.interfaces.erase(interface);
  giveUpWaiting(interface);
  std::erase_if(bindings_,
                [&](const Binding& each) { return ports_[each.port].interface == interface; });
  for (Port& port : ports_) {
    if (port.interface != interface || port.lost) continue;
    port.lost = true;
    const bool reliable =
        port.relay && settings_.servers[port.server].protocol != RelayProtocol::udp;
    if (reliable && port.relay->state() != turn::Client::State::failed)
      onConnection(port.number, false, now);
  }
  completeIfDone();
}

void Gathering::gainInterface(std::uint8_t interface, TimePoint now) {
  if (!interfaces_.insert(interface).second) return;
  const bool wanted = settings_.policy == GatheringPolicy::continually || !stopped_;
  if (!sequences_.empty() && wanted) begin({interface}, now);
}

void Gathering::openSockets(Sequence& sequence, TimePoint now) {
  for (const std::uint8_t interface : sequence.interfaces) {
    Port& port = ports_.emplace_back();
    port.number = static_cast<PortNumber>(ports_.size() - 1);
    port.interface = interface;
    port.generation = generation_;
    port.cost = settings_.interfaceCosts[interface];
    sequence.sockets.push_back(port.number);
    const Socket socket = world_.openSocket(port.interface);
    port.socket = socket.local;
    if (settings_.relayOnly) continue;
    port.own = candidate(port, CandidateType::host, socket.address);
    listener_.onLocalCandidate(*port.own);
    listener_.onPort(port, now);
  }
}

void Gathering::askServers(const Sequence& sequence, TimePoint now) {
  for (const PortNumber number : sequence.sockets) {
    const Port& port = ports_[number];
    if (!port.own || port.lost) continue;
    std::vector<wire::Endpoint> asked;
    for (const Server& server : settings_.servers) {
      const bool again = std::find(asked.begin(), asked.end(), server.address) != asked.end();
      if (server.protocol != RelayProtocol::udp || again) continue;
      asked.push_back(server.address);
      bindings_.push_back({port.number, server.address, transactions_(), {}, false, {}});
      bindings_.back().retransmissions.start(now);
      ask(bindings_.back());
    }
  }
}

void Gathering::stop(std::uint8_t interface) {
  stopped_ = true;
  if (complete_) return;
  timer_.reset();
  for (Sequence& sequence : sequences_) {
    if (!sequence.interfaces.contains(interface)) continue;
    sequence.step = Step::done;
    for (const std::uint8_t each : sequence.interfaces) giveUpWaiting(each);
  }
  completeIfDone();
}

void Gathering::giveUpWaiting(std::uint8_t interface) {
  std::erase_if(bindings_, [&](const Binding& each) {
    return !each.done && ports_[each.port].interface == interface;
  });
  for (Port& port : ports_)
    if (port.relay && !port.own && port.interface == interface) port.relay->fail();
}

void Gathering::openRelays(const Sequence& sequence, TimePoint now) {
  for (const PortNumber at : sequence.sockets) {
    if (ports_[at].lost) continue;
    for (std::size_t i = 0; i < settings_.servers.size(); ++i) {
      const Server& server = settings_.servers[i];
      const bool noProxy =
          server.throughProxy && settings_.withoutProxy.contains(ports_[at].interface);
      if (!server.relays || noProxy) continue;
      const bool reliable = server.protocol != RelayProtocol::udp;
      Port& port = ports_.emplace_back();
      port.number = static_cast<PortNumber>(ports_.size() - 1);
      port.interface = ports_[at].interface;
      port.generation = generation_;
      port.cost = ports_[at].cost;
      port.socket = ports_[at].socket;
      port.server = static_cast<std::uint8_t>(i);
      port.at = server;
      port.relay = std::make_unique<turn::Client>(settings_.credentials, reliable, transactions_,
                                                  server.address);
      port.connected = !reliable;
      if (reliable) {
        world_.connect(port.number, port.interface, server);
      } else {
        port.relay->start(now);
        flush(port);
      }
    }
  }
}

void Gathering::ask(const Binding& binding) {
  stun::Message request;
  request.method = stun::Method::binding;
  request.transaction = binding.transaction;
  world_.sendDatagram(ports_[binding.port].socket, binding.server,
                      stun::encode(request, nullptr, false));
}

void Gathering::completeIfDone() {
  if (complete_ || std::any_of(sequences_.begin(), sequences_.end(),
                               [](const Sequence& each) { return each.step != Step::done; }))
    return;
  const bool asking = std::any_of(bindings_.begin(), bindings_.end(),
                                  [](const Binding& each) { return !each.done; });
  const bool allocating = std::any_of(ports_.begin(), ports_.end(), [&](const Port& port) {
    return port.relay && port.generation == generation_ &&
           port.relay->state() != turn::Client::State::ready &&
           port.relay->state() != turn::Client::State::failed;
  });
  if (asking || allocating) return;
  complete_ = true;
  listener_.onAllGathered();
}

// ---- what comes

const Port* Gathering::relayedPort(wire::Endpoint socket, wire::Endpoint server) const {
  for (const Port& port : ports_) {
    const bool reliable = port.at.protocol != RelayProtocol::udp;
    if (port.relay && !reliable && port.socket == socket && port.at.address == server) return &port;
  }
  return nullptr;
}

const Port* Gathering::portAt(wire::Endpoint socket, wire::Endpoint from) const {
  if (const Port* const relayed = relayedPort(socket, from)) return relayed;
  const auto found = std::find_if(ports_.begin(), ports_.end(), [&](const Port& port) {
    return !port.relay && port.socket == socket;
  });
  return found == ports_.end() ? nullptr : &*found;
}

std::optional<Gathering::Received> Gathering::takeReceived(Port& port) {
  auto received = port.relay->takeReceived();
  if (received.empty()) return std::nullopt;
  return Received{port.number, received.front().peer, std::move(received.front().bytes)};
}

std::optional<Gathering::Received> Gathering::onDatagram(wire::Endpoint socket, wire::Endpoint from,
                                                         const stun::Bytes& bytes, TimePoint now) {
  for (Binding& binding : bindings_) {
    if (binding.server != from || ports_[binding.port].socket != socket) continue;
    const auto answer = stun::parse(bytes);
    if (!answer || answer->message.transaction != binding.transaction) continue;
    timer_.reset();
    binding.retransmissions.stop();
    const bool first = !std::exchange(binding.done, true);
    binding.keepalive = now + kServerKeepalive;
    Port& port = ports_[binding.port];
    const auto* const seen =
        answer->message.mapped ? std::get_if<wire::Ipv4>(&answer->message.mapped->ip) : nullptr;
    if (first && seen != nullptr) {
      const wire::Endpoint address{*seen, answer->message.mapped->port};
      const Candidate reflexive = candidate(port, CandidateType::serverReflexive, address);
      // RFC 8445 5.1.3: one that equals its base says nothing new.
      const bool known =
          address == port.own->address ||
          std::any_of(port.reflexive.begin(), port.reflexive.end(),
                      [&](const Candidate& each) { return each.address == address; });
      if (!known) {
        port.reflexive.push_back(reflexive);
        listener_.onLocalCandidate(reflexive);
      }
    }
    completeIfDone();
    return std::nullopt;
  }
  if (const Port* const at = relayedPort(socket, from); at != nullptr) {
    Port* const port = &ports_[at->number];
    timer_.reset();
    const auto before = port->relay->state();
    if (port->relay->onMessage(bytes, now)) {
      noteRelay(*port, before, now);
      return takeReceived(*port);
    }
  }
  for (const Port& port : ports_)
    if (!port.relay && port.socket == socket) return Received{port.number, from, bytes};
  return std::nullopt;
}

std::optional<Gathering::Received> Gathering::onStream(PortNumber number, const stun::Bytes& bytes,
                                                       TimePoint now) {
  Port& port = ports_[number];
  timer_.reset();
  const auto before = port.relay->state();
  port.relay->onMessage(bytes, now);
  noteRelay(port, before, now);
  return takeReceived(port);
}

void Gathering::onConnection(PortNumber number, bool stands, TimePoint now) {
  Port& port = ports_[number];
  timer_.reset();
  port.connected = stands;
  if (stands) {
    port.relay->start(now);
    flush(port);
  } else {
    port.relay->fail();
    noteAllocation(port, now);
  }
}

// It has heard something.
void Gathering::noteRelay(Port& port, turn::Client::State before, TimePoint now) {
  const auto moveTo = [&](wire::Endpoint address) {
    port.at.address = address;
    // Not at once: the old connection is what has just been heard.
    port.connected = port.at.protocol == RelayProtocol::udp;
    if (!port.connected) port.reconnects = now;
  };
  if (port.at.address != port.relay->server()) {
    port.refused.push_back({now, port.at, turn::kTryAlternate});
    moveTo(port.relay->server());
  }
  const int error = port.relay->error();
  const bool full = error == turn::kQuotaReached || error == turn::kInsufficientCapacity ||
                    error == turn::kTryAlternate;
  if (full && before == turn::Client::State::allocating) {
    port.refused.push_back({now, port.at, error});
    if (const auto next = serverAfter(port)) {
      const bool reliable = next->protocol != RelayProtocol::udp;
      port.relay = std::make_unique<turn::Client>(settings_.credentials, reliable, transactions_,
                                                  next->address);
      moveTo(next->address);
      if (!reliable) port.relay->start(now);
      before = port.relay->state();
    }
  }
  flush(port);
  if (before != port.relay->state()) noteAllocation(port, now);
}

std::optional<Server> Gathering::serverAfter(const Port& port) const {
  if (!settings_.serverAfter) return std::nullopt;
  std::vector<wire::Endpoint> asked;
  for (const Port::Refused& each : port.refused) asked.push_back(each.by.address);
  return settings_.serverAfter(port.at, asked);
}

void Gathering::noteAllocation(Port& port, TimePoint now) {
  if (port.relay->state() == turn::Client::State::ready && !port.own) {
    port.own = candidate(port, CandidateType::relayed, port.relay->relayed());
    listener_.onLocalCandidate(*port.own);
    listener_.onPort(port, now);
    flush(port);
  } else if (port.relay->state() == turn::Client::State::failed && port.own) {
    listener_.onPortLost(port, now);
  }
  completeIfDone();
}

// ---- what goes out

void Gathering::flush(Port& port) {
  for (stun::Bytes& bytes : port.relay->takeOutgoing()) {
    if (port.at.protocol == RelayProtocol::udp) {
      world_.sendDatagram(port.socket, port.at.address, std::move(bytes));
    } else if (port.connected) {
      world_.sendStream(port.number, bytes);
    }
  }
}

void Gathering::permit(PortNumber number, wire::Endpoint remote, TimePoint now) {
  Port& port = ports_[number];
  if (!port.relay) return;
  timer_.reset();
  port.relay->permit(remote, now);
  flush(port);
}

void Gathering::send(PortNumber number, wire::Endpoint to, stun::Bytes bytes, bool payload,
                     TimePoint now) {
  Port& port = ports_[number];
  if (!port.relay) {
    world_.sendDatagram(port.socket, to, std::move(bytes));
    return;
  }
  timer_.reset();
  port.relay->send(to, std::move(bytes), payload, now);
  flush(port);
}

// ---- time

std::optional<TimePoint> Gathering::nextTimer() const {
  if (!timer_) timer_ = soonest();
  return *timer_;
}

std::optional<TimePoint> Gathering::soonest() const {
  std::optional<TimePoint> next;
  const auto note = [&](std::optional<TimePoint> when) {
    if (when) next = next ? std::min(*next, *when) : *when;
  };
  for (const Sequence& each : sequences_)
    if (each.step != Step::done) note(each.next);
  for (const Binding& each : bindings_) {
    note(each.retransmissions.next());
    note(each.keepalive);
  }
  for (const Port& port : ports_) {
    if (port.relay) note(port.relay->nextTimer());
    note(port.reconnects);
  }
  return next;
}

void Gathering::go(Sequence& sequence, TimePoint now) {
  while (sequence.step != Step::done && now >= sequence.next) {
    sequence.begun = settings_.ticks.after(sequence.begun + kGatherStep);
    sequence.next = sequence.begun;
    switch (sequence.step) {
      case Step::sockets:
        sequence.step = Step::relays;
        openSockets(sequence, now);
        break;
      case Step::relays:
        sequence.step = Step::rest;
        askServers(sequence, now);
        openRelays(sequence, now);
        break;
      case Step::rest:  // active TCP candidates, which browsers pair with servers only
      case Step::done:
        sequence.step = Step::done;
        break;
    }
  }
}

void Gathering::onTimer(TimePoint now) {
  if (const auto next = nextTimer(); !next || now < *next) return;
  timer_.reset();
  for (Sequence& each : sequences_) go(each, now);
  for (Binding& each : bindings_) {
    if (each.keepalive && now >= *each.keepalive) {
      each.keepalive = now + kServerKeepalive;
      each.transaction = transactions_();
      ask(each);
    }
    switch (each.retransmissions.onTimer(now)) {
      case turn::Retransmissions::Due::sendAgain:
        ask(each);
        break;
      case turn::Retransmissions::Due::giveUp:
        each.done = true;
        break;
      case turn::Retransmissions::Due::nothing:
        break;
    }
  }
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    Port& port = ports_[i];
    if (!port.relay) continue;
    if (port.reconnects) {
      port.reconnects.reset();
      const bool waits = port.relay->state() == turn::Client::State::idle;
      if (waits) world_.connect(port.number, port.interface, port.at);
    }
    const auto before = port.relay->state();
    port.relay->onTimer(now);
    flush(port);
    if (before != port.relay->state()) noteAllocation(port, now);
  }
  completeIfDone();
}

void Gathering::close(TimePoint now) {
  timer_.reset();
  for (Port& port : ports_) {
    if (!port.relay) continue;
    port.relay->close(now);
    flush(port);
  }
  bindings_.clear();
  sequences_.clear();
}

}  // namespace callflow::ice
