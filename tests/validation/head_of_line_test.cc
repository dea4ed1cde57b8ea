// What one lost segment does to constant-rate media over TCP, against theory. With f packets a
// second and a round trip R, the repair of a loss leaves a time P + R after the lost packet, where
// P is what it takes to prove the loss: the lost packet comes D = P + R late, and packet k behind
// it D - k/f. So floor(D f) + 1 packets (the last by nothing, if D f is whole) are late by D +
// (D - 1/f) + ... in all.
//   ns-3: three later segments, P = 3/f.
//   Linux: RACK proves it by the next segment, P = 1/f, if that was sent a quarter of the smallest
//   round trip or more behind it. Else its timer runs, R/4 and 2 ms less what has passed, rounded
//   up to ticks of 4 ms; measured on Linux 6.1: P between 28 and 32 ms at R = 100 ms, and between
//   53 and 58 ms at R = 200 ms.
#include <algorithm>
#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <vector>

#include "src/sim/run.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

struct Case {
  const char* model;
  Duration roundTrip;
  Duration lostPacketLate;  // D
  Duration lateInAll;
  bool windowSuffices;
  Duration timer = Duration{};  // D may be longer by as much
};

// One lost packet of a sender of 50 packets a second, over a TCP leg with this round trip.
// `nth` counts all that is new on the connection.
std::vector<metrics::FrameTrace> traceOf(const std::string& model, Duration roundTrip, int nth) {
  // Access 1 ms, uplink 4 ms, the rest is the Internet's.
  const Duration internet = roundTrip / 2 - Duration::ms(5);
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/" + model +
                           std::to_string(roundTrip.count() / 1'000'000) + ".yaml";
  std::ofstream(path) << R"(
scenario: one-loss
topology:
  topology: round
  sites:
    office:
      location: westeurope
      access: {rate: unlimited, delay: 1 ms, up: {loss: {drop: [)"
                      << nth << R"(]}}}
      uplink: {rate: unlimited, delay: 4 ms}
  remote:
    home: {location: westeurope, access: {rate: unlimited, delay: 1 ms}, uplink: {rate: unlimited, delay: 4 ms}}
  internet: {minimum-delay: )"
                      << toText(internet) << R"(, jitter: 0 ms}
  azure: {regions: [westeurope], edges: [westeurope], relay: {processing: 0 ms}}
calls:
  - {clocks: ideal, participants: [alice@office, bob@home], senders: [alice], duration: 4 s, paths: [relay-tcp],
     tcp: {model: )" << model
                      << R"(}}
runs: 1
warm-up: 0 s
)";
  const metrics::RunRecord record = testing::simulated(testing::loadedScenario(path), true);
  REQUIRE(record.streams.size() == 1);
  REQUIRE(record.streams.front().trace.size() == 200);
  return record.streams.front().trace;
}

TEST_CASE("one lost segment delays media over TCP as theory says") {
  const Case c =
      GENERATE(Case{"ns3", Duration::ms(20), Duration::ms(80), Duration::ms(200), true},
               Case{"ns3", Duration::ms(50), Duration::ms(110), Duration::ms(360), true},
               Case{"ns3", Duration::ms(100), Duration::ms(160), Duration::ms(720), false},
               Case{"ns3", Duration::ms(200), Duration::ms(260), Duration::ms(1820), false},
               Case{"linux", Duration::ms(20), Duration::ms(40), Duration::ms(60), true},
               Case{"linux", Duration::ms(50), Duration::ms(70), Duration::ms(160), false},
               Case{"linux", Duration::ms(100), Duration::ms(128), Duration::ms(476), false,
                    Duration::ms(4)},
               Case{"linux", Duration::ms(200), Duration::ms(252), Duration::ms(1716), false,
                    Duration::ms(6)});
  INFO("model " << c.model);
  INFO("round trip " << toText(c.roundTrip));
  // STUN checks and reports go over the same connection: it may be one of them that is lost, and
  // one behind a loss proves it early. And a relay that talks back puts every other acknowledgement
  // off, which RACK takes for the round trip if that of the packet before is still missing. Of four
  // packets in a row at least one is lost without either.
  std::vector<metrics::FrameTrace> trace;
  std::size_t lost = 0;
  Duration repair;
  // Both legs take half a round trip; ns-3 puts off what is written by 1 ns.
  const Duration onTime =
      c.roundTrip + (std::string(c.model) == "ns3" ? Duration::ns(1) : Duration{});
  const auto asTheory = [&] {
    return lost > 0 && repair >= c.lostPacketLate && repair <= c.lostPacketLate + c.timer;
  };
  for (int nth = 148; !asTheory() && nth < 152; ++nth) {
    trace = traceOf(c.model, c.roundTrip, nth);
    const auto isLost = [](const metrics::FrameTrace& frame) {
      return !frame.crossings.empty() && !frame.crossings.front().lostAt.empty();
    };
    const auto first = std::find_if(trace.begin(), trace.end(), isLost);
    if (first == trace.end()) continue;
    lost = static_cast<std::size_t>(first - trace.begin());
    repair = trace[lost].received - trace[lost].sent - onTime;
  }
  REQUIRE(asTheory());
  Duration lateInAll;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const Duration late = trace[i].received - trace[i].sent - onTime;
    INFO("packet " << i + 1);
    if (i == lost) {
      CHECK(trace[i].copies == 2);
      CHECK(late == repair);
    } else if (i > lost) {
      const Duration theory =
          std::max(Duration{}, repair - Duration::ms(20) * static_cast<std::int64_t>(i - lost));
      if (c.windowSuffices || theory > Duration{}) {
        CHECK(late == theory);
      } else {
        CHECK(late <
              c.roundTrip);  // what waits for the window waits for an acknowledgement at most
      }
    } else {
      CHECK(late == Duration{});
    }
    lateInAll += late;
  }
  if (c.windowSuffices) {
    CHECK(lateInAll == c.lateInAll);
  } else {
    CHECK(lateInAll >= c.lateInAll);
  }
}

}  // namespace
}  // namespace callflow
