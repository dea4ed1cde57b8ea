// The packet of the fabric: a plain record of 64 bytes that lives in a pool and is known by its
// index there. It has no header bytes; what headers cost is in its size.
#pragma once

#include <array>
#include <cstdint>

#include "models/wire/address.h"
#include "models/wire/sight.h"
#include "src/units/units.h"

namespace callflow::fabric {

using wire::Endpoint;
using wire::Header5;
using wire::Ipv4;
using wire::Protocol;
using wire::toText;

enum class NodeId : std::uint32_t {};
enum class LinkId : std::uint32_t {};   // one direction of a link
enum class RouteId : std::uint32_t {};  // 0: none, look the route up by destination
enum class PacketId : std::uint32_t {};
enum class OwnerId : std::uint8_t {};  // of packets; 0: nobody

inline constexpr NodeId kNoNode{0xffffffff};
inline constexpr LinkId kNoLink{0xffffffff};
inline constexpr RouteId kNoRoute{0};
inline constexpr PacketId kNoPacket{0xffffffff};

constexpr std::uint32_t index(NodeId id) {
  return static_cast<std::uint32_t>(id);
}
constexpr std::uint32_t index(LinkId id) {
  return static_cast<std::uint32_t>(id);
}
constexpr std::uint32_t index(RouteId id) {
  return static_cast<std::uint32_t>(id);
}
constexpr std::uint32_t index(PacketId id) {
  return static_cast<std::uint32_t>(id);
}

// What a link can make a packet spend time on.
enum class DelayPart : std::uint8_t { propagation, jitter, serialization, queueing };
inline constexpr std::size_t kDelayPartCount = 4;

namespace packet_flag {
inline constexpr std::uint8_t kMedia = 1;  // carries media (or a TCP segment that does)
inline constexpr std::uint8_t kNewData =
    2;  // its bytes were never sent before (not a retransmission)
}  // namespace packet_flag

// The sender fills in addresses, protocol, flags, size, stream, sequence and payload. The rest is
// the fabric's: time sent, place on the route, and the time spent on each part of the way, which
// add up to `arrival - sent` exactly (plus what forward() was asked to wait at relays).
class Packet {
 public:
  Ipv4 sourceAddress;
  Ipv4 destinationAddress;
  std::uint16_t sourcePort = 0;
  std::uint16_t destinationPort = 0;
  std::uint16_t size = 0;  // bytes of IP packet: IP header and all above it
  Protocol protocol : 1 = Protocol::udp;
  std::uint8_t dscp : 6 = 0;   // RFC 2474: how it asks to be treated; 0: as all others
  bool plain : 1 = false;      // TCP whose bytes do not look like TLS
  std::uint8_t flags : 2 = 0;  // of packet_flag
  OwnerId owner : 6 = {};      // who is told if it is dropped (Fabric::addOwner)
  std::uint32_t stream = 0;    // whose packet this is, of FlowNames; picks its random draws
  std::uint32_t sequence = 0;  // the sender's own; the fabric does not look at it
  std::uint32_t payload =
      0;  // the sender's handle for what travels with it; the fabric does not look at it

  Endpoint source() const { return {sourceAddress, sourcePort}; }
  Endpoint destination() const { return {destinationAddress, destinationPort}; }
  Header5 header() const { return {source(), destination(), protocol}; }
  wire::Sight sight() const { return {wire::Dscp{dscp}, plain}; }
  void setHeader(const Header5& header) {
    sourceAddress = header.source.address;
    sourcePort = header.source.port;
    destinationAddress = header.destination.address;
    destinationPort = header.destination.port;
    protocol = header.protocol;
  }
  // All that its sender decides, of another packet; time and route stay.
  void takeFrom(const Packet& other) {
    setHeader(other.header());
    size = other.size;
    dscp = other.dscp;
    plain = other.plain;
    flags = other.flags;
    owner = other.owner;
    stream = other.stream;
    sequence = other.sequence;
    payload = other.payload;
  }
  DataSize dataSize() const { return DataSize::bytes(size); }
  bool has(std::uint8_t flag) const { return (flags & flag) == flag; }

  TimePoint sent() const { return sent_; }
  Duration spent(DelayPart part) const {
    const auto i = static_cast<std::size_t>(part);
    return Duration::ns(
        static_cast<std::int64_t>((std::uint64_t{spentHigh_[i]} << 32) | spentLow_[i]));
  }
  // The longest time that a part can be.
  static constexpr Duration longestTime() { return Duration::ns((std::int64_t{1} << 40) - 1); }
  // Sum of all parts.
  Duration spent() const {
    return spent(DelayPart::propagation) + spent(DelayPart::jitter) +
           spent(DelayPart::serialization) + spent(DelayPart::queueing);
  }

 private:
  friend class Fabric;
  friend class PacketPool;
  friend class BoxNode;

  void add(DelayPart part, Duration time) {
    const auto i = static_cast<std::size_t>(part);
    const std::uint64_t sum = ((std::uint64_t{spentHigh_[i]} << 32) | spentLow_[i]) +
                              static_cast<std::uint64_t>(time.count());
    spentLow_[i] = static_cast<std::uint32_t>(sum);
    spentHigh_[i] = static_cast<std::uint8_t>(sum >> 32);
  }

  // 40 bits a part, 18 minutes, split so that the record keeps to one cache line.
  std::array<std::uint32_t, kDelayPartCount> spentLow_{};
  std::array<std::uint8_t, kDelayPartCount> spentHigh_{};
  RouteId route_ = kNoRoute;  // where on its route it is
  std::uint32_t waits_ = 0;   // head of its list of waits in the pool; 0: it never waited
  TimePoint sent_;
};
static_assert(sizeof(Packet) == 64);

// One wait of a packet in the queue of a link, or in a box (Fabric::holdingPlace()).
struct Wait {
  LinkId link = kNoLink;
  Duration time;
};

}  // namespace callflow::fabric
