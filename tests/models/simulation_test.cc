// Whole runs of small cases: which way the media goes, what it meets there, and that every
// nanosecond is accounted for.
#include "src/sim/run.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow {
namespace {

using metrics::DelayCause;
using metrics::MetricId;
using metrics::StreamRecord;

metrics::RunRecord run(const topology::Case& input, const topology::Scenario& scenario,
                       int replication = 1, bool trace = false) {
  sim::RunOptions options = testing::optionsOf(scenario);
  options.replication = replication;
  options.trace = trace;
  return sim::simulate(input, options);
}

topology::Scenario load(const std::string& path) {
  return testing::loadedScenario(path);
}

topology::Scenario parse(const std::string& name, const std::string& yaml) {
  return testing::parsedScenario(name, yaml);
}

metrics::RunRecord runOnly(const std::string& name, const std::string& yaml) {
  const topology::Scenario scenario = parse(name, yaml);
  return run(scenario.cases.front(), scenario);
}

const StreamRecord& stream(const metrics::RunRecord& record, const std::string& from,
                           const std::string& to) {
  for (const StreamRecord& candidate : record.streams) {
    if (candidate.from == from && candidate.to == to) return candidate;
  }
  FAIL("no stream from " << from << " to " << to);
  return record.streams.front();
}

Duration part(const StreamRecord& record, DelayCause cause) {
  Duration sum;
  for (const metrics::BudgetPart& p : record.budget) {
    if (p.cause == cause) sum += p.sum;
  }
  return sum;
}

// A network in which every number is round: 1 ms, 4 ms and 10 ms, nothing random.
const std::string roundTopology = R"(
topology:
  topology: round
  sites:
    office:
      location: westeurope
      access: {rate: unlimited, delay: 1 ms}
      perimeter: [firewall]
      uplink: {rate: unlimited, delay: 4 ms}
  remote:
    home:
      location: westeurope
      nat: router
      access: {rate: unlimited, delay: 1 ms}
      uplink: {rate: unlimited, delay: 4 ms}
  devices:
    firewall: {kind: firewall, nat: {}, rules: [RULES]}
    router: {kind: nat}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
  azure: {regions: [westeurope], edges: [westeurope], relay: {processing: 0 ms}, media-processor: {processing: 0 ms}}
warm-up: 0 s
runs: 1
)";

std::string roundScenario(const std::string& rules, const std::string& calls) {
  std::string text = "scenario: round\n" + roundTopology + "calls:\n" + calls;
  text.replace(text.find("RULES"), 5, rules);
  return text;
}

TEST_CASE("two NATs that let peers through are crossed directly") {
  const metrics::RunRecord record = runOnly(
      "direct",
      roundScenario(
          "",
          "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], duration: 2 s}\n"));
  REQUIRE(record.failedCalls.empty());
  for (const auto& [from, to] :
       {std::pair("alice@office", "bob@home"), std::pair("bob@home", "alice@office")}) {
    const StreamRecord& s = stream(record, from, to);
    CHECK(s.path == "direct");
    CHECK(s.totals[MetricId::audio_packets_sent] == 100);
    CHECK(s.totals[MetricId::audio_packets_received] == 100);
    // 1 + 4 + 10 + 4 + 1 ms
    CHECK(s.totals[MetricId::audio_one_way_delay_mean] == Approx(0.020));
    CHECK(s.totals[MetricId::audio_one_way_delay_max] == Approx(0.020));
    CHECK(part(s, DelayCause::propagation) == Duration::ms(20) * s.played);
    CHECK(part(s, DelayCause::queueing) == Duration{});
  }
  // Each has checked whether the other's private address is near, which the Internet does not know.
  for (const metrics::BoxDrop& drop : record.drops) CHECK(drop.element.starts_with("internet:"));
}

TEST_CASE("a firewall that opens UDP 3478 only sends the media by a relay") {
  const metrics::RunRecord record = runOnly(
      "relay-udp",
      roundScenario(
          "{allow: udp, to: azure, ports: 3478}, {deny: any}",
          "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], duration: 2 s}\n"));
  const StreamRecord& s = stream(record, "alice@office", "bob@home");
  CHECK(s.path == "relay-udp");
  CHECK(s.transport == "udp");
  REQUIRE(s.attempts.size() == 2);
  CHECK_FALSE(s.attempts[0].chosen);
  CHECK(s.attempts[1].chosen);
  CHECK(s.totals[MetricId::audio_packets_received] == 100);
  // 1 + 4 + 10 ms to the relay and the same to Bob
  CHECK(s.totals[MetricId::audio_one_way_delay_mean] == Approx(0.030));
  // Alice's leg has the address and port that her relay has given her, in both directions.
  REQUIRE(s.legs.size() == 2);
  CHECK(s.legs[0].relay.starts_with("20.202."));
  CHECK(s.legs[0].relay.find(':') != std::string::npos);
  CHECK(s.legs[1].relay.empty());
  const StreamRecord& back = stream(record, "bob@home", "alice@office");
  REQUIRE(back.legs.size() == 2);
  CHECK(back.legs[0].relay.empty());
  CHECK(back.legs[1].relay == s.legs[0].relay);
}

