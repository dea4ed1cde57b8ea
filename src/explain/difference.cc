#include "src/explain/difference.h"

#include <algorithm>

namespace callflow::explain {
namespace {

using topology::NetworkGraph;
using topology::PathKind;

struct Pair {
  std::string call, who;
  PairSide side;
};

// Paths stand there and back, and are the same both ways.
std::vector<Pair> pairsOf(const PlannedCase& one, const std::string& wanted) {
  std::vector<Pair> pairs;
  const auto name = [&](topology::ElementId id) { return one.graph.element(id).name; };
  for (std::size_t i = 0; i < one.plans.size(); ++i) {
    const CallPlan& plan = one.plans[i];
    if (one.input->calls[i].copy > 0 || (!wanted.empty() && plan.call != wanted)) continue;
    for (std::size_t p = 0; p + 1 < plan.paths.size(); p += 2) {
      const MediaPath& path = plan.paths[p];
      const std::string who =
          plan.mediaProcessor ? name(path.from) : name(path.from) + " and " + name(path.to);
      pairs.push_back({plan.call, who, {&path, nullptr}});
    }
    for (const PlanFailure& failure : plan.failures)
      pairs.push_back({plan.call, failure.who, {nullptr, &failure}});
  }
  return pairs;
}

// What a path is, whatever its addresses are.
std::string wayOf(const NetworkGraph& graph, const MediaPath& path) {
  std::string text(name(path.kind));
  for (const Leg& leg : path.legs) {
    text += "\n" + graph.element(leg.from).name + " " + std::string(name(leg.transport)) +
            (leg.turn ? " turn" : "") + (leg.tunnel != 0 ? " tunnel" : "");
    for (const topology::DirectedLinkId link : leg.links)
      text += " " + toText(graph.link(link)) + " " + graph.element(graph.link(link).to).name;
    text += " " + graph.element(leg.to).name;
  }
  if (PairSide{&path, nullptr}.fallenBack() != nullptr) text += "\nVPN over TCP";
  return text;
}

std::string wayOf(const PlannedCase& one, const PairSide& side) {
  return side.path != nullptr ? wayOf(one.graph, *side.path) : std::string();
}

const Attempt* attemptOf(const PairSide& side, PathKind kind) {
  for (const Attempt& attempt : side.attempts())
    if (attempt.kind == kind) return &attempt;
  return nullptr;
}

std::optional<RefusingRule> ruleOf(const PlannedCase& one, bool inB, const Finding& finding) {
  if (!finding.refusal || finding.refusal->kind != Refusal::Kind::box) return {};
  const auto pos =
      placeOf(one.graph, one.input->topology, finding.refusal->element, finding.refusal->ground);
  if (!pos || !pos->file) return {};
  return RefusingRule{inB, *pos, words(one.graph, *finding.refusal)};
}

// Of the best kind that works in one case and is refused in the other; else of a tunnel that goes
// over UDP in one case only.
std::optional<RefusingRule> refusingRule(const PlannedCase& a, const PlannedCase& b,
                                         const PairDifference& pair) {
  std::optional<PathKind> best = pair.a.kind();
  if (!best || (pair.b.kind() && *pair.b.kind() < *best)) best = pair.b.kind();
  if (!best) return {};
  for (const bool inB : {false, true}) {
    const PlannedCase& one = inB ? b : a;
    const Attempt* const attempt = attemptOf(inB ? pair.b : pair.a, *best);
    if (attempt == nullptr || attempt->chosen) continue;
    for (const Finding& finding : attempt->findings)
      if (auto rule = ruleOf(one, inB, finding)) return rule;
  }
  const Finding* const fallen[] = {pair.a.fallenBack(), pair.b.fallenBack()};
  if ((fallen[0] == nullptr) == (fallen[1] == nullptr)) return {};
  const bool inB = fallen[1] != nullptr;
  return ruleOf(inB ? b : a, inB, *fallen[inB ? 1 : 0]);
}

std::vector<std::string> placesOf(const PlannedCase& a, const PlannedCase& b,
                                  const PairDifference& pair) {
  std::vector<std::string> places;
  const auto add = [&](const std::string& place) {
    if (!place.empty() && std::find(places.begin(), places.end(), place) == places.end())
      places.push_back(place);
  };
  for (const auto& [one, side] : {std::pair(&a, &pair.a), std::pair(&b, &pair.b)})
    for (const Attempt& attempt : side->attempts())
      for (const Finding& finding : attempt.findings)
        if (finding.refusal && finding.refusal->kind == Refusal::Kind::box)
          add(one->graph.element(finding.refusal->element).device);
  for (const auto& [one, side] : {std::pair(&a, &pair.a), std::pair(&b, &pair.b)}) {
    for (const Attempt& attempt : side->attempts())
      for (const Finding& finding : attempt.findings) add(one->graph.element(finding.client).site);
    if (side->path == nullptr) continue;
    for (const Leg& leg : side->path->legs)
      for (const topology::DirectedLinkId link : leg.links) {
        const topology::Element& element = one->graph.element(one->graph.link(link).to);
        add(element.device.empty() ? element.site : element.device);
      }
  }
  return places;
}

// "not direct: ...", without where rules stand in files, which is no difference.
std::string lineOf(const NetworkGraph& graph, const Attempt& attempt) {
  return std::string(attempt.chosen ? " " : " not ") + std::string(name(attempt.kind)) + ": " +
         words(graph, attempt);
}

// "alice@hq - hq-firewall - internet:hq - azure:westeurope/relay (tcp)"
std::string elementsOf(const NetworkGraph& graph, const PairSide& side) {
  const MediaPath& path = *side.path;
  std::string text;
  for (const Leg& leg : path.legs) {
    text += (text.empty() ? "" : ", ") + graph.element(leg.from).name;
    for (const topology::DirectedLinkId link : leg.links)
      text += " - " + graph.element(graph.link(link).to).name;
    text += " (" + std::string(name(leg.transport)) + ")";
  }
  if (const Finding* const fallen = side.fallenBack())
    text += ", in a VPN over TCP " + std::to_string(fallen->port);
  return text;
}

}  // namespace

const Finding* PairSide::fallenBack() const {
  if (path == nullptr || path->attempts.empty()) return nullptr;
  for (const Finding& finding : path->attempts.back().findings)
    if (finding.goal == Finding::Goal::vpnGateway) return &finding;
  return nullptr;
}

PathDifferences differences(const PlannedCase& a, const PlannedCase& b, const std::string& call) {
  const std::vector<Pair> ofA = pairsOf(a, call);
  const std::vector<Pair> ofB = pairsOf(b, call);
  const auto in = [](const std::vector<Pair>& pairs, const Pair& wanted) {
    return std::find_if(pairs.begin(), pairs.end(), [&](const Pair& each) {
      return each.call == wanted.call && each.who == wanted.who;
    });
  };
  PathDifferences found;
  const auto lacking = [](std::vector<std::string>& names, const Pair& pair) {
    names.push_back(pair.call + " " + pair.who);
  };
  for (const Pair& pair : ofA) {
    const auto other = in(ofB, pair);
    if (other == ofB.end()) {
      lacking(found.onlyA, pair);
      continue;
    }
    if (wayOf(a, pair.side) == wayOf(b, other->side)) continue;
    PairDifference difference{pair.call, pair.who, pair.side, other->side};
    difference.rule = refusingRule(a, b, difference);
    difference.places = placesOf(a, b, difference);
    found.pairs.push_back(std::move(difference));
  }
  for (const Pair& pair : ofB)
    if (in(ofA, pair) == ofA.end()) lacking(found.onlyB, pair);
  return found;
}

std::string attemptsText(const PlannedCase& a, const PlannedCase& b, const PairDifference& pair) {
  std::vector<std::string> ofA, ofB;
  for (const Attempt& attempt : pair.a.attempts()) ofA.push_back(lineOf(a.graph, attempt));
  for (const Attempt& attempt : pair.b.attempts()) ofB.push_back(lineOf(b.graph, attempt));
  const auto in = [](const std::vector<std::string>& lines, const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  std::string text;
  const auto add = [&](const std::string& who, const std::string& line, bool both) {
    const bool takes = !line.starts_with(" not ");
    text += "    " + who + (takes ? (both ? " take" : " takes") : "") + line + "\n";
  };
  for (const std::string& line : ofA)
    if (in(ofB, line)) add("both", line, true);
  for (const std::string& line : ofA)
    if (!in(ofB, line)) add("A", line, false);
  for (const std::string& line : ofB)
    if (!in(ofA, line)) add("B", line, false);
  // Of paths of the same kind, which way each goes.
  if (pair.a.path != nullptr && pair.b.path != nullptr && pair.a.kind() == pair.b.kind())
    text += "    A by " + elementsOf(a.graph, pair.a) + "\n    B by " +
            elementsOf(b.graph, pair.b) + "\n";
  return text;
}

}  // namespace callflow::explain
