#include "models/transport/tls_bytes.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "models/transport/tls.h"

namespace callflow::transport {
namespace {

using wire::Bytes;

// RFC 5246 6.2.1 and 7.4, RFC 8446 4 and 5.1.
constexpr std::uint32_t kChangeCipherSpec = 20, kHandshake = 22, kApplicationData = 23;
constexpr std::uint32_t kClientHello = 1, kServerHello = 2, kNewSessionTicket = 4,
                        kServerHelloDone = 14, kClientKeyExchange = 16;
constexpr std::uint32_t kTls10 = 0x0301, kTls12 = 0x0303, kTls13 = 0x0304;
constexpr std::uint32_t kRecordHeader = 5, kHandshakeHeader = 4;
constexpr std::uint32_t kRandom = 32, kSession = 32;
// IANA's registries: cipher suites with AES-128-GCM, extensions.
constexpr std::uint32_t kAesOf13 = 0x1301, kAesOf12 = 0xc02f;
constexpr std::uint32_t kPadding = 21, kSupportedVersions = 43, kKeyShare = 51;
// RFC 8701: a name that nobody will ever give a meaning.
constexpr std::uint32_t kGrease = 0xfafa;
constexpr std::uint32_t kX25519 = 0x001d, kX25519Share = 32;
constexpr std::uint32_t kExtensionHeader = 4;

std::uint32_t sizeOf(const Flight& flight) {
  return static_cast<std::uint32_t>(flight.size.count());
}

void record(std::uint32_t type, std::uint32_t version, std::uint32_t length, Bytes& bytes) {
  bytes.u8(type);
  bytes.u16(version);
  bytes.u16(length);
}

// In a record of its own; `length` is of what follows both headers.
void message(std::uint32_t type, std::uint32_t version, std::uint32_t length, Bytes& bytes) {
  record(kHandshake, version, kHandshakeHeader + length, bytes);
  bytes.u8(type);
  bytes.u24(length);
}

void changeCipherSpec(Bytes& bytes) {
  record(kChangeCipherSpec, kTls12, 1, bytes);
  bytes.u8(1);
}

void extension(std::uint32_t type, std::uint32_t length, Bytes& bytes) {
  bytes.u16(type);
  bytes.u16(length);
}

// An extension of zeros takes the rest of `size`, of what `bytes` has grown by since `begin`.
void fill(std::uint32_t type, std::size_t begin, std::uint32_t size, Bytes& bytes) {
  const auto there = static_cast<std::uint32_t>(bytes.size() - begin);
  extension(type, size - there - kExtensionHeader, bytes);
  bytes.resize(begin + size);
}

// As browsers pad it (RFC 7685).
void clientHello(bool tls13, std::uint32_t size, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  message(kClientHello, kTls10, size - kRecordHeader - kHandshakeHeader, bytes);
  bytes.u16(kTls12);
  bytes.zeros(kRandom);
  bytes.u8(kSession);
  bytes.zeros(kSession);
  bytes.u16(2);
  bytes.u16(tls13 ? kAesOf13 : kAesOf12);
  bytes.u16(1 << 8);  // one compression method: none
  bytes.u16(size - static_cast<std::uint32_t>(bytes.size() - begin) - 2);
  if (tls13) {
    extension(kSupportedVersions, 3, bytes);
    bytes.u8(2);
    bytes.u16(kTls13);
    extension(kKeyShare, 6 + kX25519Share, bytes);
    bytes.u16(4 + kX25519Share);
    bytes.u16(kX25519);
    bytes.u16(kX25519Share);
    bytes.zeros(kX25519Share);
  }
  fill(kPadding, begin, size, bytes);
}

// `extensions` is how much these have.
void serverHello(std::uint32_t cipher, std::uint32_t extensions, Bytes& bytes) {
  message(kServerHello, kTls12, 2 + kRandom + 1 + kSession + 2 + 1 + 2 + extensions, bytes);
  bytes.u16(kTls12);
  bytes.zeros(kRandom);
  bytes.u8(kSession);
  bytes.zeros(kSession);
  bytes.u16(cipher);
  bytes.u8(0);
  bytes.u16(extensions);
}

// The rest of a flight of so many bytes that began at `begin` is one record.
void restAs(std::uint32_t type, std::size_t begin, std::uint32_t size, Bytes& bytes) {
  const auto there = static_cast<std::uint32_t>(bytes.size() - begin);
  record(type, kTls12, size - there - kRecordHeader, bytes);
  bytes.resize(begin + size);
}

// Without the certificates: callflow has none, and what they would take is an extension.
void serverHello12(std::uint32_t size, Bytes& bytes) {
  constexpr std::uint32_t kDone = kRecordHeader + kHandshakeHeader;
  constexpr std::uint32_t kFixed =
      kRecordHeader + kHandshakeHeader + 2 + kRandom + 1 + kSession + 2 + 1 + 2;
  const std::size_t begin = bytes.size();
  serverHello(kAesOf12, size - kDone - kFixed, bytes);
  fill(kGrease, begin, size - kDone, bytes);
  message(kServerHelloDone, kTls12, 0, bytes);
}

// Then all is encrypted and looks like application data.
void serverHello13(std::uint32_t size, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  constexpr std::uint32_t kVersion = kExtensionHeader + 2;
  constexpr std::uint32_t kShare = kExtensionHeader + 4 + kX25519Share;
  serverHello(kAesOf13, kVersion + kShare, bytes);
  extension(kSupportedVersions, 2, bytes);
  bytes.u16(kTls13);
  extension(kKeyShare, 4 + kX25519Share, bytes);
  bytes.u16(kX25519);
  bytes.u16(kX25519Share);
  bytes.zeros(kX25519Share);
  changeCipherSpec(bytes);
  restAs(kApplicationData, begin, size, bytes);
}

void keyExchange12(std::uint32_t size, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  constexpr std::uint32_t kPoint = 65;  // of secp256r1, not compressed (RFC 8422 5.4.1)
  message(kClientKeyExchange, kTls12, 1 + kPoint, bytes);
  bytes.u8(kPoint);
  bytes.zeros(kPoint);
  changeCipherSpec(bytes);
  restAs(kHandshake, begin, size, bytes);
}

void ticket12(std::uint32_t size, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  constexpr std::uint32_t kFinished = 45, kSwitch = 6;  // records
  const std::uint32_t length = size - kFinished - kSwitch - kRecordHeader - kHandshakeHeader;
  message(kNewSessionTicket, kTls12, length, bytes);
  bytes.u32(0);
  bytes.u16(length - 6);
  bytes.zeros(length - 6);
  changeCipherSpec(bytes);
  restAs(kHandshake, begin, size, bytes);
}

void finished13(std::uint32_t size, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  changeCipherSpec(bytes);
  restAs(kApplicationData, begin, size, bytes);
}

// libwebrtc's rtc_base/socket_adapters.cc: a hello of SSL 2 (RFC 5246 E.2) that offers fifteen
// cipher suites of three bytes, and an answer of SSL 3.1 that takes RSA with RC4 and MD5.
void pseudoHello(Bytes& bytes) {
  constexpr std::uint32_t kSuites = 15, kSuite = 3, kChallenge = 16;
  bytes.u16(0x8000 | (1 + 2 + 2 + 2 + 2 + kSuites * kSuite + kChallenge));
  bytes.u8(kClientHello);
  bytes.u16(kTls10);
  bytes.u16(kSuites * kSuite);
  bytes.u16(0);
  bytes.u16(kChallenge);
  for (std::uint32_t i = 0; i < kSuites; ++i) bytes.u24(4);
  bytes.zeros(kChallenge);
}

void pseudoAnswer(Bytes& bytes) {
  message(kServerHello, kTls10, 2 + kRandom + 1 + kSession + 2 + 1, bytes);
  bytes.u16(kTls10);
  bytes.zeros(kRandom);
  bytes.u8(kSession);
  bytes.zeros(kSession);
  bytes.u16(4);
  bytes.u8(0);
}

// ---- HTTP (RFC 9112 and 9110 9.3.6) -------------------------------------------------------------

// Lines before the one that takes the rest of `size`, and the empty one.
void request(std::string_view lines, std::string_view lastLine, std::uint32_t size, Bytes& bytes) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::string text(lines);
  text += lastLine;
  text.resize(size - kEnd.size(), 'x');
  text += kEnd;
  bytes.text(text);
}

constexpr std::string_view kConnectLines =
    "CONNECT relay.invalid:443 HTTP/1.1\r\nHost: relay.invalid:443\r\n"
    "Proxy-Connection: keep-alive\r\n";
constexpr std::string_view kOpened = "HTTP/1.1 200 Connection Established\r\n\r\n";

void challenge(std::uint32_t size, Bytes& bytes) {
  std::string text =
      "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"
      "Content-Type: text/plain\r\nContent-Length: ";
  // Four digits and the empty line.
  constexpr std::size_t kBehind = 4 + 4;
  text += std::to_string(size - text.size() - kBehind) + "\r\n\r\n";
  text.resize(size, '.');
  bytes.text(text);
}

}  // namespace

