// A stream at its receiver: what it is told late and in batches comes to the same as if at once.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "models/client/arrival_log.h"
#include "models/client/client.h"
#include "models/client/incoming_stream.h"
#include "models/fabric/own_clock.h"
#include "models/fabric/timers.h"
#include "models/path/leg.h"

using namespace callflow;
using receiver::DelayCause;

namespace {

TimePoint at(Duration time) {
  return TimePoint::at(time);
}

constexpr DataSize kSize = DataSize::bytes(100);
constexpr Duration kFrame = Duration::ms(20);

receiver::MeterConfig config(std::size_t places) {
  receiver::MeterConfig result;
  result.buffer = receiver::AdaptiveBuffer{};
  result.frame = kFrame;
  result.bitrate = DataRate::kbps(32);
  result.window = Duration::s(1);
  result.queueingElements = places;
  return result;
}

// Tells one meter of everything as it happens, and a stream as senders do: of what was sent, some
// frames at once.
class Both : public path::FlowEnd, public fabric::TickHandler {
 public:
  Both(path::Transit& transit, const path::Path& path, fabric::LinkId place, unsigned seed)
      : transit_(transit),
        flow_{&path, this},
        place_(place),
        atOnce(config(1)),
        late(transit, config(1), 0),
        random_(seed) {
    late.addPlaces(std::span(&place, 1));
  }

  bool onTick(std::uint32_t, TimePoint now) override {
    ++sent_;
    atOnce.sent(sent_, now, kSize);
    untold_.push_back({sent_, now, kSize});
    if (random_() % 20 == 0) tell();
    transit_.send(flow_, sent_, kSize, sent_ > 1 && random_() % 4 == 0);
    return sent_ < 500;
  }
  void tell() {
    late.onSent(untold_);
    untold_.clear();
  }

  void onArrival(path::FrameHandle handle, TimePoint now) override {
    const path::Frame& frame = transit_[handle];
    const path::Journey& journey = transit_.journey(handle);
    std::vector<receiver::QueueingAt> queueing;
    for (const fabric::Wait& wait : journey.waits) {
      REQUIRE(wait.link == place_);
      queueing.push_back({0, wait.time});
    }
    if (frame.carriesPrevious)
      atOnce.receivedWithin(frame.sequence, frame.sequence - 1, now, journey.parts, queueing);
    atOnce.received(frame.sequence, now, journey.parts, queueing);
    late.onArrival(handle, now);
  }
  void onLost(path::FrameHandle handle) override {
    atOnce.dropped(transit_[handle].sequence);
    late.onLost(handle);
  }

 private:
  path::Transit& transit_;
  path::Flow flow_;
  fabric::LinkId place_;
  std::vector<path::SentFrame> untold_;
  std::int64_t sent_ = 0;

 public:
  receiver::StreamMeter atOnce;
  client::IncomingStream late;

 private:
  std::mt19937 random_;
};

void checkSame(const receiver::PeriodStats& a, const receiver::PeriodStats& b) {
  CHECK(a.sent == b.sent);
  CHECK(a.received == b.received);
  CHECK(a.lost == b.lost);
  CHECK(a.discarded == b.discarded);
  CHECK(a.recovered == b.recovered);
  CHECK(a.concealed == b.concealed);
  CHECK(a.concealmentRuns == b.concealmentRuns);
  CHECK(a.jitterMean == b.jitterMean);
  CHECK(a.mouthToEar == b.mouthToEar);
  CHECK(a.score.mos == b.score.mos);
}

}  // namespace

