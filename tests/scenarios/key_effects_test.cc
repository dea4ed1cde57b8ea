// A key that is accepted has an effect: every row of every parameter table is changed once, and
// what comes out of loading and simulating must change with it. A row without a probe here fails
// the test.
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <sstream>

#include "src/config/documents.h"
#include "src/sim/run.h"
#include "src/topology/scenario_table.h"
#include "src/topology/topology_table.h"
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
events:
  - {at: 2 s, link: home.uplink, delay: 9 ms}
runs: 2
seed: 1
warm-up: 1 s
drain: 2 s
)";

struct Probe {
  std::string row;                 // "kind.key"
  std::string change;              // key paths and values, as `change:` takes them
  std::vector<std::string> given;  // what must hold before for the key to matter
};

const std::vector<Probe> kProbes = {
    {"topology.topology", "remote.cafe.location: westeurope", {}},  // the name: see kHeads
    {"topology.sites", "sites.hq.uplink.delay: 5 ms", {}},
    {"topology.remote", "remote.home.uplink.delay: 5 ms", {}},
    {"topology.devices", "devices.wall.rules: [{deny: any}]", {}},
    {"topology.internet", "internet.minimum-delay: 20 ms", {}},
    {"topology.azure", "azure.regions: [eastus]", {}},
    {"site.subnets", "sites.hq.subnets: [172.16.0.0/16]", {}},
    {"site.location", "sites.hq.location: [40.71, -74.01]", {}},
    {"site.access", "sites.hq.access: {delay: 3 ms}", {}},
    {"site.proxy", "sites.hq.proxy: true", {"calls.stream.paths: [relay-proxy]"}},
    {"site.perimeter", "sites.hq.perimeter: []", {}},
    {"site.uplink", "sites.branch.uplink: {}", {}},
    {"site.wan", "sites.branch.wan.delay: 30 ms", {}},
    {"remote.subnets", "remote.lab.subnets: [192.168.8.0/24]", {}},
    {"remote.location", "remote.home.location: eastus", {}},
    {"remote.access", "remote.home.access.delay: 5 ms", {}},
    {"remote.perimeter", "remote.lab.perimeter: []", {}},
    {"remote.nat", "remote.home.nat: spare-router", {}},
    {"remote.uplink", "remote.home.uplink.rate: 100 kbit/s", {}},
    {"remote.wan",
     "remote.lab.wan: {to: hq}",
     {"remote.lab.uplink: {}", "calls.listener.participants: [kate@lab, leo@hq]"}},
    {"location.latitude", "sites.hq.location.latitude: 40", {}},
    {"location.longitude", "sites.hq.location.longitude: -20", {}},
    {"location.place", "sites.hq.location: eastus", {}},
    {"link-direction.rate", "sites.hq.uplink.up.rate: 100 kbit/s", {}},
    {"link-direction.delay", "sites.hq.uplink.down.delay: 9 ms", {}},
    {"link-direction.jitter", "sites.hq.uplink.up.jitter: 2 ms", {}},
    {"link-direction.loss", "sites.hq.uplink.up.loss: 10%", {}},
    {"link-direction.queue",
     "sites.hq.uplink.up.queue: 300 B",
     {"sites.hq.uplink.up.rate: 90 kbit/s"}},
    {"link-direction.overhead",
     "sites.hq.uplink.up.overhead: 100 B",
     {"sites.hq.uplink.up.rate: 90 kbit/s"}},
    {"link-direction.cells",
     "sites.hq.uplink.up.cells: atm",
     {"sites.hq.uplink.up.rate: 90 kbit/s"}},
    {"link-direction.mpu", "sites.hq.uplink.up.mpu: 256 B", {"sites.hq.uplink.up.rate: 90 kbit/s"}},
    {"jitter.mean", "sites.hq.uplink.jitter.mean: 9 ms", {}},
    {"jitter.distribution",
     "sites.hq.uplink.jitter.distribution: uniform",
     {"sites.hq.uplink.jitter: 5 ms"}},
    {"jitter.reorder", "sites.hq.uplink.jitter.reorder: true", {"sites.hq.uplink.jitter: 30 ms"}},
    {"loss.mean", "sites.hq.uplink.loss.mean: 20%", {}},
    {"loss.burst", "sites.hq.uplink.loss.burst: 100 ms", {"sites.hq.uplink.loss: 10%"}},
    {"loss.drop", "sites.hq.uplink.up.loss.drop: [60]", {}},
    {"link.preset", "sites.hq.uplink: {preset: lte}", {}},
    {"wan.preset", "sites.branch.wan: {to: hq, preset: adsl}", {}},
    {"wan.to", "sites.branch.wan.to: depot", {}},
    {"wan.perimeter", "sites.branch.wan.perimeter: [spare-router]", {}},
    {"wan.far-perimeter", "sites.branch.wan.far-perimeter: [spare-router]", {}},
    {"device.kind", "devices.lab-wall: {kind: nat}", {}},
    {"nat.udp-timeout", "devices.cafe-router.udp-timeout: 1 s", {}},
    {"nat.mapping",
     "devices.cafe-router.mapping: address-and-port-dependent",
     {"calls.radio.participants: [mia@cafe, nick@bar]"}},
    {"nat.filtering",
     "devices.cafe-router.filtering: endpoint-independent",
     {"calls.radio.participants: [mia@cafe, nick@bar]", "devices.bar-router.ports: random",
      "devices.bar-router.mapping: address-dependent"}},
    {"nat.ports",
     "devices.bar-router.ports: random",
     {"calls.radio.participants: [mia@cafe, nick@bar]"}},
    {"nat.on-collision",
     "devices.bar-router.on-collision: overload",
     {"calls.radio.participants: [mia@bar, nick@home]",
      "calls.stream.participants: [carol@bar, dave@home]", "calls.stream.paths: [direct]",
      "devices.bar-router.port-range: 50000-50000"}},
    {"nat.parity",
     "devices.bar-router.parity: false",
     {"calls.radio.participants: [mia@bar, nick@home]", "devices.bar-router.ports: sequential",
      "devices.bar-router.port-range: 2001-2009"}},
    {"nat.port-range",
     "devices.bar-router.port-range: 2000-2009",
     {"calls.radio.participants: [mia@bar, nick@home]"}},
    {"nat.ports-per-host",
     "devices.bar-router.ports-per-host: 2",
     {"calls.radio.participants: [mia@bar, nick@home]", "devices.bar-router.ports: sequential",
      "devices.bar-router.port-range: 2000-2002",
      "devices.bar-router.mapping: address-and-port-dependent"}},
    {"nat.addresses",
     "devices.bar-router.addresses: 2",
     {"calls.radio.participants: [mia@bar, nick@home]", "devices.bar-router.one-to-one: true",
      "calls.stream.participants: [carol@bar, dave@home]"}},
    {"nat.pooling",
     "devices.bar-router.pooling: arbitrary",
     {"calls.radio.participants: [mia@bar, nick@home]", "devices.bar-router.addresses: 2",
      "devices.bar-router.mapping: address-and-port-dependent"}},
    {"nat.one-to-one",
     "devices.bar-router.one-to-one: true",
     {"calls.radio.participants: [mia@bar, nick@home]",
      "calls.stream.participants: [carol@bar, dave@home]"}},
    {"device.shared",
     "devices.spare-router.shared: true",
     {"remote.bar.perimeter: [bar-router, spare-router]",
      "calls.radio.participants: [mia@bar, nick@home]"}},
    {"nat.hairpin",
     "devices.spare-router.hairpin: true",
     {"devices.spare-router.shared: true", "remote.bar.perimeter: [bar-router, spare-router]",
      "remote.pub.perimeter: [pub-router, spare-router]",
      "calls.radio.participants: [mia@bar, nick@pub]"}},
    {"nat.udp-unreplied-timeout",
     "devices.cafe-router.udp-unreplied-timeout: 1 s",
     {"calls.radio.paths: [relay-udp]"}},
    {"nat.refresh", "devices.cafe-router.refresh: both", {"devices.cafe-router.udp-timeout: 1 s"}},
    {"nat.preset",
     "devices.cafe-router: {kind: nat, preset: palo-alto}",
     {"calls.radio.participants: [mia@cafe, nick@bar]"}},
    {"nat.tcp-timeout", "devices.wall.nat.tcp-timeout: 1 s", {"calls.stream.senders: [dave]"}},
    {"firewall.rules", "devices.wall.rules: [{allow: any}]", {}},
    {"firewall.default-out", "devices.lab-wall.default-out: deny", {}},
    {"firewall.default-in",
     "devices.lab-wall.default-in: allow",
     {"devices.lab-wall.udp-timeout: 1 s"}},
    {"firewall.udp-timeout", "devices.lab-wall.udp-timeout: 1 s", {}},
    {"firewall.tcp-timeout", "devices.wall.tcp-timeout: 1 s", {"calls.stream.senders: [dave]"}},
    {"firewall.nat", "devices.lab-wall.nat: {}", {}},
    {"rule.allow", "devices.wall.rules[0]: {allow: tcp, to: azure, ports: 3478-3481}", {}},
    {"rule.deny", "devices.lab-wall.rules[0]: {deny: any}", {}},
    {"rule.direction", "devices.wall.rules[0].direction: in", {}},
    {"rule.from", "devices.wall.rules[0].from: 192.0.2.0/24", {}},
    {"rule.to", "devices.wall.rules[0].to: 192.0.2.0/24", {}},
    {"rule.ports", "devices.wall.rules[0].ports: 3500", {}},
    {"internet.stretch", "internet.stretch: 4", {}},
    {"internet.minimum-delay", "internet.minimum-delay: 30 ms", {}},
    {"internet.jitter", "internet.jitter: 5 ms", {}},
    {"internet.loss", "internet.loss: 5%", {}},
    {"azure.regions", "azure.regions: [eastus]", {}},
    {"azure.edges", "azure.edges: [eastus]", {}},
    {"azure.relay", "azure.relay.processing: 7 ms", {}},
    {"azure.media-processor", "azure.media-processor.processing: 7 ms", {}},
    {"relay.processing", "azure.relay.processing: 3 ms", {}},
    {"media-processor.processing", "azure.media-processor.processing: 3 ms", {}},
    {"call.kind", "calls.relayed.kind: group", {}},
    {"call.participants", "calls.relayed.participants: [alice@hq, bob@depot]", {}},
    {"call.senders", "calls.relayed.senders: [alice]", {}},
    {"call.paths", "calls.relayed.paths: [relay-tcp]", {}},
    {"call.start", "calls.relayed.start: 2 s", {"sites.hq.uplink.loss: 5%"}},
    {"call.setup", "calls.relayed.setup: 2 s", {"sites.hq.uplink.loss: 5%"}},
    {"call.duration", "calls.relayed.duration: 4 s", {}},
    {"call.profile", "calls.relayed.profile: chrome-2020", {"sites.hq.uplink.jitter: 30 ms"}},
    {"call.clocks", "calls.open.clocks: ideal", {}},
    {"call.audio", "calls.relayed.audio.bitrate: 64 kbit/s", {}},
    {"call.tcp", "calls.stream.tcp.minimum-rto: 1 s", {"sites.hq.uplink.loss: 15%"}},
    {"audio.codec", "calls.relayed.audio.codec: pcmu", {}},
    {"audio.bitrate", "calls.relayed.audio.bitrate: 24 kbit/s", {}},
    {"audio.frame", "calls.relayed.audio.frame: 40 ms", {}},
    {"audio.rtp-extensions", "calls.relayed.audio.rtp-extensions: 0 B", {}},
    {"audio.fec",
     "calls.relayed.audio.fec: off",
     {"sites.hq.uplink.loss: 15%", "calls.relayed.duration: 20 s"}},
    {"audio.content",
     "calls.relayed.audio.content: synthetic",
     {"sites.hq.uplink.loss: 15%", "calls.relayed.duration: 20 s"}},
    {"audio.red", "calls.relayed.audio.red: true", {}},
    {"audio.rate-control", "calls.relayed.audio.rate-control: cbr", {}},
    {"audio.sizes", "calls.relayed.audio.sizes: libopus", {}},
    {"audio.talk", "calls.relayed.audio.talk: conversation", {}},
    {"audio.dtx",
     "calls.relayed.audio.dtx: true",
     {"calls.relayed.audio.talk: conversation", "calls.relayed.duration: 20 s"}},
    {"audio.jitter-buffer", "calls.relayed.audio.jitter-buffer: {kind: fixed, delay: 100 ms}", {}},
    {"jitter-buffer.kind", "calls.relayed.audio.jitter-buffer.kind: fixed", {}},
    {"jitter-buffer.delay",
     "calls.relayed.audio.jitter-buffer.delay: 300 ms",
     {"calls.relayed.audio.jitter-buffer: {kind: fixed}"}},
    {"jitter-buffer.minimum", "calls.relayed.audio.jitter-buffer.minimum: 60 ms", {}},
    {"jitter-buffer.maximum",
     "calls.relayed.audio.jitter-buffer.maximum: 85 ms",
     {"sites.hq.uplink.jitter: 80 ms"}},
    {"tcp.model", "calls.stream.tcp.model: ns3", {"sites.hq.uplink.loss: 15%"}},
    {"tcp.congestion-control",
     "calls.stream.tcp.congestion-control: reno",
     {"sites.hq.uplink.loss: 15%"}},
    {"tcp.congestion-control",
     "calls.stream.tcp.congestion-control: bbr",
     {"sites.hq.uplink.loss: 15%"}},
    {"tcp.recovery", "calls.stream.tcp.recovery: duplicates", {"sites.hq.uplink.loss: 15%"}},
    {"tcp.initial-window", "calls.stream.tcp.initial-window: 1", {"sites.hq.uplink.delay: 50 ms"}},
    {"tcp.maximum-rto",
     "calls.stream.tcp.maximum-rto: 1 s",
     {"sites.hq.uplink.loss: 40%", "calls.stream.duration: 20 s"}},
    {"tcp.delayed-ack-maximum",
     "calls.stream.tcp.delayed-ack-maximum: 40 ms",
     {"calls.stream.audio.frame: 40 ms", "sites.hq.uplink.jitter: 15 ms",
      "sites.hq.uplink.delay: 60 ms", "calls.stream.duration: 20 s"}},
    {"tcp.unsent-limit",
     "calls.stream.tcp.unsent-limit: 1 KiB",
     {"sites.hq.uplink.loss: 40%", "calls.stream.audio.bitrate: 510 kbit/s"}},
    {"tcp.slow-start-after-idle",
     "calls.stream.tcp.slow-start-after-idle: false",
     {"calls.stream.tcp.initial-window: 1", "calls.stream.tcp.minimum-rto: 1 ms",
      "calls.stream.audio.frame: 60 ms", "calls.stream.audio.bitrate: 510 kbit/s",
      "sites.hq.uplink.rate: 1 Gbit/s"}},
    {"tcp.syn-retries", "calls.stream.tcp.syn-retries: 0", {"sites.hq.uplink.loss: 60%"}},
    {"tcp.send-buffer",
     "calls.stream.tcp.send-buffer: 2 KiB",
     {"calls.stream.tcp.model: ns3", "sites.hq.uplink.loss: 15%",
      "calls.stream.audio.bitrate: 510 kbit/s"}},
    {"tcp.send-buffer",
     "calls.stream.tcp.send-buffer: 2 KiB",
     {"sites.hq.uplink.loss: 40%", "calls.stream.audio.bitrate: 510 kbit/s"}},
    {"tcp.relay-send-buffer",
     "calls.stream.tcp.relay-send-buffer: 2 KiB",
     {"sites.hq.uplink.loss: 40%", "calls.stream.audio.bitrate: 510 kbit/s"}},
    {"call.transport",
     "calls.stream.transport.security: tls-1.3",
     {"sites.hq.uplink.rate: 200 kbit/s"}},
    {"transport.security", "calls.stream.transport.security: tls-1.2", {}},
    {"transport.client-queue",
     "calls.stream.transport.client-queue: 0 B",
     {"sites.hq.uplink.loss: 40%", "calls.stream.audio.bitrate: 510 kbit/s",
      "calls.stream.tcp.send-buffer: 2 KiB"}},
    {"transport.relay-queue",
     "calls.stream.transport.relay-queue: 0 B",
     {"sites.hq.uplink.loss: 40%", "calls.stream.audio.bitrate: 510 kbit/s",
      "calls.stream.tcp.relay-send-buffer: 2 KiB"}},
    {"tcp.receive-buffer",
     "calls.stream.tcp.receive-buffer: 2 KiB",
     {"sites.hq.uplink.loss: 15%", "calls.stream.audio.bitrate: 510 kbit/s"}},
    {"tcp.minimum-rto", "calls.stream.tcp.minimum-rto: 2 s", {"sites.hq.uplink.loss: 15%"}},
    {"tcp.delayed-ack",
     "calls.stream.tcp.delayed-ack: 10 ms",
     {"calls.stream.audio.frame: 60 ms", "calls.stream.duration: 10 s"}},
    {"tcp.no-delay", "calls.stream.tcp.no-delay: false", {}},
    {"event.at", "events: [{at: 3 s, link: home.uplink, delay: 9 ms}]", {}},
    {"event.link", "events: [{at: 2 s, link: hq.uplink, delay: 9 ms}]", {}},
    {"event-direction.rate", "events: [{at: 2 s, link: home.uplink, rate: 50 kbit/s}]", {}},
    {"event-direction.delay", "events: [{at: 2 s, link: home.uplink, delay: 19 ms}]", {}},
    {"event-direction.jitter",
     "events: [{at: 2 s, link: home.uplink, jitter: 5 ms}]",
     {"events: []"}},
    {"event-direction.loss", "events: [{at: 2 s, link: home.uplink, loss: 20%}]", {"events: []"}},
    {"event-direction.queue",
     "events: [{at: 2 s, link: home.uplink, up: {queue: 300 B}}]",
     {"events: []", "remote.home.uplink.up.rate: 200 kbit/s"}},
    {"variant.change", "sites.hq.uplink.delay: 7 ms", {}},
};

// Rows of the scenario itself: a line of the base and what takes its place.
const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kHeads = {
    {"scenario.scenario", {"scenario: effects", "scenario: causes"}},
    {"scenario.title", {"title: Effects", "title: Causes"}},
    {"scenario.topology", {"    depot: {subnets", "    store: {}\n    depot: {subnets"}},
    {"scenario.change", {"change: {}", "change: {sites.hq.uplink.delay: 6 ms}"}},
    {"scenario.calls", {"name: relayed, ", "name: relaid, "}},
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
  return out.str();
}

std::string run(const topology::Scenario& scenario, const topology::Case& one) {
  sim::RunOptions options;
  options.seed = scenario.seed;
  options.warmUp = scenario.warmUp;
  options.drain = scenario.drain;
  return told(sim::simulate(one, options));
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
