// When media begins, and how what receivers report comes back to its senders.
#include <catch2/catch.hpp>

#include <fstream>
#include <string>

#include "models/client/loss_report.h"
#include "models/client/set_up.h"
#include "src/sim/run.h"
#include "src/topology/load.h"
#include "src/topology/regions.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using metrics::MetricId;
using metrics::StreamRecord;

metrics::RunRecord run(const std::string& name, const std::string& yaml) {
  const std::string path = CALLFLOW_TEST_DIR "/" + name + ".yaml";
  std::ofstream(path) << yaml;
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(path, diagnostics);
  INFO(diagnostics.render("nothing was run"));
  REQUIRE(scenario);
  sim::RunOptions options;
  options.seed = scenario->seed;
  options.warmUp = scenario->warmUp;
  options.drain = scenario->drain;
  options.trace = true;
  return sim::simulate(scenario->cases.front(), options);
}

// A ship over a geostationary link and a house on the shore; UDP is closed to the ship. One way:
// ship to relay 1 + 280 + 10 ms and to the region, house to relay 1 + 4 + 10 ms and to the region.
std::string satellite(const std::string& call, const std::string& up = "") {
  return R"(scenario: satellite
topology:
  topology: ship
  sites:
    ship: {location: westeurope, perimeter: [gate], access: {rate: unlimited, delay: 1 ms}, uplink: {rate: unlimited, delay: 280 ms)" +
         up + R"(}}
    shore: {location: westeurope, access: {rate: unlimited, delay: 1 ms}, uplink: {rate: unlimited, delay: 4 ms}}
  devices: {gate: {kind: firewall, nat: {}, rules: [{deny: udp}]}}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
  azure: {regions: [westeurope], edges: [westeurope], relay: {processing: 0 ms}}
calls:
  - {name: call, clocks: ideal, participants: [sea@ship, lea@shore], duration: 1 s, )" +
         call + "}\nruns: 1\nwarm-up: 0 s\ndrain: 5 s\n";
}

const Duration inRegion = topology::kSamePlaceRtt;
const Duration shipRtt = Duration::ms(2 * 291) + inRegion;
const Duration pathRtt = shipRtt + Duration::ms(2 * 15) + inRegion;

TEST_CASE(
    "over a satellite media waits for every round trip of its set-up, and no sound grows stale") {
  // Sockets after 12 ms and servers 50 ms later. TCP and TLS 1.2: three round trips to the relay,
  // Allocate two more; right behind CreatePermission goes a check from end to end. DTLS 1.2 takes
  // two round trips; the one who answers may have to be told by a last one.
  const Duration least = Duration::ms(62) + 5 * shipRtt + 3 * pathRtt;
  const metrics::RunRecord record =
      run("satellite", satellite("profile: chrome-2024, transport: {security: tls-1.2}"));
  REQUIRE(record.failedCalls.empty());
  REQUIRE(record.streams.size() == 2);
  for (const StreamRecord& stream : record.streams) {
    REQUIRE(stream.trace.size() == 50);
    CHECK(stream.trace[0].sent >= TimePoint::at(least));
    CHECK(stream.trace[0].sent <= TimePoint::at(least + pathRtt));
    CHECK(stream.trace[0].received - stream.trace[0].sent == pathRtt / 2);
    CHECK(stream.totals[MetricId::audio_packets_sent] == 50);
    CHECK(stream.totals[MetricId::audio_packets_received] == 50);
  }
  // All of the media, and the time for what is on its way.
  CHECK(TimePoint::at(record.simulated) ==
        record.streams[0].trace[0].sent + Duration::s(1) + Duration::s(5));
}

TEST_CASE("setup is the least time before media") {
  const metrics::RunRecord record = run("setup", satellite("setup: 20 s"));
  CHECK(record.streams.at(0).trace.at(0).sent == TimePoint::at(Duration::s(20)));
}

TEST_CASE("round trips of a set-up, by hand") {
  using client::SetUpPath;
  using client::Version;
  const auto ms = [](std::int64_t value) { return Duration::ms(value); };
  // Straight: a check of 40 ms, and DTLS 1.2 in two or 1.3 in one.
  CHECK(client::setUpTime({{}, {}, ms(40)}, Version::chrome2024) == ms(120));
  CHECK(client::setUpTime({{}, {}, ms(40)}, Version::chrome2026) == ms(80));
  // Both have a relay and ask it at the same time.
  CHECK(client::setUpTime({ms(10), ms(30), ms(40)}, Version::chrome2026) == ms(90 + 80));
}

TEST_CASE("a call whose connection never stands ends without, as one that no path joins") {
  const metrics::RunRecord record = run("never", satellite("", ", up: {loss: 100%}"));
  CHECK(record.streams.empty());
  REQUIRE(record.failedCalls.size() == 1);
  CHECK(record.failedCalls[0].code == 410);
  CHECK(record.failedCalls[0].subcode == 3112);
  CHECK(record.failedCalls[0].reasons.at(0) == "sea@ship and lea@shore: relay-tcp: ICE has failed");
  // libwebrtc gives up 15 s after a client began to check.
  CHECK(record.simulated > Duration::s(15) + Duration::s(5));
  CHECK(record.simulated < Duration::s(16) + Duration::s(5));
}

TEST_CASE("a meeting does not wait for ever for the one who cannot connect") {
  const metrics::RunRecord record = run("meeting", R"(scenario: meeting
topology:
  topology: three
  sites:
    dead: {location: westeurope, perimeter: [gate], uplink: {up: {loss: 100%}}}
    one: {location: westeurope}
    two: {location: westeurope}
  devices: {gate: {kind: firewall, nat: {}, rules: [{deny: udp}]}}
  azure: {regions: [westeurope]}
calls:
  - {name: meet, kind: group, clocks: ideal, participants: [a@one, b@dead, c@two], duration: 1 s}
runs: 1
warm-up: 0 s
)");
  REQUIRE(record.failedCalls.size() == 1);
  CHECK(record.failedCalls[0].reasons.at(0).substr(0, 7) == "b@dead:");
  REQUIRE(record.streams.size() == 2);
  for (const StreamRecord& stream : record.streams) {
    CHECK(stream.from != "b@dead");
    CHECK(stream.to != "b@dead");
    CHECK(stream.totals[MetricId::audio_packets_received] == 50);
  }
}

TEST_CASE("a receiver reports what it can know of its losses") {
  client::LossReporter reporter;
  CHECK(reporter.next().expected == 0);
  for (const std::int64_t sequence : {11, 12, 14, 15}) reporter.received(sequence);
  client::LossReport report = reporter.next();
  CHECK(report.lost == 1);
  CHECK(report.expected == 5);
  // 13 was late only; 16 and 17 are not missed before 18 comes.
  reporter.received(13);
  report = reporter.next();
  CHECK(report.lost == -1);
  CHECK(report.expected == 0);
  reporter.received(18);
  report = reporter.next();
  CHECK(report.lost == 2);
  CHECK(report.expected == 3);
  CHECK(reporter.next().expected == 0);
}

// Alice alone sends, for so long; a fifth of her packets is lost. What comes back to her meets
// `back` from 1.2 s on, when her media has begun.
double fecPackets(const std::string& name, const std::string& back, const std::string& delay,
                  const std::string& duration, const std::string& kind = "one-to-one") {
  const metrics::RunRecord record =
      run(name,
          R"(scenario: reports
topology:
  topology: reports
  sites:
    one: {location: westeurope, uplink: {delay: )" +
              delay + R"(, up: {loss: 20%}}}
    two: {location: westeurope}
  azure: {regions: [westeurope]}
calls:
  - {name: c, kind: )" +
              kind +
              ", clocks: ideal, participants: [alice@one, bob@two], senders: [alice], duration: " +
              duration + "}\nevents:\n  - {at: 1200 ms, link: one.uplink, down: {loss: " + back +
              "}}\nruns: 1\nwarm-up: 0 s\n");
  REQUIRE(record.streams.size() == 1);
  return record.streams[0].totals[MetricId::audio_fec_packets_received];
}

TEST_CASE("a sender knows of losses by reports that travel, and not otherwise") {
  for (const char* const kind : {"one-to-one", "group"}) {
    INFO(kind);
    CHECK(fecPackets("reports", "0%", "4 ms", "40 s", kind) > 100);
    // Every report is lost on the way back.
    CHECK(fecPackets("no-reports", "100%", "4 ms", "6 s", kind) == 0);
    CHECK(fecPackets("some-reports", "0%", "4 ms", "6 s", kind) > 5);
    // The first report leaves after 1.25 s at the earliest and is on its way for 2 s.
    CHECK(fecPackets("slow-reports", "0%", "2 s", "3200 ms", kind) == 0);
  }
}

}  // namespace
}  // namespace callflow
