#include "models/transport/tls.h"

#include <array>

namespace callflow::transport {

namespace {

constexpr DataSize bytes(std::int64_t value) {
  return DataSize::bytes(value);
}

// Record header 5, explicit nonce 8, AEAD tag 16 (RFC 5288 3); record header 5, content type 1,
// tag 16 (RFC 8446 5.2).
constexpr DataSize kOverhead12 = bytes(5 + 8 + 16);
constexpr DataSize kOverhead13 = bytes(5 + 1 + 16);

// Typical sizes, records included: a hello padded to 517 bytes as browsers send it; a server's
// chain of two certificates; the rest is fixed by the RFCs within a few bytes.
constexpr std::array<Flight, 4> kFlights12 = {{
    {End::client, bytes(517)},   // ClientHello
    {End::server, bytes(3500)},  // ServerHello, Certificate, ServerKeyExchange, ServerHelloDone
    {End::client, bytes(126)},   // ClientKeyExchange, ChangeCipherSpec, Finished
    {End::server, bytes(258)},   // NewSessionTicket, ChangeCipherSpec, Finished
}};
constexpr std::array<Flight, 3> kFlights13 = {{
    {End::client, bytes(517)},   // ClientHello
    {End::server, bytes(3500)},  // ServerHello to Finished
    {End::client, bytes(80)},    // ChangeCipherSpec, Finished
}};
// libwebrtc rtc_base/socket_adapters.cc: its two fixed hellos.
constexpr std::array<Flight, 2> kFlightsPseudo = {{
    {End::client, bytes(72)},
    {End::server, bytes(79)},
}};

// A request line with Host, Proxy-Connection and a browser's User-Agent; a status line alone.
constexpr Flight kConnect{End::client, bytes(220)};
constexpr Flight kTunnelOpen{End::server, bytes(39)};
// A proxy's 407 with what it offers and a page for people; then what names the client: ours, of the
// size of a token of Kerberos and of NTLM's third message.
constexpr Flight kChallenge{End::server, bytes(1500)};
constexpr Flight kConnectNamed{End::client, bytes(1200)};
constexpr std::array<Flight, 2> kFlightsTunnel = {kConnect, kTunnelOpen};
constexpr std::array<Flight, 4> kFlightsTunnelOnce = {kConnect, kChallenge, kConnectNamed,
                                                      kTunnelOpen};
constexpr std::array<Flight, 6> kFlightsTunnelTwice = {kConnect,   kChallenge,    kConnect,
                                                       kChallenge, kConnectNamed, kTunnelOpen};

}  // namespace

std::span<const Flight> tunnelHandshake(int challenges) {
  if (challenges == 0) return kFlightsTunnel;
  if (challenges == 1) return kFlightsTunnelOnce;
  return kFlightsTunnelTwice;
}

DataSize recordOverhead(Security security) {
  switch (security) {
    case Security::none:
    case Security::pseudo:
      return {};
    case Security::tls12:
      return kOverhead12;
    case Security::tls13:
      return kOverhead13;
  }
  return {};
}

std::span<const Flight> handshake(Security security) {
  switch (security) {
    case Security::none:
      return {};
    case Security::tls12:
      return kFlights12;
    case Security::tls13:
      return kFlights13;
    case Security::pseudo:
      return kFlightsPseudo;
  }
  return {};
}

std::size_t flightsBeforeData(Security security, End end) {
  switch (security) {
    case Security::none:
      return 0;
    case Security::tls12:
      return end == End::client ? 4 : 3;
    case Security::tls13:
      return end == End::client ? 2 : 3;
    case Security::pseudo:
      return end == End::client ? 2 : 1;
  }
  return 0;
}

}  // namespace callflow::transport
