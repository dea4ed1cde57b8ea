// Connections of both TCP models over the fabric: what holds whatever the network does.
#include <ns3/rng-seed-manager.h>
#include <ns3/simulator.h>
#include <catch2/catch.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/ns3_time.h"
#include "models/transport/tcp_layer.h"
#include "tests/support/show_units.h"

namespace callflow::transport {
namespace {

constexpr fabric::Endpoint clientEndpoint{fabric::Ipv4::of(10, 0, 0, 1), 50000};
constexpr fabric::Endpoint serverEndpoint{fabric::Ipv4::of(10, 0, 0, 2), 443};
constexpr DataSize message = DataSize::bytes(174);

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}

// A client and a server on one link a direction, who write a message each 20 ms.
class Call : public fabric::LaneClient, public StreamHandler {
 public:
  Call(const Tcp& settings, const fabric::LinkParameters& link, std::uint32_t messages)
      : fabric_(session_.simulator()), tcp_(fabric_), messages_(messages) {
    const fabric::NodeId client = fabric_.addNode("client");
    const fabric::NodeId server = fabric_.addNode("server");
    links_ = {fabric_.addLink(client, server, link, "forth"),
              fabric_.addLink(server, client, link, "back")};
    for (const fabric::LinkId id : links_) fabric_.expectChanges(id);
    fabric_.setRoute(client, serverEndpoint.address, fabric_.addRoute({&links_[0], 1}));
    fabric_.setRoute(server, clientEndpoint.address, fabric_.addRoute({&links_[1], 1}));
    lanes_ = {session_.simulator().addLane(*this, 0), session_.simulator().addLane(*this, 1)};
    tcp_.listen(server, serverEndpoint.port);
    stream_ =
        &tcp_.connect({client, clientEndpoint, 1}, {server, serverEndpoint, 2}, settings, *this);
    stream_->open();
    for (const fabric::LaneId lane : lanes_) {
      if (messages_ > 0) session_.simulator().push(lane, at(1000), 0);
    }
  }

  void run(Duration time) {
    ns3::Simulator::Stop(fabric::toNs3(time));
    ns3::Simulator::Run();
  }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override {
    stream_->send(channel == 0 ? End::client : End::server, message, payload);
    if (payload + 1 < messages_) {
      session_.simulator().push(lanes_[channel], now + Duration::ms(20), payload + 1);
    }
  }
  void onArrival(End, MessageToken, fabric::PacketId, const fabric::Packet&) override {}
  void onDelivery(End end, const Delivery& delivery) override {
    delivered[end == End::server ? 0 : 1].push_back(delivery);
  }
  void onWritable(End) override {}

  const Stream& stream() const { return *stream_; }
  fabric::LinkCounters sent() const { return fabric_.counters(links_[0]); }
  void setLinks(const fabric::LinkParameters& link) {
    for (const fabric::LinkId id : links_) fabric_.setLinkParameters(id, link);
  }

  std::array<std::vector<Delivery>, 2> delivered;