TEST_CASE("a firewall that opens TCP 443 only sends the media by TCP to the relay") {
  const metrics::RunRecord record = runOnly(
      "relay-tcp",
      roundScenario(
          "{allow: tcp, ports: 443}, {deny: any}",
          "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], duration: 2 s}\n"));
  const StreamRecord& up = stream(record, "alice@office", "bob@home");
  CHECK(up.path == "relay-tcp");
  CHECK(up.transport == "tcp");
  REQUIRE(up.legs.size() == 2);
  CHECK(up.legs[0].transport == "tcp");
  CHECK(up.legs[1].transport == "udp");
  CHECK(up.legs[0].relay.starts_with("20.202."));
  CHECK(up.totals[MetricId::audio_packets_received] == 100);
  CHECK(up.totals[MetricId::audio_retransmissions] == 0);
  CHECK(up.totals[MetricId::audio_one_way_delay_max] == Approx(0.030).epsilon(1e-9));
  CHECK(part(up, DelayCause::sendWait) == Duration{});
  const StreamRecord& down = stream(record, "bob@home", "alice@office");
  REQUIRE(down.legs.size() == 2);
  CHECK(down.legs[0].transport == "udp");
  CHECK(down.legs[1].transport == "tcp");
  CHECK(down.totals[MetricId::audio_packets_received] == 100);
}

TEST_CASE(
    "after a minute of media both ways over TCP a loss is still repaired in a fraction of a "
    "second") {
  // The 2500th segment is lost at about 51 s. The next one, 20 ms later, proves it, because it
  // arrives more than a quarter of the round trip after the lost one should have (RACK); its
  // acknowledgement takes the round trip of 30 ms, then the repair the way of any packet, 30 ms.
  std::string text = roundScenario(
      "{allow: tcp, ports: 443}, {deny: any}",
      "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], duration: 60 s}\n");
  const std::string plain = "access: {rate: unlimited, delay: 1 ms}";
  text.replace(text.find(plain), plain.size(),
               "access: {rate: unlimited, delay: 1 ms, up: {loss: {drop: [2500]}}}");
  const metrics::RunRecord record = runOnly("tcp-late-loss", text);
  const StreamRecord& up = stream(record, "alice@office", "bob@home");
  CHECK(up.totals[MetricId::audio_packets_received] == 3000);
  CHECK(up.totals[MetricId::audio_retransmissions] >= 1);
  CHECK(up.totals[MetricId::audio_one_way_delay_max] ==
        Approx(0.020 + 0.030 + 0.030).epsilon(1e-9));
}

TEST_CASE(
    "with neither UDP nor TCP 443 the call fails as Azure Communication Services reports it") {
  const metrics::RunRecord record = runOnly(
      "blocked",
      roundScenario(
          "{deny: any}",
          "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], duration: 2 s}\n"));
  CHECK(record.streams.empty());
  REQUIRE(record.failedCalls.size() == 1);
  CHECK(record.failedCalls[0].code == 410);
  CHECK(record.failedCalls[0].subcode == 3112);
  CHECK(record.failedCalls[0].reasons.size() == 3);
}

TEST_CASE(
    "a group call goes through the media processor, each participant by the way that is open to "
    "it") {
  const metrics::RunRecord record =
      runOnly("group", roundScenario("{allow: tcp, ports: 443}, {deny: any}",
                                     "  - {name: g, kind: group, clocks: ideal, participants: "
                                     "[alice@office, bob@home, carol@home], "
                                     "duration: 2 s}\n"));
  REQUIRE(record.streams.size() == 6);
  for (const StreamRecord& s : record.streams) {
    CHECK(s.totals[MetricId::audio_packets_received] == 100);
    const bool byTcp = s.from == "alice@office" || s.to == "alice@office";
    CHECK(s.path == (byTcp ? "media-processor via relay-tcp" : "media-processor"));
    CHECK(s.transport == (byTcp ? "tcp" : "udp"));
    CHECK(s.totals[MetricId::audio_one_way_delay_mean] == Approx(0.030).margin(2e-9));
  }
}

