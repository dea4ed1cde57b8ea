// A key that is accepted has an effect: every row of every parameter table is changed once, and
// what comes out of loading and simulating must change with it. A row without a probe here fails
// the test.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "src/config/documents.h"
#include "src/sim/quiet_ice.h"
#include "src/sim/run.h"
#include "src/topology/scenario_table.h"
#include "src/topology/topology_table.h"
#include "tests/scenarios/key_probes.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

// Small, but with everything in it that a key can act on: both kinds of box, all paths, a backhaul.
const char* const kBase = R"(scenario: effects
title: Effects
topology:
  topology: effects
  sites:
    hq:
      subnets: [10.1.0.0/16]
      location: [52.37, 4.90]
      perimeter: [wall]
      uplink: {rate: 2 Mbit/s, delay: 4 ms}
    branch: {subnets: [10.2.0.0/16], location: [51.92, 4.48], wan: {to: hq, rate: 1 Mbit/s, delay: 9 ms}}
    depot: {subnets: [10.3.0.0/16], location: [53.55, 9.99]}
  remote:
    home: {location: [52.09, 5.12]}
    cafe: {location: [50.94, 6.96], nat: cafe-router, uplink: {rate: 10 Mbit/s, delay: 6 ms}}
    bar: {location: [50.94, 6.96], perimeter: [bar-router]}
    pub: {location: [50.94, 6.97], perimeter: [pub-router]}
    lab: {subnets: [192.168.7.0/24], location: [48.14, 11.58], perimeter: [lab-wall]}
  devices:
    wall:
      kind: firewall
      nat: {}
      rules:
        - {allow: udp, to: azure, from: 10.0.0.0/8, ports: 3478-3481}
        - {allow: tcp, ports: 443}
        - {deny: any}
    lab-wall: {kind: firewall, rules: [{deny: udp, from: 192.168.8.0/24}]}
    cafe-router: {kind: nat}
    bar-router: {kind: nat}
    pub-router: {kind: nat}
    spare-router: {kind: nat}
  internet: {}
  azure: {regions: [westeurope, eastus]}
change: {}
calls:
  - {name: relayed, participants: [alice@hq, bob@home], duration: 3 s}
  - {name: stream, participants: [carol@hq, dave@home], paths: [relay-tcp], setup: 3 s, duration: 3 s}
  - {name: open, participants: [erin@home, frank@depot], duration: 3 s}
  - {name: meeting, kind: group, participants: [gina@branch, hans@home, ivy@depot], duration: 3 s}
  - {name: listener, participants: [kate@lab, leo@home], senders: [leo], setup: 3 s, duration: 3 s}
  - {name: radio, participants: [mia@cafe, nick@home], senders: [nick], setup: 3 s, duration: 3 s}
traffic: []
events:
  - {at: 2 s, link: home.uplink, delay: 9 ms}
runs: 2
seed: 1
warm-up: 1 s
drain: 2 s
)";

// Rows of the scenario itself: a line of the base and what takes its place.
const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kHeads = {
    {"scenario.scenario", {"scenario: effects", "scenario: causes"}},
    {"scenario.title", {"title: Effects", "title: Causes"}},
    {"scenario.topology", {"    depot: {subnets", "    store: {}\n    depot: {subnets"}},
    {"scenario.change", {"change: {}", "change: {sites.hq.uplink.delay: 6 ms}"}},
    {"scenario.calls", {"name: relayed, ", "name: relaid, "}},
    {"scenario.traffic", {"traffic: []", "traffic: [{name: load, kind: constant, from: home}]"}},
    {"scenario.events", {"at: 2 s, link: home", "at: 4 s, link: home"}},
    {"scenario.variants", {"runs: 2", "runs: 2\nvariants: {one: {}, two: {}}"}},
    {"scenario.runs", {"runs: 2", "runs: 3"}},
    {"scenario.seed", {"seed: 1", "seed: 2"}},
    {"scenario.warm-up", {"warm-up: 1 s", "warm-up: 2 s"}},
    {"scenario.drain", {"drain: 2 s", "drain: 3 s"}},
    {"scenario.expect", {"drain: 2 s", "drain: 2 s\nexpect: [audio.mos >= 2]"}},
    {"call.name", {"name: relayed, ", "name: relaid, "}},
    {"topology.topology", {"topology: effects", "topology: other"}},
};

// Rows that change how clients connect, as `callflow explain -v` tells.
const std::vector<std::pair<std::string, std::string>> kSetUps = {
    {"call.signaling", "calls.relayed.signaling: https"},
};

// Rows of an axis: what takes the place of a plain sweep.
const std::string kSweep = "sweep: {step: {key: sites.hq.uplink.delay, values: [5 ms, 6 ms]}}\n";
const std::vector<std::pair<std::string, std::string>> kAxes = {
    {"scenario.sweep", ""},
    {"axis.key", "sweep: {step: {key: remote.home.uplink.delay, values: [5 ms, 6 ms]}}\n"},
    {"axis.values", "sweep: {step: {key: sites.hq.uplink.delay, values: [7 ms, 6 ms]}}\n"},
    {"axis.labels",
     "sweep: {step: {key: sites.hq.uplink.delay, values: [5 ms, 6 ms], labels: [a, b]}}\n"},
};

topology::Scenario load(const std::string& text) {
  return testing::parsedScenario("effects", text);
}

