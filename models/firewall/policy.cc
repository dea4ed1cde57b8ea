#include "models/firewall/policy.h"

#include <algorithm>
#include <filesystem>

namespace callflow::firewall {
namespace {

using wire::Protocol;

bool matches(const Rule& rule, Direction direction, const wire::Header5& header) {
  return rule.direction == direction && wire::contains(rule.protocol, header.protocol) &&
         wire::contains(rule.ports, header.destination.port) &&
         wire::contains(rule.to, header.destination.address) &&
         wire::contains(rule.from, header.source.address);
}

Verdict decideByRules(const Policy& policy, Direction direction, const wire::Header5& header) {
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const Rule& rule = policy.rules[i];
    if (matches(rule, direction, header)) {
      return Verdict{rule.action == Action::allow, Reason::rule, direction,
                     static_cast<std::uint32_t>(i)};
    }
  }
  const Action action = direction == Direction::out ? policy.defaultOut : policy.defaultIn;
  return Verdict{action == Action::allow, Reason::defaultPolicy, direction, 0};
}

// "contoso.yaml:18": the file's name without its folders, which explanations repeat too often.
std::string place(const SourcePos& pos) {
  if (!pos.file || pos.line == 0) return {};
  return std::filesystem::path(*pos.file).filename().string() + ":" + std::to_string(pos.line);
}

}  // namespace

std::size_t State::openConnections(TimePoint now) const {
  return static_cast<std::size_t>(
      std::count_if(connections_.begin(), connections_.end(),
                    [&](const Connection& connection) { return now < connection.expires; }));
}

void State::open(const nat::FlowKey& key, TimePoint expires, TimePoint now) {
  if (index_.full()) {
    std::erase_if(connections_, [&](const Connection& each) { return each.expires <= now; });
    index_.reset(connections_.size());
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      index_.add(connections_[i].key.hash(), static_cast<std::uint32_t>(i));
    }
  }
  index_.add(key.hash(), static_cast<std::uint32_t>(connections_.size()));
  connections_.push_back(Connection{key, expires});
}

Verdict decide(const Policy& policy, State& state, Direction direction, const wire::Header5& header,
               TimePoint now) {
  const bool out = direction == Direction::out;
  const nat::FlowKey key(out ? header.source : header.destination,
                         out ? header.destination : header.source, header.protocol);
  const Duration timeout =
      header.protocol == Protocol::udp ? policy.udpIdleTimeout : policy.tcpIdleTimeout;
  const TimePoint expires = nat::expiry(now, timeout);

  const std::uint32_t known = state.index_.find(key.hash(), [&](std::uint32_t record) {
    const State::Connection& each = state.connections_[record];
    return each.key == key && now < each.expires;
  });
  if (known != nat::FlowIndex::kNone) {
    state.connections_[known].expires = expires;
    return Verdict{true, Reason::existingState, direction, 0};
  }
  const Verdict verdict = decideByRules(policy, direction, header);
  if (verdict.pass) state.open(key, expires, now);
  return verdict;
}

std::string describe(const Policy& policy, const Verdict& verdict) {
  const std::string action = verdict.pass ? "allowed" : "denied";
  switch (verdict.reason) {
    case Reason::existingState:
      return action + " as part of an open connection";
    case Reason::rule: {
      std::string text = action + " by rule " + std::to_string(verdict.rule + 1);
      if (verdict.rule < policy.rules.size()) {
        const Rule& rule = policy.rules[verdict.rule];
        if (const std::string at = place(rule.pos); !at.empty()) text += " (" + at + ")";
        if (!rule.text.empty()) text += ": " + rule.text;
      }
      return text;
    }
    case Reason::defaultPolicy:
      break;
  }
  return action + " by default, as no rule for " +
         (verdict.direction == Direction::out ? "outbound" : "inbound") + " packets matches";
}

}  // namespace callflow::firewall
