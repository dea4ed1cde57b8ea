#include "src/measurement/pcap.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace callflow::measurement {
namespace {

// Bytes that are read by their place, or not at all.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::uint32_t> number(std::size_t at, std::size_t count, bool little) const {
    if (at > bytes_.size() || count > bytes_.size() - at) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = little ? at + count - 1 - i : at + i;
      value = value << 8 | static_cast<unsigned char>(bytes_[place]);
    }
    return value;
  }
  // As networks write them; nothing is equal to no number.
  std::optional<std::uint32_t> byte(std::size_t at) const { return number(at, 1, false); }
  std::optional<std::uint32_t> pair(std::size_t at) const { return number(at, 2, false); }
  // Up to the end if there are fewer.
  std::string_view part(std::size_t at, std::size_t count) const {
    return at > bytes_.size() ? std::string_view() : bytes_.substr(at, count);
  }
  std::size_t size() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4, kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kNextGeneration = 0x0a0d0d0a;  // the same in both byte orders
constexpr std::uint32_t kEthernet = 1, kRaw = 101, kCooked = 113, kIpv4 = 228, kIpv6 = 229;
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

// Where IP begins in a packet of this link type; nothing if it is something else than IP.
std::optional<std::size_t> ipAt(const Bytes& packet, std::uint32_t linkType) {
  if (linkType == kRaw || linkType == kIpv4 || linkType == kIpv6) return 0;
  std::size_t at = linkType == kEthernet ? 12 : 14;
  auto type = packet.pair(at);
  while (type == 0x8100U || type == 0x88a8U) type = packet.pair(at += 4);  // VLAN, IEEE 802.1Q
  if (type != 0x0800U && type != 0x86ddU) return std::nullopt;
  return at + 2;
}

struct Echo {
  bool request = false;
  std::string from, to;  // addresses as they are in the packet
  std::uint32_t identifier = 0, sequence = 0;
};

std::optional<Echo> echoAt(const Bytes& packet, std::size_t ip) {
  const auto first = packet.byte(ip);
  if (!first) return std::nullopt;
  const bool four = *first >> 4 == 4;
  if (!four && *first >> 4 != 6) return std::nullopt;
  const std::size_t icmp = ip + (four ? (*first & 0xf) * 4 : 40);
  if (packet.byte(ip + (four ? 9 : 6)) != (four ? 1U : 58U)) return std::nullopt;
  if (four && (packet.pair(ip + 6).value_or(0) & 0x1fff) != 0)
    return std::nullopt;  // a later piece
  const auto type = packet.byte(icmp);
  const std::uint32_t request = four ? 8 : 128, reply = four ? 0 : 129;
  const auto identifier = packet.pair(icmp + 4), sequence = packet.pair(icmp + 6);
  if ((type != request && type != reply) || !identifier || !sequence) return std::nullopt;
  const std::size_t length = four ? 4 : 16, address = ip + (four ? 12 : 8);
  return Echo{type == request, std::string(packet.part(address, length)),
              std::string(packet.part(address + length, length)), *identifier, *sequence};
}

// Pairs requests with replies.
class Pairs {
 public:
  // False if somebody else than before pings, or somebody else is pinged.
  bool add(const Echo& echo, Duration at) {
    const auto& asker = echo.request ? echo.from : echo.to;
    const auto& asked = echo.request ? echo.to : echo.from;
    if (!ends_) ends_.emplace(asker, asked);
    if (*ends_ != std::pair(asker, asked)) return false;
    const std::pair key{echo.identifier, echo.sequence};
    const auto open = open_.find(key);
    if (echo.request) {
      // The same numbers again within a second: the capture saw one packet at two interfaces.
      if (open != open_.end() && at - probes_[open->second].sent < Duration::s(1)) return true;
      open_[key] = probes_.size();
      probes_.push_back({at, std::nullopt});
    } else if (open != open_.end() && !probes_[open->second].roundTrip) {
      Probe& probe = probes_[open->second];
      const Duration roundTrip = at - probe.sent;
      if (roundTrip >= Duration{} && roundTrip <= kLongestRoundTrip) probe.roundTrip = roundTrip;
    }
    return true;
  }

  std::vector<Probe> answeredBefore(Duration end) const {
    std::vector<Probe> kept;
    for (const Probe& probe : probes_) {
      if (probe.roundTrip || end - probe.sent >= Duration::s(1)) kept.push_back(probe);
    }
    return kept;
  }

 private:
  std::optional<std::pair<std::string, std::string>> ends_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> open_;  // the last of each number
  std::vector<Probe> probes_;
};

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
    return Fault{0, "is a pcapng capture", "make a classic one of it: editcap -F pcap IN OUT"};
  if (isCompressed(bytes)) return Fault{0, "is compressed", "unpack it with gunzip"};
  const auto form = formOf(bytes);
  const auto link = form ? bytes.number(20, 4, form->little) : std::nullopt;
  if (!link) return Fault{0, "is no pcap capture", "write one with tcpdump -w FILE icmp"};
  const std::uint32_t linkType = *link & 0xffff;  // above it: the length of check sequences
  if (linkType != kEthernet && linkType != kRaw && linkType != kCooked && linkType != kIpv4 &&
      linkType != kIpv6)
    return Fault{
        0, "was captured at a link of type " + std::to_string(linkType),
        "capture at Ethernet, Linux cooked (v1) or raw IP: tcpdump -y EN10MB or LINUX_SLL"};
  Pairs pairs;
  Duration last;
  std::size_t packet = 0;
  for (std::size_t at = kFileHeader; at < bytes.size();) {
    ++packet;
    const auto seconds = bytes.number(at, 4, form->little);
    const auto part = bytes.number(at + 4, 4, form->little);
    const auto length = bytes.number(at + 8, 4, form->little);
    if (!seconds || !part || !length || bytes.size() - at < kPacketHeader ||
        bytes.size() - at - kPacketHeader < *length)
      return cutShort(packet);
    const Duration unit = form->nanoseconds ? Duration::ns(1) : Duration::us(1);
    const Duration time = Duration::s(*seconds) + unit * *part;
    last = std::max(last, time);
    const Bytes data(bytes.part(at + kPacketHeader, *length));
    at += kPacketHeader + *length;
    const auto ip = ipAt(data, linkType);
    const auto echo = ip ? echoAt(data, *ip) : std::nullopt;
    if (echo && !pairs.add(*echo, time))
      return Fault{0,
                   "has pings of two pairs of addresses, the second from packet " +
                       std::to_string(packet) + " on",
                   "take one: tcpdump -r IN -w OUT icmp and host ADDRESS"};
  }
  Probes probes{.list = pairs.answeredBefore(last), .notes = {}};
  if (probes.list.empty())
    return Fault{0, "has no ICMP echo request that could be answered",
                 "capture while ping runs: tcpdump -w FILE icmp"};
  return probes;
}

}  // namespace callflow::measurement
