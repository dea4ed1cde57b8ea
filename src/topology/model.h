// The network as the user describes it: plain data, with every default filled in by the parameter
// tables. No behaviour, no ns-3, no YAML types. Names are the user's own and unique within their
// map.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/diag/diag.h"
#include "src/units/units.h"

namespace callflow::topology {

// A user's map, in the order of the file (iteration order must not depend on hashing).
template <class T>
using Named = std::vector<std::pair<std::string, T>>;

// ---- links ------------------------------------------------------------------------------------

// The longest queue of a link: so many bytes, or what the link drains in so much time at its rate.
using QueueLimit = std::variant<DataSize, Duration>;

enum class JitterDistribution { exponential, uniform, half_normal };

struct Jitter {
  Duration mean;  // of the extra delay, which is never negative
  JitterDistribution distribution = JitterDistribution::exponential;
  bool reorder = false;  // false: a packet never overtakes the one before it
};

// Mean length of a loss burst: in time (the chain runs with the clock) or in packets (it steps with
// each packet). Time is the realistic one: over TCP, a chain that steps per packet stands still
// during a stall.
struct PacketCount {
  std::int64_t count = 0;
  auto operator<=>(const PacketCount&) const = default;
};
using BurstLength = std::variant<Duration, PacketCount>;

struct Loss {
  Ratio mean;
  std::optional<BurstLength> burst;  // absent: losses are independent; present: Gilbert-Elliott
  std::vector<std::int64_t>
      drop;  // deterministic: the n-th (from 1) new media packets that cross are lost once
};

struct LinkDirection {
  DataRate rate;
  Duration delay;
  Jitter jitter;
  Loss loss;
  QueueLimit queue;
};

// `up` leads away from the participant (towards the Internet, or towards the site a WAN link leads
// to).
struct Link {
  LinkDirection up;
  LinkDirection down;
};

// ---- boxes ------------------------------------------------------------------------------------

struct Ipv4Prefix {
  std::uint32_t address = 0;  // host byte order, host bits zero
  int length = 0;             // 0..32
};

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;
};

enum class RuleAction { allow, deny };
enum class RuleProtocol { any, udp, tcp };
enum class RuleDirection { out, in };  // out: from inside to outside

// Where a rule's packets come from or go to: any, all of Azure's media range, or one prefix.
struct AnyAddress {};
struct AzureAddress {};
using RuleAddress = std::variant<AnyAddress, AzureAddress, Ipv4Prefix>;

struct FirewallRule {
  RuleAction action = RuleAction::allow;
  RuleProtocol protocol = RuleProtocol::any;
  RuleDirection direction = RuleDirection::out;
  RuleAddress from = AnyAddress{};
  RuleAddress to = AnyAddress{};
  std::vector<PortRange> ports;  // destination ports; empty: all
  SourcePos pos;                 // where the rule is written, for explanations
  std::string text;              // as written, on one line, for explanations
};

// NAT with port translation (NAPT) of one kind: endpoint-independent mapping,
// address-and-port-dependent filtering (RFC 4787).
struct Nat {
  Duration udp_timeout;
  Duration tcp_timeout;
};

struct Firewall {
  std::vector<FirewallRule> rules;  // the first that matches decides
  RuleAction default_out = RuleAction::allow;
  RuleAction default_in = RuleAction::deny;
  Duration udp_idle_timeout;
  Duration tcp_idle_timeout;
  std::optional<Nat> nat;  // present: this firewall also translates
};

struct Device {
  std::variant<Firewall, Nat> kind;  // YAML: `kind: firewall` or `kind: nat`
  SourcePos pos;
};

// ---- places -----------------------------------------------------------------------------------

struct Location {
  double latitude = 0;   // degrees, -90..90
  double longitude = 0;  // degrees, -180..180
};

struct Wan {
  std::string to;  // another site
  Link link;
};

// A place with participants: an office (`sites:`) or a remote user's home (`remote:`). They differ
// in defaults.
struct Site {
  bool remote = false;
  std::vector<Ipv4Prefix> subnets;
  Location location;
  Link access;                         // participant to the site's LAN
  bool proxy = false;                  // an HTTP proxy in the LAN
  std::vector<std::string> perimeter;  // devices, inside to outside
  std::optional<Link> uplink;  // outermost device to the Internet; absent: no egress of its own
  std::optional<Wan> wan;      // to another site
  SourcePos pos;
};

struct Internet {
  double stretch = 0;      // cable length over great-circle distance, at least 1
  Duration minimum_delay;  // one way, whatever the distance
  Jitter jitter;
  Loss loss;
};

struct MediaProcessor {
  Duration processing;  // from a packet's arrival to its departures
};

struct Relay {
  Duration processing;
};

struct Azure {
  std::vector<std::string>
      regions;  // relays, media processors and signaling at each; names of the built-in table
  std::vector<std::string>
      edges;  // where traffic may enter the backbone; default: every region of the built-in table
  Relay relay;
  MediaProcessor media_processor;
};

struct Topology {
  std::string name;
  Named<Site> sites;  // `sites:` then `remote:`
  Named<Device> devices;
  Internet internet;
  Azure azure;
};

}  // namespace callflow::topology
