#include "models/firewall/policy.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace callflow::firewall {
namespace {

using wire::Protocol;

bool matches(const Rule& rule, Direction direction, const wire::Header5& header, wire::Dscp dscp) {
  return rule.direction == direction && wire::contains(rule.protocol, header.protocol) &&
         wire::contains(rule.ports, header.destination.port) &&
         wire::contains(rule.to, header.destination.address) &&
         wire::contains(rule.from, header.source.address) && wire::contains(rule.dscp, dscp);
}

bool holds(const Rule& rule, std::int64_t packets, TimePoint now) {
  const Duration time = now.sinceStart();
  return (!rule.since || time >= *rule.since) && (!rule.until || time < *rule.until) &&
         (!rule.after || packets >= rule.after->count);
}

// Of a flow of which so many packets have passed; nothing: the default decides.
std::optional<std::size_t> firstMatch(const Policy& policy, Direction direction,
                                      const wire::Header5& header, wire::Dscp dscp,
                                      std::int64_t packets, TimePoint now) {
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const Rule& rule = policy.rules[i];
    if (matches(rule, direction, header, dscp) && holds(rule, packets, now)) return i;
  }
  return {};
}

bool refuses(const Rule& rule, const wire::Header5& header, wire::Sight sight) {
  return rule.inspect && header.protocol == Protocol::tcp && sight.plain;
}

Verdict byRule(const Policy& policy, std::size_t number, Direction direction,
               const wire::Header5& header, wire::Sight sight) {
  const Rule& rule = policy.rules[number];
  const bool pass = rule.action == Action::allow;
  const auto index = static_cast<std::uint32_t>(number);
  if (pass && refuses(rule, header, sight)) return {false, Reason::notTls, direction, index};
  return {pass, Reason::rule, direction, index};
}

// Whether a connection that is opened by this packet may be ended by a rule while it is open.
bool isWatched(const Policy& policy, Direction direction, const wire::Header5& header,
               wire::Dscp dscp) {
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
    const bool ends = rule.inspect || (rule.action != Action::allow && rule.changes());
    return ends && matches(rule, direction, header, dscp);
  });
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
                    [&](const Connection& connection) { return connection.isOpen(now); }));
}

void State::forget(wire::RuleProtocol which) {
  std::erase_if(connections_,
                [&](const Connection& each) { return wire::contains(which, each.key.protocol()); });
  numberAnew();
}

void State::forgetClosed(TimePoint now) {
  std::erase_if(connections_, [&](const Connection& each) { return !each.isOpen(now); });
  numberAnew();
}

void State::numberAnew() {
  index_.reset(connections_.size());
  firstEnd_ = TimePoint::max();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const Connection& each = connections_[i];
    index_.add(each.key.hash(), static_cast<std::uint32_t>(i));
    firstEnd_ = std::min(firstEnd_, nat::expiry(each.last, each.timeout));
  }
}

State::Room State::open(const Policy& policy, const Connection& connection, TimePoint now) {
  if (index_.full()) forgetClosed(now);
  const auto full = [&] {
    return policy.stateTable &&
           static_cast<std::int64_t>(connections_.size()) >= *policy.stateTable;
  };
  // A search that can find nothing is not made: a flood of new flows would pay for it each time.
  if (full() && now >= firstEnd_) forgetClosed(now);
  if (full() && policy.whenFull == WhenFull::refuse) return Room::none;
  firstEnd_ = std::min(firstEnd_, nat::expiry(now, connection.timeout));
  if (full()) {
    const auto idlest =
        std::min_element(connections_.begin(), connections_.end(),
                         [](const Connection& a, const Connection& b) { return a.last < b.last; });
    // What the index says of the forgotten one leads to a record with another key, and is passed
    // over.
    *idlest = connection;
    index_.add(connection.key.hash(), static_cast<std::uint32_t>(idlest - connections_.begin()));
    return Room::made;
  }
  index_.add(connection.key.hash(), static_cast<std::uint32_t>(connections_.size()));
  connections_.push_back(connection);
  return Room::free;
}

// Seen as its first packet was.
std::optional<Verdict> State::ended(const Policy& policy, const Connection& open,
                                    Direction direction, const wire::Header5& header,
                                    wire::Sight sight, TimePoint now) {
  const wire::Header5 first = direction == open.opened ? header : header.reversed();
  const auto number = firstMatch(policy, open.opened, first, open.dscp, open.packets, now);
  if (!number) return {};
  const Rule& rule = policy.rules[*number];
  const Verdict verdict = byRule(policy, *number, direction, header, sight);
  if (verdict.pass || (verdict.reason == Reason::rule && !rule.changes())) return {};
  return verdict;
}

