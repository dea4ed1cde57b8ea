#include "models/firewall/box.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace callflow::firewall {

FirewallBox::FirewallBox(GatewayPolicy policy)
    : policy_(std::move(policy)), counts_(firstRule + policy_.filter.rules.size()) {}

fabric::BoxResult FirewallBox::process(fabric::Packet& packet, fabric::Side from, TimePoint now) {
  using Outcome = fabric::BoxResult::Action;
  const Direction direction = from == fabric::Side::inside ? Direction::out : Direction::in;
  const GatewayVerdict verdict = decide(policy_, state_, direction, packet.header(), now);
  const std::size_t fate = fateOf(verdict);
  ++counts_[fate];
  if (!verdict.pass) {
    constexpr std::size_t last = std::numeric_limits<std::uint8_t>::max();
    return {Outcome::drop, static_cast<std::uint8_t>(std::min(fate, last))};
  }
  if (!policy_.nat) return {Outcome::pass, 0};
  packet.setHeader(verdict.header);
  return {direction == Direction::out ? Outcome::pass : Outcome::translated, 0};
}

std::vector<nat::BoxCount> FirewallBox::counts() const {
  std::vector<nat::BoxCount> list;
  for (std::size_t fate = 0; fate < counts_.size(); ++fate) {
    if (counts_[fate] > 0)
      list.push_back(nat::BoxCount{passes(fate), describeFate(fate), counts_[fate]});
  }
  return list;
}

std::string FirewallBox::describeReason(std::uint8_t reason) const {
  if (reason == std::numeric_limits<std::uint8_t>::max()) {
    return "denied by rule " + std::to_string(reason - firstRule + 1) + " or a later one";
  }
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
