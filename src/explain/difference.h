// Calls whose media takes another path in another case, and what makes it so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/diag/diag.h"
#include "src/explain/plan.h"

namespace callflow::explain {

// All calls of a case, with their paths. What it is made of must outlive it.
struct PlannedCase {
  const topology::Case* input = nullptr;
  topology::NetworkGraph graph;
  std::vector<CallPlan> plans;
};

// Two who are to hear each other, in one case.
struct PairSide {
  const MediaPath* path = nullptr;  // there; null: none, as `failure` says
  const PlanFailure* failure = nullptr;

  const std::vector<Attempt>& attempts() const {
    return path != nullptr ? path->attempts : failure->attempts;
  }
  std::optional<topology::PathKind> kind() const {
    return path != nullptr ? std::optional(path->kind) : std::nullopt;
  }
  // Of somebody whose VPN goes over TCP, as its UDP does not get through; null: nobody's does.
  const Finding* fallenBack() const;
};

// The rule that refuses in one of two cases what passes in the other.
struct RefusingRule {
  bool inB = false;
  SourcePos pos;
  std::string reason;  // in the box's words, with what it is
};

struct PairDifference {
  std::string call, who;  // "alice@hq and bob@home"
  PairSide a, b;
  std::optional<RefusingRule> rule = {};
  // The devices that refuse a better path in either case, and the sites of those who call: where to
  // look for what differs in the input.
  std::vector<std::string> places = {};
};

struct PathDifferences {
  std::vector<PairDifference> pairs;
  std::vector<std::string> onlyA, onlyB;  // calls that the other case has not
};
// `call`: this one only, if it is named.
PathDifferences differences(const PlannedCase& a, const PlannedCase& b,
                            const std::string& call = {});

// The attempts that both made alike, then those of each, and the way that each takes:
//   both not direct: ...
//   A takes relay-udp: ...
std::string attemptsText(const PlannedCase& a, const PlannedCase& b, const PairDifference& pair);

}  // namespace callflow::explain
