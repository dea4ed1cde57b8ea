#include "src/sim/secured_stream.h"

#include <utility>

namespace callflow::sim {

using transport::End;

SecuredStream::SecuredStream(transport::Stream& stream, transport::Security security, bool tunnel,
                             DataSize clientQueue, DataSize serverQueue, std::uint32_t number)
    : stream_(stream),
      security_(security),
      tunnel_(tunnel),
      limits_{clientQueue, serverQueue},
      number_(number) {}

void SecuredStream::open() {
  stream_.open();
  if (!flights().empty()) sendFlight(0);
}

std::span<const transport::Flight> SecuredStream::flights() const {
  return tunnel_ ? transport::tunnelHandshake() : transport::handshake(security_);
}

void SecuredStream::sendFlight(std::size_t flight) {
  const transport::Flight& f = flights()[flight];
  stream_.send(f.from, f.size,
               kTokenBit | (number_ << kFlightBits) | static_cast<std::uint32_t>(flight));
}

bool SecuredStream::mayWrite(End from) const {
  if (tunnel_) return arrived_ >= (from == End::client ? 2 : 1);
  return arrived_ >= transport::flightsBeforeData(security_, from);
}

SecuredStream::Sent SecuredStream::send(End from, DataSize message, FrameHandle handle,
                                        TimePoint since) {
  const auto side = static_cast<std::size_t>(from);
  if (!mayWrite(from)) {
    held_[side].push_back({handle, message, since});
    return Sent::held;
  }
  const DataSize size = message + transport::recordOverhead(security_);
  if (!stream_.writable(from) && stream_.waiting(from) + size > limits_[side]) {
    ++dropped_[side];
    return Sent::dropped;
  }
  stream_.send(from, size, handle);
  return Sent::yes;
}

void SecuredStream::flightArrived(transport::MessageToken token) {
  const std::size_t flight = token & ((1U << kFlightBits) - 1);
  arrived_ = flight + 1;
  if (!tunnel_ && arrived_ < flights().size()) sendFlight(arrived_);
}

std::vector<SecuredStream::Held> SecuredStream::takeHeld(End from) {
  if (!mayWrite(from)) return {};
  return std::exchange(held_[static_cast<std::size_t>(from)], {});
}

}  // namespace callflow::sim
