#include "models/vpn/box.h"

#include <algorithm>

namespace callflow::vpn {
namespace {

using Outcome = fabric::BoxResult::Action;

// How long a flow is known to the gateway's rules: as a firewall's default.
constexpr Duration kUdpTimeout = Duration::s(120);
constexpr Duration kTcpTimeout = Duration::s(7440);

}  // namespace

std::string describe(Reason reason) {
  switch (reason) {
    case Reason::gatewayBusy:
      return "dropped, as the VPN gateway has more to encrypt than it keeps";
    case Reason::queueFull:
      return "dropped, as the queue in front of the VPN's TCP connection is full";
    case Reason::notUp:
      return "dropped, as the VPN is not up";
    case Reason::count_:
      break;
  }
  return "unknown";
}

std::unique_ptr<fabric::Box> makeBox(const Vpn& parameters, const fabric::BoxPlace& place) {
  switch (place.part) {
    case fabric::BoxPart::whole:
      return nullptr;  // what is not the tunnel's passes
    case fabric::BoxPart::client:
      return std::make_unique<ClientBox>(parameters, place.host, place.outside);
    case fabric::BoxPart::inside:
      break;
  }
  Vpn here = parameters;
  firewall::findPlaces(here.rules, place);
  return std::make_unique<GatewayBox>(here);
}

fabric::BoxResult ClientBox::process(fabric::Packet& packet, fabric::Side from, TimePoint) {
  ++passed_;
  fabric::BoxResult result;
  result.hold = processing_;
  if (from == fabric::Side::inside) {
    packet.sourceAddress = given_;
  } else {
    packet.destinationAddress = host_;
    result.action = Outcome::translated;
  }
  return result;
}

std::vector<nat::BoxCount> ClientBox::counts() const {
  if (passed_ == 0) return {};
  return {{true, "through the VPN", passed_}};
}

std::string ClientBox::describeReason(std::uint16_t reason) const {
  return describe(static_cast<Reason>(reason));
}

GatewayBox::GatewayBox(const Vpn& parameters)
    : capacity_(parameters.capacity),
      backlog_(parameters.backlog),
      processing_(parameters.processing),
      dropped_(kFirstRule + 2 * parameters.rules.size()) {
  rules_.rules = parameters.rules;
  rules_.defaultIn = firewall::Action::allow;
  rules_.udpIdleTimeout = kUdpTimeout;
  rules_.tcpIdleTimeout = kTcpTimeout;
}

fabric::BoxResult GatewayBox::process(fabric::Packet& packet, fabric::Side from, TimePoint now) {
  std::size_t passedBy = firstPass() + 2;
  if (!rules_.rules.empty()) {
    const auto direction =
        from == fabric::Side::inside ? firewall::Direction::out : firewall::Direction::in;
    const firewall::Verdict verdict =
        firewall::decide(rules_, state_, direction, packet.header(), now, packet.sight());
    if (!verdict.pass) {
      const bool inspected = verdict.reason == firewall::Reason::notTls;
      const std::size_t reason = kFirstRule + verdict.rule + (inspected ? rules_.rules.size() : 0);
      ++dropped_[reason];
      return {Outcome::drop, static_cast<std::uint16_t>(reason)};
    }
    const bool byRule = verdict.reason == firewall::Reason::rule;
    const bool open = verdict.reason == firewall::Reason::existingState;
    passedBy = byRule ? kFirstRule + verdict.rule : firstPass() + (open ? 0 : 1);
  }
  fabric::BoxResult result;
  result.reason = static_cast<std::uint16_t>(passedBy);
  result.hold = processing_;
  if (capacity_ != DataRate::unlimited()) {
    const Duration wait = std::max(free_ - now, Duration{});
    if (wait > backlog_) {
      ++dropped_[static_cast<std::size_t>(Reason::gatewayBusy)];
      return {Outcome::drop, static_cast<std::uint16_t>(Reason::gatewayBusy)};
    }
    const Duration work = transmissionTime(packet.dataSize(), capacity_);
    free_ = now + wait + work;
    result.hold += wait + work;
  }
  ++passed_;
  return result;
}

std::vector<nat::BoxCount> GatewayBox::counts() const {
  std::vector<nat::BoxCount> list;
  if (passed_ > 0) list.push_back({true, "through the VPN", passed_});
  for (std::size_t reason = 0; reason < dropped_.size(); ++reason)
    if (dropped_[reason] > 0)
      list.push_back({false, describeReason(static_cast<std::uint16_t>(reason)), dropped_[reason]});
  return list;
}

fabric::Ground GatewayBox::groundOf(std::uint16_t reason) const {
  using fabric::Cause;
  if (reason < kFirstRule)
    return {static_cast<Reason>(reason) == Reason::notUp ? Cause::notUp : Cause::overloaded};
  const auto rule = static_cast<std::uint32_t>(reason - kFirstRule);
  const auto rules = static_cast<std::uint32_t>(rules_.rules.size());
  if (rule < rules) return {Cause::rule, rule};
  if (rule < 2 * rules) return {Cause::notTls, rule - rules};
  if (reason == firstPass()) return {Cause::openConnection};
  return {reason == firstPass() + 1 ? Cause::byDefault : Cause::none};
}

std::string GatewayBox::describeReason(std::uint16_t reason) const {
  if (reason < kFirstRule) return describe(static_cast<Reason>(reason));
  firewall::Verdict verdict;
  const std::size_t rule = reason - kFirstRule;
  if (rule >= 2 * rules_.rules.size()) return "let through";
  const bool inspected = rule >= rules_.rules.size();
  verdict.reason = inspected ? firewall::Reason::notTls : firewall::Reason::rule;
  verdict.rule = static_cast<std::uint32_t>(inspected ? rule - rules_.rules.size() : rule);
  verdict.pass = !inspected && rules_.rules[rule].action == firewall::Action::allow;
  return firewall::describe(rules_, verdict);
}

}  // namespace callflow::vpn
