// Whole calls with each thing that a sender of audio can do, counted against figures worked out by
// hand.
#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <string>

#include "src/sim/run.h"
#include "src/topology/load.h"

namespace callflow {
namespace {

using metrics::MetricId;
using metrics::StreamRecord;

// Two participants and 15 ms between them, nothing random but what `access` adds.
metrics::RunRecord call(const std::string& name, const std::string& duration,
                        const std::string& audio, const std::string& access = "") {
  const std::string path = CALLFLOW_TEST_DIR "/" + name + ".yaml";
  std::ofstream(path) << "scenario: " << name
                      << R"(
topology:
  sites: {office: {location: westeurope, access: {rate: unlimited, delay: 5 ms)" +
                             access + R"(}, uplink: {rate: unlimited, delay: 0 ms}}}
  remote: {home: {location: westeurope, access: {rate: unlimited, delay: 0 ms},
                  uplink: {rate: unlimited, delay: 0 ms}}}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
warm-up: 0 s
runs: 1
calls: [{name: chat, participants: [alice@office, bob@home], duration: )" +
                             duration + ", audio: {" + audio + "}}]\n";
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(path, {}, diagnostics);
  INFO(diagnostics.render("nothing was run"));
  REQUIRE(scenario);
  sim::RunOptions options;
  options.seed = scenario->seed;
  options.warmUp = scenario->warm_up;
  options.drain = scenario->drain;
  return sim::simulate(scenario->cases.front(), options);
}

TEST_CASE("With a copy in the next packet, two losses in a row are needed to lose a frame") {
  const std::string audio = "jitter-buffer: {kind: fixed, delay: 60 ms}, red: true";
  const metrics::RunRecord record = call("red", "2000 s", audio, ", loss: 2%");
  // Two streams of 100,000 packets. A frame is missing if its own packet and the next one are lost:
  // p^2 = 0.04 % of the frames, 80. Neighbouring frames share a packet, so the variance is
  // N p^2 (1 + 2p - 3p^2) = 83.1, the standard deviation 9.1: 99 % of such calls miss 57 to 103.
  double lost = 0;
  double missing = 0;
  REQUIRE(record.streams.size() == 2);
  for (const StreamRecord& stream : record.streams) {
    CHECK(stream.totals[MetricId::packets_sent] == 100'000);
    lost += stream.totals[MetricId::packets_lost];
    missing += stream.totals[MetricId::concealed_ratio] * 100'000;
  }
  CHECK(missing >= 57);
  CHECK(missing <= 103);
  // 4,000 packets, the standard deviation sqrt(200,000 x 0.02 x 0.98) = 62.6.
  CHECK(std::abs(lost - 4000) < 2.58 * 62.6);
}

}  // namespace
}  // namespace callflow
