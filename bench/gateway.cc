#include "bench/gateway.h"

namespace callflow::bench {
namespace {

constexpr wire::Endpoint kRelay{wire::Ipv4::of(20, 202, 0, 1), 3478};

}  // namespace

wire::Header5 flowHeader(std::uint32_t i) {
  const wire::Ipv4 inside{wire::Ipv4::of(10, 1, 0, 0).value + i / 4 + 1};
  return {{inside, static_cast<std::uint16_t>(50'000 + i % 4)}, kRelay, wire::Protocol::udp};
}

firewall::GatewayPolicy gatewayPolicy(std::size_t rules) {
  firewall::GatewayPolicy policy;
  for (std::size_t i = 0; i < rules; ++i) {
    firewall::Rule rule;
    rule.protocol = firewall::RuleProtocol::udp;
    rule.to = {wire::kAzureMediaRange};
    const auto port = static_cast<std::uint16_t>(i + 1 == rules ? 3478 : 100 + i);
    rule.ports = {{port, port}};
    policy.filter.rules.push_back(rule);
  }
  policy.filter.defaultOut = firewall::Action::deny;
  policy.filter.udpIdleTimeout = Duration::s(60);
  policy.filter.tcpIdleTimeout = Duration::s(3600);
  policy.nat.emplace();
  policy.nat->publicAddress = kPublicAddress;
  policy.nat->udpTimeout = Duration::s(120);
  policy.nat->tcpTimeout = Duration::s(7440);
  return policy;
}

std::int64_t crossGateway(std::uint32_t flows, std::uint32_t rounds) {
  const firewall::GatewayPolicy policy = gatewayPolicy(20);
  firewall::GatewayState state;
  std::int64_t passed = 0;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    const TimePoint now = TimePoint::at(Duration::ms(20) * round);
    for (std::uint32_t i = 0; i < flows; ++i) {
      const firewall::GatewayVerdict out =
          firewall::decide(policy, state, firewall::Direction::out, flowHeader(i), now);
      if (!out.pass) continue;
      ++passed;
      const firewall::GatewayVerdict back =
          firewall::decide(policy, state, firewall::Direction::in, out.header.reversed(), now);
      if (back.pass && back.header == flowHeader(i).reversed()) ++passed;
    }
  }
  return passed;
}

}  // namespace callflow::bench
