// What a firewall is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/nat/parameters.h"
#include "models/wire/address_range.h"
#include "src/diag/diag.h"
#include "src/units/units.h"

namespace callflow::firewall {

enum class Action : std::uint8_t { allow, deny };
enum class Direction : std::uint8_t { out, in };  // out: from inside to outside
using wire::RuleProtocol;

// Matches a packet if every part does.
struct Rule {
  Action action = Action::allow;
  RuleProtocol protocol = RuleProtocol::any;
  Direction direction = Direction::out;
  wire::AddressRange from = wire::AnyAddress{};  // source address
  wire::AddressRange to = wire::AnyAddress{};    // destination address
  std::vector<wire::PortRange> ports;            // destination port is in one of them; empty: any
  SourcePos pos;                                 // where the rule is written, for explanations
  std::string text;                              // as written, on one line, for explanations
};

// What is let through.
struct Policy {
  std::vector<Rule> rules;  // the first that matches decides
  Action defaultOut = Action::allow;
  Action defaultIn = Action::deny;
  Duration udpIdleTimeout;  // over 0; Duration::max() = never
  Duration tcpIdleTimeout;
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
  return {.name = "firewall", .guards = true};
}
const config::Table<Firewall>& tableOf(const Firewall*);
std::unique_ptr<fabric::Box> makeBox(const Firewall& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::firewall
