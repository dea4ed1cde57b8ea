#include <algorithm>

#include "models/stun/fields.h"
#include "models/stun/integrity.h"

namespace callflow::stun {
namespace {

using Value = std::span<const std::uint8_t>;

enum class Reading { good, malformed, unknown };

constexpr Reading goodIf(bool good) {
  return good ? Reading::good : Reading::malformed;
}

// The first of several counts; all must be well formed.
template <class Field, class Content>
void keepFirst(std::optional<Field>& field, Content content) {
  if (!field) field = std::move(content);
}

Reading readText(std::optional<std::string>& field, Value value) {
  keepFirst(field, std::string(value.begin(), value.end()));
  return Reading::good;
}

// Its first bytes, of an attribute that is so long.
template <class Number>
Reading readNumber(std::optional<Number>& field, Value value, std::size_t size) {
  if (value.size() != size) return Reading::malformed;
  keepFirst(field, static_cast<Number>(numberAt(value, 0, sizeof(Number))));
  return Reading::good;
}

Reading readLifetime(std::optional<Duration>& field, Value value) {
  if (value.size() != 4) return Reading::malformed;
  keepFirst(field, Duration::s(fourBytesAt(value, 0)));
  return Reading::good;
}

std::optional<Address> addressOf(Value value, Value message) {
  if (value.size() < 8) return std::nullopt;
  const auto port = static_cast<std::uint16_t>(twoBytesAt(value, 2) ^ (kMagicCookie >> 16));
  const std::uint8_t family = value[1];
  if (family == 1 && value.size() == 8)
    return Address{wire::Ipv4{fourBytesAt(value, 4) ^ kMagicCookie}, port};
  if (family != 2 || value.size() != 20) return std::nullopt;
  Ipv6 ip;
  for (std::size_t i = 0; i < ip.bytes.size(); ++i)
    ip.bytes[i] = static_cast<std::uint8_t>(value[4 + i] ^ message[4 + i]);
  return Address{ip, port};
}

std::optional<wire::Endpoint> endpointOf(Value value, Value message) {
  const std::optional<Address> address = addressOf(value, message);
  if (!address) return std::nullopt;
  const auto* ip = std::get_if<wire::Ipv4>(&address->ip);
  if (!ip) return std::nullopt;
  return wire::Endpoint{*ip, address->port};
}

// Of an IPv4 address that nobody has hidden.
std::optional<wire::Endpoint> plainEndpointOf(Value value) {
  if (value.size() != 8 || value[1] != 1) return std::nullopt;
  return wire::Endpoint{wire::Ipv4{fourBytesAt(value, 4)}, twoBytesAt(value, 2)};
}

template <class Place>
Reading readAddress(std::optional<Place>& field, std::optional<Place> address) {
  if (!address) return Reading::malformed;
  keepFirst(field, *address);
  return Reading::good;
}

Reading readPeer(std::vector<wire::Endpoint>& peers, std::optional<wire::Endpoint> peer) {
  if (!peer) return Reading::malformed;
  peers.push_back(*peer);
  return Reading::good;
}

// RFC 8489 14.8: hundreds in three bits, then the rest.
Reading readError(std::optional<ErrorCode>& field, Value value) {
  if (value.size() < 4) return Reading::malformed;
  const int hundreds = value[2] & 7, rest = value[3];
  if (hundreds < 3 || hundreds > 6 || rest > 99) return Reading::malformed;
  keepFirst(field, ErrorCode{100 * hundreds + rest, {value.begin() + 4, value.end()}});
  return Reading::good;
}

Reading readUnknown(std::vector<std::uint16_t>& codes, Value value) {
  if (value.size() % 2 != 0) return Reading::malformed;
  if (!codes.empty()) return Reading::good;
  for (std::size_t i = 0; i < value.size(); i += 2) codes.push_back(twoBytesAt(value, i));
  return Reading::good;
}

Reading read(Message& m, const Field& field, Value message) {
  const Value value = field.value;
  switch (field.code) {
    case Attribute::software:
      return readText(m.software, value);
    case Attribute::errorCode:
      return readError(m.error, value);
    case Attribute::alternateServer:
      return readAddress(m.alternateServer, plainEndpointOf(value));
    case Attribute::unknownAttributes:
      return readUnknown(m.unknownAttributes, value);
    case Attribute::username:
      return readText(m.username, value);
    case Attribute::realm:
      return readText(m.realm, value);
    case Attribute::nonce:
      return readText(m.nonce, value);
    case Attribute::requestedTransport:
      return readNumber(m.requestedTransport, value, 4);
    case Attribute::channelNumber:
      return readNumber(m.channel, value, 4);
    case Attribute::lifetime:
      return readLifetime(m.lifetime, value);
    case Attribute::xorPeerAddress:
      return readPeer(m.peers, endpointOf(value, message));
    case Attribute::xorRelayedAddress:
      return readAddress(m.relayed, endpointOf(value, message));
    case Attribute::xorMappedAddress:
      return readAddress(m.mapped, addressOf(value, message));
    case Attribute::networkInfo:
      return readNumber(m.networkInfo, value, 4);
    case Attribute::iceControlled:
      return readNumber(m.controlled, value, 8);
    case Attribute::iceControlling:
      return readNumber(m.controlling, value, 8);
    case Attribute::useCandidate:
      m.useCandidate = true;
      return goodIf(value.empty());
    case Attribute::priority:
      return readNumber(m.priority, value, 4);
    case Attribute::data:
      keepFirst(m.data, Bytes(value.begin(), value.end()));
      return Reading::good;
    case Attribute::messageIntegrity:
      return goodIf(value.size() == kIntegritySize);
    case Attribute::fingerprint:
      break;  // the caller's
  }
  return Reading::unknown;
}

// RFC 8489 6.3: messages of other methods are not answered; Send and Data are indications, and of
// the others only Binding may be one (RFC 8656 17, RFC 8489 3).
bool isKnown(Class messageClass, Method method) {
  switch (method) {
    case Method::send:
    case Method::data:
      return messageClass == Class::indication;
    case Method::binding:
      return true;
    case Method::allocate:
    case Method::refresh:
    case Method::createPermission:
    case Method::channelBind:
      return messageClass != Class::indication;
  }
  return false;
}

bool readInto(Parsed& parsed, Value bytes) {
  const std::uint16_t type = twoBytesAt(bytes, 0);
  if (!isKnown(classOf(type), methodOf(type))) return false;
  Message& message = parsed.message;
  message.messageClass = classOf(type);
  message.method = methodOf(type);
  std::copy_n(bytes.begin() + 8, message.transaction.size(), message.transaction.begin());

  AttributeReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->code == Attribute::fingerprint) {
      // It must be the last (RFC 8489 14.7).
      if (!reader.atEnd() || field->value.size() != kFingerprintSize ||
          fourBytesAt(field->value, 0) != fingerprintOf(bytes.first(field->offset)))
        return false;
      parsed.hasFingerprint = true;
      continue;
    }
    if (parsed.hasIntegrity) continue;
    const Reading reading = read(message, *field, bytes);
    if (reading == Reading::malformed) return false;
    const auto code = static_cast<std::uint16_t>(field->code);
    if (reading == Reading::unknown && mustBeKnown(code)) parsed.unknown.push_back(code);
    parsed.hasIntegrity = field->code == Attribute::messageIntegrity;
    parsed.integrityAt = field->offset;
  }
  return reader.atEnd();
}

}  // namespace

std::optional<Parsed> parse(std::span<const std::uint8_t> bytes) {
  std::optional<Parsed> parsed;
  if (!looksLikeStun(bytes) || !readInto(parsed.emplace(), bytes)) parsed.reset();
  return parsed;
}

}  // namespace callflow::stun
