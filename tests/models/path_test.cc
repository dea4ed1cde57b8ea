// Frames over paths: what each end of a leg does with them, and who is told what. Times by hand.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "models/client/client.h"
#include "models/conference/server.h"
#include "models/fabric/own_clock.h"
#include "models/path/forwarder.h"
#include "models/path/leg.h"

using namespace callflow;
using path::Flow;
using path::FrameHandle;

namespace {

TimePoint at(Duration time) {
  return TimePoint::at(time);
}

// Writes down what it is told.
class Diary : public path::MediaEnd {
 public:
  explicit Diary(path::Transit& transit) : transit_(transit) {}
  void onSent(std::span<const path::SentFrame> frames) override {
    for (const path::SentFrame& frame : frames) {
      lines.push_back("sent " + std::to_string(frame.sequence));
    }
  }
  void onArrival(FrameHandle handle, TimePoint now) override {
    const path::Frame& frame = transit_[handle];
    lines.push_back("arrived " + std::to_string(frame.sequence) + " at " +
                    toText(now.sinceStart()));
    parts.push_back(transit_.journey(handle).parts);
    transit_.release(handle);
  }
  void onLost(FrameHandle handle) override {
    lines.push_back("lost " + std::to_string(transit_[handle].sequence));
  }
  void onLeftOver(FrameHandle handle) override {
    lines.push_back("left over " + std::to_string(transit_[handle].sequence));
  }
  std::vector<std::string> lines;
  std::vector<receiver::DelayParts> parts;

 private:
  path::Transit& transit_;
};

// Alice, two servers and Bob, and links of 10 ms between each two of them.
class World {
 public:
  World() : fabric(clock.simulator()), transit(fabric, false) {
    for (const char* name : {"alice", "near", "far", "bob"}) nodes.push_back(fabric.addNode(name));
  }
  // Sends to `sink`, which stands at `to`.
  path::Leg& leg(std::size_t from, std::size_t to, path::FrameSink& sink,
                 Duration delay = Duration::ms(10)) {
    fabric::LinkParameters parameters;
    parameters.delay = delay;
    const std::string name = std::to_string(legs.size());
    const fabric::LinkId link = fabric.addLink(nodes[from], nodes[to], parameters, name);
    const auto port = static_cast<std::uint16_t>(1000 + legs.size());
    const fabric::Ipv4 address{static_cast<std::uint32_t>(0x0a000000 + 256 * to + legs.size())};
    fabric.setRoute(nodes[from], address, fabric.addRoute({&link, 1}));
    fabric.bind(nodes[to], fabric::Protocol::udp, port, &sink);
    const path::LegEnds ends{nodes[from], nodes[to], {fabric::Ipv4{1}, 1}, {address, port}};
    legs.push_back(std::make_unique<path::Leg>(transit, ends, media::Encapsulation::udp, sink));
    return *legs.back();
  }

  fabric::OwnClock clock;
  fabric::Fabric fabric;
  path::Transit transit;
  std::vector<fabric::NodeId> nodes;
  std::vector<std::unique_ptr<path::Leg>> legs;
};

constexpr DataSize kSize = DataSize::bytes(100);

}  // namespace

