// STUN messages as RFC 8489 and RFC 8656 define them: what one says, and its bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::stun {

enum class Class : std::uint8_t { request, indication, success, error };

// RFC 8489 18.2, RFC 8656 17.
enum class Method : std::uint16_t {
  binding = 0x001,
  allocate = 0x003,
  refresh = 0x004,
  send = 0x006,
  data = 0x007,
  createPermission = 0x008,
  channelBind = 0x009,
};

using TransactionId = std::array<std::uint8_t, 12>;
using Bytes = std::vector<std::uint8_t>;

// IPv6 only as test vectors have it, in XOR-MAPPED-ADDRESS; the simulated networks have none.
struct Ipv6 {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Ipv6&) const = default;
};
struct Address {
  std::variant<wire::Ipv4, Ipv6> ip;
  std::uint16_t port = 0;
  bool operator==(const Address&) const = default;
};

struct ErrorCode {
  int code = 0;  // 300 to 699
  std::string reason;
  bool operator==(const ErrorCode&) const = default;
};

// What is absent is not in the message. Attributes are written in the order in which they stand
// here.
struct Message {
  Class messageClass = Class::request;
  Method method = Method::binding;
  TransactionId transaction{};

  std::optional<std::string> software;
  std::optional<ErrorCode> error;
  std::optional<wire::Endpoint> alternateServer;  // ALTERNATE-SERVER of an error 300
  std::vector<std::uint16_t> unknownAttributes;  // UNKNOWN-ATTRIBUTES of an error 420; none: absent
  std::optional<std::string> username;
  std::optional<std::string> realm;
  std::optional<std::string> nonce;
  std::optional<std::uint8_t> requestedTransport;  // an IP protocol number
  std::optional<std::uint16_t> channel;
  std::optional<Duration> lifetime;                      // whole seconds
  std::vector<wire::Endpoint> peers;                     // XOR-PEER-ADDRESS
  std::optional<wire::Endpoint> relayed;                 // XOR-RELAYED-ADDRESS
  std::optional<Address> mapped;                         // XOR-MAPPED-ADDRESS
  std::optional<std::uint32_t> networkInfo;              // libwebrtc's 0xC057
  std::optional<std::uint64_t> controlled, controlling;  // tie breakers
  bool useCandidate = false;
  std::optional<std::uint32_t> priority;
  std::optional<Bytes> data;

  bool operator==(const Message&) const = default;
};

// What the sender of a message proves that it knows (RFC 8489 9): short-term, the ICE password;
// long-term, MD5 of user, realm and password.
class Key {
 public:
  static Key shortTerm(const std::string& password);
  static Key longTerm(const std::string& user, const std::string& realm,
                      const std::string& password);
  std::span<const std::uint8_t> bytes() const { return bytes_; }

  // What HMAC-SHA1 has made of the key before it comes to a message (RFC 2104 4): the same for all
  // messages, and so worked out once.
  using State = std::array<std::uint32_t, 5>;
  const State& inner() const { return inner_; }
  const State& outer() const { return outer_; }

 private:
  explicit Key(Bytes bytes);

  Bytes bytes_;
  State inner_, outer_;
};

// With MESSAGE-INTEGRITY if there is a key; with FINGERPRINT if asked for. Throws
// std::length_error for what does not fit into a message's 64 KiB and std::invalid_argument for
// what the fields of one cannot say.
Bytes encode(const Message& message, const Key* key, bool fingerprint);

struct Parsed {
  Message message;
  bool hasIntegrity = false;
  std::size_t integrityAt = 0;  // where in the bytes
  bool hasFingerprint = false;  // and it is right; a wrong one makes the message invalid
  // Comprehension-required attributes that are not known (RFC 8489 6.3.1).
  std::vector<std::uint16_t> unknown;
};

// Nothing for bytes that are no valid STUN message. Of an attribute that stands twice the first
// counts (RFC 8489 14), and what follows MESSAGE-INTEGRITY is not read but for FINGERPRINT (14.5).
std::optional<Parsed> parse(std::span<const std::uint8_t> bytes);

// Whether the MESSAGE-INTEGRITY of valid bytes is that of this key; false without one.
bool verify(std::span<const std::uint8_t> bytes, const Key& key);
// The same, of bytes that were parsed before.
bool verify(std::span<const std::uint8_t> bytes, const Parsed& parsed, const Key& key);

}  // namespace callflow::stun
