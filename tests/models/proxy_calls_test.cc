// Calls through an HTTP proxy, from their set-up to what their listeners hear.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "models/ice/timers.h"
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

// When a client has its first candidate of this kind.
Duration toldAt(const metrics::RunRecord& record, const std::string& participant,
                const std::string& kind) {
  for (const metrics::CallEvent& each : record.calls.at(0).events) {
    if (each.participant == participant && each.kind == metrics::CallEventKind::candidate &&
        each.detail.starts_with(kind))
      return each.at;
  }
  FAIL("no " << kind << " of " << participant);
  return {};
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
  // at 32 ms. She begins with that 50 ms after her sockets and those who answer over UDP, at her
  // browser's next tick of 15.6 ms. Two round trips to the relay later she has an address there.
  const Duration relayed = toldAt(record, "alice@office", "relay");
  CHECK(relayed > Duration::ms(50 + 32 + 2 * 30));
  CHECK(relayed <= Duration::ms(50 + 32 + 2 * 30) + ice::kTick);
  // A check and DTLS are two round trips from end to end; the check may wait for its turn, and
  // Alice for DTLS' last word.
  CHECK(stream.trace[0].sent >= TimePoint::at(relayed + Duration::ms(2 * 60)));
  CHECK(stream.trace[0].sent <= TimePoint::at(relayed + Duration::ms(3 * 60) + ice::kTick * 4));
  CHECK(stream.trace[0].received - stream.trace[0].sent == Duration::ms(30));
  CHECK(stream.trace[49].received - stream.trace[49].sent == Duration::ms(30));
}

TEST_CASE("each challenge of a proxy costs a round trip to it") {
  // As before, and 2 ms for each 407.
  const auto relayed = [](const std::string& how) {
    const metrics::RunRecord record =
        runBehindProxy("proxy-" + how, "", "senders: [alice], setup: 0 s, duration: 1 s",
                       "{authentication: " + how + "}");
    REQUIRE(record.streams.size() == 1);
    return toldAt(record, "alice@office", "relay");
  };
  CHECK(relayed("none") > Duration::ms(50 + 32 + 2 * 30));
  CHECK(relayed("basic") == relayed("none") + Duration::ms(2));
  CHECK(relayed("ntlm") == relayed("none") + Duration::ms(4));
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
  CHECK(reason("proxy-inspects", "{inspects-tls: true}")
            .find("office/proxy opens TLS to inspect it") != std::string::npos);
}

