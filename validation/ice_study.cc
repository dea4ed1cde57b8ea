#include "validation/ice_study.h"

#include <fmt/format.h>
#include <ns3/simulator.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>

#include "models/fabric/ns3_time.h"
#include "src/explain/plan.h"
#include "src/network/network.h"
#include "src/sim/ice_session.h"
#include "src/sim/seeds.h"
#include "src/sim/wiring.h"
#include "src/topology/load.h"
#include "validation/csv.h"

namespace callflow::validation {
namespace {

// From when both clients were connected until the clock of the states began, as the times at which
// a call failed say.
constexpr Duration kUntilEvent = Duration::ms(12050);
// From then until what happens was in force. Where the clients came back, A's media did so with the
// pair that B selected 6.3, 6.4 and 6.6 s after that clock began, and the silence that it ended had
// been 5.67, 5.78 and 5.87 s long: 0.62 to 0.73 s less. The column of when the silence began has
// another clock.
constexpr Duration kInForce = Duration::ms(630);
constexpr Duration kEnd = Duration::s(45);

std::optional<double> numberOf(const CsvFile& file, std::size_t row, const std::string& column) {
  const double value = file.number(row, column);
  return std::isnan(value) ? std::nullopt : std::optional(value);
}

// "5.7:disconnected 6.3:connected"
std::vector<std::pair<double, std::string>> statesOf(const std::string& text) {
  std::vector<std::pair<double, std::string>> states;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::size_t colon = text.find(':', at);
    states.emplace_back(std::stod(text.substr(at, colon - at)),
                        text.substr(colon + 1, end - colon - 1));
    at = end + 1;
  }
  return states;
}

}  // namespace

std::vector<IceRow> readIce(const std::string& path) {
  const CsvFile file(path);
  std::vector<IceRow> rows;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    const auto text = [&](const std::string& column) { return file.text(i, column); };
    IceRow& row = rows.emplace_back();
    IceCondition& condition = row.condition;
    condition.id = text("id");
    row.side = text("side") == "A" ? 0 : 1;
    condition.relayTcp = text("relay_tcp443") == "open";
    condition.relayOnly[row.side] = text("policy") == "relay";
    condition.restarts = text("ice_restart") == "1";
    condition.signaling = Duration::fromSeconds(file.number(i, "signaling_ms") / 1e3);
    condition.delay = Duration::fromSeconds(file.number(i, "delay_ms") / 1e3);
    condition.sameNat = text("same_nat") == "1";
    condition.carrierForBoth = text("cgn_both") == "1";
    condition.turn = text("turn") != "off";
    condition.nat[0] = text("nat_a");
    condition.nat[1] = text("nat_b");
    condition.carrier = text("cgn");
    condition.firewall[0] = text("fw_a");
    condition.firewall[1] = text("fw_b");
    condition.event = text("event");
    IceFigures& measured = row.measured;
    measured.local = text("final_local");
    measured.remote = text("final_remote");
    measured.relay = text("final_relay_protocol");
    measured.gathered = numberOf(file, i, "gathered_ms");
    measured.iceConnected = numberOf(file, i, "ice_connected_ms");
    measured.dtlsConnected = numberOf(file, i, "dtls_connected_ms");
    measured.failed = numberOf(file, i, "conn_failed_ms");
    measured.firstMedia = numberOf(file, i, "first_media_ms");
    if (text("event_gap_s") == "never") {
      measured.silence = std::numeric_limits<double>::infinity();
    } else {
      measured.silence = numberOf(file, i, "event_gap_s");
    }
    measured.states = statesOf(text("event_conn_states"));
  }
  // The policy is a column of each side; the condition is both's.
  for (IceRow& row : rows)
    for (const IceRow& other : rows)
      if (other.condition.id == row.condition.id)
        row.condition.relayOnly[other.side] = other.condition.relayOnly[other.side];
  return rows;
}

// ---- the scenario

