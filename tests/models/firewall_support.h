// Addresses, times and policies of the firewall's tests.
#pragma once

#include <utility>
#include <vector>

#include "models/firewall/box.h"
#include "models/firewall/gateway.h"
#include "models/firewall/policy.h"

namespace callflow::firewall::testing {

using fabric::Endpoint;
using fabric::Header5;
using fabric::Ipv4;
using fabric::Protocol;
using wire::PortRange;
using wire::Prefix;

inline constexpr TimePoint start = TimePoint::at(Duration::s(100));
inline constexpr Duration udpTimeout = Duration::s(30);
inline constexpr Duration tcpTimeout = Duration::s(300);
inline constexpr Duration tick = Duration::ns(1);
inline constexpr Endpoint inside{Ipv4::of(10, 1, 0, 5), 50000};
inline constexpr Endpoint relay{Ipv4::of(20, 202, 0, 9), 3478};
inline constexpr Endpoint stranger{Ipv4::of(198, 51, 100, 7), 40000};

constexpr Header5 udp(Endpoint from, Endpoint to) {
  return {from, to, Protocol::udp};
}
constexpr Header5 tcp(Endpoint from, Endpoint to) {
  return {from, to, Protocol::tcp};
}

inline Policy closed() {
  Policy policy;
  policy.defaultOut = Action::deny;
  policy.defaultIn = Action::deny;
  policy.udpIdleTimeout = udpTimeout;
  policy.tcpIdleTimeout = tcpTimeout;
  return policy;
}

inline Rule outRule(Action action, RuleProtocol protocol = RuleProtocol::any,
                    std::vector<PortRange> ports = {}) {
  Rule rule;
  rule.action = action;
  rule.protocol = protocol;
  rule.ports = std::move(ports);
  return rule;
}

// The verdict about the first packet that a firewall sees.
inline Verdict fresh(const Policy& policy, Direction direction, const Header5& header) {
  State state;
  return decide(policy, state, direction, header, start);
}

}  // namespace callflow::firewall::testing
