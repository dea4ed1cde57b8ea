#include "models/firewall/box.h"

#include <utility>

#include "models/nat/box.h"

namespace callflow::firewall {

std::unique_ptr<fabric::Box> makeBox(const Firewall& parameters, const fabric::BoxPlace& place) {
  GatewayPolicy policy{parameters, {}};
  findPlaces(policy.filter.rules, place);
  if (parameters.nat) policy.nat = nat::Policy{*parameters.nat, place.outside};
  return std::make_unique<FirewallBox>(std::move(policy));
}

FirewallBox::FirewallBox(GatewayPolicy policy)
    : policy_(std::move(policy)), counts_(kFirstRule + 2 * policy_.filter.rules.size()) {}

fabric::BoxResult FirewallBox::process(fabric::Packet& packet, fabric::Side from, TimePoint now) {
  using Outcome = fabric::BoxResult::Action;
  const Direction direction = from == fabric::Side::inside ? Direction::out : Direction::in;
  const GatewayVerdict verdict =
      decide(policy_, state_, direction, packet.header(), now, packet.sight());
  const std::size_t fate = fateOf(verdict);
  ++counts_[fate];
  if (!verdict.pass) return {Outcome::drop, static_cast<std::uint16_t>(fate)};
  if (!policy_.nat) return {Outcome::pass, static_cast<std::uint16_t>(fate)};
  packet.setHeader(verdict.header);
  const auto nat = kFirstNat + static_cast<std::size_t>(verdict.natReason);
  return {direction == Direction::out && !verdict.turned ? Outcome::pass : Outcome::translated,
          static_cast<std::uint16_t>(fate), static_cast<std::uint16_t>(nat)};
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

fabric::Ground FirewallBox::groundOf(std::uint16_t reason) const {
  using fabric::Cause;
  if (reason >= counts_.size()) return {};
  const auto rule = [&](std::size_t first) { return static_cast<std::uint32_t>(reason - first); };
  if (reason >= firstInspection()) return {Cause::notTls, rule(firstInspection())};
  if (reason >= kFirstRule) return {Cause::rule, rule(kFirstRule)};
  if (reason >= kFirstNat) return {nat::causeOf(static_cast<nat::Reason>(reason - kFirstNat))};
  switch (reason) {
    case kOpenConnection:
      return {Cause::openConnection};
    case kTableFull:
      return {Cause::tableFull};
    case kMadeRoom:
      return {Cause::madeRoom};
    default:
      return {Cause::byDefault};
  }
}

std::size_t FirewallBox::fateOf(const GatewayVerdict& verdict) const {
  if (verdict.byNat) return kFirstNat + static_cast<std::size_t>(verdict.natReason);
  switch (verdict.filter.reason) {
    case Reason::rule:
      return kFirstRule + verdict.filter.rule;
    case Reason::defaultPolicy:
      return verdict.filter.direction == Direction::out ? kDefaultOut : kDefaultIn;
    case Reason::tableFull:
      return kTableFull;
    case Reason::madeRoom:
      return kMadeRoom;
    case Reason::notTls:
      return firstInspection() + verdict.filter.rule;
    case Reason::existingState:
      break;
  }
  return kOpenConnection;
}

bool FirewallBox::passes(std::size_t fate) const {
  if (fate >= firstInspection()) return false;
  if (fate >= kFirstRule) return policy_.filter.rules[fate - kFirstRule].action == Action::allow;
  if (fate >= kFirstNat) return false;
  if (fate == kDefaultOut) return policy_.filter.defaultOut == Action::allow;
  if (fate == kDefaultIn) return policy_.filter.defaultIn == Action::allow;
  return fate != kTableFull;
}

// Rebuilds a verdict that leads to this fate and lets the policy describe it: one wording for all.
std::string FirewallBox::describeFate(std::size_t fate) const {
  if (fate >= counts_.size()) return "unknown";
  GatewayVerdict verdict;
  verdict.pass = passes(fate);
  verdict.filter.pass = verdict.pass;
  if (fate >= firstInspection()) {
    verdict.filter.reason = Reason::notTls;
    verdict.filter.rule = static_cast<std::uint32_t>(fate - firstInspection());
  } else if (fate >= kFirstRule) {
    verdict.filter.reason = Reason::rule;
    verdict.filter.rule = static_cast<std::uint32_t>(fate - kFirstRule);
  } else if (fate >= kFirstNat) {
    verdict.byNat = true;
    verdict.natReason = static_cast<nat::Reason>(fate - kFirstNat);
  } else if (fate == kOpenConnection) {
    verdict.filter.reason = Reason::existingState;
  } else if (fate == kTableFull) {
    verdict.filter.reason = Reason::tableFull;
  } else if (fate == kMadeRoom) {
    verdict.filter.reason = Reason::madeRoom;
  } else {
    verdict.filter.reason = Reason::defaultPolicy;
    verdict.filter.direction = fate == kDefaultOut ? Direction::out : Direction::in;
  }
  return describe(policy_, verdict);
}

}  // namespace callflow::firewall
