// Other traffic: what is sent, when, and what comes of it. Numbers by hand.
#include <ns3/simulator.h>

#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <vector>

#include "models/traffic/datagrams.h"
#include "models/traffic/transfers.h"
#include "src/metrics/run_record.h"
#include "tests/models/fabric_support.h"
#include "tests/support/scenarios.h"
#include "tests/support/show_units.h"

using namespace callflow;
using namespace callflow::fabric;
using namespace callflow::fabric::testing;
using namespace callflow::traffic;

namespace {

// alice - bob, 10 Mbit/s and 10 ms each way with a queue of 50 ms.
struct Line {
  Line() {
    fabric.setRoute(a, bob, fabric.addRoute(std::array{ab}));
    fabric.setRoute(b, alice, fabric.addRoute(std::array{ba}));
  }
  static LinkParameters wire() {
    LinkParameters result = linkOf(DataRate::mbps(10), Duration::ms(10));
    result.queue = Duration::ms(50);
    return result;
  }
  SimulatorSession session;
  Fabric fabric{session.simulator()};
  NodeId a = fabric.addNode("alice"), b = fabric.addNode("bob");
  LinkId ab = fabric.addLink(a, b, wire(), "ab"), ba = fabric.addLink(b, a, wire(), "ba");
  Ends ends{a, b, {alice, 20'000}, {bob, 443}, 1, wire::Dscp{8}};
};

constexpr Period kTenSeconds{TimePoint{}, TimePoint::at(Duration::s(10))};

}  // namespace

TEST_CASE("constant traffic has its rate to the packet") {
  Line line;
  Datagrams traffic(line.fabric, line.ends, Constant{DataRate::mbps(3), DataSize::bytes(1000)},
                    {TimePoint{}, TimePoint::at(Duration::s(1))}, "t");
  traffic.start();
  ns3::Simulator::Run();
  // 3 Mbit/s are 375 packets of 8,000 bits in a second: at 0, 2.666... ms, up to 997.333 ms.
  CHECK(traffic.volume().sent == DataSize::bytes(375'000));
  CHECK(traffic.volume().received == DataSize::bytes(375'000));
  CHECK(line.fabric.counters(line.ab).sent == 375);
}

TEST_CASE("flows at a constant rate are not in step with each other") {
  Line line;
  std::vector<std::unique_ptr<Datagrams>> flows;
  // Ten flows of 1 packet in 20 ms: of 45 pairs few begin within the same tenth of a millisecond.
  std::set<std::int64_t> instants;
  for (int i = 0; i < 10; ++i) {
    Ends ends = line.ends;
    ends.destination.port = static_cast<std::uint16_t>(443 + i);
    flows.push_back(std::make_unique<Datagrams>(
        line.fabric, ends, Constant{DataRate::kbps(400), DataSize::bytes(1000)},
        Period{TimePoint{}, TimePoint::at(Duration::ms(20))}, "t " + std::to_string(i)));
    flows.back()->start();
  }
  ns3::Simulator::Run();
  for (const auto& flow : flows) {
    // Each once, at an instant of its own.
    CHECK(flow->volume().sent == DataSize::bytes(1000));
    instants.insert((flow->volume().last - TimePoint{}).count() / 100'000);
  }
  CHECK(instants.size() >= 8);
}

TEST_CASE("traffic with pauses sends on / (on + off) of its rate in the long run") {
  Line line;
  OnOff parameters;
  parameters.rate = DataRate::mbps(4);
  parameters.packetSize = DataSize::bytes(500);
  parameters.on = Duration::ms(100);
  parameters.off = Duration::ms(300);
  Datagrams traffic(line.fabric, line.ends, parameters,
                    {TimePoint{}, TimePoint::at(Duration::s(2000))}, "t");
  traffic.start();
  ns3::Simulator::Run();
  // A quarter of 4 Mbit/s for 2000 s; 5000 bursts of 100 ms have a spread of 2 % (both times are
  // exponential); each sends one packet of 1 ms more than its length has room for, on average half.
  CHECK(static_cast<double>(traffic.volume().sent.count()) ==
        Approx(250'000'000.0 * (1 + 0.5 / 100)).epsilon(0.06));
}

TEST_CASE("a transfer without end fills the line and no more") {
  Line line;
  transport::TcpLayer tcp(line.fabric);
  Transfers traffic(line.fabric, tcp, line.ends, transport::End::client, {}, kTenSeconds, "t");
  traffic.start();
  ns3::Simulator::Run();
  // 1448 of 1500 B are the application's; what still lies in the socket at 10 s is sent too.
  const double most = 10e6 / 8 * 10 * 1448 / 1500;
  const auto received = static_cast<double>(traffic.volume().received.count());
  CHECK(received > 0.95 * most);
  CHECK(received < 1.35 * most);
  CHECK(traffic.volume().received == traffic.volume().sent);
}

TEST_CASE("a transfer of a size sends that, whichever end opened the connection") {
  for (const transport::End sends : {transport::End::client, transport::End::server}) {
    Line line;
    transport::TcpLayer tcp(line.fabric);
    Transfer parameters;
    parameters.size = DataSize::bytes(1'234'567);
    Transfers traffic(line.fabric, tcp, line.ends, sends, parameters, kTenSeconds, "t");
    traffic.start();
    ns3::Simulator::Run();
    CHECK(traffic.volume().sent == DataSize::bytes(1'234'567));
    CHECK(traffic.volume().received == DataSize::bytes(1'234'567));
    const LinkId busy = sends == transport::End::client ? line.ab : line.ba;
    CHECK(line.fabric.counters(busy).bytes > DataSize::bytes(1'234'567));
  }
}

TEST_CASE("files with pauses follow one another on one connection") {
  Line line;
  transport::TcpLayer tcp(line.fabric);
  Transfer parameters;
  parameters.size = DataSize::bytes(20'000);
  parameters.pause = Duration::ms(500);
  Transfers traffic(line.fabric, tcp, line.ends, transport::End::client, parameters,
                    {TimePoint{}, TimePoint::at(Duration::s(600))}, "t");
  traffic.start();
  ns3::Simulator::Run();
  // A file takes 20 to 50 ms beside its pause of 500 ms: some 1,130 files of 20 kB on average;
  // their number and their sizes have a spread of 3 % each.
  CHECK(static_cast<double>(traffic.volume().received.count()) ==
        Approx(1130 * 20'000.0).epsilon(0.15));
  CHECK(traffic.volume().sent == traffic.volume().received);
}

namespace {

topology::Scenario uploadScenario(const std::string& perimeter, const std::string& queue,
                                  const std::string& traffic) {
  return callflow::testing::parsedScenario("upload", R"(
topology:
  remote:
    home:
      location: westeurope
      perimeter: )" + perimeter + R"(
      uplink: {rate: 60 Mbit/s, delay: 8 ms, up: {rate: 5 Mbit/s, queue: )" +
                                                         queue + R"(}}
    peer: {location: westeurope, nat: peer-router, uplink: {rate: 100 Mbit/s, delay: 4 ms}}
  devices:
    home-router: {kind: nat}
    peer-router: {kind: nat}
    smart: {kind: shaper, up: {rate: 4.75 Mbit/s, discipline: fq-codel}}
  internet: {jitter: 0 ms}
warm-up: 10 s
runs: 1
calls: [{name: talk, participants: [hal@home, pat@peer], senders: [hal], duration: 30 s}]
traffic: [{name: other, )" + traffic + R"(}]
)");
}

// The delay that a share of the frames of the only stream stays below, network only.
double delayPercentile(const metrics::RunRecord& record, double share) {
  REQUIRE(record.streams.size() == 1);
  std::int64_t all = 0, seen = 0;
  for (const auto& [bin, count] : record.streams[0].delayHistogram) all += count;
  for (const auto& [bin, count] : record.streams[0].delayHistogram) {
    seen += count;
    if (static_cast<double>(seen) >= share * static_cast<double>(all)) return bin * 0.1;
  }
  return -1;
}

}  // namespace

TEST_CASE("one upload fills whatever queue there is, and FQ-CoDel lets the call by") {
  const std::string upload = "kind: transfer, from: home, start: 2 s";
  const auto idle = callflow::testing::simulated(
      uploadScenario("[home-router]", "1 s", "kind: constant, rate: 8 kbit/s, from: home"));
  const auto deep = callflow::testing::simulated(uploadScenario("[home-router]", "1 s", upload));
  const auto shallow =
      callflow::testing::simulated(uploadScenario("[home-router]", "50 ms", upload));
  const auto smart =
      callflow::testing::simulated(uploadScenario("[home-router, smart]", "1 s", upload));
  const double base = delayPercentile(idle, 0.95);
  CHECK(base < 40);
  // Measured on such a line: p95 of 1,012 ms with a queue of 1,000 and 62 with one of 50, where
  // 10 ms are the line's.
  CHECK(delayPercentile(deep, 0.95) - base == Approx(1000).epsilon(0.03));
  CHECK(delayPercentile(shallow, 0.95) - base == Approx(50).epsilon(0.1));
  CHECK(delayPercentile(smart, 0.95) - base < 8);
  // The line is full in all of them: 40 s or less of 5 Mbit/s.
  REQUIRE(deep.traffic.size() == 1);
  CHECK(deep.traffic[0].from == "other@home");
  CHECK(static_cast<double>(deep.traffic[0].received.count()) / deep.traffic[0].time.seconds() * 8 >
        4.5e6);
}

TEST_CASE("what comes from the Internet gets through the NAT, for minutes too") {
  const auto record = callflow::testing::simulated(uploadScenario(
      "[home-router]", "1 s", "kind: constant, rate: 1 Mbit/s, from: internet, to: home"));
  REQUIRE(record.traffic.size() == 1);
  CHECK(record.traffic[0].sent > DataSize::bytes(3'500'000));
  CHECK(record.traffic[0].received == record.traffic[0].sent);
  const auto transfer = callflow::testing::simulated(uploadScenario(
      "[home-router]", "1 s", "kind: transfer, size: 5 MB, from: internet, to: home"));
  CHECK(transfer.traffic[0].received == DataSize::bytes(5'000'000));
}

TEST_CASE(
    "traffic goes to and from the clients of a VPN, whatever ports it shares with the tunnel") {
  for (const std::string preset : {"ipsec-gcm", "anyconnect-tls", "anyconnect-dtls"}) {
    INFO(preset);
    const auto record = callflow::testing::simulated(callflow::testing::parsedScenario(
        "vpn-traffic",
        "topology:\n"
        "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [wall, gate]}}\n"
        "  remote: {home: {nat: one, vpn: gate}, inn: {nat: two, vpn: gate}}\n"
        "  devices: {wall: {kind: firewall, nat: {}}, one: {kind: nat}, two: {kind: "
        "nat}, gate: {kind: vpn, preset: " +
            preset +
            "}}\n"
            "runs: 1\n"
            "calls: [{name: talk, participants: [hal@home, pat@hq], duration: 10 s}]\n"
            "traffic:\n"
            "  - {name: out, kind: transfer, size: 200 kB, from: hal@home, to: hq}\n"
            "  - {name: in, kind: transfer, size: 200 kB, from: hq, to: hal@home}\n"
            "  - {name: across, kind: transfer, size: 200 kB, from: home, to: inn}\n"
            "  - {name: flow, kind: constant, from: inn, to: hal@home}\n"));
    REQUIRE(record.traffic.size() == 4);
    for (const metrics::TrafficRecord& each : record.traffic) {
      INFO(each.name);
      CHECK(each.sent > DataSize{});
      CHECK(each.received == each.sent);
    }
  }
}

TEST_CASE("traffic to somebody behind a NAT that nobody there has asked for is warned of") {
  const std::string said = callflow::testing::faultsOf("unasked", R"(scenario: unasked
topology:
  sites:
    hq: {subnets: [10.1.0.0/16], perimeter: [static-nat]}
    branch: {subnets: [10.2.0.0/16], wan: {to: hq}}
  remote:
    home: {nat: home-router}
    inn: {nat: inn-router}
  devices:
    home-router: {kind: nat}
    inn-router: {kind: nat}
    static-nat: {kind: nat, one-to-one: true}
calls: [{name: talk, participants: [ann@home, bob@inn], duration: 10 s}]
traffic:
  - {name: a, kind: transfer, from: home, to: inn}
  - {name: b, kind: constant, from: ann@home, to: bob@inn}
  - {name: c, kind: transfer, from: home, to: branch}
  - {name: d, kind: transfer, from: internet, to: inn}
)");
  const std::string unasked =
      R"( "inn" is behind "inn-router", which lets nothing in that nobody behind it has asked for; )"
      "write to: internet, or a site with public addresses\n";
  CHECK(said.find(":15:47: warning: traffic.a.to:" + unasked) != std::string::npos);
  CHECK(said.find(":16:51: warning: traffic.b.to:" + unasked) != std::string::npos);
  // One address is one host's, and who has asked is answered.
  CHECK(said.find("traffic.c.to") == std::string::npos);
  CHECK(said.find("traffic.d.to") == std::string::npos);
}