TEST_CASE("a relay sends a frame on after its processing, and the parts add up", "[path]") {
  World world;
  client::Client bob(world.transit);
  path::Forwarder relay(world.transit, Duration::us(100));
  Diary diary(world.transit);
  const path::Path way{{&world.leg(0, 1, relay), &world.leg(1, 3, bob)}};
  const Flow flow{&way, &diary};
  world.transit.send(flow, 7, kSize);
  world.clock.run();
  CHECK(diary.lines == std::vector<std::string>{"arrived 7 at 20.1 ms"});
  CHECK(diary.parts[0][receiver::DelayCause::propagation] == Duration::ms(20));
  CHECK(diary.parts[0][receiver::DelayCause::processing] == Duration::us(100));
  CHECK(diary.parts[0].sum() == Duration::us(20'100));
}

TEST_CASE("what comes to another than its leg leads to is lost there, as nobody's") {
  World world;
  client::Client bob(world.transit), carol(world.transit);
  Diary diary(world.transit);
  const path::Path way{{&world.leg(0, 3, bob)}};
  const Flow flow{&way, &diary};
  world.transit.send(flow, 1, kSize);
  world.clock.run();
  // A NAT has given Bob's port to Carol.
  world.fabric.bind(world.nodes[3], fabric::Protocol::udp, 1000, &carol);
  world.transit.send(flow, 2, kSize);
  world.clock.run();
  CHECK(diary.lines == std::vector<std::string>{"arrived 1 at 10 ms", "lost 2"});
  const std::vector<fabric::NodeDrops> drops = world.fabric.nodeDrops();
  REQUIRE(drops.size() == 1);
  CHECK(drops[0].cause == fabric::DropCause::noListener);
  CHECK(drops[0].packets == 1);
}

TEST_CASE("a path that is replaced takes what is sent from then on, and no more", "[path]") {
  World world;
  client::Client bob(world.transit);
  path::Forwarder relay(world.transit, Duration{});
  Diary diary(world.transit);
  const path::Path direct{{&world.leg(0, 3, bob)}};
  const path::Path relayed{{&world.leg(0, 1, relay), &world.leg(1, 3, bob, Duration::ms(30))}};
  Flow flow{&relayed, &diary};
  world.transit.send(flow, 1, kSize);
  flow.path = &direct;
  world.transit.send(flow, 2, kSize);
  world.clock.run();
  CHECK(diary.lines == std::vector<std::string>{"arrived 2 at 10 ms", "arrived 1 at 40 ms"});
}

TEST_CASE("the end of a flow is told what is lost and what is left over", "[path]") {
  World world;
  client::Client bob(world.transit);
  Diary diary(world.transit);
  const path::Path way{{&world.leg(0, 3, bob)}};
  const Flow flow{&way, &diary};
  world.transit.send(flow, 1, kSize);
  world.fabric.bind(world.nodes[3], fabric::Protocol::udp, 1000, nullptr);
  world.clock.run();
  CHECK(diary.lines == std::vector<std::string>{"lost 1"});  // nobody listens any more
  diary.lines.clear();
  const path::Path other{{&world.leg(0, 3, bob)}};
  const Flow second{&other, &diary};
  world.transit.send(second, 2, kSize);
  world.transit.tellLeftOver();
  CHECK(diary.lines == std::vector<std::string>{"left over 2"});
}

TEST_CASE("a publication forks to all others, and what is lost before the fork is lost to all",
          "[path]") {
  World world;
  client::Client bob(world.transit), carol(world.transit);
  conference::MediaProcessor processor;
  processor.processing = Duration::ms(1);
  conference::Server server(world.transit, processor);
  Diary toBob(world.transit), toCarol(world.transit);
  const path::Path up{{&world.leg(0, 1, server)}};
  const path::Path downToBob{{&world.leg(1, 3, bob)}};
  const path::Path downToCarol{{&world.leg(1, 2, carol, Duration::ms(20))}};
  conference::Publication publication(server);
  publication.addFork(downToBob, toBob, 0, 1);
  publication.addFork(downToCarol, toCarol, 0, 1);
  const Flow flow{&up, &publication};
  const path::SentFrame first{1, at(Duration{}), kSize};
  publication.onSent({&first, 1});
  world.transit.send(flow, 1, kSize);
  world.clock.run();
  CHECK(toBob.lines == std::vector<std::string>{"sent 1", "arrived 1 at 21 ms"});
  CHECK(toCarol.lines == std::vector<std::string>{"sent 1", "arrived 1 at 31 ms"});
  // Both have the way up behind them, and each its own way down.
  CHECK(toBob.parts[0][receiver::DelayCause::propagation] == Duration::ms(20));
  CHECK(toCarol.parts[0][receiver::DelayCause::propagation] == Duration::ms(30));
  for (const auto& parts : {toBob.parts[0], toCarol.parts[0]})
    CHECK(parts[receiver::DelayCause::processing] == Duration::ms(1));

  // Carol leaves; then the way up is gone.
  publication.removeFork(toCarol);
  world.fabric.bind(world.nodes[1], fabric::Protocol::udp, 1000, nullptr);
  const path::SentFrame second{2, world.transit.now(), kSize};
  publication.onSent({&second, 1});
  world.transit.send(flow, 2, kSize);
  world.clock.run();
  CHECK(toBob.lines.back() == "lost 2");
  CHECK(toCarol.lines.size() == 2);
}

TEST_CASE("a media processor passes on what receivers report of a publication, once", "[path]") {
  World world;
  conference::MediaProcessor processor;
  processor.processing = Duration{};
  conference::Server server(world.transit, processor);
  conference::Publication publication(server);
  const std::vector<conference::Publication*> publications{&publication, nullptr};
  conference::Attendance alice(publications, 0), bob(publications, 1);
  bob.onReport({{0, {2, 50}}}, at(Duration{}));
  bob.onReport({{0, {1, 50}}}, at(Duration{}));
  std::vector<client::ReportBlock> blocks;
  alice.fillReport(31, blocks);
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].ssrc == 0);
  CHECK(blocks[0].loss.lost == 3);
  CHECK(blocks[0].loss.expected == 100);
  blocks.clear();
  alice.fillReport(31, blocks);
  CHECK(blocks[0].loss.expected == 0);
  blocks.clear();
  bob.fillReport(31, blocks);  // he sends nothing
  CHECK(blocks.empty());
}
