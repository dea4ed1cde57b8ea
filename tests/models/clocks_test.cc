// Clients' clocks: where frames begin, and what a receiver does whose clock is not its sender's.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

#include "models/client/clock.h"
#include "models/receiver/stream_meter.h"
#include "src/sim/run.h"
#include "src/topology/load.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using metrics::MetricId;
using receiver::ClockRate;

TEST_CASE("a clock converts to true time and back without losing a nanosecond") {
  CHECK(ClockRate(50).lasts(Duration::ms(20)) == Duration::us(20'001));
  CHECK(ClockRate(-50).lasts(Duration::s(1)) == Duration::us(999'950));
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const ClockRate clock(static_cast<std::int64_t>(random() % 101) - 50);
    const TimePoint at =
        TimePoint::at(Duration::ns(static_cast<std::int64_t>(random() % 86'400'000'000'000)));
    // What it shows at an instant is over when that instant comes, and was not a nanosecond before.
    const TimePoint shown = clock.shownAt(at);
    REQUIRE(clock.trueTime(shown) >= at);
    REQUIRE(clock.trueTime(shown - Duration::ns(1)) < at);
    REQUIRE(clock.trueTime(at) <= clock.trueTime(at + Duration::ns(1)));
  }
}

TEST_CASE("clocks are drawn within a frame and 50 ppm, for each client its own") {
  std::set<std::int64_t> phases, rates;
  for (int i = 0; i < 2000; ++i) {
    const client::Clock clock = client::drawClock("call " + std::to_string(i), Duration::ms(20));
    CHECK(clock.phase >= Duration{});
    CHECK(clock.phase < Duration::ms(20));
    CHECK(std::abs(clock.rate.slow()) <= 50);
    phases.insert(clock.phase.count());
    rates.insert(clock.rate.slow());
  }
  CHECK(phases.size() > 1990);
  CHECK(rates.size() == 101);
}

// 1000 s of frames that all take 30 ms, between a sender and a receiver whose clocks are that slow.
receiver::StreamReport afterDrift(std::int64_t sender, std::int64_t receiver,
                                  const decltype(receiver::MeterConfig::buffer)& buffer) {
  receiver::MeterConfig config;
  config.bitrate = DataRate::kbps(32);
  config.buffer = buffer;
  config.clocks = {ClockRate(sender), ClockRate(receiver)};
  receiver::StreamMeter meter(config);
  const Duration period = config.clocks.sender.lasts(config.frame);
  receiver::DelayParts parts;
  parts[receiver::DelayCause::propagation] = Duration::ms(30);
  std::int64_t received = 0;
  const auto receive = [&] {
    ++received;
    meter.received(received, TimePoint::at(period * received + Duration::ms(30)), parts);
  };
  for (std::int64_t k = 1; k <= 50'000; ++k) {
    const TimePoint now = TimePoint::at(period * k);
    while (received + 1 < k && TimePoint::at(period * (received + 1) + Duration::ms(30)) <= now)
      receive();
    meter.sent(k, now, DataSize::bytes(100));
  }
  while (received < 50'000) receive();
  return meter.finish();
}

TEST_CASE("a receiver whose clock drifts from its sender's stretches the sound by as much") {
  // 100 ppm of 1000 s are 100 ms. NetEq begins with a target of 80 ms and ends with one of 20 ms or
  // so, which takes out up to 60 ms more, once.
  receiver::NetEqBuffer neteq;
  const auto net = [](const receiver::StreamReport& report) {
    return report.totals.inserted - report.totals.removed + report.totals.concealed;
  };
  const Duration same = net(afterDrift(0, 0, neteq));
  const Duration faster = net(afterDrift(50, -50, neteq));  // the receiver's clock: it runs dry
  const Duration slower = net(afterDrift(-50, 50, neteq));  // sound piles up
  CHECK((faster - same).seconds() == Approx(0.100).margin(0.030));
  CHECK((slower - same).seconds() == Approx(-0.100).margin(0.030));
  // Equal clocks do not drift, however wrong they are.
  CHECK((net(afterDrift(50, 50, neteq)) - same).seconds() == Approx(0).margin(0.030));
}

TEST_CASE(
    "neither does a receiver pile up delay as its clock drifts, nor does a fixed buffer run dry") {
  receiver::NetEqBuffer neteq;
  // Between its target of 20 ms and 20 ms more, and at most a tick of 10 ms and a frame beside;
  // 100 ms of drift would be on top of that.
  for (const std::int64_t slow : {-50, 0, 50}) {
    const receiver::StreamReport report = afterDrift(slow, -slow, neteq);
    CHECK(report.totals.jitterBufferDelay > 0);
    CHECK(report.totals.jitterBufferDelay < 0.020 + 0.020 + 0.030);
    CHECK(report.totals.concealedRatio < 0.0001);
  }
  const receiver::FixedBuffer fixed{Duration::ms(20), Duration::ms(60)};
  const receiver::StreamReport report = afterDrift(50, -50, fixed);
  CHECK(report.totals.played == 50'000);
  CHECK(report.totals.concealed == Duration{});
}

// Share of all the loss that each of six calls has, which together ask for more than their line
// has.
std::map<std::string, double> sharesOfLoss(const std::string& name, const std::string& clocks) {
  std::string yaml = R"(scenario: six
topology:
  topology: six
  sites:
    office: {location: westeurope, access: {rate: unlimited, delay: 1 ms}, uplink: {rate: 310 kbit/s, delay: 5 ms, queue: 20 ms}}
    far: {location: westeurope}
  azure: {regions: [westeurope]}
  internet: {jitter: 0 ms}
runs: 1
warm-up: 0 s
calls:
)";
  for (int i = 0; i < 6; ++i) {
    yaml += "  - {name: c" + std::to_string(i) + ", participants: [a" + std::to_string(i) +
            "@office, b" + std::to_string(i) + "@far], senders: [a" + std::to_string(i) +
            "], duration: 60 s, clocks: " + clocks + ", audio: {rate-control: cbr, fec: off}}\n";
  }
  const std::string path = CALLFLOW_TEST_DIR "/" + name + ".yaml";
  std::ofstream(path) << yaml;
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(path, diagnostics);
  INFO(diagnostics.render("nothing was run"));
  REQUIRE(scenario);
  std::map<std::string, double> lost;
  double all = 0;
  for (int replication = 1; replication <= 6; ++replication) {
    sim::RunOptions options;
    options.drain = scenario->drain;
    options.replication = replication;
    const metrics::RunRecord record = sim::simulate(scenario->cases.front(), options);
    for (const metrics::StreamRecord& stream : record.streams) {
      all += stream.totals[MetricId::audio_packets_lost];
      lost[stream.call] += stream.totals[MetricId::audio_packets_lost];
    }
  }
  REQUIRE(all > 100);
  for (auto& [call, count] : lost) count /= all;
  return lost;
}

TEST_CASE("calls that share a full line share its loss, unless they go by one clock") {
  const auto largest = [](const std::map<std::string, double>& shares) {
    return std::max_element(shares.begin(), shares.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->second;
  };
  // In lockstep whoever comes last finds the queue full, each time, in every run.
  CHECK(largest(sharesOfLoss("lockstep", "ideal")) > 0.6);
  // Drawn, it is anybody's turn: 1/6 in the mean. Within a run phases hardly move against each
  // other, so that one may have all: a standard deviation of at most 0.37 in a run, 0.15 over six.
  CHECK(largest(sharesOfLoss("drawn", "drawn")) < 1.0 / 6 + 2 * 0.15);
}

}  // namespace
}  // namespace callflow