// Everything that a run tells, as text.
std::string told(const metrics::RunRecord& record) {
  std::ostringstream out;
  out << record.simulated.count() << '\n';
  for (const auto& stream : record.streams) {
    out << stream.call << ' ' << stream.from << ' ' << stream.to << ' ' << stream.path << ' '
        << stream.played << ' ' << stream.totalDelay.count();
    for (const auto& leg : stream.legs)
      for (const std::string& node : leg.nodes) out << ' ' << node;
    for (const auto& metric : metrics::allMetrics()) out << ' ' << stream.totals[metric.id];
    for (const auto& part : stream.budget) out << ' ' << part.element << part.sum.count();
    for (const auto& [bin, count] : stream.delayHistogram) out << ' ' << bin << ':' << count;
    for (const auto& attempt : stream.attempts) out << ' ' << attempt.kind << attempt.reason;
    out << '\n';
  }
  for (const auto& call : record.failedCalls) out << call.call << " failed\n";
  for (const auto& link : record.links)
    out << link.link << ' ' << link.sent << ' ' << link.lost << ' ' << link.queueDrops << ' '
        << link.busy.count() << '\n';
  for (const auto& drop : record.drops)
    out << drop.element << ' ' << drop.reason << ' ' << drop.packets << '\n';
  for (const auto& traffic : record.traffic)
    out << traffic.name << ' ' << traffic.sent.count() << ' ' << traffic.received.count() << '\n';
  return out.str();
}

std::string run(const topology::Scenario& scenario, const topology::Case& one) {
  sim::RunOptions options;
  options.seed = scenario.seed;
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  return told(sim::simulate(one, options));
}

// When the clients of the first call are connected.
std::string connected(const topology::Case& one) {
  const sim::IceReport report = sim::runQuietIce(one, one.calls.front());
  std::string out;
  for (const sim::SideOutcome& side : report.sides)
    out += side.seen.dtlsConnected ? toText(*side.seen.dtlsConnected) + "\n" : "never\n";
  return out;
}

// A scenario's own words, and what its first case does.
std::string observed(const topology::Scenario& scenario) {
  std::string out =
      scenario.name + '\n' + scenario.title + '\n' + std::to_string(scenario.runs) + '\n';
  for (const auto& one : scenario.cases)
    out += one.variant + ' ' + one.topology.name + ' ' + std::to_string(one.topology.sites.size()) +
           '\n';
  for (const auto& expectation : scenario.expect) out += expectation.text + '\n';
  return out + run(scenario, scenario.cases.front());
}

std::string variant(const std::string& name, const std::vector<std::string>& changes) {
  std::string out = "  " + name + ":\n    change:\n";
  for (const std::string& change : changes) out += "      " + change + "\n";
  return out;
}

// What a change replaces must not stand twice in one map.
std::string keyOf(const std::string& line) {
  return line.substr(0, line.find(": "));
}

}  // namespace

TEST_CASE("every key changes something that can be seen") {
  for (const Probe& probe : kProbes) {
    std::vector<std::string> before = probe.given;
    std::vector<std::string> after;
    for (const std::string& line : before)
      if (keyOf(line) != keyOf(probe.change)) after.push_back(line);
    after.push_back(probe.change);
    if (before.empty()) before.push_back("calls.relayed.setup: 1 s");  // what it is anyway
    INFO(probe.row << ": " << probe.change);
    const topology::Scenario scenario = load(std::string(kBase) + "variants:\n" +
                                             variant("before", before) + variant("after", after));
    CHECK(run(scenario, scenario.cases.at(0)) != run(scenario, scenario.cases.at(1)));
  }
  for (const auto& [row, change] : kSetUps) {
    INFO(row << ": " << change);
    const topology::Scenario scenario =
        load(std::string(kBase) + "variants:\n  before: {}\n" + variant("after", {change}));
    CHECK(connected(scenario.cases.at(0)) != connected(scenario.cases.at(1)));
  }
  const std::string base = observed(load(kBase));
  for (const auto& [row, line] : kHeads) {
    INFO(row << ": " << line.second);
    std::string text = kBase;
    const auto at = text.rfind(line.first);
    REQUIRE(at != std::string::npos);
    text.replace(at, line.first.size(), line.second);
    CHECK(observed(load(text)) != base);
  }
  const std::string swept = observed(load(kBase + kSweep));
  for (const auto& [row, sweep] : kAxes) {
    INFO(row << ": " << sweep);
    CHECK(observed(load(kBase + sweep)) != swept);
  }
}

TEST_CASE("no key is without a probe") {
  std::set<std::string> probed;
  for (const Probe& probe : kProbes) probed.insert(probe.row);
  for (const auto& [row, line] : kHeads) probed.insert(row);
  for (const auto& [row, change] : kSetUps) probed.insert(row);
  for (const auto& [row, sweep] : kAxes) probed.insert(row);
  const config::TableBase& network = tableOf(static_cast<const topology::TopologyFile*>(nullptr));
  const config::TableBase& scenario = tableOf(static_cast<const topology::ScenarioFile*>(nullptr));
  for (const config::TableBase* table : config::reachableTables({&network, &scenario})) {
    std::vector<std::string> keys;
    for (const config::Row& row : table->rows()) keys.push_back(row.key);
    if (!table->kinds().key.empty()) keys.push_back(table->kinds().key);
    if (!table->presetChoice().key.empty()) keys.push_back(table->presetChoice().key);
    for (const std::string& key : keys) {
      INFO(table->kind() << "." << key);
      CHECK(probed.count(table->kind() + "." + key) == 1);
    }
  }
}

}  // namespace callflow
