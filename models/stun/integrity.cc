#include "models/stun/integrity.h"

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <utility>

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

// Of the block that stands before the text: the key, changed by a pad (RFC 2104 2).
Key::State stateAfter(std::span<const std::uint8_t> key, std::uint8_t pad) {
  std::array<std::uint8_t, SHA1_BLOCK_SIZE> block;
  block.fill(pad);
  for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  sha1_ctx context;
  sha1_init(&context);
  sha1_update(&context, block.size(), block.data());
  Key::State state;
  std::copy_n(context.state, state.size(), state.begin());
  return state;
}

// As if that block had just been hashed.
sha1_ctx contextAfter(const Key::State& state) {
  sha1_ctx context;
  std::copy(state.begin(), state.end(), context.state);
  context.count = 1;
  context.index = 0;
  return context;
}

using Code = std::array<std::uint8_t, kIntegritySize>;

Code hmacSha1(std::span<const std::uint8_t> text, const Key& key) {
  Code code;
  sha1_ctx context = contextAfter(key.inner());
  sha1_update(&context, text.size(), text.data());
  sha1_digest(&context, code.size(), code.data());
  context = contextAfter(key.outer());
  sha1_update(&context, code.size(), code.data());
  sha1_digest(&context, code.size(), code.data());
  return code;
}

// Who receives a message works out what its sender has worked out of the same bytes with the same
// key: what came out lately is kept, by the bytes and the key.
class RecentCodes {
 public:
  Code of(std::span<const std::uint8_t> before, const Key& key) {
    const auto head = headAsIfEnding(before, kIntegritySize);
    if (before.size() > kLongest) {
      Bytes text(before.begin(), before.end());
      std::copy(head.begin(), head.end(), text.begin());
      return hmacSha1(text, key);
    }
    Entry& entry = entries_[placeOf(before)];
    const auto rest = before.subspan(head.size());
    const auto place = entry.text.begin() + head.size();
    const bool known = entry.size == before.size() && entry.inner == key.inner() &&
                       std::equal(head.begin(), head.end(), entry.text.begin()) &&
                       std::equal(rest.begin(), rest.end(), place);
    if (!known) {
      entry.size = before.size();
      entry.inner = key.inner();
      std::copy(head.begin(), head.end(), entry.text.begin());
      std::copy(rest.begin(), rest.end(), place);
      entry.code = hmacSha1(std::span(entry.text).first(entry.size), key);
    }
    return entry.code;
  }

 private:
  static constexpr std::size_t kLongest = 160;   // only long names make them longer
  static constexpr std::size_t kEntries = 1024;  // for those on their way at one time
  struct Entry {
    std::size_t size = 0;  // zero: nothing is kept, and the rest not set
    Key::State inner;
    std::array<std::uint8_t, kLongest> text;
    Code code;
  };
  // By the transaction's last bytes, which are random, and apart for its request and its answer.
  static std::size_t placeOf(std::span<const std::uint8_t> before) {
    return (twoBytesAt(before, kHeaderSize - 2) ^ before[0]) % kEntries;
  }

  std::unique_ptr<Entry[]> entries_ = std::make_unique_for_overwrite<Entry[]>(kEntries);
};

}  // namespace

Key::Key(Bytes bytes) : bytes_(std::move(bytes)) {
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest;
  std::span<const std::uint8_t> key = bytes_;
  if (key.size() > SHA1_BLOCK_SIZE) {
    sha1_ctx context;
    sha1_init(&context);
    sha1_update(&context, key.size(), key.data());
    sha1_digest(&context, digest.size(), digest.data());
    key = digest;
  }
  inner_ = stateAfter(key, 0x36);
  outer_ = stateAfter(key, 0x5c);
}

Key Key::shortTerm(const std::string& password) {
  return Key(Bytes(password.begin(), password.end()));
}

Key Key::longTerm(const std::string& user, const std::string& realm, const std::string& password) {
  const std::string text = user + ":" + realm + ":" + password;
  md5_ctx context;
  md5_init(&context);
  md5_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  Bytes digest(MD5_DIGEST_SIZE);
  md5_digest(&context, digest.size(), digest.data());
  return Key(std::move(digest));
}

std::array<std::uint8_t, kIntegritySize> integrityOf(std::span<const std::uint8_t> before,
                                                     const Key& key) {
  thread_local RecentCodes recent;
  return recent.of(before, key);
}

std::uint32_t fingerprintOf(std::span<const std::uint8_t> before) {
  const auto head = headAsIfEnding(before, kFingerprintSize);
  const auto sum = [](uLong crc, std::span<const std::uint8_t> bytes) {
    return crc32(crc, bytes.data(), static_cast<uInt>(bytes.size()));
  };
  // As it stands in whole messages.
  const bool same = std::equal(head.begin(), head.end(), before.begin());
  const uLong crc = same ? sum(0, before) : sum(sum(0, head), before.subspan(head.size()));
  return static_cast<std::uint32_t>(crc) ^ kFingerprintMask;
}

bool verify(std::span<const std::uint8_t> bytes, const Parsed& parsed, const Key& key) {
  if (!parsed.hasIntegrity) return false;
  const auto right = integrityOf(bytes.first(parsed.integrityAt), key);
  return std::equal(
      right.begin(), right.end(),
      bytes.begin() + static_cast<std::ptrdiff_t>(parsed.integrityAt + kAttributeHeaderSize));
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
