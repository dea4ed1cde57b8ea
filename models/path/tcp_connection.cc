#include "models/path/tcp_connection.h"

#include <algorithm>

#include "models/media/wire.h"

namespace callflow::path {

using transport::End;
using transport::SecuredStream;

namespace {

transport::Stream& connect(transport::TcpLayer& layer, const LegEnds& forth,
                           const TcpConnection::Setup& setup, transport::StreamHandler& handler) {
  layer.listen(forth.to, forth.destination.port);
  const bool plain = setup.security == transport::Security::none && !setup.toProxy;
  return layer.connect({forth.from, forth.source, setup.forthDraws, forth.dscp, plain},
                       {forth.to, forth.destination, setup.backDraws, forth.dscp, plain}, setup.tcp,
                       handler);
}

}  // namespace

TcpConnection::TcpConnection(Transit& transit, transport::TcpLayer& layer, Leg& forth, Leg& back,
                             const Setup& setup, ConnectionWatcher& watcher)
    : transit_(transit),
      forth_(forth),
      back_(back),
      secured_(connect(layer, forth.ends(), setup, *this), setup.security, setup.toProxy,
               setup.challenges, setup.clientQueue, setup.serverQueue),
      watcher_(watcher) {
  forth.use(*this, End::client);
  back.use(*this, End::server);
}

bool TcpConnection::asksToConnect() const {
  return isTunnel() && secured_.mayWrite(End::server) && !secured_.mayWrite(End::client);
}

void TcpConnection::send(End from, FrameHandle handle, TimePoint since) {
  const TimePoint now = transit_.now();
  if (now > since) transit_.ownJourney(handle).parts[receiver::DelayCause::sendWait] += now - since;
  const DataSize message = media::messageSize(leg(from).framing(), transit_[handle].size);
  switch (secured_.send(from, message, handle, now)) {
    case SecuredStream::Sent::yes:
    case SecuredStream::Sent::held:
      break;
    case SecuredStream::Sent::dropped:
      transit_.dropAtSocket(handle, leg(from).ends().from);
      break;
    case SecuredStream::Sent::closed:
      lose(from, handle);
      break;
  }
}

void TcpConnection::close(End by, Closing why) {
  closing_ = why;
  loseHeld(by, secured_.close(by));
  watcher_.onClosed(transit_.now());
}

void TcpConnection::loseHeld(End at, const std::vector<SecuredStream::Held>& held) {
  for (const SecuredStream::Held& each : held) lose(at, each.token);
}

void TcpConnection::lose(End from, FrameHandle handle) {
  ++lostToClosing_[static_cast<std::size_t>(from)];
  transit_.dropAtSocket(handle, leg(from).ends().from);
}

void TcpConnection::onEstablished(const transport::Stream&) {
  if (keeper_ != nullptr) keeper_->onEstablished(*this);
  secured_.connected();
  tellIfStanding();
}

void TcpConnection::tellIfStanding() {
  if (toldStanding_ || !stands()) return;
  toldStanding_ = true;
  watcher_.onStanding(transit_.now());
}

void TcpConnection::flightArrived(End at, transport::MessageToken token) {
  secured_.flightArrived(token);
  if (keeper_ != nullptr) keeper_->onFlight(*this, at);
  for (const End from : {End::client, End::server}) {
    for (const SecuredStream::Held& held : secured_.takeHeld(from)) {
      send(from, held.token, held.since);
    }
  }
  tellIfStanding();
}

void TcpConnection::onArrival(End, transport::MessageToken token, fabric::PacketId,
                              const fabric::Packet& carrier) {
  if (!SecuredStream::ownsToken(token)) transit_.absorb(token, carrier);
}

void TcpConnection::onDelivery(End at, const transport::Delivery& delivery) {
  using receiver::DelayCause;
  if (SecuredStream::endsStream(delivery.token)) {
    loseHeld(at, secured_.closeAfterOther(at));
    return;
  }
  if (SecuredStream::ownsToken(delivery.token)) {
    flightArrived(at, delivery.token);
    return;
  }
  const Frame& frame = transit_[delivery.token];
  Journey& journey = transit_.ownJourney(delivery.token);
  journey.parts[DelayCause::sendWait] += delivery.firstTransmission - delivery.written;
  journey.parts[DelayCause::retransmission] += delivery.copySent - delivery.firstTransmission;
  journey.parts[DelayCause::headOfLine] += delivery.delivered - delivery.arrived;
  journey.copies = std::max(journey.copies, delivery.copies);
  const auto on = static_cast<std::int32_t>(frame.flow->legBefore + frame.leg);
  for (Crossing& crossing : journey.crossings) {
    if (crossing.leg == on && crossing.sent == delivery.copySent &&
        crossing.arrived == delivery.arrived) {
      crossing.delivered = delivery.delivered;
    }
  }
  leg(transport::other(at)).sink().onFrame(delivery.token, transit_.now());
}

void TcpConnection::onCopy(End, transport::MessageToken token, const transport::Copy& copy) {
  if (!SecuredStream::ownsToken(token)) transit_.addCopy(token, copy);
}

}  // namespace callflow::path
