#include "src/sim/quiet_ice.h"

#include <ns3/simulator.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "src/sim/quiet_network.h"
#include "src/sim/schedule.h"
#include "src/sim/seeds.h"

namespace callflow::sim {

namespace {

LostCheck checkOf(const QuietNetwork& quiet, const LostPackets::Lost& lost) {
  const LostPackets& all = quiet.ice.lost();
  return {quiet.graph.element(lost.sender).name, all.place(lost), all.reason(lost), lost.header};
}

PairOutcome outcomeOf(const ice::Pair& pair, ice::Role role, topology::ElementId other,
                      const QuietNetwork& quiet) {
  PairOutcome outcome;
  outcome.local = pair.local();
  outcome.remote = pair.remote();
  outcome.checks = pair.checksSent();
  outcome.answers = pair.answers();
  outcome.priority = pair.priority(role);
  if (pair.answers() > 0) outcome.roundTrip = pair.roundTrip();
  if (pair.answers() > 0 || pair.checksSent() == 0) return outcome;
  if (const LostPackets::Lost* const lost = quiet.ice.lost().of(pair, other))
    outcome.lost = checkOf(quiet, *lost);
  return outcome;
}

SideOutcome outcomeOf(const IceSession& session, std::size_t i, const QuietNetwork& quiet) {
  SideOutcome outcome;
  outcome.participant =
      session.isClient(i) ? quiet.graph.element(session.element(i)).name : "the media processor";
  outcome.seen = session.side(i);
  if (!session.isClient(i)) return outcome;
  for (const ice::Port::Refused& each : session.refusals(i))
    outcome.refused.emplace_back(each.at - session.started(), each);
  const ice::Agent& agent = session.client(i).agent();
  const ice::Role role = i == 0 ? ice::Role::controlling : ice::Role::controlled;
  for (const ice::Pairs* const pairs : {&agent.pairs(), &agent.former()}) {
    for (const auto& pair : *pairs) {
      outcome.pairs.push_back(outcomeOf(*pair, role, session.element(1 - i), quiet));
      outcome.pairs.back().selected = pair.get() == agent.selected();
    }
  }
  return outcome;
}

// As `run` has them, between a call's participant and another element.
IceOptions optionsFor(const QuietNetwork& quiet, const topology::Call& call,
                      topology::ElementId from, topology::ElementId to) {
  return optionsOf(call, explain::planCall(quiet.graph, quiet.topology, call).path(from, to));
}

IceOptions optionsFor(const QuietNetwork& quiet, const topology::Call& call) {
  IceOptions options =
      optionsFor(quiet, call, quiet.graph.participant(call.participants[0]).value(),
                 quiet.graph.participant(call.participants[1]).value());
  // The controlled side follows the other's media to a better pair.
  options.mediaInterval = call.audio.frame;
  return options;
}

// From the call's start, as rules may hold at times only.
void runUntilSettled(IceSession& session, Duration begin) {
  at(TimePoint::at(begin), [&] { session.start(); });
  std::function<void(Duration)> look = [&](Duration since) {
    if (isSettled(session, since)) {
      ns3::Simulator::Stop();
      return;
    }
    at(TimePoint::at(begin + since + kLook), [&look, since] { look(since + kLook); });
  };
  at(TimePoint::at(begin + kLook), [&] { look(kLook); });
  ns3::Simulator::Run();
}

// Of a session that has run.
IceReport reportOf(const QuietNetwork& quiet, const IceSession& session,
                   const topology::Call& call) {
  IceReport result;
  result.call = call.name;
  result.connected = session.side(0).dtlsConnected && session.side(1).dtlsConnected;
  for (const std::size_t i : {0U, 1U}) result.sides[i] = outcomeOf(session, i, quiet);
  if (session.signaling() != nullptr) result.signaling = session.signaling()->report();
  ns3::Simulator::Destroy();
  return result;
}

}  // namespace

IceReport runQuietIce(const topology::Case& input, const topology::Call& call) {
  seedStreams(1, 1);
  const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(input.topology, {call});
  QuietNetwork quiet(graph, input.topology);
  IceSession session(quiet.ice, call, optionsFor(quiet, call));
  runUntilSettled(session, call.start);
  return reportOf(quiet, session, call);
}

IceReport runQuietLife(const topology::Case& input, const topology::Call& call) {
  seedStreams(1, 1);
  const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(input.topology, {call});
  QuietNetwork quiet(graph, input.topology);
  IceOptions options = optionsFor(quiet, call);
  options.restarts = true;
  IceSession session(quiet.ice, call, options);
  const Duration end = call.start + call.setup + call.duration;
  quiet.ice.happen(input.events, end);
  quiet.network.keepTunnelsAlive();
  at(TimePoint::at(call.start), [&] { session.start(); });
  at(TimePoint::at(end), [] { ns3::Simulator::Stop(); });
  ns3::Simulator::Run();
  return reportOf(quiet, session, call);
}

std::optional<IceReport> runQuietIce(const topology::Case& input, const topology::Call& call,
                                     std::size_t participant) {
  seedStreams(1, 1);
  const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(input.topology, {call});
  QuietNetwork quiet(graph, input.topology);
  const auto processor = quiet.graph.mediaProcessor(call);
  if (!processor) return std::nullopt;
  const auto who = quiet.graph.participant(call.participants[participant]).value();
  IceSession session(quiet.ice, call, participant, *processor,
                     optionsFor(quiet, call, who, *processor));
  runUntilSettled(session, call.start);
  return reportOf(quiet, session, call);
}

}  // namespace callflow::sim
