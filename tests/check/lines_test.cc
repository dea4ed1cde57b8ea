// What calls take of lines.
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

// Line 2 has the sites.
std::string office(const std::string& calls, const std::string& rate = "1 Mbit/s") {
  return "topology:\n"
         "  sites: {hq: {subnets: [10.0.0.0/8], perimeter: [nat], uplink: {rate: " +
         rate +
         "}}}\n"
         "  remote: {home: {subnets: [172.16.0.0/12], nat: router, uplink: {rate: 1 Gbit/s}}}\n"
         "  devices: {nat: {kind: nat}, router: {kind: nat}}\n"
         "  azure: {regions: [westeurope]}\n"
         "calls:\n" +
         calls;
}

const LoadRow& line(const Report& report, const std::string& name) {
  for (const LoadRow& row : report.lines)
    if (row.load.name == name) return row;
  FAIL("no line " + name);
  return report.lines.front();
}

TEST_CASE("an audio stream takes 40 kbit/s, and all of them 30 % of a line", "[check]") {
  // 30 % of 1 Mbit/s are 300 kbit/s: seven streams of 40 kbit/s fit (280), eight do not (320).
  const auto calls = [](const char* count) {
    return std::string("  - {name: desk, participants: [a@hq, b@home], count: ") + count + "}\n";
  };
  const Report eight = checked(office(calls("8")));
  const Finding found = only(eight, "bandwidth");
  CHECK(found.severity == Severity::warning);
  CHECK(at(found) == "2:11");
  CHECK(found.subject == "hq.uplink up");
  CHECK(found.problem ==
        "8 audio streams at once need 320 kbit/s of hq.uplink up; 30% of its 1 Mbit/s are 300 "
        "kbit/s");
  // 320 kbit/s / 30 % = 1.07 Mbit/s.
  CHECK_THAT(found.advice, Contains("a line of 1.1 Mbit/s"));
  CHECK(line(eight, "hq.uplink up").load.needed == DataRate::kbps(320));
  CHECK(line(eight, "hq.uplink down").load.allowed == DataRate::kbps(300));
  CHECK(of(checked(office(calls("7"))), "bandwidth").empty());
  CHECK(of(checked(office(calls("8")), Ratio::percent(40)), "bandwidth").empty());
}

TEST_CASE("calls that follow each other are not there at once", "[check]") {
  const std::string after =
      "  - {name: one, participants: [a@hq, b@home], setup: 1 s, duration: 9 s}\n"
      "  - {name: two, participants: [c@hq, d@home], start: 10 s, duration: 9 s}\n"
      "  - {name: beside, participants: [e@hq, f@home], start: 5 s, duration: 10 s}\n";
  CHECK(line(checked(office(after)), "hq.uplink up").load.streams == 2);
}

TEST_CASE("a media processor sends each participant one stream", "[check]") {
  const std::string group =
      "  - {name: all, kind: group, participants: [a@hq, b@hq, c@hq, d@home], senders: [a, d]}\n";
  const Report report = checked(office(group));
  CHECK(line(report, "hq.uplink up").load.streams == 1);    // a's
  CHECK(line(report, "hq.uplink down").load.streams == 3);  // to a, b and c
  CHECK(line(report, "home.uplink up").load.streams == 1);
  CHECK(line(report, "home.uplink down").load.streams == 1);
  // Nobody hears itself.
  const std::string alone =
      "  - {name: all, kind: group, participants: [a@hq, d@home], senders: [d]}\n";
  const Report one = checked(office(alone));
  CHECK(line(one, "hq.uplink down").load.streams == 1);
  for (const LoadRow& row : one.lines) CHECK(row.load.name != "home.uplink down");
}

TEST_CASE("what a tunnel carries takes the lines below it", "[check]") {
  const std::string tunnel =
      "topology:\n"
      "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [fw, gw]}}\n"
      "  remote: {a: {nat: an, vpn: gw}, b: {nat: bn, vpn: gw}}\n"
      "  devices: {gw: {kind: vpn}, fw: {kind: nat}, an: {kind: nat}, bn: {kind: nat}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: chat, participants: [ann@a, bob@b]}]\n";
  const Report report = checked(tunnel);
  CHECK(line(report, "a.uplink up").load.streams == 1);
  // From both in and to both out again.
  CHECK(line(report, "hq.uplink down").load.streams == 2);
  CHECK(line(report, "hq.uplink up").load.streams == 2);
}

}  // namespace
}  // namespace callflow::check::testing
