#include "src/measurement/pcap.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "src/measurement/bytes.h"
#include "src/measurement/echoes.h"
#include "src/measurement/ip_packet.h"
#include "src/measurement/tcp_rounds.h"

namespace callflow::measurement {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4, kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kNextGeneration = 0x0a0d0d0a;  // the same in both byte orders
constexpr std::size_t kFileHeader = 24, kPacketHeader = 16;

struct Form {
  bool little = false;
  bool nanoseconds = false;
};

std::optional<Form> formOf(const Bytes& bytes) {
  for (const bool little : {true, false}) {
    const auto magic = bytes.number(0, 4, little);
    if (magic == kMicroseconds || magic == kNanoseconds) return Form{little, magic == kNanoseconds};
  }
  return std::nullopt;
}

bool isNextGeneration(const Bytes& bytes) {
  return bytes.number(0, 4, false) == kNextGeneration;
}

bool isCompressed(const Bytes& bytes) {
  return bytes.pair(0) == 0x1f8bU;  // gzip, RFC 1952
}

Fault cutShort(std::size_t packet) {
  return {0, "is damaged: packet " + std::to_string(packet) + " ends behind the end of the file",
          "stop the capture before the file is copied, or cut it by editcap -F pcap -r IN OUT 1-" +
              std::to_string(packet > 1 ? packet - 1 : 1)};
}

}  // namespace

bool isCapture(std::string_view text) {
  const Bytes bytes(text);
  return formOf(bytes) || isNextGeneration(bytes) || isCompressed(bytes);
}

Result<Probes> readPcap(std::string_view text) {
  const Bytes bytes(text);
  if (isNextGeneration(bytes))
    return Faults{{0, "is a pcapng capture", "make a classic one of it: editcap -F pcap IN OUT"}};
  if (isCompressed(bytes)) return Faults{{0, "is compressed", "unpack it with gunzip"}};
  const auto form = formOf(bytes);
  const auto link = form ? bytes.number(20, 4, form->little) : std::nullopt;
  if (!link) return Faults{{0, "is no whole pcap capture", "write one with tcpdump -w FILE icmp"}};
  const std::uint32_t linkType = *link & 0xffff;  // above it: the length of check sequences
  if (!isKnownLink(linkType))
    return Faults{{0, "was captured at a link of type " + std::to_string(linkType),
                   "capture at Ethernet, Linux cooked or raw IP: tcpdump -i any"}};
  Echoes echoes;
  TcpRounds rounds;
  Duration last;
  std::size_t packet = 0;
  for (std::size_t at = kFileHeader; at < bytes.size();) {
    ++packet;
    const auto seconds = bytes.number(at, 4, form->little);
    const auto part = bytes.number(at + 4, 4, form->little);
    const auto length = bytes.number(at + 8, 4, form->little);
    if (!seconds || !part || !length || bytes.size() - at < kPacketHeader ||
        bytes.size() - at - kPacketHeader < *length)
      return Faults{cutShort(packet)};
    const Duration unit = form->nanoseconds ? Duration::ns(1) : Duration::us(1);
    const Duration time = Duration::s(*seconds) + unit * *part;
    last = std::max(last, time);
    const auto ip = ipPacketOf(Bytes(bytes.part(at + kPacketHeader, *length)), linkType);
    at += kPacketHeader + *length;
    if (!ip) continue;
    echoes.take(*ip, time);
    rounds.take(*ip, time);
  }
  if (echoes.empty() && rounds.empty())
    return Faults{{0, "has no pings, and no TCP whose data is acknowledged",
                   "capture while ping runs: tcpdump -w FILE icmp or icmp6"}};
  return echoes.empty() ? rounds.probes(last) : echoes.probes(last);
}

}  // namespace callflow::measurement
