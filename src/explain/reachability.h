// Whether a packet gets from one place to another, and what it meets on its way: tried on the boxes
// of the simulations, as all that explain says. The answer goes back through the state that the
// packet has left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/fabric/box.h"
#include "models/wire/address.h"
#include "src/diag/diag.h"
#include "src/topology/graph.h"
#include "src/topology/model.h"

namespace callflow::explain {

// What became of a packet. These are all; docs/reference/reachability.md has them in words.
enum class Disposition : std::uint8_t {
  delivered,
  deniedByRule,     // of a firewall or a VPN's gateway
  deniedByDefault,  // no rule matches, and what no rule matches may not leave
  noState,          // the same from outside, where it is part of no open connection
  notTls,           // a rule asks for TLS
  tableFull,        // no room for one more connection
  portsFull,        // the NAT has no port or address left to give
  noMapping,        // nobody behind the NAT has this port
  filtered,         // the NAT does not let this sender in to the port
  hairpin,          // from inside to the NAT's own outside, which it does not do
  overloaded,       // a VPN's gateway
  tunnelDown,       // of a VPN
  refused,          // by a box that says no more
  noRoute,
  nobody  // it arrived where nobody has the address that it has by then
};
inline constexpr std::pair<Disposition, const char*> kDispositionNames[] = {
    {Disposition::delivered, "delivered"},
    {Disposition::deniedByRule, "denied-by-rule"},
    {Disposition::deniedByDefault, "denied-by-default"},
    {Disposition::noState, "no-state"},
    {Disposition::notTls, "not-tls"},
    {Disposition::tableFull, "table-full"},
    {Disposition::portsFull, "ports-full"},
    {Disposition::noMapping, "no-mapping"},
    {Disposition::filtered, "filtered"},
    {Disposition::hairpin, "hairpin"},
    {Disposition::overloaded, "overloaded"},
    {Disposition::tunnelDown, "tunnel-down"},
    {Disposition::refused, "refused"},
    {Disposition::noRoute, "no-route"},
    {Disposition::nobody, "nobody"}};
std::string_view name(Disposition disposition);  // "denied-by-rule"

// The names of fabric::Cause: what a box's verdict rests on. These are all.
inline constexpr std::pair<fabric::Cause, const char*> kCauseNames[] = {
    {fabric::Cause::none, "none"},
    {fabric::Cause::rule, "rule"},
    {fabric::Cause::byDefault, "default"},
    {fabric::Cause::openConnection, "open-connection"},
    {fabric::Cause::madeRoom, "made-room"},
    {fabric::Cause::tableFull, "table-full"},
    {fabric::Cause::notTls, "not-tls"},
    {fabric::Cause::knownMapping, "known-mapping"},
    {fabric::Cause::newMapping, "new-mapping"},
    {fabric::Cause::admitted, "admitted"},
    {fabric::Cause::noMapping, "no-mapping"},
    {fabric::Cause::filtered, "filtered"},
    {fabric::Cause::portsFull, "ports-full"},
    {fabric::Cause::hairpin, "hairpin"},
    {fabric::Cause::overloaded, "overloaded"},
    {fabric::Cause::notUp, "not-up"}};
std::string_view name(fabric::Cause cause);

// What a box did to a packet.
struct BoxVerdict {
  topology::ElementId box{};
  bool passed = true;
  bool outbound = false;  // it came from the box's inside
  wire::Header5 before, after;
  fabric::Cause cause = fabric::Cause::none;
  fabric::Cause also = fabric::Cause::none;  // of the translation of a firewall that has one
  std::optional<SourcePos> rule;             // where that is written which decided
  std::string words;                         // the box's own, if it has a reason

  // Whether a filter or a NAT remembers something from now on that it did not before.
  bool opens() const;
  bool maps() const;
};

struct Crossing;

struct Hop {
  topology::DirectedLinkId link{};
  // Of a tunnel: the packets that the client sends and gets to bring it up, and in which this one
  // crosses.
  std::vector<Crossing> within;
  std::optional<BoxVerdict> box;  // where the link ends
};

// One packet, one way.
struct Crossing {
  topology::ElementId from{};
  wire::Header5 sent;
  wire::Header5 arrived = {};  // where it ended, whatever became of it
  std::vector<Hop> hops = {};
  Disposition disposition = Disposition::noRoute;
  // The box that dropped it, in this crossing or in one within.
  std::optional<BoxVerdict> dropped = {};
  // No route: what hides the address that was asked for, and as what it is known outside.
  std::optional<topology::ElementId> hiddenBy = {};
};

struct Reachability {
  topology::ElementId from{}, to{};
  Crossing there;
  std::optional<Crossing> back;  // nothing: there was nobody to answer
  // What drops over TCP what is no TLS, though this way is delivered.
  std::optional<BoxVerdict> onlyTls = {};

  bool works() const { return back && back->disposition == Disposition::delivered; }
};

// What is asked. A place is a participant, a site (for a made-up host in it), "relay" for the
// nearest one, any server or element by its name, or an IPv4 address that somebody has.
struct Question {
  std::string from, to;
  wire::Protocol protocol = wire::Protocol::udp;
  std::uint16_t port = 0;
};

// The people that a graph for the question needs beside those of the calls: hosts at the sites that
// it names.
std::vector<topology::Participant> hostsFor(const topology::Topology& topology,
                                            const std::vector<topology::Participant>& people,
                                            const Question& question);

// The sites that the question is about; none if it cannot be told by its words, as of an address.
std::vector<std::string> companyOf(const topology::Topology& topology, const Question& question);

// The packet and its answer, on boxes that have seen no other. Throws std::invalid_argument, with
// what to write, where the question names nobody.
Reachability reach(const topology::NetworkGraph& graph, const topology::Topology& topology,
                   const Question& question);

// For people, hop by hop.
std::string reachText(const topology::NetworkGraph& graph, const Question& question,
                      const Reachability& found);
// One clause: "denied by rule at hq-firewall".
std::string words(const topology::NetworkGraph& graph, const Crossing& crossing);

}  // namespace callflow::explain
