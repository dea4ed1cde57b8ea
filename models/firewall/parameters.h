// What a firewall is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/fabric/parameters.h"
#include "models/nat/parameters.h"
#include "models/wire/address_range.h"
#include "models/wire/dscp.h"
#include "src/diag/diag.h"
#include "src/units/units.h"

namespace callflow::firewall {

enum class Action : std::uint8_t { allow, deny, reject };  // reject: denied, and told so
enum class Direction : std::uint8_t { out, in };           // out: from inside to outside
enum class Inspection : std::uint8_t { tls };
// What becomes of a new connection if there is no room for it in the table.
enum class WhenFull : std::uint8_t { refuse, forgetOldest };
using wire::RuleProtocol;

// Matches a packet if every part does.
struct Rule {
  Action action = Action::allow;
  RuleProtocol protocol = RuleProtocol::any;
  Direction direction = Direction::out;
  std::optional<Inspection> inspect;         // lets pass only TCP that looks like it
  std::vector<wire::AddressRange> from;      // source address is in one of them; empty: any
  std::vector<wire::AddressRange> to;        // destination address; empty: any
  std::vector<wire::PortRange> ports;        // destination port; empty: any
  std::vector<wire::Dscp> dscp;              // of the packet; empty: any
  std::optional<Duration> since, until;      // holds from then on, and before then
  std::optional<fabric::PacketCount> after;  // holds when so many of the flow have passed
  std::optional<Duration> timeout;           // of its connections, in place of the policy's
  SourcePos pos;                             // where the rule is written, for explanations
  std::string text;                          // as written, on one line, for explanations

  // Whether it holds at some times only, and not for all of a flow.
  bool changes() const { return since || until || after; }
};

// What is let through.
struct Policy {
  std::vector<Rule> rules;  // the first that matches decides
  Action defaultOut = Action::allow;
  Action defaultIn = Action::deny;
  Duration udpIdleTimeout;                         // over 0; Duration::max() = never
  Duration udpUnrepliedTimeout = Duration::max();  // while no answer has come; at most the above
  Duration tcpIdleTimeout;
  std::optional<std::int64_t> stateTable;  // largest number of connections; absent: any
  WhenFull whenFull = WhenFull::refuse;
};

struct Firewall : Policy {
  std::optional<nat::Nat> nat;  // present: this firewall also translates
};

inline fabric::BoxRole roleOf(const Firewall& firewall) {
  if (firewall.nat) {
    fabric::BoxRole role = roleOf(*firewall.nat);
    role.name = "firewall and NAT";
    role.guards = true;
    return role;
  }
  return {.name = "firewall", .guards = true, .remembers = true};
}
const config::Table<Firewall>& tableOf(const Firewall*);
std::unique_ptr<fabric::Box> makeBox(const Firewall& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::firewall