TEST_CASE("a slow link serializes, queues and drops, and each is told apart") {
  // 80 kbit/s up: an IP packet of 20 + 8 + 12 + 16 + 80 + 10 = 146 bytes takes 14.6 ms, so at one
  // packet in 20 ms nothing waits, and the delay is 20 + 14.6 ms.
  const std::string calls =
      "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], senders: [alice], "
      "duration: 2 s, audio: {rate-control: cbr}}\n";
  std::string text = roundScenario("", calls);
  text.replace(text.find("uplink: {rate: unlimited"), 24, "uplink: {rate: 80 kbit/s");
  const metrics::RunRecord fine = runOnly("serialized", text);
  const StreamRecord& s = stream(fine, "alice@office", "bob@home");
  // STUN and RTCP share the line: a packet of media waits for one now and then, and the few behind
  // it for what is left of that: under 20 ms for each of five in 2 s.
  const double waits = part(s, DelayCause::queueing).seconds() / static_cast<double>(s.played);
  CHECK(waits < 0.001);
  CHECK(s.totals[MetricId::audio_one_way_delay_mean] == Approx(0.0346 + waits));
  CHECK(part(s, DelayCause::serialization) == Duration::us(14600) * s.played);

  // At 40 kbit/s a packet takes 29.2 ms: 9.2 ms more queue with each, until the queue of 50 ms is
  // full.
  text.replace(text.find("uplink: {rate: 80 kbit/s"), 24, "uplink: {rate: 40 kbit/s");
  text.replace(text.find("delay: 4 ms}"), 12, "delay: 4 ms, queue: 50 ms}");
  const metrics::RunRecord full = runOnly("queued", text);
  const StreamRecord& q = stream(full, "alice@office", "bob@home");
  CHECK(q.totals[MetricId::audio_packets_lost] > 0);
  CHECK(q.totals[MetricId::audio_packets_sent] ==
        q.totals[MetricId::audio_packets_received] + q.totals[MetricId::audio_packets_lost] +
            q.totals[MetricId::audio_packets_in_flight_at_end]);
  CHECK(q.totals[MetricId::audio_one_way_delay_max] <= 0.020 + 0.050 + 1e-9);
  bool named = false;
  for (const metrics::BudgetPart& p : q.budget) {
    if (p.cause == DelayCause::queueing) {
      CHECK(p.element == "office.uplink up");
      named = true;
    }
  }
  CHECK(named);
}

