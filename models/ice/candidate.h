// Candidates: the transport addresses by which an agent may be reached (RFC 8445 5.1), and how good
// libwebrtc thinks each of them is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/ice/parameters.h"
#include "models/wire/address.h"

namespace callflow::ice {

enum class CandidateType : std::uint8_t { host, serverReflexive, peerReflexive, relayed };
std::string_view name(CandidateType type);  // "host", "srflx", "prflx", "relay" (RFC 8839 5.1)

// Between a client and its relay. What a relay gives out is UDP always.
enum class RelayProtocol : std::uint8_t { udp, tcp, tls };
std::string_view name(RelayProtocol protocol);  // "udp", "tcp", "tls" (W3C webrtc)

// The type preferences of libwebrtc (p2p/base/p2p_constants.h): relays over UDP had 2 until M125.
enum class Preferences : std::uint8_t { m125, m150 };

// Where a candidate's agent stands with it: one of its interfaces, by one of its TURN servers.
struct LocalPreference {
  std::uint8_t interface = 0;  // 0: the best, and so on
  // Of the agent's TURN servers: their number, and which of them this is.
  std::uint8_t servers = 0;
  std::uint8_t server = 0;
  std::uint8_t ownRelays = 0;  // GatheringSettings'

  // 16 bits (api/candidate.cc): interfaces count down from 127, IPv4 has the precedence 30 (RFC
  // 6724), and the first server is preferred to the second.
  constexpr std::uint32_t value() const {
    constexpr std::uint32_t kBestInterface = 127;
    constexpr std::uint32_t kIpv4Precedence = 30;
    return (((kBestInterface - interface) << 8) | kIpv4Precedence) + servers - server + ownRelays;
  }
};

// The cost of an interface (rtc_base/network_constants.h): of two pairs that both work the cheaper
// is taken, whatever their priorities. Cellular networks of all generations count alike by default.
constexpr std::uint16_t networkCost(AccessKind kind) {
  switch (kind) {
    case AccessKind::ethernet:
      return 0;
    case AccessKind::wifi:
      return 10;
    case AccessKind::cellular:
      return 900;
  }
  return 50;  // of one that is not known
}

// What is added to the cost of an interface that is a VPN's. libwebrtc has 1 for those that it
// knows as such (rtc_base/network_constants.h), which would put a relay around the VPN before a
// pair within it; that clients of one gateway are seen to send media within it says that they do
// not know.
inline constexpr std::uint16_t kVpnCost = 0;

// RFC 8445 5.1.2.1, of the only component there is (RTCP is multiplexed, RFC 8843 bundles media).
constexpr std::uint32_t priority(std::uint32_t typePreference, std::uint32_t localPreference) {
  constexpr std::uint32_t kComponent = 1;
  return (typePreference << 24) | (localPreference << 8) | (256 - kComponent);
}

std::uint32_t typePreference(CandidateType type, std::optional<RelayProtocol> relay,
                             Preferences preferences);

struct Candidate {
  CandidateType type = CandidateType::host;
  wire::Endpoint address;
  wire::Endpoint base;  // the local socket that it stands for; of a relayed one itself
  std::optional<RelayProtocol> relay;  // of a relayed one
  std::uint32_t priority = 0;
  std::uint32_t generation = 0;   // of the gathering, counted from 0: a restart begins the next
  std::uint16_t networkCost = 0;  // of its interface, as libwebrtc tells the other side
  std::uint8_t interface = 0;     // in GatheringSettings::interfaceCosts

  bool operator==(const Candidate&) const = default;
};

// RFC 8445 6.1.2.3: what both agents order a pair by.
constexpr std::uint64_t pairPriority(std::uint32_t controlling, std::uint32_t controlled) {
  const std::uint64_t low = controlling < controlled ? controlling : controlled;
  const std::uint64_t high = controlling < controlled ? controlled : controlling;
  return (low << 32) + 2 * high + (controlling > controlled ? 1 : 0);
}

// The priority that a check tells, for the candidate that it may turn out to come from (RFC 8445
// 7.1.1): a peer-reflexive one of the same local preference.
constexpr std::uint32_t peerReflexivePriority(const Candidate& local) {
  constexpr std::uint32_t kPeerReflexive = 110;
  return (kPeerReflexive << 24) | (local.priority & 0x00ffffff);
}

}  // namespace callflow::ice
