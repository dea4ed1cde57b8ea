#include "src/sim/quiet_ice.h"

#include <ns3/simulator.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

#include "models/fabric/ns3_time.h"
#include "src/network/network.h"
#include "src/sim/quiet.h"
#include "src/sim/seeds.h"
#include "src/sim/wiring.h"

namespace callflow::sim {

namespace {

// What is found later than so long after both are connected changes nothing any more; a call that
// has not failed by the limit waits for servers only.
constexpr Duration kSettling = Duration::s(2);
constexpr Duration kLimit = Duration::s(25);
constexpr Duration kLook = Duration::ms(100);

std::string reasonOf(const network::Network& network, const fabric::Drop& drop) {
  switch (drop.cause) {
    case fabric::DropCause::box:
      return network.describeReason(drop.node, drop.reason);
    case fabric::DropCause::noRoute:
      return "no route leads to " + wire::toText(drop.packet.destination().address) + " from there";
    case fabric::DropCause::noListener:
      return "nobody has " + wire::toText(drop.packet.destination()) + " there";
    case fabric::DropCause::tooBig:
      return "it is too large";
    case fabric::DropCause::linkDown:
      return "the line is down";
    case fabric::DropCause::queueFull:
      return "the queue is full";
    case fabric::DropCause::loss:
      return "it was lost";
  }
  return {};
}

// The first packet that was dropped between two addresses, as their senders wrote them.
class Lost {
 public:
  Lost(const network::Network& network, path::Datagrams& datagrams) : network_(network) {
    datagrams.tellLost([this](const path::Datagrams::Sending& sending, const path::Bytes&,
                              const fabric::Drop& drop) { note(sending, drop); });
  }

  const LostCheck* between(wire::Endpoint source, wire::Endpoint destination) const {
    const auto found = first_.find({source, destination});
    return found == first_.end() ? nullptr : &found->second;
  }
  // An answer to there, from this element.
  const LostCheck* answer(const std::string& from, wire::Endpoint destination) const {
    for (const auto& [ends, lost] : first_)
      if (ends.second == destination && lost.sender == from) return &lost;
    return nullptr;
  }

 private:
  void note(const path::Datagrams::Sending& sending, const fabric::Drop& drop) {
    first_.try_emplace({sending.source, sending.destination},
                       LostCheck{network_.place(fabric::kNoLink, sending.from),
                                 network_.place(drop.link, drop.node), reasonOf(network_, drop),
                                 drop.packet.header()});
  }

  const network::Network& network_;
  std::map<std::pair<wire::Endpoint, wire::Endpoint>, LostCheck> first_;
};

PairOutcome outcomeOf(const ice::Pair& pair, ice::Role role, const std::string& other,
                      const Lost& lost) {
  PairOutcome outcome;
  outcome.local = pair.local();
  outcome.remote = pair.remote();
  outcome.checks = pair.checksSent();
  outcome.answers = pair.answers();
  outcome.priority = pair.priority(role);
  if (pair.answers() > 0) outcome.roundTrip = pair.roundTrip();
  if (pair.answers() > 0 || pair.checksSent() == 0) return outcome;
  const bool straight = pair.local().type != ice::CandidateType::relayed &&
                        pair.remote().type != ice::CandidateType::relayed;
  if (const LostCheck* const there = lost.between(pair.local().base, pair.remote().address)) {
    outcome.lost = *there;
  } else if (straight) {
    // It arrived; what came back from the other client did not.
    const LostCheck* const back = lost.answer(other, pair.local().address);
    if (back != nullptr) outcome.lost = *back;
  }
  return outcome;
}

SideOutcome outcomeOf(IceSession& session, std::size_t i, const std::array<std::string, 2>& names,
                      const Lost& lost) {
  SideOutcome outcome;
  outcome.participant = names[i];
  outcome.seen = session.side(i);
  if (!session.isClient(i)) return outcome;
  for (const ice::Port::Refused& each : session.refusals(i))
    outcome.refused.emplace_back(each.at - session.started(), each);
  const ice::Agent& agent = session.client(i).agent();
  const ice::Role role = i == 0 ? ice::Role::controlling : ice::Role::controlled;
  for (const ice::Pairs* const pairs : {&agent.pairs(), &agent.former()}) {
    for (const auto& pair : *pairs) {
      outcome.pairs.push_back(outcomeOf(*pair, role, names[1 - i], lost));
      outcome.pairs.back().selected = pair.get() == agent.selected();
    }
  }
  return outcome;
}

// A quiet copy of a network, with its relays.
struct QuietNetwork {
  QuietNetwork(const topology::Case& input, const topology::Call& call)
      : topology(quiet(input.topology)),
        graph(topology, {call}),
        network(simulation.simulator(), graph, topology),
        wiring(network, topology, false),
        ports(graph),
        ice(wiring, ports),
        lost(network, ice.datagrams()) {}