 private:
  fabric::SimulatorSession session_;
  fabric::Fabric fabric_;
  TcpLayer tcp_;
  std::uint32_t messages_;
  std::array<fabric::LinkId, 2> links_{};
  std::array<fabric::LaneId, 2> lanes_{};
  Stream* stream_ = nullptr;
};

std::vector<Tcp> allSettings() {
  Tcp duplicates, reno, bbr, nagle, ns3;
  duplicates.recovery = LossRecovery::duplicates;
  reno.congestion = CongestionAlgorithm::reno;
  bbr.congestion = CongestionAlgorithm::bbr;
  nagle.noDelay = false;
  ns3.model = TcpModel::ns3;
  return {Tcp{}, duplicates, reno, bbr, nagle, ns3};
}

TEST_CASE("every message arrives once and in order, whatever is lost or overtaken") {
  constexpr std::uint32_t messages = 1500;
  for (const Tcp& settings : allSettings()) {
    for (const std::int64_t lossPercent : {0, 2, 10}) {
      for (const bool reorder : {false, true}) {
        INFO("settings " << static_cast<int>(settings.model) << ", loss " << lossPercent << " %, "
                         << reorder);
        ns3::RngSeedManager::SetSeed(static_cast<std::uint32_t>(lossPercent) + 1);
        fabric::LinkParameters link;
        link.delay = Duration::ms(25);
        if (reorder)
          link.jitter = {Duration::ms(15), fabric::JitterDistribution::exponential, true};
        link.loss.mean = Ratio::percent(lossPercent);
        Call call(settings, link, messages);
        call.run(Duration::s(180));
        for (const std::vector<Delivery>& way : call.delivered) {
          REQUIRE(way.size() == messages);
          bool ordered = true, adds = true;
          for (std::uint32_t i = 0; i < messages; ++i) {
            const Delivery& d = way[i];
            ordered = ordered && d.token == i && (i == 0 || way[i - 1].delivered <= d.delivered);
            adds = adds && d.written <= d.firstTransmission && d.firstTransmission <= d.copySent &&
                   d.copySent < d.arrived && d.arrived <= d.delivered && d.copies >= 1;
          }
          CHECK(ordered);
          CHECK(adds);
        }
      }
    }
  }
}

TEST_CASE("the request for a connection is sent again after 1, 2, 4 ... s") {
  fabric::LinkParameters dead;
  dead.loss.mean = Ratio::percent(100);
  Tcp parameters;
  parameters.synRetries = 2;
  Call call(parameters, dead, 0);
  call.run(Duration::s(60));
  CHECK(call.sent().sent == 3);
  CHECK_FALSE(call.stream().established());
}

TEST_CASE("a lost request delays the connection by a second and the timer's grain") {
  fabric::LinkParameters dead;
  dead.loss.mean = Ratio::percent(100);
  // Slots of timers that long are of 32 ms: the second try is at 1.024 s.
  Call late(Tcp{}, dead, 0);
  late.run(Duration::ms(1020));
  CHECK(late.sent().sent == 1);
  fabric::LinkParameters alive;
  alive.delay = Duration::ms(25);
  late.setLinks(alive);
  late.run(Duration::ms(100));  // from 1020 on
  CHECK(late.sent().sent >= 2);
  CHECK(late.stream().established());
}

TEST_CASE("a socket takes no more than its buffer, and says when it does again") {
  Tcp parameters;
  parameters.sendBuffer = DataSize::bytes(4096);
  fabric::LinkParameters link;
  link.delay = Duration::ms(100);
  class Burst : public Call {
   public:
    using Call::Call;
    void onWritable(End end) override {
      if (end == End::client) ++woken;
    }
    int woken = 0;
  };
  Burst call(parameters, link, 0);
  call.run(Duration::ms(500));
  REQUIRE(call.stream().established());
  CHECK(call.stream().writable(End::client));
  int taken = 0;
  // SO_SNDBUF counts double, and each segment out costs 1280 bytes beside its own: 5 of 174.
  while (call.stream().writable(End::client) && taken < 100) {
    call.onRecord(0, 1000, TimePoint{});
    ++taken;
  }
  CHECK(taken == 6);
  CHECK(call.woken == 0);
  call.run(Duration::ms(500));
  CHECK(call.woken == 1);
  CHECK(call.stream().writable(End::client));
}

TEST_CASE("a socket blocks at its limit of what is not sent, and wakes when less than half is") {
  fabric::LinkParameters link;
  link.delay = Duration::ms(50);
  Tcp parameters;
  parameters.notSentLowWater = DataSize::bytes(1000);
  class Burst : public Call {
   public:
    using Call::Call;
    void onWritable(End) override { ++woken; }
    int woken = 0;
  };
  Burst call(parameters, link, 0);
  call.run(Duration::ms(500));
  int taken = 0;
  while (call.stream().writable(End::client) && taken < 100) {
    call.onRecord(0, 1000, TimePoint{});
    ++taken;
  }
  CHECK(taken == 16);  // the window's ten, and 6 x 174 = 1044
  CHECK(call.stream().waiting(End::client) == DataSize::bytes(44));
  CHECK(call.woken == 0);
  call.run(Duration::ms(500));
  CHECK(call.woken == 1);
  CHECK(call.stream().writable(End::client));
}

}  // namespace
}  // namespace callflow::transport
