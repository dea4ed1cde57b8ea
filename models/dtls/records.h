// DTLS records as bytes: the headers that a capture shows (RFC 6347 4.1, RFC 9147 4). Nothing is
// encrypted: what would be stands there plainly, in the room that it would take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/stun/message.h"

namespace callflow::dtls {

enum class Version : std::uint8_t { v12, v13 };

// RFC 6347 4.1, RFC 9147 4.
enum class ContentType : std::uint8_t { changeCipherSpec = 20, handshake = 22, ack = 26 };

// RFC 8446 4, RFC 5246 7.4.
enum class MessageType : std::uint8_t {
  clientHello = 1,
  serverHello = 2,
  encryptedExtensions = 8,
  certificate = 11,
  serverKeyExchange = 12,
  certificateRequest = 13,
  serverHelloDone = 14,
  certificateVerify = 15,
  clientKeyExchange = 16,
  finished = 20,
};

// Zero before there are keys; of 1.2, one with them; of 1.3, two for the handshake and three for
// the rest (RFC 9147 6.1).
using Epoch = std::uint16_t;

inline constexpr std::size_t kFragmentHeader = 12;  // RFC 6347 4.2.2

// What a record costs beside its content. Plain: 13 (RFC 6347 4.1). With keys of 1.2 and AES-GCM,
// what libwebrtc's ends agree on: the nonce's 8 and the tag's 16 more (RFC 5288 3). Of 1.3: the
// short header as BoringSSL writes it, 1 + 2 + 2, the content's type and the tag (RFC 9147 4).
constexpr std::size_t recordOverhead(Version version, Epoch epoch) {
  if (epoch == 0) return 13;
  return version == Version::v12 ? 13 + 8 + 16 : 5 + 1 + 16;
}

void appendRecord(stun::Bytes& bytes, Version version, ContentType type, Epoch epoch,
                  std::uint64_t number, std::span<const std::uint8_t> content);

// A part of a handshake message, whose bytes are zeros.
struct Fragment {
  MessageType type = MessageType::clientHello;
  std::uint16_t sequence = 0;
  std::size_t length = 0;  // of the whole message
  std::size_t offset = 0;
  std::size_t size = 0;
};
void appendFragment(stun::Bytes& content, const Fragment& fragment);

struct Record {
  ContentType type = ContentType::handshake;
  Epoch epoch = 0;
  std::vector<Fragment> fragments;  // of handshake messages
};
// Of a datagram, as far as it makes sense: what does not is dropped (RFC 6347 4.1.2.7).
std::vector<Record> readRecords(std::span<const std::uint8_t> datagram);

}  // namespace callflow::dtls
