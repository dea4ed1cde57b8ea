// What ICE has found, told as what was planned is: of each kind of path whether it was taken, and
// by what, or why it was not.
#pragma once

#include <functional>
#include <vector>

#include "models/wire/address.h"
#include "src/explain/attempt.h"
#include "src/explain/plan.h"
#include "src/topology/graph.h"

namespace callflow::explain {

// One direction of a path, as packets take it.
struct FoundWay {
  const MediaPath* path = nullptr;
  // By leg: where its packets are sent to, before any translation. Nothing of those over TCP.
  const std::vector<wire::Endpoint>* destinations = nullptr;
};

// Of a path that was found. `planned`: what was expected, whose refusals stand for the kinds that
// are better than what was found; `missed`: what befell ICE's packets for a kind that was expected
// to work.
using Missed = std::function<std::vector<Finding>(topology::PathKind kind)>;
std::vector<Attempt> foundAttempts(const topology::NetworkGraph& graph, const FoundWay& there,
                                   const FoundWay& back, const std::vector<Attempt>& planned,
                                   const Missed& missed);

// Of ICE that has found none, or none that a handshake came through.
std::vector<Attempt> failedAttempts(const std::vector<Attempt>& planned, const Missed& missed);

}  // namespace callflow::explain
