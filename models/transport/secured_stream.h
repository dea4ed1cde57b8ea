// The two sockets of a TCP leg as their applications use them: nothing but the handshake is sent
// until that is over, and what the socket does not take waits up to a limit and is dropped beyond.
// An end that has closed it, or has heard that the other did, sends no more.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/transport/stream.h"
#include "models/transport/tls.h"
#include "src/units/units.h"

namespace callflow::transport {

class SecuredStream {
 public:
  // `tunnel`: the server is an HTTP proxy, which is asked to CONNECT; what is protected is so for
  // the far end, not for it. It answers so many times with a challenge first, 2 at most.
  SecuredStream(Stream& stream, Security security, bool tunnel, int challenges,
                DataSize clientQueue, DataSize serverQueue);

  // Connects, and starts the handshake.
  void open();
  enum class Sent : std::uint8_t { yes, held, dropped, closed };
  // `since` is when the message was ready. Held messages come back from takeHeld().
  Sent send(End from, DataSize message, MessageToken token, TimePoint since);

  // Messages of handshakes have the token's highest bit set; no other may have.
  static bool ownsToken(MessageToken token) { return (token & kTokenBit) != 0; }
  // A flight has arrived: the next one goes out, but for a proxy's answer.
  void flightArrived(MessageToken token);
  struct Held {
    MessageToken token = 0;
    DataSize message;
    TimePoint since;
  };
  // This end sends no more. Its end of stream goes out behind what it has written; what it held
  // comes back, and is not sent.
  std::vector<Held> close(End by);
  // Whether the message is the other end's end of stream, which has come in order.
  static bool endsStream(MessageToken token) { return token == (kTokenBit | kEndOfStream); }
  // It has: the application closes this end as well. What that held comes back.
  std::vector<Held> closeAfterOther(End at);

  // The proxy's own connection is open: it answers.
  void tunnelReady() { sendFlight(flights().size() - 1); }
  bool isTunnel() const { return tunnel_; }

  // Where packets are captured: a message of a handshake; and the header of a record around a
  // message, which grew by it to `size`, if it is protected.
  void writeFlight(MessageToken token, wire::Bytes& bytes) const;
  bool writeRecordHeader(DataSize size, wire::Bytes& bytes) const;

  // What was held at an end that may send now.
  std::vector<Held> takeHeld(End from);

  bool mayWrite(End from) const;
  // The client's end is connected.
  void connected() { connected_ = true; }
  // Connected, and the client may write; the server may when that has arrived.
  bool stands() const { return connected_ && mayWrite(End::client); }
  Stream& stream() { return stream_; }
  const Stream& stream() const { return stream_; }
  std::int64_t dropped(End from) const { return dropped_[static_cast<std::size_t>(from)]; }

 private:
  static constexpr MessageToken kTokenBit = 0x80000000;
  static constexpr MessageToken kEndOfStream = 0x40000000;

  void sendFlight(std::size_t flight);
  std::span<const Flight> flights() const;

  Stream& stream_;
  Security security_;
  bool tunnel_;
  int challenges_;
  bool connected_ = false;
  std::array<DataSize, 2> limits_;
  std::size_t arrived_ = 0;
  std::array<std::vector<Held>, 2> held_;
  std::array<bool, 2> closed_{};
  std::array<std::int64_t, 2> dropped_{};
};

}  // namespace callflow::transport