Verdict decide(const Policy& policy, State& state, Direction direction, const wire::Header5& header,
               TimePoint now, wire::Sight sight) {
  const bool out = direction == Direction::out;
  const nat::FlowKey key(out ? header.source : header.destination,
                         out ? header.destination : header.source, header.protocol);
  const std::uint32_t known = state.index_.find(key.hash(), [&](std::uint32_t record) {
    const State::Connection& each = state.connections_[record];
    return each.key == key && each.isOpen(now);
  });
  if (known != nat::FlowIndex::kNone) {
    State::Connection& open = state.connections_[known];
    open.last = now;
    if (open.watched) {
      if (const auto end = State::ended(policy, open, direction, header, sight, now)) return *end;
      ++open.packets;
    }
    if (!open.answered && direction != open.opened) {
      open.answered = true;
      open.timeout = open.lasting;
    }
    return Verdict{true, Reason::existingState, direction, 0};
  }

  const auto number = firstMatch(policy, direction, header, sight.dscp, 0, now);
  Verdict verdict{(out ? policy.defaultOut : policy.defaultIn) == Action::allow,
                  Reason::defaultPolicy, direction, 0};
  if (number) verdict = byRule(policy, *number, direction, header, sight);
  if (!verdict.pass) return verdict;
  const bool udp = header.protocol == Protocol::udp;
  State::Connection connection;
  connection.key = key;
  connection.last = now;
  connection.lasting = udp ? policy.udpIdleTimeout : policy.tcpIdleTimeout;
  if (number && policy.rules[*number].timeout) connection.lasting = *policy.rules[*number].timeout;
  connection.timeout =
      udp ? std::min(policy.udpUnrepliedTimeout, connection.lasting) : connection.lasting;
  connection.packets = 1;
  connection.opened = direction;
  connection.answered = !udp;
  connection.watched = isWatched(policy, direction, header, sight.dscp);
  connection.dscp = sight.dscp;
  switch (state.open(policy, connection, now)) {
    case State::Room::free:
      break;
    case State::Room::made:
      verdict.reason = Reason::madeRoom;
      break;
    case State::Room::none:
      return Verdict{false, Reason::tableFull, direction, 0};
  }
  return verdict;
}

namespace {

// "denied by rule 3 (contoso.yaml:18): {deny: any}".
std::string describeRule(const Policy& policy, std::uint32_t number, const std::string& action) {
  std::string text = action + " by rule " + std::to_string(number + 1);
  if (number >= policy.rules.size()) return text;
  const Rule& rule = policy.rules[number];
  if (const std::string at = place(rule.pos); !at.empty()) text += " (" + at + ")";
  if (!rule.text.empty()) text += ": " + rule.text;
  return text;
}

std::string refusal(Action action) {
  return action == Action::reject ? "rejected" : "denied";
}

}  // namespace

void findPlaces(std::vector<Rule>& rules, const fabric::BoxPlace& stands) {
  if (!stands.addressesOf) return;
  for (Rule& rule : rules) {
    for (std::vector<wire::AddressRange>* const ranges : {&rule.from, &rule.to}) {
      for (wire::AddressRange& range : *ranges)
        if (auto* const place = std::get_if<wire::Place>(&range); place != nullptr)
          place->prefixes = stands.addressesOf(place->name);
    }
  }
}

std::string describe(const Policy& policy, const Verdict& verdict) {
  const bool out = verdict.direction == Direction::out;
  switch (verdict.reason) {
    case Reason::existingState:
      return "allowed as part of an open connection";
    case Reason::tableFull:
      return "denied, as the table of connections is full";
    case Reason::madeRoom:
      return "allowed, and the connection longest idle was forgotten, as the table was full";
    case Reason::notTls:
      return "denied, as it does not look like TLS, " +
             describeRule(policy, verdict.rule, "which is asked for");
    case Reason::rule: {
      const bool known = verdict.rule < policy.rules.size();
      return describeRule(policy, verdict.rule,
                          verdict.pass
                              ? "allowed"
                              : refusal(known ? policy.rules[verdict.rule].action : Action::deny));
    }
    case Reason::defaultPolicy:
      break;
  }
  return (verdict.pass ? "allowed" : refusal(out ? policy.defaultOut : policy.defaultIn)) +
         " by default, as no rule for " + (out ? "outbound" : "inbound") + " packets matches";
}

}  // namespace callflow::firewall
