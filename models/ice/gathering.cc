#include "models/ice/gathering.h"

#include <algorithm>
#include <utility>

namespace callflow::ice {

Gathering::Gathering(const GatheringSettings& settings, PortWorld& world,
                     GatheringListener& listener, std::function<stun::TransactionId()> transactions)
    : settings_(settings),
      world_(world),
      listener_(listener),
      transactions_(std::move(transactions)) {}

// ---- candidates

std::uint32_t Gathering::localPreference(const Port& port) const {
  LocalPreference preference;
  preference.interface = port.interface;
  if (port.relay) {
    preference.servers = static_cast<std::uint8_t>(
        std::count_if(settings_.servers.begin(), settings_.servers.end(),
                      [](const Server& server) { return server.relays; }));
    preference.server = port.server;
  }
  return preference.value();
}

Candidate Gathering::candidate(const Port& port, CandidateType type, wire::Endpoint address) const {
  Candidate result;
  result.type = type;
  result.address = address;
  result.base = type == CandidateType::relayed ? address : port.socket;
  if (type == CandidateType::relayed) result.relay = settings_.servers[port.server].protocol;
  result.priority =
      priority(typePreference(type, result.relay, settings_.preferences), localPreference(port));
  result.generation = port.generation;
  result.networkCost = port.cost;
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
  complete_ = false;
  step_ = Step::sockets;
  nextStep_ = now + settings_.opening;
  onTimer(now);
}

void Gathering::openSockets(TimePoint now) {
  for (std::size_t i = 0; i < settings_.interfaceCosts.size(); ++i) {
    Port& port = ports_.emplace_back();
    port.number = static_cast<PortNumber>(ports_.size() - 1);
    port.interface = static_cast<std::uint8_t>(i);
    port.generation = generation_;
    port.cost = settings_.interfaceCosts[i];
    const Socket socket = world_.openSocket(port.interface);
    port.socket = socket.local;
    if (settings_.relayOnly) continue;
    port.own = candidate(port, CandidateType::host, socket.address);
    listener_.onLocalCandidate(*port.own);
    listener_.onPort(port, now);
  }
}

void Gathering::askServers(TimePoint now) {
  for (const Port& port : ports_) {
    if (port.relay || !port.own || port.generation != generation_) continue;
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

void Gathering::stop() {
  if (complete_) return;
  step_ = Step::done;
  std::erase_if(bindings_, [](const Binding& each) { return !each.done; });
  for (Port& port : ports_) {
    if (port.relay && !port.own) port.relay->fail();
  }
  completeIfDone();
}

void Gathering::openRelays(TimePoint now) {
  const std::size_t sockets = ports_.size();
  for (std::size_t at = 0; at < sockets; ++at) {
    if (ports_[at].relay || ports_[at].generation != generation_) continue;
    for (std::size_t i = 0; i < settings_.servers.size(); ++i) {
      if (!settings_.servers[i].relays) continue;
      const bool reliable = settings_.servers[i].protocol != RelayProtocol::udp;
      Port& port = ports_.emplace_back();
      port.number = static_cast<PortNumber>(ports_.size() - 1);
      port.interface = ports_[at].interface;
      port.generation = generation_;
      port.cost = ports_[at].cost;
      port.socket = ports_[at].socket;
      port.server = static_cast<std::uint8_t>(i);
      port.relay = std::make_unique<turn::Client>(settings_.credentials, reliable, transactions_);
      port.connected = !reliable;
      if (reliable) {
        world_.connect(port.number, port.interface, settings_.servers[i]);
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
  if (complete_ || step_ != Step::done) return;
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
    const bool reliable = settings_.servers[port.server].protocol != RelayProtocol::udp;
    if (port.relay && !reliable && port.socket == socket &&
        settings_.servers[port.server].address == server)
      return &port;
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
    const auto before = port->relay->state();
    if (port->relay->onMessage(bytes, now)) {
      flush(*port);
      if (before != port->relay->state()) noteAllocation(*port, now);
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
  const auto before = port.relay->state();
  port.relay->onMessage(bytes, now);
  flush(port);
  if (before != port.relay->state()) noteAllocation(port, now);
  return takeReceived(port);
}

void Gathering::onConnection(PortNumber number, bool stands, TimePoint now) {
  Port& port = ports_[number];
  port.connected = stands;
  if (stands) {
    port.relay->start(now);
    flush(port);
  } else {
    port.relay->fail();
    noteAllocation(port, now);
  }
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
  for (const stun::Bytes& bytes : port.relay->takeOutgoing()) {
    const Server& server = settings_.servers[port.server];
    if (server.protocol == RelayProtocol::udp) {
      world_.sendDatagram(port.socket, server.address, bytes);
    } else if (port.connected) {
      world_.sendStream(port.number, bytes);
    }
  }
}

void Gathering::permit(PortNumber number, wire::Endpoint remote, TimePoint now) {
  Port& port = ports_[number];
  if (!port.relay) return;
  port.relay->permit(remote, now);
  flush(port);
}

void Gathering::send(PortNumber number, wire::Endpoint to, const stun::Bytes& bytes, bool payload,
                     TimePoint now) {
  Port& port = ports_[number];
  if (!port.relay) {
    world_.sendDatagram(port.socket, to, bytes);
    return;
  }
  port.relay->send(to, bytes, payload, now);
  flush(port);
}

// ---- time

std::optional<TimePoint> Gathering::nextTimer() const {
  std::optional<TimePoint> next;
  const auto note = [&](std::optional<TimePoint> when) {
    if (when) next = next ? std::min(*next, *when) : *when;
  };
  if (step_ != Step::done) note(nextStep_);
  for (const Binding& each : bindings_) {
    note(each.retransmissions.next());
    note(each.keepalive);
  }
  for (const Port& port : ports_)
    if (port.relay) note(port.relay->nextTimer());
  return next;
}

void Gathering::onTimer(TimePoint now) {
  while (step_ != Step::done && now >= nextStep_) {
    nextStep_ += kGatherStep;
    switch (step_) {
      case Step::sockets:
        step_ = Step::relays;
        openSockets(now);
        break;
      case Step::relays:
        step_ = Step::rest;
        askServers(now);
        openRelays(now);
        break;
      case Step::rest:  // active TCP candidates, which browsers pair with servers only
      case Step::done:
        step_ = Step::done;
        break;
    }
  }
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
    const auto before = port.relay->state();
    port.relay->onTimer(now);
    flush(port);
    if (before != port.relay->state()) noteAllocation(port, now);
  }
  completeIfDone();
}

void Gathering::close(TimePoint now) {
  for (Port& port : ports_) {
    if (!port.relay) continue;
    port.relay->close(now);
    flush(port);
  }
  bindings_.clear();
  step_ = Step::done;
}

}  // namespace callflow::ice