namespace {

std::string natOf(const std::string& nat, bool forgets) {
  if (nat == "masquerade-random")
    return "{kind: nat, preset: linux-masquerade, mapping: address-and-port-dependent, "
           "on-collision: next, ports: random}";
  if (nat == "one-to-one") return "{kind: nat, one-to-one: true, filtering: endpoint-independent}";
  // One that maps to other ports when it has forgotten has them by chance from the beginning.
  return std::string("{kind: nat, preset: linux-masquerade") +
         (forgets ? ", on-collision: next, ports: random" : "") + "}";
}

// What a firewall lets out; answers come in.
std::string rulesOf(const std::string& firewall, const std::string& event, Duration when) {
  std::string rules;
  const auto at = [&](const char* which) { return event.find(which) != std::string::npos; };
  if (at("drops all UDP")) {
    std::string until;
    if (at("12 to 15 s")) until = fmt::format(", until: {} ms", when.milliseconds() + 3000);
    if (at("12 to 20 s")) until = fmt::format(", until: {} ms", when.milliseconds() + 8000);
    for (const char* direction : {"", "direction: in, "})
      rules +=
          fmt::format("{{deny: udp, {}since: {} ms{}}}, ", direction, when.milliseconds(), until);
  }
  if (firewall == "udp any + tcp 443") rules += "{allow: udp}, {allow: tcp, ports: 443}, ";
  if (firewall == "udp 3478 + tcp 443")
    rules += "{allow: udp, ports: 3478}, {allow: tcp, ports: 443}, ";
  if (firewall == "tcp 443" || firewall == "http proxy") rules += "{allow: tcp, ports: 443}, ";
  if (firewall != "open") rules += "{deny: any}, ";
  return rules.empty() ? rules : rules.substr(0, rules.size() - 2);
}

}  // namespace

std::string scenarioOf(const IceCondition& condition, Duration when) {
  const char* const names[] = {"a", "b"};
  const std::string delay = toText(condition.delay);
  const bool forgets = condition.event.find("forgets") != std::string::npos;
  std::string sites, devices;
  const auto place = [&](std::size_t i) {
    const std::string name = names[i];
    std::vector<std::string> perimeter;
    const std::string event = i == 0 ? condition.event : "";
    if (const std::string rules = rulesOf(condition.firewall[i], event, when); !rules.empty()) {
      perimeter.push_back("wall-" + name);
      // A firewall that shuts for a time knows its flows again after that.
      devices += fmt::format(
          "    wall-{}: {{kind: firewall, default-in: {}, rules: [{}]}}\n", name,
          condition.firewall[i] == "open" && condition.nat[i] != "none" ? "allow" : "deny", rules);
    }
    if (condition.nat[i] != "none") {
      perimeter.push_back("nat-" + name);
      devices += fmt::format("    nat-{}: {}\n", name, natOf(condition.nat[i], i == 0 && forgets));
    }
    if (!condition.carrier.empty() && (i == 0 || condition.carrierForBoth))
      perimeter.push_back("carrier");
    std::string list;
    for (const std::string& each : perimeter) list += (list.empty() ? "" : ", ") + each;
    const bool isPublic = perimeter.empty() || condition.nat[i] == "none";
    sites += fmt::format(
        "    {}: {{location: [50, 8], {}{}perimeter: [{}], uplink: {{rate: 1 Gbit/s, delay: "
        "{}}}}}\n",
        name, isPublic ? fmt::format("subnets: [198.51.{}.0/24], ", 100 + i) : "",
        condition.firewall[i] == "http proxy" ? "proxy: {ports: [443]}, " : "", list, delay);
  };
  if (condition.sameNat) {
    place(0);
  } else {
    place(0);
    place(1);
  }
  if (!condition.carrier.empty())
    devices += "    carrier: " + natOf(condition.carrier, false).insert(1, "shared: true, ") + "\n";
  std::string relayOnly;
  for (const std::size_t i : {0U, 1U})
    if (condition.relayOnly[i])
      relayOnly += std::string(relayOnly.empty() ? "" : ", ") + "client-" + names[i];
  std::string text = fmt::format(
      "scenario: {}\n"
      "topology:\n"
      "  internet: {{minimum-delay: 0 ms}}\n"
      "  sites:\n{}"
      "    hub: {{location: [50, 8], subnets: [203.0.113.0/24], uplink: {{rate: 1 Gbit/s, delay: 0 "
      "ms}}}}\n"
      "{}{}"
      "  servers:\n"
      "    relay: {{kind: relay, at: hub, transports: [{}]}}\n"
      "calls:\n"
      "  - {{name: call, participants: [client-a@a, client-b@{}], relays: [relay], duration: 60 "
      "s{}, transport: {{security: none}}}}\n",
      condition.id, sites, devices.empty() ? "" : "  devices:\n", devices,
      condition.relayTcp ? "udp, tcp" : "udp", condition.sameNat ? "a" : "b",
      relayOnly.empty() ? "" : ", relay-only: [" + relayOnly + "]");
  if (condition.event.find("interface is down") != std::string::npos) {
    for (const auto& [at, state] : {std::pair(when, "down"), {when + Duration::s(3), "up"}})
      text += fmt::format("{}  - {{at: {} ms, link: a.access, state: {}}}\n",
                          state[0] == 'd' ? "events:\n" : "", at.milliseconds(), state);
  }
  if (forgets)
    text += fmt::format("events:\n  - {{at: {} ms, device: nat-a, forget: true}}\n",
                        when.milliseconds());
  return text;
}