TEST_CASE("what is told late and in batches is measured as if told at once", "[client]") {
  const unsigned seed = GENERATE(1U, 2U, 3U, 4U);
  fabric::OwnClock clock;
  fabric::Fabric fabric(clock.simulator());
  path::Transit transit(fabric, false);
  const fabric::NodeId alice = fabric.addNode("alice"), bob = fabric.addNode("bob");
  fabric::LinkParameters parameters;
  parameters.rate = DataRate::kbps(45);  // 17.8 ms a packet: some have to wait
  parameters.delay = Duration::ms(10);
  parameters.jitter.mean = Duration::ms(5);
  parameters.jitter.reorder.allowed = seed % 2 == 0;
  parameters.loss.mean = Ratio::percent(10);
  const fabric::LinkId link =
      fabric.addLink(alice, bob, parameters, "line " + std::to_string(seed));
  const fabric::Ipv4 address{0x0a000001};
  fabric.setRoute(alice, address, fabric.addRoute({&link, 1}));
  client::Client client(transit);
  fabric.bind(bob, fabric::Protocol::udp, 1000, &client);
  path::Leg leg(transit, {alice, bob, {fabric::Ipv4{1}, 1}, {address, 1000}},
                media::Encapsulation::udp, client);
  const path::Path way{{&leg}};
  Both both(transit, way, link, seed);
  fabric::PeriodicTimers timers(clock.simulator());
  timers.start(at(Duration::ms(3)), kFrame, both, 0);
  clock.run();
  both.tell();
  const TimePoint end = transit.now();
  const receiver::StreamReport a = both.atOnce.finish(end), b = both.late.finish(end);
  CHECK(a.totals.lost > 0);
  CHECK(a.totals.recovered > 0);
  CHECK(a.queueingAt[0] > Duration{});
  checkSame(a.totals, b.totals);
  REQUIRE(a.windows.size() == b.windows.size());
  for (std::size_t i = 0; i < a.windows.size(); ++i)
    checkSame(a.windows[i].stats, b.windows[i].stats);
  CHECK(a.delayHistogram == b.delayHistogram);
  CHECK(a.queueingAt == b.queueingAt);
  CHECK(a.totalDelay == b.totalDelay);
  CHECK(a.reordered == b.reordered);
}

TEST_CASE("an arrival log gives back what was entered, in order", "[client]") {
  client::ArrivalLog log;
  receiver::DelayParts parts;
  parts[DelayCause::sendWait] = Duration::ns(1);
  parts[DelayCause::headOfLine] = Duration::s(3'000'000);
  const std::vector<fabric::Wait> waits{{fabric::LinkId{0xfffffffe}, Duration::ms(4)},
                                        {fabric::LinkId{0}, Duration::ns(5)}};
  log.addArrival(at(Duration::s(1)), 0xffffffff, true, 7, parts, waits);
  log.addLoss(at(Duration::s(2)), 12);
  log.addArrival(at(Duration::s(2)), 13, false, 1, {}, {});

  client::ArrivalLog::Reader reader(log);
  client::Arrival entry;
  REQUIRE(reader.next(entry));
  CHECK(entry.time == at(Duration::s(1)));
  CHECK(entry.sequence == 0xffffffff);
  CHECK_FALSE(entry.lost);
  CHECK(entry.carriesPrevious);
  CHECK(entry.copies == 7);
  CHECK(entry.parts[DelayCause::sendWait] == Duration::ns(1));
  CHECK(entry.parts[DelayCause::headOfLine] == Duration::s(3'000'000));
  CHECK(entry.parts.sum() == Duration::s(3'000'000) + Duration::ns(1));
  REQUIRE(entry.waits.size() == 2);
  CHECK(entry.waits[0].link == fabric::LinkId{0xfffffffe});
  CHECK(entry.waits[1].time == Duration::ns(5));
  REQUIRE(reader.next(entry));
  CHECK(entry.lost);
  CHECK(entry.sequence == 12);
  REQUIRE(reader.next(entry));
  CHECK_FALSE(entry.lost);
  CHECK_FALSE(entry.carriesPrevious);
  CHECK(entry.copies == 1);
  CHECK(entry.parts.sum() == Duration{});
  CHECK(entry.waits.empty());
  CHECK_FALSE(reader.next(entry));
}
