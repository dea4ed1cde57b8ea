// What a stateful firewall decides about a packet, and why. Pure: the answer depends on the policy,
// the state handed in and the time only, so that a simulation and an explanation can never
// disagree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/firewall/parameters.h"
#include "models/nat/flow_index.h"
#include "models/wire/address.h"
#include "models/wire/sight.h"
#include "src/units/units.h"

namespace callflow::firewall {

enum class Reason : std::uint8_t {
  rule,
  defaultPolicy,
  existingState,
  tableFull,  // dropped, though a rule or the default would let it pass
  madeRoom,   // passed, and the connection longest idle was forgotten for it
  notTls      // dropped by the inspection of the rule that lets it pass
};

struct Verdict {
  bool pass = false;
  Reason reason = Reason::defaultPolicy;
  Direction direction = Direction::out;
  std::uint32_t rule = 0;  // index into Policy::rules if the reason is `rule` or `notTls`

  constexpr bool operator==(const Verdict&) const = default;
};

// The connections that a firewall knows. A value: copy it to ask "what if". Times given to it must
// not go back.
class State {
 public:
  // Connections open at `now`.
  std::size_t openConnections(TimePoint now) const;
  // Loses the connections of these protocols.
  void forget(wire::RuleProtocol which);

 private:
  friend Verdict decide(const Policy&, State&, Direction, const wire::Header5&, TimePoint,
                        wire::Sight);
  struct Connection {
    nat::FlowKey key;           // inside endpoint, outside endpoint, protocol
    TimePoint last;             // packet
    Duration timeout;           // in force since then
    Duration lasting;           // time-out once it is answered
    std::uint32_t packets = 0;  // that passed, if it is watched
    Direction opened = Direction::out;
    bool answered = false;
    bool watched = false;  // a rule may end it while it is open
    wire::Dscp dscp;       // of its first packet

    bool isOpen(TimePoint now) const { return now - last < timeout; }
  };
  enum class Room : std::uint8_t { free, made, none };

  static std::optional<Verdict> ended(const Policy& policy, const Connection& open,
                                      Direction direction, const wire::Header5& header,
                                      wire::Sight sight, TimePoint now);
  Room open(const Policy& policy, const Connection& connection, TimePoint now);
  void forgetClosed(TimePoint now);
  void numberAnew();

  std::vector<Connection> connections_;
  nat::FlowIndex index_;
  TimePoint firstEnd_;  // before then no connection runs out
};

// Decides about one packet, and opens or refreshes its connection if it passes. A packet of an open
// connection passes in either direction without a look at the rules, and restarts its idle timer. A
// connection is open before `last packet + timeout` and closed from then on.
//
// A rule that denies and holds only at times, or after some packets, ends open connections, too:
// the packets that it denies keep the connection's place, and so what has passed is not counted
// anew.
Verdict decide(const Policy& policy, State& state, Direction direction, const wire::Header5& header,
               TimePoint now, wire::Sight sight = {});

// Fills in the addresses of the places that rules name.
void findPlaces(std::vector<Rule>& rules, const fabric::BoxPlace& stands);

// One clause for people: "denied by rule 3 (contoso.yaml:18): {deny: any}".
std::string describe(const Policy& policy, const Verdict& verdict);

}  // namespace callflow::firewall
