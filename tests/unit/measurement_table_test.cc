// Tables of assessment tools: columns by their names, times as they are written.
#include <catch2/catch.hpp>
#include <string>

#include "src/measurement/assessment.h"
#include "src/measurement/clock.h"
#include "src/measurement/words.h"
#include "tests/support/show_units.h"
#include "tests/unit/measurement_support.h"

using namespace callflow;
using namespace callflow::measurement;

namespace {

constexpr Duration kStep = Duration::s(5);

std::string csvOfTable(const std::string& text) {
  REQUIRE(isTable(text));
  return csvOf(valueOf(readAssessment(text, kStep)));
}

std::string said(const std::string& text) {
  return faultsOf(readAssessment(text, kStep));
}

}  // namespace

TEST_CASE("columns have many names, orders and units") {
  const std::string csv = "time_s,delay_ms,loss_percent;0,12,0;5,15.25,1.5;10";
  CHECK(csvOfTable("time,loss (%),latency (ms)\n0,0,24\n5,1.5,30.5\n") == csv);
  CHECK(csvOfTable("Call Start (UTC),Loss Ratio,Jitter (ms),Round-trip time [ms]\r\n"
                   "2026-11-27T17:03:00Z,0,3,24\r\n2026-11-27T17:03:05Z,0.015,4,30.5\r\n") == csv);
  CHECK(csvOfTable("CallStartTime\tPacketLossPercent\tRoundTripLatencyInMs\tAverageJitterInMs\n"
                   "11/27/2026 5:03:05 PM\t0\t24\t1\n11/27/2026 5:03:10 PM\t1.5\t30.5\t1\n") ==
        csv);
  CHECK(csvOfTable("One-way delay (us);Elapsed (ms);Lost %\n12000;0;0\n15250;5000;1,5\n") == csv);
  CHECK(csvOfTable("date,RTT (s),packet loss\n27.11.2026 17:03:05,0.024,0 %\n"
                   "27.11.2026 17:03:10,0.0305,1.5%\n") == csv);
  CHECK(csvOfTable("\"time\",\"loss, percent\",\"rtt\"\n\"0 s\",\"0\",\"24 ms\"\n5000 "
                   "ms,1.5,0.0305 s\n") == csv);
  // Rows without times are a step apart.
  CHECK(csvOfTable("loss %,ping\n0,24\n1.5,30.5\n") == csv);
  CHECK(csvOfTable("time,loss %\n7,0\n8,100\n") == "time_s,loss_percent;0,0;1,100;2");
  CHECK(csvOfTable("time,latency\n7,1\n8,2\n9.5,3\n") == "time_s,delay_ms;0,0.5;1,1;2.5,1.5;4");
}

TEST_CASE(
    "what was not measured is as it was before, and of all that is lost there is no latency") {
  CHECK(csvOfTable("time,loss %,latency\n0,,\n5,2,10\n10,100,0\n15,-,n/a\n20,0,0\n") ==
        "time_s,delay_ms,loss_percent;0,5,2;5,5,2;10,5,100;15,5,100;20,0,0;25");
}

TEST_CASE("times of day go on past midnight") {
  CHECK(csvOfTable("time,latency\n23:59:55,2\n00:00:00,4\n00:00:05.5,6\n") ==
        "time_s,delay_ms;0,1;5,2;10.5,3;16");
}

TEST_CASE("notes say what was taken for granted") {
  const auto notes = [](const std::string& text) {
    return valueOf(readAssessment(text, kStep)).notes;
  };
  CHECK(notes("time,loss %,one-way delay\n0,0,24\n").empty());
  CHECK(notes("time,latency\n0,24\n") ==
        std::vector<std::string>{"\"latency\" was taken as a round trip, and half of it is the "
                                 "delay; if it is one way, name it one-way delay"});
  CHECK(notes("time,loss %,RTT\n0,0,24\n") ==
        std::vector<std::string>{"\"RTT\" was taken as a round trip, and half of it is the delay; "
                                 "loss was taken as that of one way"});
  CHECK(notes("LossRate,jitter\n0,0\n") ==
        std::vector<std::string>{
            "jitter is left out: a trace has none",
            "\"LossRate\" was taken as percent; if 1 is all of it, name it loss ratio",
            "rows have no times and were taken as 5 s apart"});
  CHECK(hasTimes("time,loss\n"));
  CHECK_FALSE(hasTimes("loss,latency\n"));
}

