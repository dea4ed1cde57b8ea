// What a stateful firewall decides about a packet, and why. Pure: the answer depends on the policy,
// the state handed in and the time only, so that a simulation and an explanation can never
// disagree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/firewall/parameters.h"
#include "models/nat/flow_index.h"
#include "models/wire/address.h"
#include "src/units/units.h"

namespace callflow::firewall {

enum class Reason : std::uint8_t { rule, defaultPolicy, existingState };

struct Verdict {
  bool pass = false;
  Reason reason = Reason::defaultPolicy;
  Direction direction = Direction::out;
  std::uint32_t rule = 0;  // index into Policy::rules if the reason is `rule`

  constexpr bool operator==(const Verdict&) const = default;
};

// The connections that a firewall knows. A value: copy it to ask "what if". Times given to it must
// not go back.
class State {
 public:
  // Connections open at `now`.
  std::size_t openConnections(TimePoint now) const;

 private:
  friend Verdict decide(const Policy&, State&, Direction, const wire::Header5&, TimePoint);
  struct Connection {
    nat::FlowKey key;  // inside endpoint, outside endpoint, protocol
    TimePoint expires;
  };
  void open(const nat::FlowKey& key, TimePoint expires, TimePoint now);

  std::vector<Connection> connections_;
  nat::FlowIndex index_;
};

// Decides about one packet, and opens or refreshes its connection if it passes. A packet of an open
// connection passes in either direction without a look at the rules, and restarts its idle timer. A
// connection is open before `last packet + timeout` and closed from then on.
Verdict decide(const Policy& policy, State& state, Direction direction, const wire::Header5& header,
               TimePoint now);

// One clause for people: "denied by rule 3 (contoso.yaml:18): {deny: any}".
std::string describe(const Policy& policy, const Verdict& verdict);

}  // namespace callflow::firewall
