// Networks that were made up: the paths that explain names are those that media takes in a run.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "src/sim/found_calls.h"
#include "src/sim/quiet.h"
#include "src/sim/run.h"
#include "src/topology/load.h"
#include "tests/fuzz/network_generator.h"
#include "tests/fuzz/rounds.h"

namespace callflow::test {
namespace {

const std::filesystem::path file = std::filesystem::path(CALLFLOW_TEST_DIR) / "paths.yaml";

// Of a call: who hears whom by which legs, and who is left out.
using Ways = std::map<std::string, std::string>;

std::string wayOf(const topology::NetworkGraph& graph, const explain::MediaPath& path) {
  std::string text;
  for (const explain::Leg& leg : path.legs) {
    text += std::string(explain::name(leg.transport)) + " " + graph.element(leg.from).name;
    for (const topology::DirectedLinkId link : leg.links)
      text += " - " + graph.element(graph.link(link).to).name;
    text += " = " + graph.element(leg.to).name + "\n";
  }
  return text;
}

std::string wayOf(const metrics::StreamRecord& stream) {
  std::string text;
  for (const metrics::Leg& leg : stream.legs) {
    text += leg.transport;
    for (const std::string& node : leg.nodes)
      text += (&node == &leg.nodes.front() ? " " : " - ") + node;
    text += " = " + leg.to + "\n";
  }
  return text;
}

Ways namedWays(const topology::NetworkGraph& graph, const explain::CallPlan& plan) {
  Ways ways;
  for (const explain::PlanFailure& failure : plan.failures) ways["left out: " + failure.who] = "";
  const auto name = [&](topology::ElementId id) { return graph.element(id).name; };
  for (const explain::MediaPath& path : plan.paths) {
    if (!plan.mediaProcessor) {
      ways[name(path.from) + " > " + name(path.to)] = wayOf(graph, path);
      continue;
    }
    if (path.to != *plan.mediaProcessor) continue;
    for (const explain::MediaPath& other : plan.paths)
      if (other.from == *plan.mediaProcessor && other.to != path.from)
        ways[name(path.from) + " > " + name(other.to)] = wayOf(graph, path) + wayOf(graph, other);
  }
  return ways;
}

Ways runWays(const metrics::RunRecord& run, const std::string& call) {
  Ways ways;
  for (const metrics::FailedCall& failed : run.failedCalls) {
    // Behind who is left out stands what befell either's packets.
    if (failed.call == call)
      ways["left out: " + failed.reasons.front().substr(0, failed.reasons.front().find(": "))] = "";
  }
  for (const metrics::StreamRecord& stream : run.streams)
    if (stream.call == call) ways[stream.from + " > " + stream.to] = wayOf(stream);
  return ways;
}

std::string toText(const Ways& ways) {
  std::string text;
  for (const auto& [who, way] : ways) text += who + "\n" + way;
  return text;
}

// Where a path comes and goes, the moment decides which it is: lines that the media of calls alone
// fills are made wider, and a NAT that forgets between one check and the next remembers for longer.
std::string steadied(const std::string& text) {
  static const std::regex thin(R"(\brate: (64 kbit|256 kbit|2 Mbit)/s)");
  static const std::regex forgetful(R"(\budp-timeout: 1 s)");
  return std::regex_replace(std::regex_replace(text, thin, "rate: 20 Mbit/s"), forgetful,
                            "udp-timeout: 10 s");
}

struct Seen {
  int networks = 0, paths = 0, relayed = 0, overTcp = 0, leftOut = 0, longer = 0;
};

void check(unsigned seed, Seen& seen) {
  std::ofstream(file) << steadied(NetworkGenerator(seed).valid());
  Diagnostics diagnostics;
  auto scenario = topology::loadScenario(file.string(), diagnostics);
  INFO(diagnostics.render("no scenario"));
  REQUIRE(scenario);
  topology::Case& one = scenario->cases.front();
  // A path is that of a call as it begins; chance has no part in it.
  one.topology = sim::quiet(one.topology);
  one.events.clear();
  one.traffic.clear();
  for (topology::Call& call : one.calls) {
    call.duration = std::min(call.duration, Duration::s(6));
    call.senders.clear();
  }
  const topology::NetworkGraph graph = topology::NetworkGraph::ofCalls(one.topology, one.calls);
  const std::vector<explain::CallPlan> plans = sim::findCalls(graph, one);
  sim::RunOptions options;
  options.drain = Duration::ms(500);
  const metrics::RunRecord run = sim::simulate(one, options);
  // What a call has used for the longest time counts. Some change their path when they are some
  // seconds old, as a relay behind a NAT is first seen as something better: they are given time.
  std::optional<metrics::RunRecord> longer;
  const auto waysOf = [&](const explain::CallPlan& plan, const Ways& named) {
    Ways ways = runWays(run, plan.call);
    if (toText(ways) == toText(named)) return ways;
    if (!longer) {
      for (topology::Call& call : one.calls) call.duration = Duration::s(30);
      longer = sim::simulate(one, options);
      ++seen.longer;
    }
    return runWays(*longer, plan.call);
  };
  ++seen.networks;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    // Results do not tell copies apart.
    if (one.calls[i].count > 1 || one.calls[i].copy > 0) continue;
    INFO("seed " << seed << ", call " << plans[i].call);
    const Ways named = namedWays(graph, plans[i]);
    CHECK(toText(named) == toText(waysOf(plans[i], named)));
    seen.paths += static_cast<int>(plans[i].paths.size());
    seen.leftOut += static_cast<int>(plans[i].failures.size());
    for (const explain::MediaPath& path : plans[i].paths) {
      seen.relayed += path.kind != topology::PathKind::direct ? 1 : 0;
      seen.overTcp += path.kind >= topology::PathKind::relayTcp ? 1 : 0;
    }
  }
}

TEST_CASE("the paths that are named are those that run, in networks that were made up") {
  Rounds rounds(1, 10'000);
  Seen seen;
  while (rounds.next()) check(rounds.seed() + static_cast<unsigned>(rounds.number()) - 1, seen);
  if (rounds.timed()) return;
  CHECK(seen.networks == 10'000);
  CHECK(seen.longer < 20);
  // All of it happens.
  CHECK(seen.paths > 10'000);
  CHECK(seen.relayed > 1000);
  CHECK(seen.overTcp > 200);
  CHECK(seen.leftOut > 1000);
}

}  // namespace
}  // namespace callflow::test