TEST_CASE("a loss behind the proxy costs the round trip of the proxy's connection only") {
  // The next packet, 20 ms later, proves the loss on the proxy's connection, whose round trip is
  // 28 ms.
  const metrics::RunRecord record =
      runBehindProxy("proxy-loss", ", up: {loss: {drop: [45]}}", "senders: [alice], duration: 1 s");
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
  // The tunnel stands 31 ms after Alice began with it, which is 92 ms before she has her relay's
  // address, and is closed 10005 ms after that. Alice hears of it 1 ms later, the relay 14 ms.
  const metrics::RunRecord record = runBehindProxy(
      "longest", "", "setup: 0 s, duration: 20 s, ice-restart: false", "{longest: 10005 ms}");
  REQUIRE(record.failedCalls.empty());
  REQUIRE(record.streams.size() == 2);
  const TimePoint closed =
      TimePoint::at(toldAt(record, "alice@office", "relay")) + Duration::ms(-92 + 31 + 10'005);
  const auto sentUntil = [](const metrics::StreamRecord& stream, TimePoint end) {
    return std::count_if(stream.trace.begin(), stream.trace.end(),
                         [end](const auto& frame) { return frame.sent < end; });
  };
  // Hers come to the proxy after 1 ms.
  const metrics::StreamRecord& alice = record.streams[0];
  REQUIRE(alice.from == "alice@office");
  CHECK(std::llround(alice.totals[MetricId::audio_packets_received]) ==
        sentUntil(alice, closed - Duration::ms(1)));
  // Bob's come to the relay after 15 ms and to the proxy after 29 ms. What is on its way from there
  // comes to the proxy in vain, what is behind it stays at the relay.
  const metrics::StreamRecord& bob = record.streams[1];
  const auto through = sentUntil(bob, closed - Duration::ms(29));
  CHECK(std::llround(bob.totals[MetricId::audio_packets_received]) == through);
  CHECK(lostAt(bob, "office/proxy socket") == sentUntil(bob, closed - Duration::ms(1)) - through);
  // Who does not restart ICE gives up 5 s later, and both with it.
  for (const metrics::CallParticipant& each : record.calls.at(0).participants) {
    CHECK(each.code == 410);
    CHECK(each.subcode == 301005);
  }
  for (const metrics::StreamRecord& stream : record.streams) {
    CHECK(stream.totals[MetricId::audio_packets_in_flight_at_end] == 0);
    CHECK(stream.totals[MetricId::audio_packets_sent] == Approx(15.1 * 50).margin(30));
    CHECK(stream.totals[MetricId::audio_packets_lost] ==
          stream.totals[MetricId::audio_packets_sent] -
              stream.totals[MetricId::audio_packets_received]);
    CHECK(stream.totals[MetricId::audio_longest_interruption] ==
          Approx(stream.totals[MetricId::audio_packets_lost] * 0.02).margin(0.05));
    CHECK(stream.windows.at(0).values[MetricId::audio_concealed_ratio] < 0.03);
  }
  CHECK(dropsAt(record, "office/proxy",
                "it has closed the tunnel, which had lasted for its longest") >= 2);
}

TEST_CASE("a call through a proxy goes on in another tunnel") {
  // As before, but her client restarts ICE at once: servers are asked after 50 ms at the next tick,
  // the tunnel takes 32, a relay's address 60, a check 60. It has its turn after at most four
  // ticks, and four more for a check of Bob's own address, which leads nowhere.
  const metrics::RunRecord record =
      runBehindProxy("longest-restart", "", "setup: 0 s, duration: 20 s", "{longest: 10005 ms}");
  REQUIRE(record.streams.size() == 2);
  const metrics::StreamRecord& alice = record.streams[0];
  CHECK(alice.totals[MetricId::audio_packets_sent] == 1000);
  CHECK(alice.totals[MetricId::audio_longest_interruption] > 0.050 + 0.032 + 0.060 + 0.060);
  CHECK(alice.totals[MetricId::audio_longest_interruption] <
        0.050 + 0.0157 + 0.032 + 0.060 + 0.060 + 2 * 0.0625 + 0.06);
  // Bob, who does not lead, follows when her media comes that way: 30 ms to him, and 30 ms to her.
  CHECK(record.streams[1].totals[MetricId::audio_longest_interruption] >
        alice.totals[MetricId::audio_longest_interruption]);
  CHECK(record.streams[1].totals[MetricId::audio_longest_interruption] <
        alice.totals[MetricId::audio_longest_interruption] + 0.16);
}

TEST_CASE("a tunnel that is closed before media begins connects nobody") {
  // The tunnel is closed as soon as it stands, or before Alice has an address at the relay.
  for (const std::string longest : {"1 ms", "40 ms"}) {
    INFO(longest);
    const metrics::RunRecord record =
        runBehindProxy("set-up-fails", "", "senders: [alice], setup: 0 s, duration: 1 s",
                       "{longest: " + longest + "}", "drain: 1 s\n");
    CHECK(record.streams.empty());
    REQUIRE(record.failedCalls.size() == 1);
    CHECK(record.failedCalls[0].code == 410);
    const std::vector<std::string>& reasons = record.failedCalls[0].reasons;
    // Behind it stands which of their datagrams the wall refuses: straight from both, from Alice to
    // the relay over UDP, and from both of Bob's allocations.
    REQUIRE(reasons.size() == 6);
    CHECK(reasons[0].starts_with("alice@office and bob@home: relay-proxy: "));
    for (std::size_t i = 1; i < reasons.size(); ++i)
      CHECK(reasons[i].find(": wall refuses udp ") != std::string::npos);
  }
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
  const metrics::RunRecord left = with("1 ms");
  REQUIRE(left.failedCalls.size() == 1);
  CHECK(left.failedCalls[0].reasons[0].starts_with("alice@office: relay-proxy: "));
  REQUIRE(left.streams.size() == 2);
  for (const metrics::StreamRecord& stream : left.streams) {
    CHECK(stream.from != "alice@office");
    CHECK(stream.to != "alice@office");
    CHECK(stream.totals[MetricId::audio_packets_lost] == 0);
  }
  // Closed in the midst of it, her streams are interrupted and the others' are not.
  const metrics::RunRecord cut = with("4 s");
  CHECK(cut.failedCalls.empty());
  REQUIRE(cut.streams.size() == 6);
  for (const metrics::StreamRecord& stream : cut.streams) {
    const bool hers = stream.from == "alice@office" || stream.to == "alice@office";
    CHECK((stream.totals[MetricId::audio_packets_lost] > 5) == hers);
    CHECK((stream.totals[MetricId::audio_packets_lost] == 0) == !hers);
    CHECK(stream.totals[MetricId::audio_packets_lost] +
              stream.totals[MetricId::audio_packets_received] ==
          stream.totals[MetricId::audio_packets_sent]);
  }
}

TEST_CASE("an outage ends the tunnel of a proxy that closes idle ones before a check comes") {
  // Alice only listens. Bob's line is dead from 5 s to 15 s: what comes to the proxy then are
  // Alice's checks, each 2.5 s, and a few of her reports, too few to stand in every gap.
  const auto with = [](const std::string& idle) {
    return runBehindProxy("idle", "",
                          "senders: [bob], setup: 0 s, duration: 20 s, ice-restart: false",
                          "{idle: " + idle + "}",
                          "events:\n"
                          "  - {at: 5 s, link: home.uplink, loss: 100%}\n"
                          "  - {at: 15 s, link: home.uplink, loss: 0%}\n");
  };
  const std::string reason = " has closed the tunnel, which was idle for too long";
  // Frames leave at 374 ms + k x 20 ms and come to the line 1 ms later: 500 are lost on it. That
  // nothing has come for 5 s and more is told, and mended when the line is back.
  const metrics::RunRecord kept = with("2600 ms");
  REQUIRE(kept.streams.size() == 1);
  CHECK(kept.streams[0].totals[MetricId::audio_packets_received] == 500);
  CHECK(kept.streams[0].totals[MetricId::audio_packets_lost] == 500);
  CHECK(dropsAt(kept, "azure:westeurope/relay", "office/proxy" + reason) == 0);
  // Those that leave when the line is back come to a relay whose client is gone, and the call ends.
  // A check that is not answered is followed by others each 0.9 s, which are too few for this one.
  const metrics::RunRecord closed = with("800 ms");
  REQUIRE(closed.streams.size() == 1);
  CHECK(closed.streams[0].totals[MetricId::audio_packets_received] == 232);  // k up to 231: 4.994 s
  CHECK(closed.calls.at(0).participants.at(0).subcode == 301005);
}

TEST_CASE("media alone keeps a tunnel open that may not be idle") {
  const metrics::RunRecord record = runBehindProxy(
      "not-idle", "", "senders: [alice], setup: 0 s, duration: 20 s", "{idle: 300 ms}");
  REQUIRE(record.streams.size() == 1);
  CHECK(record.streams[0].totals[MetricId::audio_packets_received] == 1000);
  CHECK(record.streams[0].totals[MetricId::audio_packets_lost] == 0);
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