// ---- the simulation

namespace {

// A scenario file of its own, for as long as it is read.
class ScenarioFile {
 public:
  explicit ScenarioFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("callflow-ice-{}.yaml", getpid())) {
    std::ofstream(path_) << text;
  }
  ~ScenarioFile() { std::filesystem::remove(path_); }
  ScenarioFile(const ScenarioFile&) = delete;
  ScenarioFile& operator=(const ScenarioFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

topology::Case caseOf(const IceCondition& condition, Duration when) {
  const std::string text = scenarioOf(condition, when);
  const ScenarioFile file(text);
  Diagnostics diagnostics;
  auto scenario = topology::loadScenario(file.path(), diagnostics);
  if (!scenario)
    throw std::logic_error(condition.id + ":\n" + text + diagnostics.render("it was not run"));
  return std::move(scenario->cases.front());
}

double milliseconds(Duration time) {
  return time.milliseconds();
}

IceFigures figuresOf(const sim::IceSide& side, const sim::IceSide::Selection& last,
                     std::optional<Duration> event) {
  IceFigures figures;
  const bool ends = !side.states.empty() && side.states.back().state != ice::State::failed &&
                    side.states.back().state != ice::State::disconnected;
  if (!last.none && ends) {
    figures.local = last.local;
    figures.remote = last.remote;
    if (last.relay) figures.relay = std::string(ice::name(*last.relay));
  }
  const auto note = [](const std::optional<Duration>& time) {
    return time ? std::optional(milliseconds(*time)) : std::nullopt;
  };
  figures.gathered = note(side.gathered);
  figures.iceConnected = note(side.iceConnected);
  figures.dtlsConnected = note(side.dtlsConnected);
  figures.failed = note(side.failed);
  if (!side.media.empty()) figures.firstMedia = milliseconds(side.media.front());
  if (!event) return figures;
  Duration before = *event, longest;
  for (const Duration at : side.media) {
    if (at < *event) continue;
    longest = std::max(longest, at - before);
    before = at;
  }
  const bool back = before > kEnd - Duration::s(5);
  figures.silence = back ? longest.seconds() : std::numeric_limits<double>::infinity();
  std::string state = "connected";
  for (const sim::IceSide::Change& change : side.states) {
    if (change.at < *event) continue;
    std::string next(ice::name(change.state));
    if (next == "completed") next = "connected";
    if (next == state || next == "checking") continue;
    figures.states.emplace_back((change.at - *event).seconds(), next);
    state = next;
  }
  return figures;
}

}  // namespace

namespace {

// `event`: when what happens in mid-call does; none: it is left out.
IceOutcome simulate(const IceCondition& condition, int seed, std::optional<Duration> event) {
  sim::seedStreams(static_cast<std::uint64_t>(seed), 1);
  fabric::SimulatorSession simulation;
  IceCondition begun = condition;
  if (!event) begun.event.clear();
  topology::Case input = caseOf(begun, event ? *event + kInForce : kEnd);
  // The clients' timers are drawn by the call's name.
  input.calls.front().name += fmt::format("-{}", seed);
  const topology::NetworkGraph graph(input.topology, input.calls);
  network::Network network(simulation.simulator(), graph, input.topology);
  sim::Wiring wiring(network, input.topology, false);
  explain::PortBook ports(graph);
  sim::IceNetwork ice(wiring, ports);
  sim::IceOptions options;
  options.signaling.oneWay = condition.signaling;
  options.restarts = condition.restarts;
  options.seed = static_cast<std::uint64_t>(seed);
  options.mediaInterval = Duration::ms(20);
  sim::IceSession session(ice, input.calls.front(), options);
  const topology::ElementId relay = graph.find("relay").value();
  if (!condition.turn) ice.killRelay(relay);
  const auto at = [](Duration when, std::function<void()> what) {
    ns3::Simulator::Schedule(fabric::toNs3(TimePoint::at(when)), std::move(what));
  };
  if (event && condition.event.find("relay dies") != std::string::npos)
    at(*event + kInForce, [&] { ice.killRelay(relay); });
  for (const topology::LinkChange& change : input.events) {
    network.expect(change);
    at(change.at, [&network, &change] { network.change(change); });
  }
  at(Duration{}, [&] { session.start(); });
  at(kEnd, [] { ns3::Simulator::Stop(); });
  ns3::Simulator::Run();
  IceOutcome outcome;
  for (const std::size_t i : {0U, 1U})
    outcome.sides[i] = figuresOf(session.side(i), session.selection(i), event);
  ns3::Simulator::Destroy();
  return outcome;
}

}  // namespace

IceOutcome simulateIce(const IceCondition& condition, int seed) {
  IceOutcome outcome = simulate(condition, seed, std::nullopt);
  if (condition.event.empty()) return outcome;
  const auto connected = std::max(outcome.sides[0].iceConnected, outcome.sides[1].iceConnected);
  if (!connected) return outcome;
  // In whole milliseconds, which a scenario can say.
  return simulate(condition, seed, Duration::ms(std::llround(*connected)) + kUntilEvent);
}

// ---- the bars

namespace {

std::string shown(const std::optional<double>& value) {
  if (!value) return "-";
  return std::isinf(*value) ? "never" : fmt::format("{:.0f}", *value);
}

std::string shown(const std::vector<std::pair<double, std::string>>& states) {
  std::string text;
  for (const auto& [at, state] : states)
    text += fmt::format("{}{:.1f}:{}", text.empty() ? "" : " ", at, state);
  return text.empty() ? "-" : text;
}

bool within(const std::optional<double>& measured, const std::optional<double>& simulated,
            double share, double absolute) {
  if (measured.has_value() != simulated.has_value()) return false;
  if (!measured) return true;
  if (std::isinf(*measured) || std::isinf(*simulated)) return *measured == *simulated;
  return std::abs(*simulated - *measured) <= std::max(share * *measured, absolute);
}

bool sameStates(const IceFigures& a, const IceFigures& b) {
  if (a.states.size() != b.states.size()) return false;
  for (std::size_t i = 0; i < a.states.size(); ++i) {
    if (a.states[i].second != b.states[i].second) return false;
    if (std::abs(a.states[i].first - b.states[i].first) > 1) return false;
  }
  return true;
}

}  // namespace

std::vector<IceBar> judgeIce(const IceRow& row, const IceFigures& simulated) {
  const IceFigures& measured = row.measured;
  std::vector<IceBar> bars;
  const auto pair = [](const IceFigures& figures) {
    return figures.local.empty() ? std::string("none") : figures.local + "-" + figures.remote;
  };
  const auto transport = [](const IceFigures& figures) {
    return figures.relay.empty() ? std::string("-") : figures.relay;
  };
  bars.push_back({"pair", pair(measured), pair(simulated), pair(measured) == pair(simulated)});
  bars.push_back({"transport", transport(measured), transport(simulated),
                  transport(measured) == transport(simulated)});
  const auto time = [&](const char* name, std::optional<double> IceFigures::*figure) {
    if (!(measured.*figure)) return;
    bars.push_back({name, shown(measured.*figure), shown(simulated.*figure),
                    within(measured.*figure, simulated.*figure, 0.25, 100)});
  };
  time("ice", &IceFigures::iceConnected);
  time("dtls", &IceFigures::dtlsConnected);
  time("media", &IceFigures::firstMedia);
  if (row.condition.event.empty()) {
    bars.push_back({"failed", shown(measured.failed), shown(simulated.failed),
                    within(measured.failed, simulated.failed, 0, 1000)});
    return bars;
  }
  const auto seconds = [](const std::optional<double>& value) {
    if (!value) return std::string("-");
    return std::isinf(*value) ? std::string("never") : fmt::format("{:.2f} s", *value);
  };
  bars.push_back({"silence", seconds(measured.silence), seconds(simulated.silence),
                  within(measured.silence, simulated.silence, 0.1, 0.5)});
  bars.push_back(
      {"states", shown(measured.states), shown(simulated.states), sameStates(measured, simulated)});
  return bars;
}

}  // namespace callflow::validation
