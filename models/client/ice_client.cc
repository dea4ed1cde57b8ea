#include "models/client/ice_client.h"

#include <algorithm>
#include <utility>

namespace callflow::client {

IceClient::IceClient(path::Datagrams& datagrams, RelayConnector& connector, IceWatcher& watcher,
                     Setup setup)
    : datagrams_(datagrams),
      connector_(connector),
      watcher_(watcher),
      setup_(std::move(setup)),
      agent_(setup_.agent, *this),
      dtls_(setup_.dtlsRole, setup_.dtls),
      lane_(datagrams.fabric().simulator().addLane(*this, 0)) {}

// ---- what the application does

void IceClient::gather() {
  agent_.gather(now());
  settle();
}

void IceClient::setInterface(std::uint8_t interface, bool there) {
  if (closed_) return;
  if (there) {
    agent_.gainInterface(interface, now());
  } else {
    agent_.loseInterface(interface, now());
  }
  settle();
}

void IceClient::setRemote(const ice::Credentials& remote) {
  agent_.setRemote(remote, now());
  settle();
}

void IceClient::addRemoteCandidate(const ice::Candidate& candidate) {
  agent_.addRemoteCandidate(candidate, now());
  settle();
}

void IceClient::send(const stun::Bytes& bytes) {
  agent_.sendPayload(bytes, now());
}

void IceClient::close() {
  agent_.close(now());
  closed_ = true;
}

// ---- what comes

void IceClient::onDatagram(const path::Datagram& datagram, TimePoint now) {
  if (closed_) return;
  agent_.onDatagram(datagram.to, datagram.from, datagram.bytes, now);
  settle();
}

bool IceClient::takesMedia(wire::Endpoint from, wire::Endpoint to, TimePoint) {
  return !closed_ && agent_.takesMedia(to, from);
}

void IceClient::onConnection(ice::PortNumber port, bool stands) {
  if (closed_ || agent_.gathering().ports()[port].lost) return;
  agent_.onConnection(port, stands, now());
  settle();
}

void IceClient::onStream(ice::PortNumber port, const stun::Bytes& bytes) {
  if (closed_ || agent_.gathering().ports()[port].lost) return;
  agent_.onStream(port, bytes, now());
  settle();
}

void IceClient::onRecord(std::uint32_t, std::uint32_t, TimePoint now) {
  // A timer that was set anew is told at its old time, too.
  if (closed_ || !scheduled_ || now < *scheduled_) return;
  scheduled_.reset();
  if (!due_) return;
  if (now < *due_) {
    wakeAt(*due_);
    return;
  }
  agent_.onTimer(now);
  dtls_.onTimer(now);
  settle();
}

void IceClient::settle() {
  const ice::Pair* const pair = agent_.selected();
  if (pair != nullptr && pair->writable() && !dtls_.started())
    dtls_.start(pair->roundTrip(), now());
  for (stun::Bytes& bytes : dtls_.takeOutgoing()) agent_.sendPayload(std::move(bytes), now());
  if (!toldConnected_ && dtls_.connected()) {
    toldConnected_ = true;
    watcher_.onConnected(*this);
  }
  schedule();
}

void IceClient::schedule() {
  due_ = agent_.nextTimer(now());
  if (const auto dtls = dtls_.nextTimer()) due_ = due_ ? std::min(*due_, *dtls) : *dtls;
  if (due_) wakeAt(std::max(*due_, now()));
}

void IceClient::wakeAt(TimePoint when) {
  if (scheduled_ && *scheduled_ <= when) return;
  scheduled_ = when;
  datagrams_.fabric().simulator().pushOutOfOrder(lane_, when, 0);
}

// ---- ice::AgentWorld

ice::Socket IceClient::openSocket(std::uint8_t interface) {
  const Setup::Interface& at = setup_.interfaces.at(interface);
  const std::uint16_t port = setup_.nextPort();
  datagrams_.listen(at.node, port, *this);
  sockets_[{at.local, port}] = at.node;
  return {{at.local, port}, {at.address, port}};
}

void IceClient::sendDatagram(wire::Endpoint socket, wire::Endpoint to, stun::Bytes bytes) {
  const auto server = setup_.servers.find(to.address);
  path::Datagrams::Sending sending;
  sending.from = sockets_.at(socket);
  sending.source = socket;
  sending.destination = to;
  sending.towards = server == setup_.servers.end() ? setup_.peer : server->second;
  sending.dscp = setup_.dscp;
  sending.draws = setup_.draws;
  datagrams_.send(sending, std::move(bytes));
}

void IceClient::connect(ice::PortNumber port, std::uint8_t interface, const ice::Server& server) {
  connector_.connect(*this, port, interface, server);
}

void IceClient::sendStream(ice::PortNumber port, const stun::Bytes& bytes) {
  connector_.send(*this, port, bytes);
}

void IceClient::onCandidate(const ice::Candidate& candidate) {
  watcher_.onCandidate(*this, candidate);
}

void IceClient::onGathered() {
  watcher_.onGathered(*this);
}

void IceClient::onState(ice::State state) {
  watcher_.onState(*this, state);
}

void IceClient::onSelected(const ice::Pair* pair) {
  watcher_.onSelected(*this, pair);
}

void IceClient::onPayload(const stun::Bytes& bytes) {
  // RFC 7983 7.
  const bool media = bytes.front() >= 128 && bytes.front() < 192;
  if (media) {
    watcher_.onMedia(*this);
  } else {
    dtls_.onDatagram(bytes, now());
  }
}

std::optional<TimePoint> IceClient::lastMedia(const ice::Pair& pair) const {
  return watcher_.lastFrame(*this, pair);
}

void IceClient::onRoundTrip(const ice::Pair& pair, Duration roundTrip) {
  if (&pair == agent_.selected()) watcher_.onRoundTrip(*this, roundTrip);
}

}  // namespace callflow::client
