#include "models/capture/pcap_writer.h"

#include <array>
#include <ostream>

namespace callflow::capture {
namespace {

// draft-ietf-opsawg-pcap section 4.
constexpr std::uint32_t kMagic = 0xa1b23c4d;      // times have nanoseconds
constexpr std::uint32_t kVersion = 4U << 16 | 2;  // 2.4: the lower half comes first
constexpr std::uint32_t kLargest = 65'535;        // of packets: none is cut
// draft-ietf-opsawg-pcaplinktype: begins with the IP header.
constexpr std::uint32_t kLinkTypeRaw = 101;

}  // namespace

PcapWriter::PcapWriter(std::ostream& out) : out_(out) {
  number(kMagic);
  number(kVersion);
  number(0);
  number(0);
  number(kLargest);
  number(kLinkTypeRaw);
}

// Readers tell the order of bytes by the magic number; files have the lowest first.
void PcapWriter::number(std::uint32_t value) {
  std::array<char, 4> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xff);
    value >>= 8;
  }
  out_.write(bytes.data(), bytes.size());
}

void PcapWriter::write(const wire::Bytes& packet, TimePoint when) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t time = when.sinceStart().count();
  const auto size = static_cast<std::uint32_t>(packet.size());
  number(static_cast<std::uint32_t>(time / kSecond));
  number(static_cast<std::uint32_t>(time % kSecond));
  number(size);
  number(size);
  for (std::size_t i = 0; i < packet.size(); ++i) out_.put(static_cast<char>(packet[i]));
  ++packets_;
}

}  // namespace callflow::capture
