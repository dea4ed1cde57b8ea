#include "models/client/rtcp_report.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "models/wire/header_sizes.h"

namespace callflow::client {
namespace {

using wire::Bytes;

// RFC 3550 6 and 12.1.
constexpr std::uint32_t kVersion = 0x80, kSenderReport = 200, kReceiverReport = 201, kSdes = 202;
constexpr std::uint32_t kCname = 1, kCnameLength = 16;
// Lengths count words beyond the first.
constexpr std::uint32_t kSenderWords = 6, kReceiverWords = 1, kBlockWords = 6, kSdesWords = 6;
constexpr std::int64_t kLargestLoss = 0x7fffff;  // 24 bits, signed

constexpr std::int64_t kSecond = 1'000'000'000;

// RFC 5905 6: seconds since 1900, and 32 bits of fraction. The simulation begins at the beginning
// of 1970.
std::uint64_t ntp(TimePoint when) {
  constexpr std::uint64_t kSince1900 = 2'208'988'800;
  const auto time = static_cast<std::uint64_t>(when.sinceStart().count());
  return (kSince1900 + time / kSecond) << 32 | ((time % kSecond) << 32) / kSecond;
}

void writeBlock(const StreamReport& stream, const RtcpReport& report, Bytes& bytes) {
  bytes.u32(stream.ssrc);
  const std::int64_t fraction =
      stream.expected > 0 ? std::clamp<std::int64_t>(stream.lost * 256 / stream.expected, 0, 255)
                          : 0;
  bytes.u8(static_cast<std::uint32_t>(fraction));
  bytes.u24(static_cast<std::uint32_t>(std::clamp(stream.lostInAll, -kLargestLoss, kLargestLoss)));
  bytes.u32(static_cast<std::uint32_t>(stream.expectedInAll));
  bytes.u32(0);  // jitter: callflow's receivers do not measure RFC 3550's
  // 6.4.1: the middle of the NTP time; in 1/65536 s.
  bytes.u32(report.lastReport ? static_cast<std::uint32_t>(ntp(*report.lastReport) >> 16) : 0);
  bytes.u32(report.lastReport ? static_cast<std::uint32_t>((report.since.count() << 16) / kSecond)
                              : 0);
}

void writeDescription(std::uint32_t ssrc, Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  bytes.u8(kVersion | 1);
  bytes.u8(kSdes);
  bytes.u16(kSdesWords);
  bytes.u32(ssrc);
  bytes.u8(kCname);
  bytes.u8(kCnameLength);
  std::string name = "callflow";
  for (int shift = 28; shift >= 0; shift -= 4) name += kDigits[ssrc >> shift & 15];
  bytes.text(name);
  bytes.u16(0);  // the end, and padding
}

}  // namespace

void writeReport(const RtcpReport& report, Bytes& bytes) {
  const auto count = static_cast<std::uint32_t>(report.streams.size());
  bytes.u8(kVersion | count);
  bytes.u8(report.sender ? kSenderReport : kReceiverReport);
  bytes.u16((report.sender ? kSenderWords : kReceiverWords) + kBlockWords * count);
  bytes.u32(report.ssrc);
  if (report.sender) {
    bytes.u64(ntp(report.sent));
    bytes.u32(report.sender->timestamp);
    bytes.u32(report.sender->packets);
    bytes.u32(report.sender->octets);
  }
  for (const StreamReport& stream : report.streams) writeBlock(stream, report, bytes);
  writeDescription(report.ssrc, bytes);
  bytes.u32(report.number);  // the highest bit is E
  bytes.zeros(static_cast<std::size_t>(wire::kSrtpTag.count()));
}

}  // namespace callflow::client
