// Recordings of lines: what the two formats say, and packets that overtake by a share.
#include <ns3/rng-seed-manager.h>

#include <catch2/catch.hpp>
#include <string>

#include "models/fabric/link.h"
#include "models/fabric/trace.h"
#include "tests/models/link_support.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

Trace traceOf(const std::string& text) {
  const ParsedTrace parsed = parseTrace(text);
  INFO(parsed.line << ": " << parsed.problem);
  REQUIRE(parsed.trace);
  return *parsed.trace;
}

// "LINE: problem", or nothing.
std::string faultOf(const std::string& text) {
  const ParsedTrace parsed = parseTrace(text);
  return parsed.trace ? "" : std::to_string(parsed.line) + ": " + parsed.problem;
}

}  // namespace

TEST_CASE("a CSV holds row by row, its last row as long as the one before") {
  const Trace trace = traceOf(
      "# a tram\n"
      "time_s, rate_kbps, delay_ms, loss_percent\r\n"
      "10,1000,20,0\r\n"
      "11.5,250.5,30,2.5\n"
      "\n"
      "12,0,30,100");
  REQUIRE(trace.steps.size() == 3);
  CHECK(trace.steps[0] == TraceStep{{}, DataRate::mbps(1), Duration::ms(20), Ratio{}});
  CHECK(trace.steps[1] == TraceStep{Duration::ms(1500), DataRate::bitsPerSecond(250'500),
                                    Duration::ms(30), Ratio::ppb(25'000'000)});
  CHECK(trace.steps[2] ==
        TraceStep{Duration::ms(2000), DataRate{}, Duration::ms(30), Ratio::percent(100)});
  CHECK(trace.period == Duration::ms(2500));
  // What has no column stays as the link has it.
  CHECK(traceOf("time_s,loss_percent\n0,1\n1,2\n").steps[0].rate == std::nullopt);
}

TEST_CASE("a recording reads back from its own text, in one line") {
  const Trace rates = traceOf("0\n100\n301\n401\n450\n450\n");
  CHECK(traceText(rates) == "time_s,rate_kbps;0,240;0.1,40;0.4,720;0.45");
  CHECK(traceOf(traceText(rates)) == rates);
  const Trace all = traceOf("time_s,delay_ms,loss_percent\n0,20.000001,0.1\n1.25,0,100\n");
  CHECK(traceText(all) == "time_s,delay_ms,loss_percent;0,20.000001,0.1;1.25,0,100;2.5");
  CHECK(traceOf(traceText(all)) == all);
  CHECK(faultOf("time_s,rate_kbps;0,1;5;6,1") ==
        "3: gives a time alone, which ends a recording, but more rows follow");
  CHECK(faultOf("time_s,rate_kbps;3,1;2.5") == "3: is not later than the line before");
}

TEST_CASE("mahimahi's opportunities become rates that carry as many bytes") {
  // Two in the first 100 ms: 24 kbit in 0.1 s; none until one in the fourth: 12 kbit in 0.3 s;
  // the last three within the 50 ms that are left: 36 kbit in 0.05 s.
  const Trace trace = traceOf("0\n100\n301\n401\n450\n450\n");
  REQUIRE(trace.steps.size() == 3);
  CHECK(trace.steps[0] == TraceStep{{}, DataRate::kbps(240)});
  CHECK(trace.steps[1] == TraceStep{Duration::ms(100), DataRate::kbps(40)});
  CHECK(trace.steps[2] == TraceStep{Duration::ms(400), DataRate::kbps(720)});
  CHECK(trace.period == Duration::ms(450));
}

TEST_CASE("what is no trace is told with its line") {
  CHECK(faultOf("") == "1: is empty");
  CHECK(faultOf("# nothing\n") == "1: is empty");
  CHECK(faultOf("5\n4\n") == "2: is earlier than the line before");
  CHECK(faultOf("5\n5.5\n") ==
        "2: \"5.5\" is no whole number of milliseconds, as each line of mahimahi's format is");
  CHECK(faultOf("0\n") == "1: gives no time at which a packet may leave");
  CHECK(faultOf("time_s,rate_kbps\n0,5\n0,6\n") == "3: is not later than the line before");
  CHECK(faultOf("time_s,rate_kbps\n0\n") == "2: has 1 cells, and the first line names 2 columns");
  CHECK(faultOf("time_s,loss_percent\n0,101\n") ==
        "2: \"101\" is no loss_percent; write a number from 0 to 100");
  CHECK(faultOf("time_s,rate_kbps\n0,nan\n").starts_with("2: \"nan\" is no rate_kbps"));
  CHECK(faultOf("rate_kbps\n5\n") == "1: names no time_s, or nothing beside it");
  CHECK(faultOf("time_s,rate_kbps\n0,5\n") == "3: has fewer than two rows below its first line");
}

TEST_CASE("a share of the packets is spared a delay, and overtakes by it") {
  ns3::RngSeedManager::SetSeed(1);
  ns3::RngSeedManager::SetRun(1);
  LinkParameters parameters = plain(DataRate::unlimited(), Duration::ms(10));
  parameters.jitter.reorder = {false, Ratio::percent(5), Duration::ms(40)};
  Link link("l", parameters);
  CHECK(link.reorders());
  constexpr int kPackets = 20'000;
  int spared = 0;
  for (int i = 0; i < kPackets; ++i) {
    const Transmission sent = link.offer(packetOf(100), at(Duration::ms(20) * i));
    const bool early = sent.jitter == Duration{};
    CHECK((early || sent.jitter == Duration::ms(40)));
    CHECK(sent.arrival == at(Duration::ms(20) * i + Duration::ms(10) + sent.jitter));
    spared += early ? 1 : 0;
  }
  // 1000 on average, with a standard deviation of 31: within four of them.
  CHECK(spared > 1000 - 124);
  CHECK(spared < 1000 + 124);
}

TEST_CASE("a link that is down drops what comes, whatever its rate, and keeps what waits") {
  LinkParameters parameters = plain(DataRate::mbps(1), Duration{});
  Link link("l", parameters);
  link.expectChanges();
  CHECK(link.offer(packetOf(125), at({}), PacketId{1}).arrival == at(Duration::ms(1)));
  parameters.down = true;
  REQUIRE(link.change(parameters, at(Duration::us(400))).size() == 1);
  CHECK(link.offer(packetOf(125), at(Duration::ms(2)), PacketId{2}).verdict == LinkVerdict::down);
  parameters.down = false;
  const auto again = link.change(parameters, at(Duration::ms(5)));
  REQUIRE(again.size() == 1);
  CHECK(again[0].arrival == at(Duration::us(5600)));  // 0.6 ms of it were left
}