TEST_CASE("all faults of a table are told at once, each with its place") {
  CHECK(
      said("time,loss (%),latency (ms)\n0,x,24\n  5,101,-1\n5,1\n3,0,4\n9,0,20001\n8,0,1\n") ==
      "2:3 \"x\" is no \"loss (%)\"; write a number from 0 to 100, or nothing where nothing was "
      "measured\n"
      "3:5 \"101\" is no \"loss (%)\"; write a number from 0 to 100, or nothing where nothing was "
      "measured\n"
      "3:9 \"-1\" is no \"latency (ms)\"; write a number of milliseconds, at most 20 s, or "
      "nothing where nothing was measured\n"
      "4:1 has 2 cells, and the first line names 3 columns; write as many, or leave the line "
      "out\n"
      "6:5 \"20001\" is no \"latency (ms)\"; write a number of milliseconds, at most 20 s, or "
      "nothing where nothing was measured\n");
  CHECK(said("time,loss ratio\nnoon,0\n1,2\n") ==
        "2:1 \"noon\" is no \"time\"; write seconds, or \"2026-11-27 17:03:05\"\n"
        "3:3 \"2\" is no \"loss ratio\"; write a number from 0 to 1, or nothing where nothing was "
        "measured\n");
  CHECK(said("time,loss\n5,0\n5,0\n2,0\n") ==
        "3:1 is not later than the row before; sort the rows by their time\n"
        "4:1 is not later than the row before; sort the rows by their time\n");
  CHECK(said("time,loss\n0,0\n172800,0\n").find("3:1 is more than 48 h after the first row") == 0);
}

TEST_CASE("a table without what a trace needs is refused") {
  CHECK(said("time,jitter\n0,1\n") ==
        "1:1 names no column of loss or latency; name them in the first line, such as "
        "\"time,loss (%),latency (ms)\"\n");
  CHECK(said("\ntime,latency,loss,RTT\n0,1,2,3\n") ==
        "2:19 is a second column of latency, \"RTT\" after \"latency\"; leave one of them in\n");
  CHECK(said("time_s,loss_percent\n0,1\n") ==
        "1:1 is the first line of a trace already; name the file in trace: as it is\n");
  CHECK(said("time,loss\n") ==
        "1:0 has no rows below it; write one for each time that was measured\n");
  CHECK(said("time,loss,latency\n0,,-\n") ==
        "0:0 has no latency in any row; leave the column out, or write what was measured\n"
        "0:0 has no loss in any row; leave the column out, or write what was measured\n");
  CHECK(said("words").find("1:0 is no first line of a table") == 0);
  CHECK_FALSE(isTable("words"));
  CHECK_FALSE(isTable("a,b\n1,2\n"));
}

TEST_CASE("clock times") {
  const auto day = [](int days, int seconds) { return Duration::s(days * 86'400LL + seconds); };
  CHECK(clockTime("00:01") == Duration::s(60));
  CHECK(clockTime("12:00:00 AM") == Duration{});
  CHECK(clockTime("12:00:01.5 pm") == Duration::ms(43'201'500));
  CHECK(clockTime("1970-01-02 00:00:01") == day(1, 1));
  CHECK(clockTime("02.01.1970 00:00:01") == day(1, 1));
  CHECK(clockTime("1/2/1970 0:00:01") == day(1, 1));    // month first
  CHECK(clockTime("13/1/1970 0:00:01") == day(12, 1));  // there is no month 13
  CHECK(clockTime("1/2/26 0:00") == clockTime("2026-01-02T00:00:00+01:00"));
  for (const char* wrong :
       {"", "5", "24:00", "1:60", "1:2:3:4", "1970-13-01 0:00", "1970-02-30 0:00",
        "9999-01-01 0:00", "1969-12-31 0:00", "x 0:00", "-1:00"})
    CHECK_FALSE(clockTime(wrong));
}

TEST_CASE("decimal numbers, exact to the nanosecond") {
  CHECK(decimal("12.3", Duration::ms(1)) == Duration::us(12'300));
  CHECK(decimal("0.0000000015", Duration::s(1)) == Duration::ns(2));  // to the nearest
  for (const char* wrong : {"", ".", "1.", ".5", "1.2.3", "-1", "1e3", "9999999999999999999"})
    CHECK_FALSE(decimal(wrong, Duration::s(1)));
  CHECK_FALSE(decimal("99999999999", Duration::s(1)));  // beyond 292 years
}
