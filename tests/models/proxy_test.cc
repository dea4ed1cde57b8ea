// An HTTP proxy between two connections: when it closes a tunnel, what becomes of the frames on
// their way, and what its look at them takes. Times by hand.
#include "models/proxy/http_proxy.h"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "models/client/client.h"
#include "models/fabric/own_clock.h"
#include "models/path/leg.h"
#include "models/proxy/limits.h"
#include "models/transport/tcp_layer.h"
#include "tests/support/show_units.h"

namespace callflow::proxy {
namespace {

using path::Closing;
using transport::End;

TimePoint at(std::int64_t us) {
  return TimePoint::at(Duration::us(us));
}

constexpr std::int64_t kSecond = 1'000'000;

Proxy proxyWith(std::optional<Duration> longest, std::optional<Duration> idle,
                Duration processing = {}) {
  Proxy made;
  made.present = true;
  made.longest = longest;
  made.idle = idle;
  made.processing = processing;
  return made;
}

// Writes down what becomes of the frames that go one way.
class Diary : public path::FlowEnd {
 public:
  explicit Diary(path::Transit& transit) : transit_(transit) {}
  void onArrival(path::FrameHandle handle, TimePoint now) override {
    arrived.emplace_back(transit_[handle].sequence, now);
    journeys.push_back(transit_.journey(handle));
    transit_.release(handle);
  }
  void onLost(path::FrameHandle handle) override {
    lost.emplace_back(transit_[handle].sequence, transit_.now());
  }
  void onLeftOver(path::FrameHandle) override { ++leftOver; }

  using Entry = std::pair<std::int64_t, TimePoint>;
  std::vector<Entry> arrived, lost;
  std::vector<path::Journey> journeys;
  std::size_t leftOver = 0;

 private:
  path::Transit& transit_;
};

// When a connection stood and when it was closed.
class Watcher : public path::ConnectionWatcher {
 public:
  void onStanding(TimePoint now) override { stood.push_back(now); }
  void onClosed(TimePoint now) override { closed.push_back(now); }
  std::vector<TimePoint> stood, closed;
};

// A client, a proxy 1 ms from it, and a server 14 ms behind that, on lines without a rate. The
// client's connection stands at 2 ms, its CONNECT arrives at 3 ms, the proxy's own connection, and
// so the tunnel, stands at 31 ms; the client knows at 32 ms.
class Tunnel : public fabric::LaneClient {
 public:
  explicit Tunnel(const Proxy& parameters, transport::Security security = transport::Security::none)
      : fabric(clock.simulator()),
        transit(fabric, false),
        lane_(clock.simulator().addLane(*this, 0)) {
    for (const char* name : {"client", "proxy", "server"}) nodes_.push_back(fabric.addNode(name));
    const std::array<fabric::LinkId, 4> links{line(0, 1, 1), line(1, 2, 14), line(2, 1, 14),
                                              line(1, 0, 1)};
    // The proxy has an address for each of its connections, which spares it a table of ports.
    const fabric::Endpoint client{fabric::Ipv4{1}, 50000}, listens{fabric::Ipv4{2}, 8080},
        opens{fabric::Ipv4{3}, 50000}, server{fabric::Ipv4{4}, 443};
    route(0, listens, links[0]);
    route(1, server, links[1]);
    route(2, opens, links[2]);
    route(1, client, links[3]);
    place = fabric.addLink(nodes_[1], nodes_[1], {}, "proxy");
    proxy.emplace(transit, parameters, place);
    leg(0, 1, client, listens, *proxy);
    leg(1, 2, opens, server, ends_);
    leg(2, 1, server, opens, *proxy);
    leg(1, 0, listens, client, ends_);
    tcp.emplace(fabric);
    path::TcpConnection::Setup toProxy;
    toProxy.clientQueue = toProxy.serverQueue = DataSize::bytes(1 << 20);
    path::TcpConnection::Setup toServer = toProxy;
    toProxy.toProxy = true;
    inner.emplace(transit, *tcp, *legs_[0], *legs_[3], toProxy, watcher);
    toServer.security = security;
    outer.emplace(transit, *tcp, *legs_[1], *legs_[2], toServer, watcher);
    proxy->addTunnel(*inner, *outer);
    up_.legs = {legs_[0].get(), legs_[1].get()};
    down_.legs = {legs_[2].get(), legs_[3].get()};
    inner->open();
  }

