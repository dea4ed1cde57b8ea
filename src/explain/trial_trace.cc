#include "src/explain/trial_trace.h"

#include <utility>

#include "src/explain/refusal.h"

namespace callflow::explain {
namespace {

using fabric::Cause;

Disposition dispositionOf(const BoxVerdict& verdict) {
  const Cause cause = verdict.also != Cause::none ? verdict.also : verdict.cause;
  switch (cause) {
    case Cause::rule:
      return Disposition::deniedByRule;
    case Cause::byDefault:
      return verdict.outbound ? Disposition::deniedByDefault : Disposition::noState;
    case Cause::notTls:
      return Disposition::notTls;
    case Cause::tableFull:
      return Disposition::tableFull;
    case Cause::portsFull:
      return Disposition::portsFull;
    case Cause::noMapping:
      return Disposition::noMapping;
    case Cause::filtered:
      return Disposition::filtered;
    case Cause::hairpin:
      return Disposition::hairpin;
    case Cause::overloaded:
      return Disposition::overloaded;
    case Cause::notUp:
      return Disposition::tunnelDown;
    case Cause::none:
    case Cause::openConnection:
    case Cause::madeRoom:
    case Cause::knownMapping:
    case Cause::newMapping:
    case Cause::admitted:
      break;
  }
  return Disposition::refused;
}

// The box that ended it, in this packet or in one that it travels in.
std::optional<BoxVerdict> droppedIn(const Crossing& crossing) {
  if (crossing.hops.empty()) return std::nullopt;
  const Hop& last = crossing.hops.back();
  if (last.box) return last.box->passed ? std::nullopt : last.box;
  return last.within.empty() ? std::nullopt : last.within.back().dropped;
}

}  // namespace

Crossing TrialTrace::cross(const topology::Route& route, topology::ElementId from,
                           const wire::Header5& header, wire::Endpoint goal,
                           const wire::Sight& sight) {
  last_ = Crossing{.from = from, .sent = header, .arrived = header};
  const network::Passage passage = network_.tryPacket(route, header, goal, sight);
  if (passage.delivered) {
    last_.disposition = Disposition::delivered;
  } else if (last_.disposition == Disposition::delivered || route.empty()) {
    last_.disposition = Disposition::nobody;
  }
  return std::move(last_);
}

void TrialTrace::onStart(fabric::NodeId from, const fabric::Header5& header) {
  open_.push_back({.from = topology::ElementId{fabric::index(from)}, .sent = header});
}

void TrialTrace::onLink(fabric::LinkId link) {
  open_.back().hops.emplace_back();
  open_.back().hops.back().link = topology::DirectedLinkId{fabric::index(link)};
}

void TrialTrace::onBox(const fabric::Header5& before, const fabric::Header5& after,
                       const fabric::BoxResult& result) {
  Hop& hop = open_.back().hops.back();
  hop.box = verdictOf(network_.graph().link(hop.link), result);
  hop.box->before = before;
  hop.box->after = after;
}

void TrialTrace::onEnd(const fabric::Trial& trial) {
  Crossing ended = std::move(open_.back());
  open_.pop_back();
  ended.arrived = trial.header;
  ended.dropped = droppedIn(ended);
  if (trial.arrived)
    ended.disposition = Disposition::delivered;
  else
    ended.disposition = ended.dropped ? dispositionOf(*ended.dropped) : Disposition::noRoute;
  if (open_.empty())
    last_ = std::move(ended);
  else
    open_.back().hops.back().within.push_back(std::move(ended));
}

BoxVerdict TrialTrace::verdictOf(const topology::DirectedLink& arrival,
                                 const fabric::BoxResult& result) const {
  const fabric::NodeId node = network_.node(arrival.to);
  const fabric::Ground ground = network_.groundOf(node, result.reason);
  BoxVerdict verdict;
  verdict.box = arrival.to;
  verdict.passed = result.action != fabric::BoxResult::Action::drop;
  verdict.outbound = topology::fromInside(arrival);
  verdict.cause = ground.cause;
  // What a filter has passed is translated, if it is a NAT as well.
  const bool filter = ground.cause == Cause::rule || ground.cause == Cause::byDefault ||
                      ground.cause == Cause::openConnection || ground.cause == Cause::madeRoom;
  if (verdict.passed && filter && network_.graph().element(arrival.to).translates)
    verdict.also = network_.groundOf(node, result.also).cause;
  verdict.rule = placeOf(network_.graph(), topology_, arrival.to, ground);
  if (!verdict.passed || ground.cause != Cause::none)
    verdict.words = network_.describeReason(node, result.reason);
  return verdict;
}

}  // namespace callflow::explain