void writeHandshakeFlight(Security security, std::size_t flight, Bytes& bytes) {
  const std::uint32_t size = sizeOf(handshake(security)[flight]);
  switch (security) {
    case Security::none:
      return;
    case Security::pseudo:
      return flight == 0 ? pseudoHello(bytes) : pseudoAnswer(bytes);
    case Security::tls13:
      if (flight == 0) return clientHello(true, size, bytes);
      return flight == 1 ? serverHello13(size, bytes) : finished13(size, bytes);
    case Security::tls12:
      if (flight == 0) return clientHello(false, size, bytes);
      if (flight == 1) return serverHello12(size, bytes);
      return flight == 2 ? keyExchange12(size, bytes) : ticket12(size, bytes);
  }
}

void writeTunnelFlight(int challenges, std::size_t flight, Bytes& bytes) {
  const auto flights = tunnelHandshake(challenges);
  const std::uint32_t size = sizeOf(flights[flight]);
  if (flight + 1 == flights.size()) return bytes.text(kOpened);
  if (flights[flight].from == End::server) return challenge(size, bytes);
  // The last of several names who asks.
  const bool named = flight > 0 && flight + 2 == flights.size();
  request(kConnectLines, named ? "Proxy-Authorization: Negotiate " : "User-Agent: ", size, bytes);
}

void writeApplicationRecord(DataSize size, Bytes& bytes) {
  record(kApplicationData, kTls12, static_cast<std::uint32_t>(size.count()) - kRecordHeader, bytes);
}

}  // namespace callflow::transport