  // Frames that are sent at these times, in us.
  void sendUp(const std::vector<std::int64_t>& times) { sendAt(times, 0); }
  void sendDown(const std::vector<std::int64_t>& times) { sendAt(times, 1); }
  void run() {
    clock.run();
    transit.tellLeftOver();
  }
  void onRecord(std::uint32_t, std::uint32_t way, TimePoint) override {
    transit.send(flows_[way], ++sent_[way], DataSize::bytes(100));
  }
  std::int64_t lostToClosing() const {
    std::int64_t sum = 0;
    for (const auto& each : legs_) sum += each->lostToClosing();
    return sum;
  }

  fabric::OwnClock clock;
  fabric::Fabric fabric;
  path::Transit transit;
  Diary up{transit}, down{transit};
  Watcher watcher;
  fabric::LinkId place{};
  std::optional<HttpProxy> proxy;
  std::optional<transport::TcpLayer> tcp;
  std::optional<path::TcpConnection> inner, outer;

 private:
  fabric::LinkId line(std::size_t from, std::size_t to, std::int64_t ms) {
    fabric::LinkParameters parameters;
    parameters.delay = Duration::ms(ms);
    return fabric.addLink(nodes_[from], nodes_[to], parameters,
                          std::to_string(from) + " to " + std::to_string(to));
  }
  void route(std::size_t from, const fabric::Endpoint& to, fabric::LinkId link) {
    fabric.setRoute(nodes_[from], to.address, fabric.addRoute({&link, 1}));
  }
  void leg(std::size_t from, std::size_t to, const fabric::Endpoint& source,
           const fabric::Endpoint& destination, path::FrameSink& sink) {
    legs_.push_back(std::make_unique<path::Leg>(
        transit, path::LegEnds{nodes_[from], nodes_[to], source, destination},
        media::Encapsulation::turnTcp, sink));
  }
  void sendAt(const std::vector<std::int64_t>& times, std::uint32_t way) {
    for (const std::int64_t time : times) clock.simulator().pushOutOfOrder(lane_, at(time), way);
  }

