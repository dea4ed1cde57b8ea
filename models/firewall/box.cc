#include "models/firewall/box.h"

#include <utility>

namespace callflow::firewall {

std::unique_ptr<fabric::Box> makeBox(const Firewall& parameters, const fabric::BoxPlace& place) {
  GatewayPolicy policy{parameters, {}};
  if (parameters.nat) policy.nat = nat::Policy{*parameters.nat, place.outside};
  return std::make_unique<FirewallBox>(std::move(policy));
}

FirewallBox::FirewallBox(GatewayPolicy policy)
    : policy_(std::move(policy)), counts_(firstRule + policy_.filter.rules.size()) {}

fabric::BoxResult FirewallBox::process(fabric::Packet& packet, fabric::Side from, TimePoint now) {
  using Outcome = fabric::BoxResult::Action;
  const Direction direction = from == fabric::Side::inside ? Direction::out : Direction::in;
  const GatewayVerdict verdict = decide(policy_, state_, direction, packet.header(), now);
  const std::size_t fate = fateOf(verdict);
  ++counts_[fate];
  if (!verdict.pass) return {Outcome::drop, static_cast<std::uint16_t>(fate)};
  if (!policy_.nat) return {};
  packet.setHeader(verdict.header);
  return {direction == Direction::out ? Outcome::pass : Outcome::translated};
}

std::vector<nat::BoxCount> FirewallBox::counts() const {
  std::vector<nat::BoxCount> list;
  for (std::size_t fate = 0; fate < counts_.size(); ++fate) {
    if (counts_[fate] > 0)
      list.push_back(nat::BoxCount{passes(fate), describeFate(fate), counts_[fate]});
  }
  return list;
}

std::string FirewallBox::describeReason(std::uint16_t reason) const {
  return describeFate(reason);
}

std::size_t FirewallBox::fateOf(const GatewayVerdict& verdict) {
  if (verdict.by_nat) return firstNat + static_cast<std::size_t>(verdict.nat_reason);
  switch (verdict.filter.reason) {
    case Reason::rule:
      return firstRule + verdict.filter.rule;
    case Reason::default_policy:
      return verdict.filter.direction == Direction::out ? defaultOut : defaultIn;
    case Reason::existing_state:
      break;
  }
  return openConnection;
}

bool FirewallBox::passes(std::size_t fate) const {
  if (fate >= firstRule) return policy_.filter.rules[fate - firstRule].action == Action::allow;
  if (fate >= firstNat) return false;
  if (fate == defaultOut) return policy_.filter.default_out == Action::allow;
  if (fate == defaultIn) return policy_.filter.default_in == Action::allow;
  return true;
}

// Rebuilds a verdict that leads to this fate and lets the policy describe it: one wording for all.
std::string FirewallBox::describeFate(std::size_t fate) const {
  if (fate >= counts_.size()) return "unknown";
  GatewayVerdict verdict;
  verdict.pass = passes(fate);
  verdict.filter.pass = verdict.pass;
  if (fate >= firstRule) {
    verdict.filter.reason = Reason::rule;
    verdict.filter.rule = static_cast<std::uint32_t>(fate - firstRule);
  } else if (fate >= firstNat) {
    verdict.by_nat = true;
    verdict.nat_reason = static_cast<nat::Reason>(fate - firstNat);
  } else if (fate == openConnection) {
    verdict.filter.reason = Reason::existing_state;
  } else {
    verdict.filter.reason = Reason::default_policy;
    verdict.filter.direction = fate == defaultOut ? Direction::out : Direction::in;
  }
  return describe(policy_, verdict);
}

}  // namespace callflow::firewall
