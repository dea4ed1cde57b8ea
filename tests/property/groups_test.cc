// Group calls in which any of the participants is shut off, and any of them sends.
#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <set>
#include <string>
#include <utility>

#include "src/sim/run.h"
#include "src/topology/load.h"

namespace callflow {
namespace {

using metrics::MetricId;

constexpr unsigned everybody = 3;
constexpr std::array kSites{"one", "two", "three"};

bool in(unsigned set, unsigned who) {
  return ((set >> who) & 1U) != 0;
}
std::string nameOf(unsigned who) {
  return "p" + std::to_string(who) + "@" + kSites.at(who);
}

// Sites whose bit is in `blocked` let nothing out.
std::string meeting(unsigned blocked, unsigned senders, const std::string& paths) {
  std::string yaml = "scenario: groups\ntopology:\n  topology: groups\n  sites:\n";
  for (unsigned i = 0; i < everybody; ++i) {
    yaml += std::string("    ") + kSites.at(i) + ": {perimeter: [" +
            (in(blocked, i) ? "shut-" : "open-") + kSites.at(i) + "]}\n";
  }
  yaml += "  devices:\n";
  for (unsigned i = 0; i < everybody; ++i) {
    yaml += std::string("    ") + (in(blocked, i) ? "shut-" : "open-") + kSites.at(i) +
            ": {kind: firewall, nat: {}" + (in(blocked, i) ? ", default-out: deny" : "") + "}\n";
  }
  yaml +=
      "  azure: {regions: [westeurope]}\ncalls:\n  - {name: meet, kind: group, duration: 1 s, "
      "paths: [" +
      paths + "], participants: [";
  for (unsigned i = 0; i < everybody; ++i) yaml += (i == 0 ? "" : ", ") + nameOf(i);
  yaml += "], senders: [";
  bool first = true;
  for (unsigned i = 0; i < everybody; ++i) {
    if (!in(senders, i)) continue;
    yaml += (first ? "p" : ", p") + std::to_string(i);
    first = false;
  }
  return yaml + "]}\nruns: 1\nwarm-up: 0 s\ndrain: 2 s\n";
}

metrics::RunRecord run(const std::string& yaml) {
  const std::string path = CALLFLOW_TEST_DIR "/groups.yaml";
  std::ofstream(path) << yaml;
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(path, diagnostics);
  INFO(yaml << diagnostics.render("nothing was run"));
  REQUIRE(scenario);
  sim::RunOptions options;
  options.drain = scenario->drain;
  options.trace = true;
  return sim::simulate(scenario->cases.front(), options);
}

void check(unsigned blocked, unsigned senders, const std::string& paths) {
  INFO("blocked " << blocked << ", senders " << senders << ", paths " << paths);
  const metrics::RunRecord record = run(meeting(blocked, senders, paths));

  std::set<std::pair<std::string, std::string>> expected, found;
  std::set<std::string> shut, failed;
  for (unsigned from = 0; from < everybody; ++from) {
    if (in(blocked, from)) shut.insert(nameOf(from));
    for (unsigned to = 0; to < everybody; ++to) {
      const bool joined = !in(blocked, from) && !in(blocked, to);
      if (from != to && joined && in(senders, from)) expected.insert({nameOf(from), nameOf(to)});
    }
  }
  for (const metrics::StreamRecord& stream : record.streams) {
    CHECK(found.insert({stream.from, stream.to}).second);
    // 50 packets in a second, on lines that lose none.
    CHECK(stream.totals[MetricId::audio_packets_sent] == 50);
    CHECK(stream.totals[MetricId::audio_packets_received] == 50);
  }
  CHECK(found == expected);
  for (const metrics::FailedCall& call : record.failedCalls) {
    CHECK(call.code == 410);
    CHECK(call.subcode == 3112);
    REQUIRE_FALSE(call.reasons.empty());
    CHECK(failed.insert(call.reasons.front().substr(0, call.reasons.front().find(':'))).second);
  }
  CHECK(failed == shut);
  // Who is in the meeting sends, whether somebody else is there or not.
  for (unsigned from = 0; from < everybody; ++from) {
    std::int64_t sent = 0;
    for (const metrics::LinkCounters& link : record.links) {
      if (link.link == std::string(kSites.at(from)) + ".uplink up") sent = link.sent;
    }
    if (in(blocked, from)) {
      CHECK(sent == 0);
    } else if (in(senders, from)) {
      CHECK(sent >= 50);
    }
  }
}

TEST_CASE("whoever gets in meets whoever else gets in, whichever are shut out and whichever send") {
  for (const char* const paths : {"direct", "relay-udp", "relay-tcp"}) {
    for (unsigned blocked = 0; blocked < 1U << everybody; ++blocked) {
      for (unsigned senders = 1; senders < 1U << everybody; ++senders) {
        check(blocked, senders, paths);
      }
    }
  }
}

}  // namespace
}  // namespace callflow
