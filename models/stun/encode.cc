#include <algorithm>
#include <stdexcept>

#include "models/stun/integrity.h"

namespace callflow::stun {
namespace {

constexpr std::size_t kLongestBody = 0xFFFF;  // the length field has 16 bits

class Writer {
 public:
  explicit Writer(const Message& message) : transaction_(message.transaction) {
    number(messageType(message.messageClass, message.method), 2);
    number(0, 2);
    number(kMagicCookie, 4);
    raw(transaction_);
  }

  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t left = size; left > 0; --left)
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * (left - 1))));
  }
  template <class Range>
  void raw(const Range& values) {
    for (const auto value : values) bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  void head(Attribute code, std::size_t size) {
    if (size > kLongestBody) throw std::length_error("a STUN attribute holds 65535 bytes at most");
    number(static_cast<std::uint16_t>(code), 2);
    number(size, 2);
  }
  // To a whole word, with zeros.
  void pad() { bytes_.resize(padded(bytes_.size())); }

  void numeric(Attribute code, std::uint64_t value, std::size_t size) {
    head(code, size);
    number(value, size);
  }
  template <class Range>
  void text(Attribute code, const Range& value) {
    head(code, value.size());
    raw(value);
    pad();
  }
  // RFC 8489 14.2: so that no NAT recognizes and rewrites them.
  void address(Attribute code, const wire::Endpoint& endpoint) {
    head(code, 8);
    number(1, 2);  // the family's number
    number(endpoint.port ^ (kMagicCookie >> 16), 2);
    number(endpoint.address.value ^ kMagicCookie, 4);
  }
  // As it is (RFC 8489 14.1, 14.15).
  void plainAddress(Attribute code, const wire::Endpoint& endpoint) {
    head(code, 8);
    number(1, 2);
    number(endpoint.port, 2);
    number(endpoint.address.value, 4);
  }
  void address(Attribute code, const Address& address) {
    if (const auto* ip = std::get_if<wire::Ipv4>(&address.ip))
      return this->address(code, wire::Endpoint{*ip, address.port});
    head(code, 20);
    number(2, 2);
    number(address.port ^ (kMagicCookie >> 16), 2);
    const auto& ip = std::get<Ipv6>(address.ip).bytes;
    // Cookie and transaction stand next to each other in the header.
    for (std::size_t i = 0; i < ip.size(); ++i)
      bytes_.push_back(static_cast<std::uint8_t>(ip[i] ^ bytes_[4 + i]));
  }

  // Each is of all that stands before it.
  void integrity(const Key& key) { text(Attribute::messageIntegrity, integrityOf(bytes_, key)); }
  void fingerprint() { numeric(Attribute::fingerprint, fingerprintOf(bytes_), kFingerprintSize); }

  Bytes finish() {
    const std::size_t length = bytes_.size() - kHeaderSize;
    if (length > kLongestBody) throw std::length_error("a STUN message holds 65535 bytes at most");
    bytes_[2] = static_cast<std::uint8_t>(length >> 8);
    bytes_[3] = static_cast<std::uint8_t>(length);
    return std::move(bytes_);
  }

 private:
  TransactionId transaction_;
  Bytes bytes_;
};

void writeError(Writer& writer, const ErrorCode& error) {
  if (error.code < 300 || error.code > 699)
    throw std::invalid_argument("error codes of STUN are 300 to 699");
  writer.head(Attribute::errorCode, 4 + error.reason.size());
  writer.number(static_cast<std::uint64_t>(error.code / 100), 3);
  writer.number(static_cast<std::uint64_t>(error.code % 100), 1);
  writer.raw(error.reason);
  writer.pad();
}

void writeUnknown(Writer& writer, const std::vector<std::uint16_t>& codes) {
  writer.head(Attribute::unknownAttributes, 2 * codes.size());
  for (const std::uint16_t code : codes) writer.number(code, 2);
  writer.pad();
}

void writeLifetime(Writer& writer, Duration lifetime) {
  const std::int64_t seconds = lifetime / Duration::s(1);
  if (seconds < 0 || seconds > 0xFFFFFFFF)
    throw std::invalid_argument("LIFETIME has 32 bits for seconds");
  writer.numeric(Attribute::lifetime, static_cast<std::uint64_t>(seconds), 4);
}

}  // namespace

Bytes encode(const Message& m, const Key* key, bool fingerprint) {
  Writer writer(m);
  if (m.software) writer.text(Attribute::software, *m.software);
  if (m.error) writeError(writer, *m.error);
  if (m.alternateServer) writer.plainAddress(Attribute::alternateServer, *m.alternateServer);
  if (!m.unknownAttributes.empty()) writeUnknown(writer, m.unknownAttributes);
  if (m.username) writer.text(Attribute::username, *m.username);
  if (m.realm) writer.text(Attribute::realm, *m.realm);
  if (m.nonce) writer.text(Attribute::nonce, *m.nonce);
  // These two have bytes behind them that are reserved (RFC 8656 18.1, 18.8).
  if (m.requestedTransport)
    writer.numeric(Attribute::requestedTransport, std::uint64_t{*m.requestedTransport} << 24, 4);
  if (m.channel) writer.numeric(Attribute::channelNumber, std::uint64_t{*m.channel} << 16, 4);
  if (m.lifetime) writeLifetime(writer, *m.lifetime);
  for (const wire::Endpoint& peer : m.peers) writer.address(Attribute::xorPeerAddress, peer);
  if (m.relayed) writer.address(Attribute::xorRelayedAddress, *m.relayed);
  if (m.mapped) writer.address(Attribute::xorMappedAddress, *m.mapped);
  if (m.networkInfo) writer.numeric(Attribute::networkInfo, *m.networkInfo, 4);
  if (m.controlled) writer.numeric(Attribute::iceControlled, *m.controlled, 8);
  if (m.controlling) writer.numeric(Attribute::iceControlling, *m.controlling, 8);
  if (m.useCandidate) writer.head(Attribute::useCandidate, 0);
  if (m.priority) writer.numeric(Attribute::priority, *m.priority, 4);
  if (m.data) writer.text(Attribute::data, *m.data);
  if (key) writer.integrity(*key);
  if (fingerprint) writer.fingerprint();
  return writer.finish();
}

}  // namespace callflow::stun
