// The handshake of DTLS-SRTP (RFC 5764) at one end: which datagrams leave when. It knows no sockets
// and no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/dtls/flights.h"
#include "models/dtls/incoming_flight.h"
#include "models/dtls/records.h"
#include "models/stun/message.h"
#include "src/units/units.h"

namespace callflow::dtls {

enum class Role : std::uint8_t { client, server };

class Handshake {
 public:
  // Both ends have the same version. Of 1.3 only, a client may offer a share that is safe from
  // quantum computers; a server that may takes it.
  Handshake(Role role, Version version, bool postQuantum = false);

  // The path stands, with this round trip: the client begins, the server looks at what has come
  // before (libwebrtc keeps a ClientHello that is early).
  void start(Duration roundTrip, TimePoint now);
  bool started() const { return started_; }
  // What has come: DTLS records (the first byte is 20 to 63, RFC 7983). Of what is no such thing
  // nothing happens.
  void onDatagram(const stun::Bytes& bytes, TimePoint now);
  // What is to be sent, in order; each is given once.
  std::vector<stun::Bytes> takeOutgoing();

  std::optional<TimePoint> nextTimer() const { return timer_; }
  void onTimer(TimePoint now);

  // This end may send media, as it has all keys and may use them: the client of 1.2 after flight 4,
  // that of 1.3 when its last flight has left, servers after flight 3.
  bool maySend() const { return connected(); }
  // What W3C webrtc's RTCDtlsTransportState calls connected. The client of 1.3 is so before its
  // last flight is acknowledged, and sends it again until then.
  bool connected() const { return connected_ && !failed_; }
  // Nobody has answered for too long.
  bool failed() const { return failed_; }

 private:
  void process(const stun::Bytes& bytes, TimePoint now);
  // Whether it ends the flight that was answered last.
  bool isRepeated(const Record& record) const;
  void onFlight(TimePoint now);
  void sendFlight(FlightNumber number, TimePoint now);
  void transmit(TimePoint now);
  void stopTimer();

  Role role_;
  Version version_;
  bool postQuantum_;
  bool started_ = false, connected_ = false, failed_ = false;
  std::vector<stun::Bytes> early_;

  FlightNumber sent_ = 0;  // last
  std::vector<Message> flight_;
  RecordNumbers numbers_;
  std::vector<stun::Bytes> outgoing_;

  FlightNumber awaited_;
  std::optional<IncomingFlight> incoming_;  // none when nothing more is to come
  std::optional<std::uint16_t> answered_;   // the last message of the flight before

  Duration firstTimeout_, timeout_;
  int timeouts_ = 0;  // in a row
  bool runsTimer_ = false;
  std::optional<TimePoint> timer_;
};

}  // namespace callflow::dtls
