// Outages in whole runs: what the windows say, and that TCP does not come out better.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "src/sim/run.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using metrics::MetricId;
using metrics::StreamRecord;

// One office line that lets nothing through from `from` to `to`.
metrics::RunRecord withOutage(const std::string& path, const std::string& duration,
                              const std::string& from, const std::string& to,
                              const std::string& more = "", const std::string& clocks = "drawn") {
  const topology::Scenario scenario = testing::parsedScenario(
      "line-dies",
      "scenario: line-dies\n"
      "topology:\n"
      "  sites: {office: {}}\n"
      "  remote: {home: {nat: router}}\n"
      "  devices: {router: {kind: nat}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: talk, participants: [ann@office, ben@home], duration: " +
          duration + ", clocks: " + clocks + ", paths: [" + path +
          "]}]\n"
          "events:\n"
          "  - {at: " +
          from +
          ", link: office.uplink, loss: 100%}\n"
          "  - {at: " +
          to + ", link: office.uplink, loss: 0%}\n" + more + "runs: 1\n");
  return sim::simulate(scenario.cases.front(), testing::optionsOf(scenario));
}

}  // namespace

TEST_CASE("An outage of 22 s over TCP: the windows that it fills are silence") {
  for (const StreamRecord& stream : withOutage("relay-tcp", "60 s", "20 s", "42 s").streams) {
    REQUIRE(stream.windows.size() == 6);
    int silent = 0;
    for (const metrics::Window& window : stream.windows) {
      const double mos = window.values[MetricId::audio_mos];
      const double concealed = window.values[MetricId::audio_concealed_ratio];
      REQUIRE_FALSE(std::isnan(mos));
      // Never a score of the packets that came when it was over.
      if (concealed > 0.25) CHECK(mos < 2);
      if (concealed == 1) {
        CHECK(mos == 1);
        CHECK(window.values[MetricId::audio_longest_interruption] == 10);
        ++silent;
      }
    }
    // Media begins at 1 s, so the outage fills the windows from 21 s and from 31 s, and what TCP's
    // timer has backed off to comes on top.
    CHECK(silent >= 2);
    CHECK(stream.totals[MetricId::audio_longest_interruption] > 21);
    CHECK(stream.totals[MetricId::audio_mos] < 3);
  }
}

TEST_CASE("An outage of 7 s over UDP is one interruption, with drawn clocks as with ideal ones") {
  // Each client is sender once and receiver once: of two drawn clocks that differ, one stream has
  // the slower at its end, the other the faster.
  for (const std::string clocks : {"ideal", "drawn"}) {
    const metrics::RunRecord run = withOutage("relay-udp", "60 s", "20 s", "27 s", "", clocks);
    REQUIRE(run.streams.size() == 2);
    for (const StreamRecord& stream : run.streams) {
      INFO(clocks << ", from " << stream.from);
      const auto& all = stream.totals;
      CHECK(all[MetricId::audio_packets_lost] == 350);
      // One frame for NetEq's merge and the clocks, as in outage_test.cc.
      CHECK(all[MetricId::audio_longest_interruption] == Approx(7).margin(0.02));
      CHECK(all[MetricId::audio_interruptions] == 1);
      CHECK(all[MetricId::audio_concealment_events] == 1);
      // G.107 7-30, of some 3000 frames 350 in a row: 309; a frame of 350 more or less: 0.8.
      const double lost = 350 / all[MetricId::audio_packets_sent];
      CHECK(all[MetricId::audio_burst_ratio] == Approx(350 * (1 - lost)).margin(0.8));
    }
  }
}

TEST_CASE("A packet that is lost behind a relay has not arrived, though its sound may have come") {
  // One packet in ten is lost on the last link; in-band FEC brings the sound of most of them with
  // the packet after.
  const topology::Scenario scenario = testing::parsedScenario(
      "lost-behind-relay",
      "scenario: lost-behind-relay\n"
      "topology:\n"
      "  sites: {office: {}}\n"
      "  remote: {home: {nat: router, uplink: {rate: 50 Mbit/s, down: {loss: 10%}}}}\n"
      "  devices: {router: {kind: nat}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: talk, participants: [ann@office, ben@home], senders: [ann], duration: 30 s,\n"
      "         paths: [relay-udp]}]\n"
      "warm-up: 0 s\nruns: 1\n");
  const metrics::RunRecord run = testing::simulated(scenario, true);
  REQUIRE(run.streams.size() == 1);
  const StreamRecord& stream = run.streams.front();
  int lost = 0, recovered = 0;
  for (const metrics::FrameTrace& frame : stream.trace) {
    if (frame.arrived != TimePoint::max()) continue;
    ++lost;
    if (frame.received != TimePoint::max()) ++recovered;
  }
  CHECK(lost == stream.totals[MetricId::audio_packets_lost]);
  CHECK(recovered > 0);
  CHECK(recovered < lost);
}

TEST_CASE("An outage of 220 s is no better over TCP than over UDP") {
  const metrics::RunRecord udp = withOutage("relay-udp", "300 s", "20 s", "240 s");
  const metrics::RunRecord tcp = withOutage("relay-tcp", "300 s", "20 s", "240 s");
  REQUIRE(udp.streams.size() == 2);
  REQUIRE(tcp.streams.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    // Both are silent from 20 to 240 s, and hardly differ: frames of either leave at other moments.
    CHECK(tcp.streams[i].totals[MetricId::audio_mos] <=
          udp.streams[i].totals[MetricId::audio_mos] + 0.001);
    CHECK(tcp.streams[i].totals[MetricId::audio_concealed_ratio] > 0.7);
  }
}

TEST_CASE("The longer the line is dead, the worse the call") {
  for (const std::string path : {"relay-udp", "relay-tcp"}) {
    double mos = 5;
    for (const std::string until : {"20100 ms", "21 s", "25 s", "40 s", "65 s"}) {
      INFO(path << " from 20 s to " << until);
      const metrics::RunRecord run = withOutage(path, "60 s", "20 s", until);
      const double now = run.streams.front().totals[MetricId::audio_mos];
      CHECK(now < mos);
      mos = now;
    }
  }
}

TEST_CASE("A call over TCP that never connects was silent all the time") {
  for (const StreamRecord& stream :
       withOutage("relay-tcp", "30 s", "0 s", "32 s", "warm-up: 0 s\ndrain: 2 s\n").streams) {
    CHECK(stream.totals[MetricId::audio_packets_received] == 0);
    CHECK(stream.totals[MetricId::audio_concealed_ratio] == 1);
    CHECK(stream.totals[MetricId::audio_longest_interruption] == 30);
    CHECK(stream.totals[MetricId::audio_mos] == 1);
    // Nothing is known to be lost as long as TCP tries: no share, where it said 0 %.
    if (stream.totals[MetricId::audio_packets_lost] == 0) {
      CHECK(std::isnan(stream.totals[MetricId::audio_lost_ratio]));
    }
  }
}

}  // namespace callflow