  std::array<std::string, 2> namesOf(const topology::Call& call) const {
    const auto name = [&](std::size_t i) {
      return graph.element(graph.participant(call.participants[i]).value()).name;
    };
    return {name(0), name(1)};
  }

  fabric::SimulatorSession simulation;
  topology::Topology topology;
  topology::NetworkGraph graph;
  network::Network network;
  Wiring wiring;
  explain::PortBook ports;
  IceNetwork ice;
  Lost lost;
};

void at(Duration when, std::function<void()> what) {
  ns3::Simulator::Schedule(fabric::toNs3(TimePoint::at(when)) - ns3::Simulator::Now(),
                           std::move(what));
}

// As `run` has them, between a call's participant and another element.
IceOptions optionsOf(const QuietNetwork& quiet, const topology::Call& call,
                     topology::ElementId from, topology::ElementId to) {
  return asPlanned(explain::planCall(quiet.graph, quiet.topology, call).path(from, to));
}

IceOptions optionsOf(const QuietNetwork& quiet, const topology::Call& call) {
  // The controlled side follows the other's media to a better pair.
  IceOptions options = optionsOf(quiet, call, quiet.graph.participant(call.participants[0]).value(),
                                 quiet.graph.participant(call.participants[1]).value());
  options.mediaInterval = call.audio.frame;
  return options;
}

// From the call's start, as rules may hold at times only.
void runUntilSettled(IceSession& session, Duration begin) {
  at(begin, [&] { session.start(); });
  const bool overHttps = session.signaling() != nullptr;
  // By then a time-out has ended it.
  const Duration limit = overHttps ? signaling::kTelephoneEstablishment + kSettling : kLimit;
  std::function<void(Duration)> look = [&](Duration when) {
    const IceSide &a = session.side(0), &b = session.side(1);
    const bool settled = a.dtlsConnected && b.dtlsConnected &&
                         when - begin > std::max(*a.dtlsConnected, *b.dtlsConnected) + kSettling;
    const bool failed = a.failed && (b.failed || !session.isClient(1));
    const bool ended = overHttps && session.signaling()->hasEnded();
    if (settled || failed || ended || when - begin > limit) {
      ns3::Simulator::Stop();
      return;
    }
    at(when + kLook, [&look, when] { look(when + kLook); });
  };
  at(begin + kLook, [&] { look(begin + kLook); });
  ns3::Simulator::Run();
}

// Of a session that has run.
IceReport reportOf(QuietNetwork& quiet, IceSession& session, const topology::Call& call,
                   const std::array<std::string, 2>& names) {
  IceReport result;
  result.call = call.name;
  result.connected = session.side(0).dtlsConnected && session.side(1).dtlsConnected;
  for (const std::size_t i : {0U, 1U}) {
    result.sides[i] = outcomeOf(session, i, names, quiet.lost);
  }
  if (session.signaling() != nullptr) result.signaling = session.signaling()->report();
  ns3::Simulator::Destroy();
  return result;
}

}  // namespace

IceReport runQuietIce(const topology::Case& input, const topology::Call& call) {
  seedStreams(1, 1);
  QuietNetwork quiet(input, call);
  IceSession session(quiet.ice, call, optionsOf(quiet, call));
  runUntilSettled(session, call.start);
  return reportOf(quiet, session, call, quiet.namesOf(call));
}

IceReport runQuietLife(const topology::Case& input, const topology::Call& call) {
  seedStreams(1, 1);
  QuietNetwork quiet(input, call);
  IceOptions options = optionsOf(quiet, call);
  options.restarts = true;
  IceSession session(quiet.ice, call, options);
  const Duration end = call.start + call.setup + call.duration;
  for (const topology::LinkChange& change : input.events) {
    quiet.network.expect(change);
    if (change.at >= end) continue;
    at(change.at, [&quiet, &change] { quiet.ice.change(change); });
    if (const auto after = quiet.network.takesOverAfter(change))
      at(change.at + *after, [&quiet, &change] { quiet.network.takeOver(change); });
  }
  quiet.network.keepTunnelsAlive();
  at(call.start, [&] { session.start(); });
  at(end, [] { ns3::Simulator::Stop(); });
  ns3::Simulator::Run();
  return reportOf(quiet, session, call, quiet.namesOf(call));
}

std::optional<IceReport> runQuietIce(const topology::Case& input, const topology::Call& call,
                                     std::size_t participant) {
  seedStreams(1, 1);
  QuietNetwork quiet(input, call);
  const auto processor = quiet.graph.mediaProcessor(call);
  if (!processor) return std::nullopt;
  const auto who = quiet.graph.participant(call.participants[participant]).value();
  IceSession session(quiet.ice, call, participant, *processor,
                     optionsOf(quiet, call, who, *processor));
  runUntilSettled(session, call.start);
  return reportOf(quiet, session, call, {quiet.graph.element(who).name, "the media processor"});
}

}  // namespace callflow::sim
