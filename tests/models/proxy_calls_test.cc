// Calls through an HTTP proxy, from their set-up to what their listeners hear.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "src/sim/run.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

namespace callflow::sim {
namespace {

using metrics::MetricId;

metrics::RunRecord simulated(const std::string& path) {
  return testing::simulated(testing::loadedScenario(path), true);
}

// Alice's office lets only its proxy out, which stands at the last address of its subnet.
metrics::RunRecord runBehindProxy(const std::string& name, const std::string& uplink,
                                  const std::string& call, const std::string& proxy = "true",
                                  const std::string& more = "") {
  const std::string path = std::string(CALLFLOW_TEST_DIR) + "/" + name + ".yaml";
  std::ofstream(path) << R"(
scenario: proxied
topology:
  topology: round
  sites:
    office:
      location: westeurope
      subnets: [10.1.0.0/24]
      proxy: )" << proxy
                      << R"(
      access: {rate: unlimited, delay: 1 ms}
      perimeter: [wall]
      uplink: {rate: unlimited, delay: 4 ms)"
                      << uplink << R"(}
  remote:
    home: {location: westeurope, access: {rate: unlimited, delay: 1 ms}, uplink: {rate: unlimited, delay: 4 ms}}
  devices:
    wall: {kind: firewall, rules: [{allow: tcp, from: 10.1.0.254/32, ports: 443}, {deny: any}]}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
  azure: {regions: [westeurope], edges: [westeurope], relay: {processing: 0 ms}}
calls:
  - {clocks: ideal, participants: [alice@office, bob@home], )"
                      << call << "}\nruns: 1\nwarm-up: 0 s\n"
                      << more;
  return simulated(path);
}

TEST_CASE("where only the proxy gets out, media takes a tunnel of two connections in series") {
  const metrics::RunRecord record =
      runBehindProxy("proxy", "", "senders: [alice], setup: 0 s, duration: 1 s");
  REQUIRE(record.streams.size() == 1);
  const metrics::StreamRecord& stream = record.streams.front();
  CHECK(stream.path == "relay-proxy");
  REQUIRE(stream.attempts.size() == 4);
  CHECK(stream.attempts[3].chosen);
  REQUIRE(stream.legs.size() == 3);
  CHECK(stream.legs[0].to == "office/proxy");
  CHECK(stream.legs[1].transport == "tcp");
  CHECK(stream.legs[2].transport == "udp");
  // Alice to the proxy 1 ms, from there to the relay 14 ms, to Bob 15 ms. Her connection stands at
  // 2 ms, CONNECT arrives at 3 ms, the proxy's own connection stands at 31 ms, its answer is there
  // at 32 ms. Three round trips to the relay and two from end to end later media may leave, which
  // takes 30 ms.
  CHECK(stream.trace[0].sent == TimePoint::at(Duration::ms(32 + 3 * 30 + 2 * 60)));
  CHECK(stream.trace[0].received - stream.trace[0].sent == Duration::ms(30));
  CHECK(stream.trace[49].received - stream.trace[49].sent == Duration::ms(30));
}

TEST_CASE("each challenge of a proxy costs a round trip to it") {
  // As before, and 2 ms for each 407.
  const auto sent = [](const std::string& how) {
    const metrics::RunRecord record =
        runBehindProxy("proxy-" + how, "", "senders: [alice], setup: 0 s, duration: 1 s",
                       "{authentication: " + how + "}");
    REQUIRE(record.streams.size() == 1);
    return record.streams.front().trace[0].sent;
  };
  CHECK(sent("none") == TimePoint::at(Duration::ms(32 + 3 * 30 + 2 * 60)));
  CHECK(sent("basic") == TimePoint::at(Duration::ms(34 + 3 * 30 + 2 * 60)));
  CHECK(sent("ntlm") == TimePoint::at(Duration::ms(36 + 3 * 30 + 2 * 60)));
}

TEST_CASE("a proxy that opens no tunnel to a relay, or looks into it, is of no use") {
  const auto reason = [](const std::string& name, const std::string& how) {
    const metrics::RunRecord record =
        runBehindProxy(name, "", "senders: [alice], duration: 1 s", how);
    CHECK(record.streams.empty());
    REQUIRE(record.failedCalls.size() == 1);
    return record.failedCalls[0].reasons.back();
  };
  CHECK(reason("proxy-ports", "{ports: [80, 8443]}")
            .find("office/proxy opens no tunnel to port 443") != std::string::npos);
  CHECK(reason("proxy-inspects", "{inspects-tls: true}").find("office/proxy inspects TLS") !=
        std::string::npos);
}

TEST_CASE("a loss behind the proxy costs the round trip of the proxy's connection only") {
  // The next packet, 20 ms later, proves the loss on the proxy's connection, whose round trip is
  // 28 ms.
  const metrics::RunRecord record =
      runBehindProxy("proxy-loss", ", up: {loss: {drop: [40]}}", "senders: [alice], duration: 1 s");
  REQUIRE(record.streams.size() == 1);
  Duration longest;
  for (const metrics::FrameTrace& frame : record.streams.front().trace) {
    longest = std::max(longest, frame.received - frame.sent);
  }
  CHECK(longest == Duration::ms(30 + 20 + 28));
}

// Of a stream's frames that are lost, how many were lost there.
std::int64_t lostAt(const metrics::StreamRecord& stream, const std::string& place) {
  return std::count_if(stream.trace.begin(), stream.trace.end(), [&](const auto& frame) {
    return !frame.crossings.empty() && frame.crossings.back().lostAt == place;
  });
}

std::int64_t dropsAt(const metrics::RunRecord& record, const std::string& element,
                     const std::string& reason) {
  for (const metrics::BoxDrop& drop : record.drops)
    if (drop.element == element && drop.reason == reason) return drop.packets;
  return 0;
}

TEST_CASE("a call through a proxy ends with its tunnel's longest life") {
  // The tunnel stands at 31 ms and is closed at 10.036 s. Alice hears of it at 10.037 s, the relay
  // at 10.05 s. Media begins at 242 ms: frames leave at 242 ms + k x 20 ms, k up to 999.
  const metrics::RunRecord record =
      runBehindProxy("longest", "", "setup: 0 s, duration: 20 s", "{longest: 10005 ms}");
  REQUIRE(record.failedCalls.empty());
  REQUIRE(record.streams.size() == 2);
  const std::string relay = "azure:westeurope/relay";
  // Alice's of 10.022 s (k = 489) passes the proxy at 10.023 s; the next she cannot send.
  const metrics::StreamRecord& alice = record.streams[0];
  REQUIRE(alice.from == "alice@office");
  CHECK(alice.totals[MetricId::packets_sent] == 1000);
  CHECK(alice.totals[MetricId::packets_received] == 490);
  CHECK(alice.totals[MetricId::packets_lost] == 510);
  CHECK(lostAt(alice, "alice@office socket") == 510);
  // Bob's come to the relay after 15 ms and to the proxy after 29 ms. That of 10.002 s (k = 488)
  // passes, that of 10.022 s comes to the proxy at 10.051 s, those behind it stay at the relay.
  const metrics::StreamRecord& bob = record.streams[1];
  CHECK(bob.totals[MetricId::packets_sent] == 1000);
  CHECK(bob.totals[MetricId::packets_received] == 489);
  CHECK(bob.totals[MetricId::packets_lost] == 511);
  CHECK(lostAt(bob, "office/proxy socket") == 1);
  CHECK(lostAt(bob, relay + " socket") == 510);
  // Silence to the end of the call, in one piece. What was said before that is heard.
  CHECK(alice.totals[MetricId::longest_interruption] == Approx(510 * 0.02).margin(0.05));
  CHECK(bob.totals[MetricId::longest_interruption] == Approx(511 * 0.02).margin(0.05));
  for (const metrics::StreamRecord& stream : record.streams) {
    CHECK(stream.totals[MetricId::packets_in_flight_at_end] == 0);
    REQUIRE(stream.windows.size() == 2);
    CHECK(stream.windows[0].values[MetricId::concealed_ratio] < 0.03);
    CHECK(stream.windows[1].values[MetricId::concealed_ratio] == 1);
    CHECK(stream.windows[1].values[MetricId::mos] == 1);
  }
  // A few of what is lost are checks and reports.
  const std::string reason = " has closed the tunnel, which had lasted for its longest";
  CHECK(dropsAt(record, "alice@office", "office/proxy" + reason) >= 510);
  CHECK(dropsAt(record, "alice@office", "office/proxy" + reason) <= 510 + 8);
  CHECK(dropsAt(record, "office/proxy", "it" + reason) >= 1);
  CHECK(dropsAt(record, relay, "office/proxy" + reason) >= 510);
  CHECK(record.drops.size() == 3);
}

TEST_CASE("a tunnel that is closed before media begins connects nobody") {
  // Media would begin at 242 ms, or at `setup`. The tunnel stands at 31 ms.
  const auto with = [](const std::string& name, const std::string& longest,
                       const std::string& setup) {
    return runBehindProxy(name, "", "senders: [alice], setup: " + setup + ", duration: 1 s",
                          "{longest: " + longest + "}", "drain: 1 s\n");
  };
  for (const auto& [longest, setup] :
       {std::pair{"1 ms", "0 s"}, std::pair{"210 ms", "0 s"}, std::pair{"20 s", "30 s"}}) {
    INFO(longest);
    const metrics::RunRecord record = with("set-up-fails", longest, setup);
    CHECK(record.streams.empty());
    REQUIRE(record.failedCalls.size() == 1);
    CHECK(record.failedCalls[0].code == 410);
    CHECK(record.failedCalls[0].reasons ==
          std::vector<std::string>{
              "alice@office and bob@home: relay-proxy: office/proxy has closed the tunnel, which "
              "had lasted for its longest, before media began"});
    CHECK(record.drops.empty());
  }
  // It is known at once.
  CHECK(with("set-up-fails-at-once", "210 ms", "0 s").simulated == Duration::ms(31 + 210 + 1000));
  // 1 ms more than the set-up takes, and the first frame passes.
  const metrics::RunRecord record = with("set-up-succeeds", "213 ms", "0 s");
  REQUIRE(record.streams.size() == 1);
  CHECK(record.streams[0].trace[0].sent == TimePoint::at(Duration::ms(242)));
  CHECK(record.streams[0].totals[MetricId::packets_received] == 1);
  CHECK(record.streams[0].totals[MetricId::packets_lost] == 49);
}

TEST_CASE("who has a proxy that closes its tunnel leaves a group call, which goes on") {
  // The media processor is where the relay is. Alice's tunnel is closed before media begins.
  const auto with = [](const std::string& longest) {
    const std::string path = std::string(CALLFLOW_TEST_DIR) + "/proxied-group.yaml";
    std::ofstream(path) << R"(
scenario: proxied-group
topology:
  topology: round
  sites:
    office: {location: westeurope, subnets: [10.1.0.0/24], proxy: {longest: )"
                        << longest << R"(}, perimeter: [wall]}
  remote:
    home: {location: westeurope}
    cafe: {location: westeurope}
  devices:
    wall: {kind: firewall, rules: [{allow: tcp, from: office/proxy, ports: 443}, {deny: any}]}
  azure: {regions: [westeurope], edges: [westeurope]}
calls:
  - {kind: group, participants: [alice@office, bob@home, carol@cafe], setup: 2 s, duration: 4 s}
runs: 1
warm-up: 0 s
)";
    return simulated(path);
  };
  const metrics::RunRecord left = with("1 s");
  REQUIRE(left.failedCalls.size() == 1);
  CHECK(left.failedCalls[0].reasons[0].find("alice@office: relay-proxy: office/proxy has closed") ==
        0);
  REQUIRE(left.streams.size() == 2);
  for (const metrics::StreamRecord& stream : left.streams) {
    CHECK(stream.from != "alice@office");
    CHECK(stream.to != "alice@office");
    CHECK(stream.totals[MetricId::packets_lost] == 0);
  }
  // Closed in the midst of it, her streams go silent and the others' do not.
  const metrics::RunRecord cut = with("4 s");
  CHECK(cut.failedCalls.empty());
  REQUIRE(cut.streams.size() == 6);
  for (const metrics::StreamRecord& stream : cut.streams) {
    const bool hers = stream.from == "alice@office" || stream.to == "alice@office";
    CHECK((stream.totals[MetricId::packets_lost] > 90) == hers);
    CHECK((stream.totals[MetricId::packets_lost] == 0) == !hers);
    CHECK(stream.totals[MetricId::packets_lost] + stream.totals[MetricId::packets_received] ==
          stream.totals[MetricId::packets_sent]);
  }
}

TEST_CASE("an outage ends a call through a proxy that closes idle tunnels before a check comes") {
  // Alice only listens. Bob's line is dead from 5 s to 15 s: what comes to the proxy then are
  // Alice's checks, each 2.5 s, and a few of her reports, too few to stand in every gap.
  const auto with = [](const std::string& idle) {
    return runBehindProxy("idle", "", "senders: [bob], setup: 0 s, duration: 20 s",
                          "{idle: " + idle + "}",
                          "events:\n"
                          "  - {at: 5 s, link: home.uplink, loss: 100%}\n"
                          "  - {at: 15 s, link: home.uplink, loss: 0%}\n");
  };
  const std::string reason = " has closed the tunnel, which was idle for too long";
  // Frames leave at 242 ms + k x 20 ms and come to the line 1 ms later: k from 238 (5.003 s) to 737
  // (14.983 s) are lost on it.
  const metrics::RunRecord kept = with("2600 ms");
  REQUIRE(kept.streams.size() == 1);
  CHECK(kept.streams[0].totals[MetricId::packets_received] == 500);
  CHECK(kept.streams[0].totals[MetricId::packets_lost] == 500);
  CHECK(dropsAt(kept, "azure:westeurope/relay", "office/proxy" + reason) == 0);
  // The 262 that leave when the line is back come to a relay whose client is gone.
  const metrics::RunRecord closed = with("2 s");
  REQUIRE(closed.streams.size() == 1);
  CHECK(closed.streams[0].totals[MetricId::packets_received] == 238);
  CHECK(closed.streams[0].totals[MetricId::packets_lost] == 762);
  CHECK(lostAt(closed.streams[0], "azure:westeurope/relay socket") == 262);
  CHECK(dropsAt(closed, "azure:westeurope/relay", "office/proxy" + reason) >= 262);
  CHECK(closed.streams[0].totals[MetricId::longest_interruption] ==
        Approx(762 * 0.02).margin(0.05));
}

TEST_CASE("media alone keeps a tunnel open that may not be idle") {
  const metrics::RunRecord record = runBehindProxy(
      "not-idle", "", "senders: [alice], setup: 0 s, duration: 20 s", "{idle: 300 ms}");
  REQUIRE(record.streams.size() == 1);
  CHECK(record.streams[0].totals[MetricId::packets_received] == 1000);
  CHECK(record.drops.empty());
}

TEST_CASE("a proxy that looks at what passes delays both ways by that, under its name") {
  const metrics::RunRecord record =
      runBehindProxy("looks", "", "setup: 0 s, duration: 1 s", "{processing: 5 ms}");
  REQUIRE(record.streams.size() == 2);
  for (const metrics::StreamRecord& stream : record.streams) {
    REQUIRE(stream.trace.size() == 50);
    for (const metrics::FrameTrace& frame : stream.trace)
      CHECK(frame.received - frame.sent == Duration::ms(30 + 5));
    Duration atProxy, all;
    for (const metrics::BudgetPart& part : stream.budget) {
      all += part.sum;
      if (part.element == "office/proxy") {
        CHECK(part.cause == metrics::DelayCause::queueing);
        atProxy += part.sum;
      }
    }
    CHECK(stream.played > 45);
    CHECK(atProxy == Duration::ms(5) * stream.played);
    CHECK(all == stream.totalDelay);
  }
}

}  // namespace
}  // namespace callflow::sim
