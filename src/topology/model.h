// The network as the user describes it: plain data, with every default filled in by the parameter
// tables. No behaviour, no ns-3, no YAML types. Names are the user's own and unique within their
// map.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/fabric/parameters.h"
#include "models/ice/parameters.h"
#include "models/proxy/parameters.h"
#include "models/wire/address_range.h"
#include "src/diag/diag.h"
#include "src/topology/kinds.h"
#include "src/units/units.h"

namespace callflow::topology {

using fabric::BurstLength;
using fabric::JitterDistribution;
using fabric::PacketCount;
using firewall::Firewall;
using firewall::RuleProtocol;
using nat::Nat;
using wire::AnyAddress;
using wire::kAzureMediaRange;
using wire::PortRange;
using wire::Service;
using FirewallRule = firewall::Rule;
using Ipv4Prefix = wire::Prefix;
using RuleAction = firewall::Action;
using RuleAddress = wire::AddressRange;
using RuleDirection = firewall::Direction;

// A user's map, in the order of the file (iteration order must not depend on hashing).
template <class T>
using Named = std::vector<std::pair<std::string, T>>;

// ---- links ------------------------------------------------------------------------------------

// One direction. What it is made of is the fabric's own: what the reader fills is what is
// simulated.
using LinkDirection = fabric::LinkParameters;
using Jitter = fabric::JitterParameters;
using Loss = fabric::LossParameters;
using fabric::QueueLimit;

// `up` leads away from the participant (towards the Internet, or towards the site a WAN link leads
// to).
struct Link {
  LinkDirection up;
  LinkDirection down;
};

// ---- boxes ------------------------------------------------------------------------------------

struct Device {
  BoxKinds::Variant kind;  // YAML: `kind: firewall`
  bool shared = false;     // one box behind the lines of all sites that name it
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
  std::vector<std::string> perimeter = {};     // devices at this end, inside to outside
  std::vector<std::string> farPerimeter = {};  // devices at the other end, from that site's inside
                                               // to the line; lines may share them
};

// Addresses that a private peering tells Azure of: those that what leaves by this line has. Answers
// to them come by the peering, all others over the Internet.
enum class Advertised : std::uint8_t { peering, uplink };

// A private line to an edge of Azure's backbone (ExpressRoute): flow 1 of the call flows.
struct Peering {
  std::optional<std::string> at;  // the edge; absent: the nearest to the site
  Link link;
  std::vector<std::string> perimeter = {};  // devices, inside to outside
  std::vector<Advertised> advertises = {Advertised::peering};

  bool tellsOf(Advertised line) const {
    return std::find(advertises.begin(), advertises.end(), line) != advertises.end();
  }
};

// Which of its lines a site's traffic to these addresses takes.
enum class RouteBy : std::uint8_t { uplink, wan, peering };
struct SiteRoute {
  std::vector<wire::AddressRange> to;
  RouteBy by = RouteBy::wan;
};

// A server of the customer's own, in the local network of a site. One on the Internet is in a site
// of its own without a NAT.
struct Server {
  ServerKinds kind;
  std::string at;  // a site
  SourcePos pos;
};

// A second line that takes the uplink's place while that is down.
struct Backup {
  LinkDirection up;
  LinkDirection down;
  Duration after;  // until the router has noticed
};

// A place with participants: an office (`sites:`) or a remote user's home (`remote:`). They differ
// in defaults.
struct Site {
  bool remote = false;
  std::vector<wire::Prefix> subnets;
  Location location;
  std::optional<Location> resolver = {};           // of its DNS; absent: where its traffic leaves
  Link access;                                     // participant to the site's LAN
  std::optional<ice::AccessKind> accessKind = {};  // of those who are not in its wifi
  proxy::Proxy proxy;                              // an HTTP proxy in the LAN
  std::vector<std::string> perimeter;              // devices of the uplink, inside to outside
  std::optional<Link> uplink;  // outermost device to the Internet; absent: no egress of its own
  std::optional<Backup> backup = {};
  std::optional<Wan> wan;  // to another site
  std::optional<Peering> peering = {};
  std::vector<SiteRoute> routes = {};
  // The VPN that its participants are in: a device of that kind in another site's perimeter.
  std::optional<std::string> vpn = {};
  // The Wi-Fi network that its participants are in: a device of that kind. Those in `wired` are
  // not.
  std::optional<std::string> wifi = {};
  std::vector<std::string> wired = {};
  SourcePos pos;

  bool isWireless(const std::string& user) const {
    return wifi && std::find(wired.begin(), wired.end(), user) == wired.end();
  }
  // What a user's access is to their client. A home without a Wi-Fi device has one in its access
  // line.
  ice::AccessKind accessOf(const std::string& user) const {
    if (isWireless(user)) return ice::AccessKind::wifi;
    return accessKind.value_or(remote && !wifi ? ice::AccessKind::wifi : ice::AccessKind::ethernet);
  }
};

struct Internet {
  double stretch = 0;     // cable length over great-circle distance, at least 1
  Duration minimumDelay;  // one way, whatever the distance
  Jitter jitter;
  Loss loss;
  fabric::DscpPolicy dscp = fabric::DscpPolicy::wipe;
};

struct Azure {
  std::vector<std::string>
      regions;  // relays, media processors and signaling at each; names of the built-in table
  // None were written: `regions` holds all of them, and those that serve nobody are left out of the
  // graph.
  bool everyRegion = false;
  // Where traffic may enter the backbone: cities or regions; none: every city of the built-in
  // table.
  std::vector<std::string> edges;
  relay::Relay relay;
  std::vector<std::string> relaysOff;  // regions whose relays are off
  conference::MediaProcessor mediaProcessor;
  Duration pstnDelay;  // one way, from its trunk to a telephone
};

struct Topology {
  std::string name;
  Named<Site> sites;  // `sites:` then `remote:`
  Named<Device> devices;
  Named<Server> servers;
  Internet internet;
  Azure azure;
};

}  // namespace callflow::topology
