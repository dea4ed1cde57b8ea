// Whom a question about reachability means. Internal to explain.
#pragma once

#include <optional>

#include "src/explain/reachability.h"

namespace callflow::explain {

struct ReachPlace {
  topology::ElementId element{};
  std::optional<wire::Ipv4> address = {};  // that was asked for, in place of a name
};

// Both throw std::invalid_argument, with what to write.
ReachPlace sourceOf(const topology::NetworkGraph& graph, const Question& question);
ReachPlace destinationOf(const topology::NetworkGraph& graph, const Question& question,
                         topology::ElementId from);

// What the sender at the beginning of a route addresses to reach its end, and what hides the end,
// if something does: of several NATs the first that the route enters from outside.
struct Addressed {
  wire::Ipv4 address;
  std::uint32_t addresses = 1;  // that do as well, from there on
  std::optional<topology::ElementId> hiddenBy = {};

  bool has(wire::Ipv4 other) const {
    return other.value >= address.value && other.value - address.value < addresses;
  }
};
Addressed addressedAlong(const topology::NetworkGraph& graph, const topology::Route& route,
                         topology::ElementId end);

}  // namespace callflow::explain
