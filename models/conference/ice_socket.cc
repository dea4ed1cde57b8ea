#include "models/conference/ice_socket.h"

#include <algorithm>
#include <utility>

namespace callflow::conference {

IceSocket::IceSocket(path::Datagrams& datagrams, fabric::NodeId node, wire::Endpoint socket)
    : datagrams_(datagrams),
      node_(node),
      socket_(socket),
      lane_(datagrams.fabric().simulator().addLane(*this, 0)) {
  datagrams_.listen(node_, socket_.port, *this);
}

IceSocket::Session& IceSocket::open(std::uint64_t seed, dtls::Version version,
                                    std::function<void(TimePoint)> onConnected,
                                    std::function<void(TimePoint)> onNominated) {
  // RFC 5763 5: a client that offers is actpass, and a server that answers could begin; conference
  // servers leave that to the client, whose path they do not know yet.
  sessions_.push_back(std::make_unique<Session>(
      Session{ice::LiteAgent(socket_, seed), dtls::Handshake(dtls::Role::server, version),
              std::nullopt, std::move(onConnected), std::move(onNominated), false, std::nullopt}));
  Session& session = *sessions_.back();
  byFragment_[session.agent.credentials().fragment] = sessions_.size() - 1;
  return session;
}

IceSocket::Session* IceSocket::sessionOf(const path::Datagram& datagram) {
  if (ice::looksLikeStun(datagram.bytes)) {
    const auto parsed = stun::parse(datagram.bytes);
    if (!parsed || !parsed->message.username) return nullptr;
    const std::string& name = *parsed->message.username;
    const auto found = byFragment_.find(name.substr(0, name.find(':')));
    return found == byFragment_.end() ? nullptr : sessions_[found->second].get();
  }
  const auto found = bySource_.find(datagram.from);
  return found == bySource_.end() ? nullptr : sessions_[found->second].get();
}

void IceSocket::onDatagram(const path::Datagram& datagram, TimePoint now) {
  Session* const session = sessionOf(datagram);
  if (session == nullptr) return;
  senders_[datagram.from] = datagram.sender;
  if (ice::looksLikeStun(datagram.bytes)) {
    const auto before = session->agent.nominated();
    auto answer = session->agent.onCheck(datagram.from, datagram.bytes);
    if (!answer) return;
    bySource_[datagram.from] = byFragment_.at(session->agent.credentials().fragment);
    send(datagram.from, std::move(*answer));
    if (session->agent.nominated() != before) session->onNominated(now);
  } else {
    session->seen = datagram.from;
    if (!session->dtls.started()) session->dtls.start(Duration{}, now);
    session->dtls.onDatagram(datagram.bytes, now);
  }
  settle(*session, now);
}

bool IceSocket::takesMedia(wire::Endpoint from, wire::Endpoint, TimePoint) {
  return bySource_.contains(from);
}

void IceSocket::settle(Session& session, TimePoint now) {
  const auto to = session.agent.nominated() ? session.agent.nominated() : session.seen;
  for (stun::Bytes& bytes : session.dtls.takeOutgoing())
    if (to) send(*to, std::move(bytes));
  if (session.dtls.connected() && !std::exchange(session.told, true)) session.onConnected(now);
  const auto next = session.dtls.nextTimer();
  if (!next || (session.scheduled && *session.scheduled <= *next)) return;
  session.scheduled = std::max(*next, now);
  datagrams_.fabric().simulator().pushOutOfOrder(
      lane_, *session.scheduled,
      static_cast<std::uint32_t>(byFragment_.at(session.agent.credentials().fragment)));
}

void IceSocket::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  Session& session = *sessions_[payload];
  if (!session.scheduled || now < *session.scheduled) return;
  session.scheduled.reset();
  session.dtls.onTimer(now);
  settle(session, now);
}

void IceSocket::send(wire::Endpoint to, stun::Bytes bytes) {
  path::Datagrams::Sending sending;
  sending.from = node_;
  sending.source = socket_;
  sending.destination = to;
  sending.towards = senders_.at(to);
  datagrams_.send(sending, std::move(bytes));
}

}  // namespace callflow::conference
