// A firewall that also translates addresses, or only filters. Outbound it filters, then translates;
// inbound it translates, then filters: its rules and connections always see inside addresses.
#pragma once

#include <optional>
#include <string>

#include "models/firewall/policy.h"
#include "models/nat/policy.h"

namespace callflow::firewall {

struct GatewayPolicy {
  Policy filter;
  std::optional<nat::Policy> nat;
};

struct GatewayState {
  State filter;
  nat::State nat;
};

struct GatewayVerdict {
  bool pass = false;
  bool byNat = false;       // dropped by the NAT: `nat_reason` says why; else `filter` says why
  Verdict filter;           // meaningless for what the NAT drops inbound: the filter never saw it
  nat::Reason natReason{};  // meaningless without a NAT, and outbound for what the filter drops
  bool turned = false;      // from inside to inside: the filter has judged it both ways
  wire::Header5 header;     // as it leaves the gateway if it passes, else as it came
};

GatewayVerdict decide(const GatewayPolicy& policy, GatewayState& state, Direction direction,
                      const wire::Header5& header, TimePoint now, wire::Sight sight = {});

// One clause for people, naming the rule or the NAT's reason.
std::string describe(const GatewayPolicy& policy, const GatewayVerdict& verdict);

}  // namespace callflow::firewall
