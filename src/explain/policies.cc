#include "src/explain/policies.h"

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "src/topology/graph.h"

namespace callflow::explain {
namespace {

firewall::Prefix prefix(const topology::Ipv4Prefix& written) {
  return {fabric::Ipv4{written.address}, written.length};
}

std::vector<firewall::Prefix> prefixes(const topology::RuleAddress& written) {
  if (std::holds_alternative<topology::AzureAddress>(written)) {
    return {prefix(topology::kAzureMediaRange)};
  }
  if (const auto* one = std::get_if<topology::Ipv4Prefix>(&written)) return {prefix(*one)};
  return {};
}

firewall::Action action(topology::RuleAction written) {
  return written == topology::RuleAction::allow ? firewall::Action::allow : firewall::Action::deny;
}

firewall::RuleProtocol protocol(topology::RuleProtocol written) {
  switch (written) {
    case topology::RuleProtocol::udp:
      return firewall::RuleProtocol::udp;
    case topology::RuleProtocol::tcp:
      return firewall::RuleProtocol::tcp;
    case topology::RuleProtocol::any:
      break;
  }
  return firewall::RuleProtocol::any;
}

// "contoso.yaml:18": the file's name without its folders, which explanations repeat too often.
std::string place(const SourcePos& pos) {
  if (!pos.file || pos.line == 0) return {};
  return std::filesystem::path(*pos.file).filename().string() + ":" + std::to_string(pos.line);
}

firewall::Rule rule(const topology::FirewallRule& written) {
  firewall::Rule made;
  made.action = action(written.action);
  made.protocol = protocol(written.protocol);
  made.direction = written.direction == topology::RuleDirection::out ? firewall::Direction::out
                                                                     : firewall::Direction::in;
  made.from = prefixes(written.from);
  made.to = prefixes(written.to);
  for (const topology::PortRange& range : written.ports) {
    made.ports.push_back({range.first, range.last});
  }
  made.text = written.text;
  made.place = place(written.pos);
  return made;
}

}  // namespace

firewall::GatewayPolicy gatewayPolicy(const topology::Firewall& firewall, fabric::Ipv4 outside) {
  firewall::GatewayPolicy policy;
  for (const topology::FirewallRule& written : firewall.rules) {
    policy.filter.rules.push_back(rule(written));
  }
  policy.filter.default_out = action(firewall.default_out);
  policy.filter.default_in = action(firewall.default_in);
  policy.filter.udp_idle_timeout = firewall.udp_idle_timeout;
  policy.filter.tcp_idle_timeout = firewall.tcp_idle_timeout;
  if (firewall.nat) policy.nat = natPolicy(*firewall.nat, outside);
  return policy;
}

nat::Policy natPolicy(const topology::Nat& nat, fabric::Ipv4 outside) {
  nat::Policy policy;
  policy.public_address = outside;
  policy.udp_timeout = nat.udp_timeout;
  policy.tcp_timeout = nat.tcp_timeout;
  return policy;
}

}  // namespace callflow::explain
