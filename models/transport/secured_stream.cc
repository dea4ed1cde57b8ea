#include "models/transport/secured_stream.h"

#include <utility>

#include "models/transport/tls_bytes.h"

namespace callflow::transport {

namespace {

// A FIN takes one number of the sequence (RFC 9293 3.4).
constexpr DataSize kFin = DataSize::bytes(1);

}  // namespace

SecuredStream::SecuredStream(Stream& stream, Security security, bool tunnel, int challenges,
                             DataSize clientQueue, DataSize serverQueue)
    : stream_(stream),
      security_(security),
      tunnel_(tunnel),
      challenges_(challenges),
      limits_{clientQueue, serverQueue} {}

void SecuredStream::open() {
  stream_.open();
  if (!flights().empty()) sendFlight(0);
}

std::span<const Flight> SecuredStream::flights() const {
  return tunnel_ ? tunnelHandshake(challenges_) : handshake(security_);
}

void SecuredStream::sendFlight(std::size_t flight) {
  const Flight& f = flights()[flight];
  if (closed_[static_cast<std::size_t>(f.from)]) return;
  stream_.send(f.from, f.size, kTokenBit | static_cast<std::uint32_t>(flight));
}

bool SecuredStream::mayWrite(End from) const {
  if (tunnel_) return arrived_ + (from == End::client ? 0 : 1) >= flights().size();
  return arrived_ >= flightsBeforeData(security_, from);
}

void SecuredStream::writeFlight(MessageToken token, wire::Bytes& bytes) const {
  if (endsStream(token)) return;
  const std::size_t flight = token & ~kTokenBit;
  if (tunnel_) {
    writeTunnelFlight(challenges_, flight, bytes);
  } else {
    writeHandshakeFlight(security_, flight, bytes);
  }
}

bool SecuredStream::writeRecordHeader(DataSize size, wire::Bytes& bytes) const {
  if (recordOverhead(security_) == DataSize{}) return false;
  writeApplicationRecord(size, bytes);
  return true;
}

SecuredStream::Sent SecuredStream::send(End from, DataSize message, MessageToken token,
                                        TimePoint since) {
  const auto side = static_cast<std::size_t>(from);
  if (closed_[side]) return Sent::closed;
  if (!mayWrite(from)) {
    held_[side].push_back({token, message, since});
    return Sent::held;
  }
  const DataSize size = message + recordOverhead(security_);
  if (!stream_.writable(from) && stream_.waiting(from) + size > limits_[side]) {
    ++dropped_[side];
    return Sent::dropped;
  }
  stream_.send(from, size, token);
  return Sent::yes;
}

void SecuredStream::flightArrived(MessageToken token) {
  const std::size_t flight = token & ~kTokenBit;
  arrived_ = flight + 1;
  // A proxy answers the last CONNECT when its own connection is open.
  const std::size_t byThemselves = flights().size() - (tunnel_ ? 1 : 0);
  if (arrived_ < byThemselves) sendFlight(arrived_);
}

std::vector<SecuredStream::Held> SecuredStream::close(End by) {
  stream_.send(by, kFin, kTokenBit | kEndOfStream);
  return closeAfterOther(by);
}

std::vector<SecuredStream::Held> SecuredStream::closeAfterOther(End at) {
  const auto side = static_cast<std::size_t>(at);
  closed_[side] = true;
  return std::exchange(held_[side], {});
}

std::vector<SecuredStream::Held> SecuredStream::takeHeld(End from) {
  if (!mayWrite(from)) return {};
  return std::exchange(held_[static_cast<std::size_t>(from)], {});
}

}  // namespace callflow::transport
