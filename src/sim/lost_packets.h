// What became of packets of agents that were dropped on their way.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "models/ice/pair.h"
#include "models/path/datagrams.h"
#include "src/explain/refusal.h"
#include "src/network/network.h"

namespace callflow::sim {

// Of each two addresses the first packet between them that was dropped, as their senders wrote
// them.
class LostPackets {
 public:
  LostPackets(const network::Network& network, path::Datagrams& datagrams);

  // Runs note many and tell of few: words are made of it when they are asked for.
  struct Lost {
    topology::ElementId sender{};
    fabric::DropCause cause{};
    fabric::NodeId node{};
    fabric::LinkId link{};
    std::uint16_t reason = 0;  // of a box
    wire::Header5 header;      // as it came there
  };
  const Lost* between(wire::Endpoint source, wire::Endpoint destination) const;
  // The same of those that were too large.
  const Lost* tooLarge(wire::Endpoint source, wire::Endpoint destination) const;
  // Of a pair's checks; or, where none was lost, of what came back from its other end.
  const Lost* of(const ice::Pair& pair, topology::ElementId other) const;

  std::string place(const Lost& lost) const;   // a box, or a link
  std::string reason(const Lost& lost) const;  // in the box's own words; else "no route", ...
  explain::Refusal refusal(const Lost& lost) const;

 private:
  using ByAddresses = std::map<std::pair<wire::Endpoint, wire::Endpoint>, Lost>;
  // An answer to there, from this element.
  const Lost* answer(topology::ElementId from, wire::Endpoint destination) const;
  void note(const path::Datagrams::Sending& sending, const fabric::Drop& drop);

  const network::Network& network_;
  ByAddresses first_, tooLarge_;
};

}  // namespace callflow::sim
