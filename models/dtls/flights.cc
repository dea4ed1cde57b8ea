#include "models/dtls/flights.h"

#include <algorithm>
#include <array>

namespace callflow::dtls {
namespace {

// Sizes of what libwebrtc's ends say to each other, in bytes, by what they consist of.
constexpr std::size_t kExtension = 4;  // type and length of each (RFC 8446 4.2)
constexpr std::size_t kEcdsa = 71;     // a signature with P-256 in DER: 70 to 72
constexpr std::size_t kX25519 = 32;
// Shares of X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem): the client's encapsulation key, the
// server's ciphertext, each with an X25519 share behind.
constexpr std::size_t kHybridOfClient = 1184 + kX25519;
constexpr std::size_t kHybridOfServer = 1088 + kX25519;
// A self-signed one with a P-256 key and the name "WebRTC": version 5, serial number 10, algorithm
// 12, two names of 19, dates 32, key 91, its header 3; algorithm 12, signature 3 + 71; header 4.
constexpr std::size_t kCertificate = 5 + 10 + 12 + 2 * 19 + 32 + 91 + 3 + 12 + 3 + kEcdsa + 4;
constexpr std::size_t kSignatureAlgorithms = 2 + 8 * 2;

// Version 2, random 32, empty session id and cookie 1 each; 11 suites and compression with their
// lengths; length of the extensions.
constexpr std::size_t kHello12 = 2 + 32 + 1 + 1 + (2 + 11 * 2) + 2 + 2;
// Extended master secret, renegotiation info, session ticket; three groups, point formats,
// signature algorithms, four profiles of SRTP.
constexpr std::size_t kExtensions12 =
    kExtension + (kExtension + 1) + kExtension + (kExtension + 2 + 3 * 2) + (kExtension + 1 + 1) +
    (kExtension + kSignatureAlgorithms) + (kExtension + 2 + 4 * 2 + 1);
// Three suites; two versions, one key share, the modes of resumption (RFC 8446 4.2).
constexpr std::size_t kAdded13 =
    3 * 2 + (kExtension + 1 + 2 * 2) + (kExtension + 2 + 4 + kX25519) + (kExtension + 1 + 1);
// One more group and its share.
constexpr std::size_t kAddedHybrid = 2 + 4 + kHybridOfClient;

// Version, random, session id, suite, compression, length of the extensions.
constexpr std::size_t kServerHello = 2 + 32 + 1 + 2 + 1 + 2;
constexpr std::size_t kSrtpChoice = kExtension + 2 + 2 + 1;

constexpr std::size_t kCertificate12 = 3 + 3 + kCertificate;
constexpr std::size_t kCertificate13 = 1 + 3 + 3 + kCertificate + 2;
constexpr std::size_t kVerify = 2 + 2 + kEcdsa;
constexpr std::size_t kFinished12 = 12;  // RFC 5246 7.4.9
constexpr std::size_t kFinished13 = 32;  // RFC 8446 4.4.4, with SHA-256

Message handshake(MessageType type, std::size_t length, Epoch epoch) {
  return {ContentType::handshake, type, length, epoch};
}

std::vector<Message> flight12(FlightNumber number) {
  using enum MessageType;
  const Message change{ContentType::changeCipherSpec, finished, 1, 0};
  switch (number) {
    case 1:
      return {handshake(clientHello, kHello12 + kExtensions12, 0)};
    case 2:
      return {// Extended master secret, renegotiation info, point formats.
              handshake(
                  serverHello,
                  kServerHello + kExtension + (kExtension + 1) + (kExtension + 2) + kSrtpChoice, 0),
              handshake(certificate, kCertificate12, 0),
              // The curve, the key, the signature over both.
              handshake(serverKeyExchange, 1 + 2 + 1 + kX25519 + kVerify, 0),
              // Two kinds of certificates, algorithms, no authorities.
              handshake(certificateRequest, 1 + 2 + kSignatureAlgorithms + 2, 0),
              handshake(serverHelloDone, 0, 0)};
    case 3:
      return {
          handshake(certificate, kCertificate12, 0), handshake(clientKeyExchange, 1 + kX25519, 0),
          handshake(certificateVerify, kVerify, 0), change, handshake(finished, kFinished12, 1)};
    default:
      return {change, handshake(finished, kFinished12, 1)};
  }
}

std::vector<Message> flight13(FlightNumber number, bool postQuantum) {
  using enum MessageType;
  switch (number) {
    case 1:
      return {handshake(clientHello,
                        kHello12 + kExtensions12 + kAdded13 + (postQuantum ? kAddedHybrid : 0), 0)};
    case 2:
      return {// The version, and the share of the key exchange.
              handshake(serverHello,
                        kServerHello + (kExtension + 2) +
                            (kExtension + 2 + 2 + (postQuantum ? kHybridOfServer : kX25519)),
                        0),
              handshake(encryptedExtensions, 2 + kSrtpChoice, 2),
              handshake(certificateRequest, 1 + 2 + kExtension + kSignatureAlgorithms, 2),
              handshake(certificate, kCertificate13, 2),
              handshake(certificateVerify, kVerify, 2),
              handshake(finished, kFinished13, 2)};
    case 3:
      return {handshake(certificate, kCertificate13, 2), handshake(certificateVerify, kVerify, 2),
              handshake(finished, kFinished13, 2)};
    default:
      // RFC 9147 7: its length and one record's epoch and number.
      return {{ContentType::ack, finished, 2 + 8 + 8, 3}};
  }
}

// Puts records into datagrams.
class Packer {
 public:
  Packer(Version version, RecordNumbers& numbers) : version_(version), numbers_(numbers) {}

