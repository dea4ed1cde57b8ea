#include "models/dtls/records.h"

#include <optional>

namespace callflow::dtls {
namespace {

constexpr std::size_t kPlainHeader = 13;
constexpr std::size_t kShortHeader = 5;
constexpr std::size_t kNonce = 8;
constexpr std::size_t kTag = 16;
// RFC 9147 4: 001, no connection id, two bytes of number, a length, then the epoch's low bits.
constexpr std::uint8_t kShortMark = 0x2c;

void append(stun::Bytes& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t left = size; left > 0; --left)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (left - 1))));
}

std::size_t numberAt(std::span<const std::uint8_t> bytes, std::size_t offset, std::size_t size) {
  std::size_t value = 0;
  for (const std::uint8_t byte : bytes.subspan(offset, size)) value = value << 8 | byte;
  return value;
}

std::vector<Fragment> readFragments(std::span<const std::uint8_t> content) {
  std::vector<Fragment> fragments;
  while (content.size() >= kFragmentHeader) {
    const Fragment fragment{
        static_cast<MessageType>(content[0]), static_cast<std::uint16_t>(numberAt(content, 4, 2)),
        numberAt(content, 1, 3), numberAt(content, 6, 3), numberAt(content, 9, 3)};
    if (fragment.offset + fragment.size > fragment.length ||
        fragment.size > content.size() - kFragmentHeader)
      return {};
    fragments.push_back(fragment);
    content = content.subspan(kFragmentHeader + fragment.size);
  }
  return content.empty() ? fragments : std::vector<Fragment>{};
}

bool isKnown(std::uint8_t type) {
  return type == 20 || type == 22 || type == 26;
}

// What a header says: where the content stands and what it is.
struct Framing {
  std::size_t size = 0;  // of the whole record
  std::size_t begin = 0, length = 0;
  std::uint8_t type = 0;
  Epoch epoch = 0;
};

std::optional<Framing> framingOf(std::span<const std::uint8_t> bytes) {
  const bool isShort = !bytes.empty() && (bytes[0] & 0xfc) == kShortMark;
  const std::size_t header = isShort ? kShortHeader : kPlainHeader;
  if (bytes.size() < header) return std::nullopt;
  const std::size_t length = numberAt(bytes, header - 2, 2);
  if (length > bytes.size() - header) return std::nullopt;
  Framing framing{header + length, header, length, bytes[0], 0};
  if (isShort) {
    if (length < 1 + kTag) return std::nullopt;
    framing.length -= 1 + kTag;
    framing.type = bytes[header + framing.length];
    framing.epoch = bytes[0] & 3;
    return framing;
  }
  framing.epoch = static_cast<Epoch>(numberAt(bytes, 3, 2));
  if (framing.epoch == 0) return framing;
  if (length < kNonce + kTag) return std::nullopt;
  framing.begin += kNonce;
  framing.length -= kNonce + kTag;
  return framing;
}

}  // namespace

void appendRecord(stun::Bytes& bytes, Version version, ContentType type, Epoch epoch,
                  std::uint64_t number, std::span<const std::uint8_t> content) {
  const bool isShort = version == Version::v13 && epoch > 0;
  const bool hasNonce = version == Version::v12 && epoch > 0;
  const std::size_t header = isShort ? kShortHeader : kPlainHeader;
  if (isShort) {
    append(bytes, kShortMark | (epoch & 3u), 1);
    append(bytes, number, 2);
  } else {
    append(bytes, static_cast<std::uint8_t>(type), 1);
    append(bytes, 0xfefd, 2);  // "1.2", which 1.3 says too (RFC 9147 4)
    append(bytes, epoch, 2);
    append(bytes, number, 6);
  }
  append(bytes, recordOverhead(version, epoch) - header + content.size(), 2);
  if (hasNonce) append(bytes, 0, kNonce);
  bytes.insert(bytes.end(), content.begin(), content.end());
  if (isShort) append(bytes, static_cast<std::uint8_t>(type), 1);
  if (epoch > 0) bytes.resize(bytes.size() + kTag);
}

void appendFragment(stun::Bytes& content, const Fragment& fragment) {
  append(content, static_cast<std::uint8_t>(fragment.type), 1);
  append(content, fragment.length, 3);
  append(content, fragment.sequence, 2);
  append(content, fragment.offset, 3);
  append(content, fragment.size, 3);
  content.resize(content.size() + fragment.size);
}

std::vector<Record> readRecords(std::span<const std::uint8_t> datagram) {
  std::vector<Record> records;
  while (const auto framing = framingOf(datagram)) {
    if (isKnown(framing->type)) {
      Record record{static_cast<ContentType>(framing->type), framing->epoch, {}};
      if (record.type == ContentType::handshake)
        record.fragments = readFragments(datagram.subspan(framing->begin, framing->length));
      records.push_back(std::move(record));
    }
    datagram = datagram.subspan(framing->size);
  }
  return records;
}

}  // namespace callflow::dtls