  fabric::LaneId lane_;
  std::vector<fabric::NodeId> nodes_;
  client::Client ends_{transit};
  std::vector<std::unique_ptr<path::Leg>> legs_;
  path::Path up_, down_;
  std::array<path::Flow, 2> flows_{path::Flow{&up_, &up}, path::Flow{&down_, &down}};
  std::array<std::int64_t, 2> sent_{};
};

using Times = std::vector<TimePoint>;

TEST_CASE("a tunnel ends by whichever limit comes first, and not before its end") {
  const TimePoint stood = at(kSecond);
  CHECK(tunnelEnd(proxyWith({}, {}), stood, stood).at == TimePoint::max());
  const Proxy both = proxyWith(Duration::s(10), Duration::s(3));
  CHECK(tunnelEnd(both, stood, stood).at == at(4 * kSecond));
  CHECK(tunnelEnd(both, stood, stood).why == Closing::idleness);
  CHECK(tunnelEnd(both, stood, at(7 * kSecond)).at == at(10 * kSecond));
  CHECK(tunnelEnd(both, stood, at(8 * kSecond)).at == at(11 * kSecond));
  CHECK(tunnelEnd(both, stood, at(8 * kSecond)).why == Closing::oldAge);  // both at once
  CHECK(tunnelEnd(both, stood, at(9 * kSecond)).at == at(11 * kSecond));
}

TEST_CASE("without limits a tunnel stays") {
  Tunnel tunnel(proxyWith({}, {}));
  tunnel.sendUp({kSecond, 4000 * kSecond});
  tunnel.run();
  CHECK(tunnel.watcher.stood == Times{at(31'000), at(32'000)});
  CHECK(tunnel.watcher.closed.empty());
  CHECK(tunnel.up.arrived ==
        std::vector<Diary::Entry>{{1, at(kSecond + 15'000)}, {2, at(4000 * kSecond + 15'000)}});
}

TEST_CASE("the longest life counts from when the tunnel stands, whatever it carries") {
  Tunnel tunnel(proxyWith(Duration::s(10), {}));
  std::vector<std::int64_t> times;
  for (std::int64_t time = kSecond; time < 20 * kSecond; time += 20'000) times.push_back(time);
  tunnel.sendUp(times);
  tunnel.run();
  CHECK(tunnel.watcher.closed == Times{at(10'031'000), at(10'031'000)});
  CHECK(tunnel.inner->closing() == Closing::oldAge);
  CHECK(tunnel.outer->closing() == Closing::oldAge);
  CHECK_FALSE(tunnel.inner->stands());
  // The last to pass leaves at 10.020 s; that of 10.040 s is lost, as the client has known since
  // 10.032 s.
  CHECK(tunnel.up.arrived.size() == 452);
  CHECK(tunnel.up.arrived.back() == Diary::Entry{452, at(10'035'000)});
  CHECK(tunnel.up.lost.front() == Diary::Entry{453, at(10'040'000)});
  CHECK(tunnel.up.lost.size() == 498);
}

TEST_CASE("what is on its way when a tunnel is closed is lost where it comes to its end") {
  // Closed at 10.031 s. The client hears of it at 10.032 s, the server at 10.045 s.
  Tunnel tunnel(proxyWith(Duration::s(10), {}));
  tunnel.sendUp({10'029'500,    // passes the proxy at 10.0305 s, and arrives
                 10'030'500,    // comes to the proxy at 10.0315 s
                 10'031'500,    // leaves before the client has heard
                 10'033'500});  // does not leave
  tunnel.sendDown({10'016'500, 10'017'500, 10'044'500, 10'045'500});
  tunnel.run();
  CHECK(tunnel.up.arrived == std::vector<Diary::Entry>{{1, at(10'044'500)}});
  CHECK(tunnel.up.lost ==
        std::vector<Diary::Entry>{{2, at(10'031'500)}, {3, at(10'032'500)}, {4, at(10'033'500)}});
  CHECK(tunnel.down.arrived == std::vector<Diary::Entry>{{1, at(10'031'500)}});
  CHECK(tunnel.down.lost ==
        std::vector<Diary::Entry>{{2, at(10'031'500)}, {4, at(10'045'500)}, {3, at(10'058'500)}});
  // By who was to send it on: the client, the proxy either way, the server.
  CHECK(tunnel.inner->lostToClosing(End::client) == 1);
  CHECK(tunnel.outer->lostToClosing(End::client) == 2);
  CHECK(tunnel.inner->lostToClosing(End::server) == 2);
  CHECK(tunnel.outer->lostToClosing(End::server) == 1);
}

TEST_CASE("a tunnel is idle from the last byte that came either way") {
  const auto closed = [](const std::vector<std::int64_t>& up,
                         const std::vector<std::int64_t>& down) {
    Tunnel tunnel(proxyWith({}, Duration::s(3)));
    tunnel.sendUp(up);
    tunnel.sendDown(down);
    tunnel.run();
    REQUIRE(tunnel.watcher.closed.size() == 2);
    CHECK(tunnel.watcher.closed[0] == tunnel.watcher.closed[1]);
    CHECK(tunnel.inner->closing() == Closing::idleness);
    CHECK(tunnel.up.lost.empty());
    CHECK(tunnel.down.lost.empty());
    return tunnel.watcher.closed[0];
  };
  CHECK(closed({}, {}) == at(3'031'000));
  // A byte of the client's comes to the proxy 1 ms later, one of the server's 14 ms later.
  CHECK(closed({2 * kSecond}, {}) == at(5'001'000));
  CHECK(closed({}, {2 * kSecond}) == at(5'014'000));
  CHECK(closed({2 * kSecond, 7 * kSecond}, {4'500'000}) == at(10'001'000));
  // The other way round the second would come too late.
  CHECK(closed({}, {2'900'000, 5'800'000, 8'700'000}) == at(11'714'000));
}

TEST_CASE("checks more often than a tunnel may be idle keep it open, less often do not") {
  const auto arrived = [](Duration idle) {
    Tunnel tunnel(proxyWith({}, idle));
    tunnel.sendUp({2'500'000, 5'000'000, 7'500'000, 10'000'000});
    tunnel.run();
    CHECK(tunnel.up.arrived.size() + tunnel.up.lost.size() == 4);
    return tunnel.up.arrived.size();
  };
  CHECK(arrived(Duration::ms(2600)) == 4);
  CHECK(arrived(Duration::ms(2480)) == 1);  // at 2.5 s it has been idle for 2.47 s
  CHECK(arrived(Duration::ms(2400)) == 0);
}

TEST_CASE("what a proxy looks at goes on so much later, either way, by its name") {
  Tunnel tunnel(proxyWith({}, {}, Duration::ms(5)));
  tunnel.sendUp({kSecond, kSecond + 1000});
  tunnel.sendDown({kSecond, kSecond + 1000});
  tunnel.run();
  for (const Diary* const diary : {&tunnel.up, &tunnel.down}) {
    CHECK(diary->arrived ==
          std::vector<Diary::Entry>{{1, at(kSecond + 20'000)}, {2, at(kSecond + 21'000)}});
    for (const path::Journey& journey : diary->journeys) {
      CHECK(journey.parts[receiver::DelayCause::queueing] == Duration::ms(5));
      CHECK(journey.parts[receiver::DelayCause::processing] == Duration{});
      CHECK(journey.parts.sum() == Duration::ms(20));
      REQUIRE(journey.waits.size() == 1);
      CHECK(journey.waits[0].link == tunnel.place);
      CHECK(journey.waits[0].time == Duration::ms(5));
    }
  }
}

TEST_CASE("what a proxy looks at when it closes the tunnel is lost") {
  Tunnel tunnel(proxyWith(Duration::s(10), {}, Duration::ms(5)));
  tunnel.sendUp({10'024'500, 10'025'500});  // looked at until 10.0305 s and 10.0315 s
  tunnel.run();
  CHECK(tunnel.up.arrived.size() == 1);
  CHECK(tunnel.up.lost == std::vector<Diary::Entry>{{2, at(10'031'500)}});
}

TEST_CASE("a tunnel may be closed while TLS is still being agreed on over it") {
  // TLS 1.3 takes the proxy's connection 28 ms more, until 59 ms.
  Tunnel early(proxyWith(Duration::ms(20), {}), transport::Security::tls13);
  early.sendUp({10'000, 40'000, 60'000});
  early.sendDown({40'000, 70'000});
  early.run();
  CHECK(early.watcher.stood == Times{at(32'000)});
  CHECK(early.watcher.closed == Times{at(51'000), at(51'000)});
  CHECK_FALSE(early.outer->stands());
  // The proxy holds two frames for its handshake, and the server one.
  CHECK(early.up.lost ==
        std::vector<Diary::Entry>{{1, at(51'000)}, {2, at(51'000)}, {3, at(60'000)}});
  CHECK(early.down.lost == std::vector<Diary::Entry>{{1, at(65'000)}, {2, at(70'000)}});
  CHECK(early.up.leftOver + early.down.leftOver == 0);

  // Its flights are bytes: the server's, at 59 ms, is the last.
  Tunnel idle(proxyWith({}, Duration::ms(40)), transport::Security::tls13);
  idle.run();
  CHECK(idle.watcher.stood == Times{at(32'000), at(59'000)});
  CHECK(idle.watcher.closed == Times{at(99'000), at(99'000)});
}

TEST_CASE("what is sent over a tunnel arrives or is lost, and is counted where") {
  std::mt19937 random(20260731);
  for (int round = 0; round < 50; ++round) {
    const auto upTo = [&](std::int64_t limit) {
      return static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(limit));
    };
    std::optional<Duration> longest, idle;
    if (upTo(2) == 0) longest = Duration::us(1 + upTo(2 * kSecond));
    if (upTo(2) == 0) idle = Duration::us(1 + upTo(200'000));
    const auto security = upTo(2) == 0 ? transport::Security::none : transport::Security::tls12;
    Tunnel tunnel(proxyWith(longest, idle, Duration::us(upTo(10'000))), security);
    std::vector<std::int64_t> up, down;
    for (int i = 0; i < 200; ++i) (upTo(2) == 0 ? up : down).push_back(upTo(2 * kSecond));
    tunnel.sendUp(up);
    tunnel.sendDown(down);
    tunnel.run();
    INFO("round " << round);
    CHECK(tunnel.up.arrived.size() + tunnel.up.lost.size() == up.size());
    CHECK(tunnel.down.arrived.size() + tunnel.down.lost.size() == down.size());
    CHECK(tunnel.up.leftOver + tunnel.down.leftOver == 0);
    CHECK(static_cast<std::size_t>(tunnel.lostToClosing()) ==
          tunnel.up.lost.size() + tunnel.down.lost.size());
    if (!longest && !idle) CHECK(tunnel.lostToClosing() == 0);
  }
}

}  // namespace
}  // namespace callflow::proxy
