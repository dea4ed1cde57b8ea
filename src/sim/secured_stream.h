// The two sockets of a TCP leg as their applications use them: nothing but the handshake is sent
// until that is over, and what the socket does not take waits up to a limit and is dropped beyond.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/transport/stream.h"
#include "models/transport/tls.h"
#include "src/sim/frames.h"
#include "src/units/units.h"

namespace callflow::sim {

class SecuredStream {
 public:
  // `number` tells the handshakes of a run apart; see ownsToken().
  // `tunnel`: the server is an HTTP proxy, which is asked to CONNECT; what is protected is so for
  // the far end, not for it.
  SecuredStream(transport::Stream& stream, transport::Security security, bool tunnel,
                DataSize clientQueue, DataSize serverQueue, std::uint32_t number);

  // Connects, and starts the handshake.
  void open();
  enum class Sent : std::uint8_t { yes, held, dropped };
  // `since` is when the message was ready. Held messages come back from takeHeld().
  Sent send(transport::End from, DataSize message, FrameHandle handle, TimePoint since);

  // Messages of handshakes have the token's highest bit set, and their stream's number in it.
  static bool ownsToken(transport::MessageToken token) { return (token & kTokenBit) != 0; }
  static std::uint32_t streamOf(transport::MessageToken token) {
    return (token & ~kTokenBit) >> kFlightBits;
  }
  // A flight has arrived: the next one goes out, but for a proxy's answer.
  void flightArrived(transport::MessageToken token);
  // The proxy's own connection is open: it answers.
  void tunnelReady() { sendFlight(1); }
  bool isTunnel() const { return tunnel_; }

  struct Held {
    FrameHandle handle = kNoFrame;
    DataSize message;
    TimePoint since;
  };
  // What was held at an end that may send now.
  std::vector<Held> takeHeld(transport::End from);

  bool mayWrite(transport::End from) const;
  // The client's end is connected.
  void connected() { connected_ = true; }
  // Connected, and the client may write; the server may when that has arrived.
  bool stands() const { return connected_ && mayWrite(transport::End::client); }
  transport::Stream& stream() { return stream_; }
  const transport::Stream& stream() const { return stream_; }
  std::int64_t dropped(transport::End from) const {
    return dropped_[static_cast<std::size_t>(from)];
  }

 private:
  static constexpr transport::MessageToken kTokenBit = 0x80000000;
  static constexpr std::uint32_t kFlightBits = 3;

  void sendFlight(std::size_t flight);
  std::span<const transport::Flight> flights() const;

  transport::Stream& stream_;
  transport::Security security_;
  bool tunnel_;
  bool connected_ = false;
  std::array<DataSize, 2> limits_;
  std::uint32_t number_;
  std::size_t arrived_ = 0;
  std::array<std::vector<Held>, 2> held_;
  std::array<std::int64_t, 2> dropped_{};
};

}  // namespace callflow::sim
