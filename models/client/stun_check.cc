#include "models/client/stun_check.h"

#include <string>
#include <string_view>

namespace callflow::client {
namespace {

using wire::Bytes;

// RFC 8489 5, 14 and 18.
constexpr std::uint32_t kBindingRequest = 0x0001, kBindingSuccess = 0x0101;
constexpr std::uint32_t kMagicCookie = 0x2112a442;
constexpr std::uint32_t kUsername = 0x0006, kIntegrity = 0x0008, kXorMappedAddress = 0x0020,
                        kFingerprint = 0x8028;
constexpr std::uint32_t kIntegritySize = 20, kIpv4Family = 1, kFingerprintXor = 0x5354554e;
// RFC 8445 16.1; libwebrtc api/transport/stun.h has the last.
constexpr std::uint32_t kPriority = 0x0024, kUseCandidate = 0x0025, kControlled = 0x8029,
                        kControlling = 0x802a, kNetworkInfo = 0xc057;
// RFC 8445 5.1.2.1: a host candidate's, with libwebrtc's preference for peer-reflexive ones.
constexpr std::uint32_t kPeerReflexivePriority = 110U << 24 | 0x7f1eff;
constexpr std::uint32_t kHeader = 20;

// ISO 3309's, as RFC 8489 14.7 asks for.
std::uint32_t crc32(const Bytes& bytes, std::size_t begin) {
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = begin; i < bytes.size(); ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

void header(std::uint32_t type, DataSize size, const StunCheck& check, Bytes& bytes) {
  bytes.u16(type);
  bytes.u16(static_cast<std::uint32_t>(size.count()) - kHeader);
  bytes.u32(kMagicCookie);
  bytes.u64(check.session);
  bytes.u32(check.transaction);
}

void attribute(std::uint32_t type, std::uint32_t length, Bytes& bytes) {
  bytes.u16(type);
  bytes.u16(length);
}

void finish(std::size_t begin, Bytes& bytes) {
  attribute(kIntegrity, kIntegritySize, bytes);
  bytes.zeros(kIntegritySize);
  const std::uint32_t crc = crc32(bytes, begin);
  attribute(kFingerprint, 4, bytes);
  bytes.u32(crc ^ kFingerprintXor);
}

// RFC 8445 5.3: four characters of 24 bits each.
std::string fragment(std::uint64_t bits) {
  constexpr std::string_view kCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (int i = 0; i < 4; ++i) text += kCharacters[bits >> (6 * i) & 63];
  return text;
}

}  // namespace

void writeRequest(const StunCheck& check, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  header(kBindingRequest, kCheckRequestSize, check, bytes);
  // Whom it asks, and who asks. The end that does not nominate has four bytes more for its own.
  const std::string one = fragment(check.session), other = fragment(check.session >> 24) + "0000";
  const std::string name = check.controlling ? other.substr(0, 4) + ":" + one : one + ":" + other;
  attribute(kUsername, static_cast<std::uint32_t>(name.size()), bytes);
  bytes.text(name);
  bytes.zeros((4 - name.size() % 4) % 4);
  attribute(kNetworkInfo, 4, bytes);
  bytes.u32(0);
  attribute(check.controlling ? kControlling : kControlled, 8, bytes);
  bytes.u64(check.session);
  if (check.controlling) attribute(kUseCandidate, 0, bytes);
  attribute(kPriority, 4, bytes);
  bytes.u32(kPeerReflexivePriority);
  finish(begin, bytes);
}

void writeResponse(const StunCheck& check, const wire::Endpoint& mapped, Bytes& bytes) {
  const std::size_t begin = bytes.size();
  header(kBindingSuccess, kCheckResponseSize, check, bytes);
  attribute(kXorMappedAddress, 8, bytes);
  bytes.u16(kIpv4Family);
  bytes.u16(mapped.port ^ (kMagicCookie >> 16));
  bytes.u32(mapped.address.value ^ kMagicCookie);
  finish(begin, bytes);
}

}  // namespace callflow::client
