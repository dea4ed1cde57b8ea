#include "models/stun/integrity.h"

#include <nettle/hmac.h>
#include <nettle/md5.h>
#include <zlib.h>

#include <algorithm>

#include "models/stun/fields.h"

namespace callflow::stun {
namespace {

// RFC 8489 14.7: tells STUN from protocols that end with a CRC-32 as well.
constexpr std::uint32_t kFingerprintMask = 0x5354554E;

// The first four bytes of a message that ends behind an attribute of this size.
std::array<std::uint8_t, 4> headAsIfEnding(std::span<const std::uint8_t> before,
                                           std::size_t attribute) {
  const std::size_t length = before.size() - kHeaderSize + kAttributeHeaderSize + attribute;
  return {before[0], before[1], static_cast<std::uint8_t>(length >> 8),
          static_cast<std::uint8_t>(length)};
}

}  // namespace

Key Key::shortTerm(const std::string& password) {
  Key key;
  key.bytes_.assign(password.begin(), password.end());
  return key;
}

Key Key::longTerm(const std::string& user, const std::string& realm, const std::string& password) {
  const std::string text = user + ":" + realm + ":" + password;
  md5_ctx context;
  md5_init(&context);
  md5_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  Key key;
  key.bytes_.resize(MD5_DIGEST_SIZE);
  md5_digest(&context, key.bytes_.size(), key.bytes_.data());
  return key;
}

std::array<std::uint8_t, kIntegritySize> integrityOf(std::span<const std::uint8_t> before,
                                                     const Key& key) {
  const auto head = headAsIfEnding(before, kIntegritySize);
  const auto rest = before.subspan(head.size());
  hmac_sha1_ctx context;
  hmac_sha1_set_key(&context, key.bytes().size(), key.bytes().data());
  hmac_sha1_update(&context, head.size(), head.data());
  hmac_sha1_update(&context, rest.size(), rest.data());
  std::array<std::uint8_t, kIntegritySize> out;
  hmac_sha1_digest(&context, out.size(), out.data());
  return out;
}

std::uint32_t fingerprintOf(std::span<const std::uint8_t> before) {
  const auto head = headAsIfEnding(before, kFingerprintSize);
  const auto rest = before.subspan(head.size());
  uLong crc = crc32(0, head.data(), static_cast<uInt>(head.size()));
  crc = crc32(crc, rest.data(), static_cast<uInt>(rest.size()));
  return static_cast<std::uint32_t>(crc) ^ kFingerprintMask;
}

bool verify(std::span<const std::uint8_t> bytes, const Key& key) {
  AttributeReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->code != Attribute::messageIntegrity) continue;
    const auto right = integrityOf(bytes.first(field->offset), key);
    return std::equal(right.begin(), right.end(), field->value.begin(), field->value.end());
  }
  return false;
}

}  // namespace callflow::stun