  void addWhole(const Message& message) {
    if (room(message.epoch) < message.length) flush();
    closeRecord();
    epoch_ = message.epoch;
    content_.resize(message.length);
    writeRecord(message.content);
  }
  void addHandshake(const Message& message, std::uint16_t sequence) {
    // RFC 6347 4.2.2: an empty message has one part as well.
    std::size_t offset = 0;
    do {
      if (message.epoch != epoch_ || epoch_ == 0) closeRecord();
      epoch_ = message.epoch;
      const std::size_t left = message.length - offset;
      if (room(epoch_) < kFragmentHeader + std::min<std::size_t>(left, 1)) {
        flush();
        continue;
      }
      const std::size_t size = std::min(left, room(epoch_) - kFragmentHeader);
      appendFragment(content_, {message.type, sequence, message.length, offset, size});
      offset += size;
      if (left == 0) break;
    } while (offset < message.length);
  }
  std::vector<stun::Bytes> finish() {
    flush();
    return std::move(datagrams_);
  }

 private:
  // For content of a record that is open, or that would be opened.
  std::size_t room(Epoch epoch) const {
    const std::size_t taken = datagram_.size() + recordOverhead(version_, epoch) + content_.size();
    return taken < kMtu ? kMtu - taken : 0;
  }
  void writeRecord(ContentType type) {
    if (numbers_.size() <= epoch_) numbers_.resize(epoch_ + 1u);
    appendRecord(datagram_, version_, type, epoch_, numbers_[epoch_]++, content_);
    content_.clear();
  }
  void closeRecord() {
    if (!content_.empty()) writeRecord(ContentType::handshake);
  }
  void flush() {
    closeRecord();
    if (!datagram_.empty()) datagrams_.push_back(std::move(datagram_));
    datagram_.clear();
  }

  Version version_;
  RecordNumbers& numbers_;
  Epoch epoch_ = 0;
  stun::Bytes content_;
  stun::Bytes datagram_;
  std::vector<stun::Bytes> datagrams_;
};

}  // namespace

std::vector<Message> flightOf(Version version, FlightNumber number, bool postQuantum) {
  return version == Version::v12 ? flight12(number) : flight13(number, postQuantum);
}

std::uint16_t firstSequence(Version version, FlightNumber number) {
  if (number <= 2) return 0;
  const auto before = flightOf(version, number - 2, false);
  return static_cast<std::uint16_t>(
      firstSequence(version, number - 2) +
      std::count_if(before.begin(), before.end(), [](const Message& message) {
        return message.content == ContentType::handshake;
      }));
}

std::vector<stun::Bytes> datagramsOf(Version version, const std::vector<Message>& flight,
                                     std::uint16_t firstSequence, RecordNumbers& numbers) {
  Packer packer(version, numbers);
  for (const Message& message : flight) {
    if (message.content == ContentType::handshake)
      packer.addHandshake(message, firstSequence++);
    else
      packer.addWhole(message);
  }
  return packer.finish();
}

}  // namespace callflow::dtls
