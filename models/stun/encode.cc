#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/stun/integrity.h"

namespace callflow::stun {
namespace {

constexpr std::size_t kLongestBody = 0xFFFF;  // the length field has 16 bits

// Longer than any message without data; others grow.
constexpr std::size_t kFirstRoom = 192;

class Writer {
 public:
  explicit Writer(const Message& message) : bytes_(kFirstRoom) {
    number<2>(messageType(message.messageClass, message.method));
    number<2>(0);
    number<4>(kMagicCookie);
    raw(message.transaction);
  }

  template <std::size_t kSize>
  void number(std::uint64_t value) {
    std::uint8_t* const to = room(kSize);
    for (std::size_t i = 0; i < kSize; ++i)
      to[i] = static_cast<std::uint8_t>(value >> (8 * (kSize - 1 - i)));
  }
  template <class Range>
  void raw(const Range& values) {
    std::copy(values.begin(), values.end(), room(values.size()));
  }
  void head(Attribute code, std::size_t size) {
    if (size > kLongestBody) throw std::length_error("a STUN attribute holds 65535 bytes at most");
    number<4>(std::uint64_t{static_cast<std::uint16_t>(code)} << 16 | size);
  }
  // To a whole word, with zeros: nothing was written there before.
  void pad() { room(padded(size_) - size_); }

  template <std::size_t kSize>
  void numeric(Attribute code, std::uint64_t value) {
    head(code, kSize);
    number<kSize>(value);
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
    number<2>(1);  // the family's number
    number<2>(endpoint.port ^ (kMagicCookie >> 16));
    number<4>(endpoint.address.value ^ kMagicCookie);
  }
  // As it is (RFC 8489 14.1, 14.15).
  void plainAddress(Attribute code, const wire::Endpoint& endpoint) {
    head(code, 8);
    number<2>(1);
    number<2>(endpoint.port);
    number<4>(endpoint.address.value);
  }
  void address(Attribute code, const Address& address) {
    if (const auto* ip = std::get_if<wire::Ipv4>(&address.ip))
      return this->address(code, wire::Endpoint{*ip, address.port});
    head(code, 20);
    number<2>(2);
    number<2>(address.port ^ (kMagicCookie >> 16));
    const auto& ip = std::get<Ipv6>(address.ip).bytes;
    // Cookie and transaction stand next to each other in the header.
    std::uint8_t* const to = room(ip.size());
    for (std::size_t i = 0; i < ip.size(); ++i)
      to[i] = static_cast<std::uint8_t>(ip[i] ^ bytes_[4 + i]);
  }

  // Each is of all that stands before it.
  void integrity(const Key& key) { text(Attribute::messageIntegrity, integrityOf(written(), key)); }
  void fingerprint() {
    setLength(size_ + kAttributeHeaderSize + kFingerprintSize);
    numeric<kFingerprintSize>(Attribute::fingerprint, fingerprintOf(written()));
  }

  Bytes finish() {
    if (size_ - kHeaderSize > kLongestBody)
      throw std::length_error("a STUN message holds 65535 bytes at most");
    setLength(size_);
    bytes_.resize(size_);
    return std::move(bytes_);
  }

 private:
  // For so many bytes more.
  std::uint8_t* room(std::size_t size) {
    if (size > bytes_.size() - size_) grow(size);
    return bytes_.data() + std::exchange(size_, size_ + size);
  }
  // Seldom, and apart so that all that writes stays short.
  [[gnu::noinline]] void grow(std::size_t size) { bytes_.resize(2 * (size_ + size)); }
  std::span<const std::uint8_t> written() const { return {bytes_.data(), size_}; }
  // Of a message that is so large with its header.
  void setLength(std::size_t size) {
    bytes_[2] = static_cast<std::uint8_t>((size - kHeaderSize) >> 8);
    bytes_[3] = static_cast<std::uint8_t>(size - kHeaderSize);
  }

  Bytes bytes_;  // zeros behind what is written
  std::size_t size_ = 0;
};

void writeError(Writer& writer, const ErrorCode& error) {
  if (error.code < 300 || error.code > 699)
    throw std::invalid_argument("error codes of STUN are 300 to 699");
  writer.head(Attribute::errorCode, 4 + error.reason.size());
  writer.number<3>(static_cast<std::uint64_t>(error.code / 100));
  writer.number<1>(static_cast<std::uint64_t>(error.code % 100));
  writer.raw(error.reason);
  writer.pad();
}

void writeUnknown(Writer& writer, const std::vector<std::uint16_t>& codes) {
  writer.head(Attribute::unknownAttributes, 2 * codes.size());
  for (const std::uint16_t code : codes) writer.number<2>(code);
  writer.pad();
}

void writeLifetime(Writer& writer, Duration lifetime) {
  const std::int64_t seconds = lifetime / Duration::s(1);
  if (seconds < 0 || seconds > 0xFFFFFFFF)
    throw std::invalid_argument("LIFETIME has 32 bits for seconds");
  writer.numeric<4>(Attribute::lifetime, static_cast<std::uint64_t>(seconds));
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
    writer.numeric<4>(Attribute::requestedTransport, std::uint64_t{*m.requestedTransport} << 24);
  if (m.channel) writer.numeric<4>(Attribute::channelNumber, std::uint64_t{*m.channel} << 16);
  if (m.lifetime) writeLifetime(writer, *m.lifetime);
  for (const wire::Endpoint& peer : m.peers) writer.address(Attribute::xorPeerAddress, peer);
  if (m.relayed) writer.address(Attribute::xorRelayedAddress, *m.relayed);
  if (m.mapped) writer.address(Attribute::xorMappedAddress, *m.mapped);
  if (m.networkInfo) writer.numeric<4>(Attribute::networkInfo, *m.networkInfo);
  if (m.controlled) writer.numeric<8>(Attribute::iceControlled, *m.controlled);
  if (m.controlling) writer.numeric<8>(Attribute::iceControlling, *m.controlling);
  if (m.useCandidate) writer.head(Attribute::useCandidate, 0);
  if (m.priority) writer.numeric<4>(Attribute::priority, *m.priority);
  if (m.data) writer.text(Attribute::data, *m.data);
  if (key) writer.integrity(*key);
  if (fingerprint) writer.fingerprint();
  return writer.finish();
}

}  // namespace callflow::stun
