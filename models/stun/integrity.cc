#include "models/stun/integrity.h"

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <zlib.h>

#include <algorithm>
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

constexpr std::size_t kBlock = SHA1_BLOCK_SIZE;
using Block = std::array<std::uint8_t, kBlock>;

// The words of a state as the bytes that they stand for.
void write(const Key::State& state, std::uint8_t* to) {
  for (const std::uint32_t word : state) {
    for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(word >> shift);
  }
}

// RFC 3174 4: a mark behind the text, and how many bits it has at the end. `text` bytes of the
// block are its own, `total` come before its end.
void finish(Key::State& state, Block& block, std::size_t text, std::size_t total) {
  constexpr std::size_t kLength = 8;
  block[text++] = 0x80;
  std::fill(block.begin() + static_cast<std::ptrdiff_t>(text), block.end(), std::uint8_t{0});
  if (text > kBlock - kLength) {
    nettle_sha1_compress(state.data(), block.data());
    block.fill(0);
  }
  const std::uint64_t bits = 8 * std::uint64_t{total};
  for (std::size_t i = 0; i < kLength; ++i)
    block[kBlock - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  nettle_sha1_compress(state.data(), block.data());
}

// Of the block that stands before the text: the key, changed by a pad (RFC 2104 2).
Key::State stateAfter(std::span<const std::uint8_t> key, std::uint8_t pad) {
  Block block;
  block.fill(pad);
  for (std::size_t i = 0; i < key.size(); ++i) block[i] ^= key[i];
  sha1_ctx context;
  sha1_init(&context);
  Key::State state;
  std::copy_n(context.state, state.size(), state.begin());
  nettle_sha1_compress(state.data(), block.data());
  return state;
}

}  // namespace

Key::Key(Bytes bytes) : bytes_(std::move(bytes)) {
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest;
  std::span<const std::uint8_t> key = bytes_;
  if (key.size() > kBlock) {
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
  const auto head = headAsIfEnding(before, kIntegritySize);
  Key::State state = key.inner();
  Block block;
  std::size_t at = 0;
  for (; before.size() - at >= kBlock; at += kBlock) {
    if (at > 0) {
      nettle_sha1_compress(state.data(), &before[at]);
      continue;
    }
    std::copy_n(before.begin(), kBlock, block.begin());
    std::copy(head.begin(), head.end(), block.begin());
    nettle_sha1_compress(state.data(), block.data());
  }
  const std::size_t rest = before.size() - at;
  std::copy_n(before.data() + at, rest, block.begin());
  if (at == 0) std::copy(head.begin(), head.end(), block.begin());
  finish(state, block, rest, kBlock + before.size());

  write(state, block.data());
  state = key.outer();
  finish(state, block, kIntegritySize, kBlock + kIntegritySize);
  std::array<std::uint8_t, kIntegritySize> out;
  write(state, out.data());
  return out;
}

std::uint32_t fingerprintOf(std::span<const std::uint8_t> before) {
  const auto head = headAsIfEnding(before, kFingerprintSize);
  const auto sum = [](uLong crc, std::span<const std::uint8_t> bytes) {
    return crc32(crc, bytes.data(), static_cast<uInt>(bytes.size()));
  };
  // As it stands in whole messages.
  const bool same = std::equal(head.begin(), head.end(), before.begin());
  const uLong crc =
      same ? sum(0, before) : sum(sum(0, head), before.subspan(head.size()));
  return static_cast<std::uint32_t>(crc) ^ kFingerprintMask;
}

bool verify(std::span<const std::uint8_t> bytes, const Parsed& parsed, const Key& key) {
  if (!parsed.hasIntegrity) return false;
  const auto right = integrityOf(bytes.first(parsed.integrityAt), key);
  return std::equal(right.begin(), right.end(),
                    bytes.begin() +
                        static_cast<std::ptrdiff_t>(parsed.integrityAt + kAttributeHeaderSize));
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