TEST_CASE(
    "in every shipped scenario the causes of delay add up exactly, and no packet is unaccounted "
    "for") {
  int streams = 0;
  for (const auto& entry : std::filesystem::directory_iterator(CALLFLOW_SOURCE_DIR "/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    const topology::Scenario scenario = load(entry.path().string());
    for (const topology::Case& input : scenario.cases) {
      const metrics::RunRecord record = run(input, scenario);
      for (const StreamRecord& s : record.streams) {
        INFO(scenario.name << " " << input.variant << ": " << s.from << " to " << s.to);
        Duration sum;
        for (const metrics::BudgetPart& p : s.budget) sum += p.sum;
        CHECK(sum == s.totalDelay);
        if (s.medium != "audio") continue;  // what is seen has no budget
        // A firewall may let the first packets pass and no other.
        CHECK((s.played > 0 || s.totals[MetricId::audio_packets_lost] > 0));
        CHECK(s.totals[MetricId::audio_packets_sent] ==
              s.totals[MetricId::audio_packets_received] + s.totals[MetricId::audio_packets_lost] +
                  s.totals[MetricId::audio_packets_in_flight_at_end]);
        ++streams;
      }
    }
  }
  CHECK(streams > 10);
}

// Alice's packets over an uplink that is slow between 5 s and `until`: an IP packet has 146 bytes
// (see above), so 58.4 kbit/s are offered, and a little of STUN and RTCP, under 1 kB in 10 s.
struct Recovery {
  metrics::RunRecord record;
  TimePoint until;

  // The longest way of a packet that was sent in this time, less the 20 ms of propagation.
  Duration longest(TimePoint from, TimePoint to) const {
    Duration result;
    for (const metrics::FrameTrace& frame : stream(record, "alice@office", "bob@home").trace) {
      if (frame.sent < from || frame.sent >= to) continue;
      result = std::max(result, frame.arrived - frame.sent - Duration::ms(20));
    }
    return result;
  }
};

Recovery recover(const std::string& name, const std::string& rate, const std::string& queue,
                 const std::string& slow, int until) {
  std::string text = roundScenario(
      "",
      "  - {name: c, clocks: ideal, participants: [alice@office, bob@home], senders: [alice], "
      "duration: 20 s, audio: {rate-control: cbr}}\n"
      "events:\n  - {at: 5 s, link: office.uplink, up: {rate: " +
          slow + "}}\n" + "  - {at: " + std::to_string(until) +
          " s, link: office.uplink, up: {rate: " + rate + "}}\n");
  text.replace(text.find("uplink: {rate: unlimited"), 24,
               "uplink: {queue: " + queue + ", rate: " + rate);
  const topology::Scenario scenario = parse(name, text);
  return {run(scenario.cases.front(), scenario, 1, true), TimePoint::at(Duration::s(until))};
}

TEST_CASE("what waits for a line drains at its new rate, and nothing is lost when it recovers") {
  // At 50 kbit/s a packet takes 23.36 ms: in 5 s 250 of them leave 840 ms of queue, 5.25 kB, which
  // at 5 Mbit/s take 8.4 ms, with the control packets less than 10.
  const Recovery r = recover("line-recovers", "5 Mbit/s", "64 kB", "50 kbit/s", 10);
  const StreamRecord& s = stream(r.record, "alice@office", "bob@home");
  CHECK(s.totals[MetricId::audio_packets_lost] == 0);
  CHECK(s.totals[MetricId::audio_packets_received] == 1000);
  const TimePoint before = r.until - Duration::ms(60);
  CHECK(r.longest(before, r.until) < Duration::ms(60 + 10));
  CHECK(r.longest(before - Duration::s(1), before) > Duration::ms(600));
  // 0.23 ms to be sent, and a control packet before it now and then.
  CHECK(r.longest(r.until + Duration::ms(10), r.until + Duration::s(8)) < Duration::us(600));
}

TEST_CASE("seconds of queue in a radio link are gone as soon as it is fast again") {
  // At 40 kbit/s 29.2 ms a packet: in 10 s 500 of them leave 4.6 s of queue, 23 kB; at 20 Mbit/s
  // 9.2 ms.
  const Recovery r = recover("radio-recovers", "20 Mbit/s", "1 MB", "40 kbit/s", 15);
  const StreamRecord& s = stream(r.record, "alice@office", "bob@home");
  CHECK(s.totals[MetricId::audio_packets_lost] == 0);
  CHECK(s.totals[MetricId::audio_packets_received] == 1000);
  // Who was sent a second before waited for that second, and not for 4.1.
  CHECK(r.longest(r.until - Duration::s(1), r.until) < Duration::ms(1011));
  CHECK(r.longest(r.until - Duration::s(4), r.until) > Duration::s(3));
  CHECK(r.longest(r.until + Duration::ms(11), r.until + Duration::s(4)) < Duration::us(200));
}

TEST_CASE("a line that is down loses what comes and keeps what waits") {
  // 250 packets come in the 5 s; one that is half sent goes on when the line is up.
  const Recovery r = recover("line-down", "5 Mbit/s", "64 kB", "0 bit/s", 10);
  const StreamRecord& s = stream(r.record, "alice@office", "bob@home");
  CHECK(s.totals[MetricId::audio_packets_lost] == Approx(250).margin(1));
  CHECK(r.longest(r.until, r.until + Duration::s(8)) < Duration::us(600));
}

TEST_CASE("a run that is told to stop ends at the next second, marked incomplete") {
  const topology::Scenario scenario =
      parse("stop", roundScenario("",
                                  "  - {name: c, clocks: ideal, participants: [alice@office, "
                                  "bob@home], duration: 60 s}\n"));
  std::atomic<bool> stop{false};
  sim::RunOptions options;
  options.stop = &stop;
  options.progress = [&](const sim::Progress& progress) {
    if (progress.simulated >= Duration::s(5)) stop = true;
  };
  const metrics::RunRecord record = sim::simulate(scenario.cases.front(), options);
  CHECK_FALSE(record.complete);
  CHECK(record.simulated == Duration::s(5));
  // Media began after the set-up of 1 s; the last packet had no time to arrive.
  CHECK(stream(record, "alice@office", "bob@home").totals[MetricId::audio_packets_sent] == 200);
}

}  // namespace
}  // namespace callflow
