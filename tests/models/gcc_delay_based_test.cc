// The delay-based estimate as a whole, on the frames and with the numbers of libwebrtc's
// delay_based_bwe_unittest.cc.
#include <catch2/catch.hpp>

#include "models/gcc/delay_based.h"
#include "models/gcc/probe_estimate.h"
#include "models/gcc/throughput.h"
#include "tests/models/gcc_support.h"

using namespace callflow;
using namespace callflow::gcc;

namespace {

constexpr TimePoint kStart = TimePoint::at(Duration::s(100));
constexpr double kFrame = 33.34;  // ms

// A sender that hears of each frame as it arrives.
class Sender {
 public:
  explicit Sender(int framesPerSecond, DataRate capacity = DataRate::mbps(1))
      : link(framesPerSecond, capacity, kStart) {}

  // Whether the estimate falls below the rate at which the frame was sent.
  bool sendFrame(DataRate rate) {
    auto packets = link.send(rate, now);
    now = packets.back().received;
    for (congestion::PacketResult& result : packets) result.received += clockOffset;
    const bool first = !everUpdated_;
    hear(packets);
    now = link.next();  // which may be earlier: frames do not wait for those before them
    return updated && !first && latest < rate;
  }

  void hear(std::vector<congestion::PacketResult> packets) {
    throughput.add(packets);
    for (const congestion::PacketResult& packet : packets) {
      if (packet.packet.cluster != congestion::kNoCluster) probes.onPacket(packet);
    }
    const auto result = estimate.onFeedback(packets, now, throughput.rate(), probes.take());
    updated = result.estimate.has_value();
    everUpdated_ = everUpdated_ || updated;
    if (updated) latest = *result.estimate;
  }

  // A packet alone, of which the sender hears at once.
  void hear(TimePoint sent, TimePoint received, DataSize size,
            int cluster = congestion::kNoCluster) {
    congestion::PacketResult result;
    result.packet = {.sequence = sequence_++, .sent = sent, .size = size, .cluster = cluster};
    result.received = received;
    hear(std::vector{result});
  }

  FrameLink link;
  TimePoint now = kStart;
  Duration clockOffset;  // of the receiver's
  RobustThroughput throughput;
  ProbeEstimate probes;
  DelayBased estimate;
  bool updated = false;
  DataRate latest;

 private:
  bool everUpdated_ = false;
  std::int64_t sequence_ = 0;
};

// How long it takes until the estimate is at most what a link carries that falls from 1 Mbit/s to
// half of that.
Duration reactionToDrop(Duration clockChange) {
  Sender sender(30);
  DataRate rate = DataRate::kbps(900);
  bool reduced = false;
  for (int i = 0; i < 300 && !(reduced && rate > DataRate::mbps(1)); ++i) {
    if (sender.sendFrame(rate)) {
      CHECK(sender.latest < DataRate::kbps(1100));
      CHECK(sender.latest > DataRate::kbps(800));
      reduced = true;
    }
    if (sender.updated) rate = sender.latest;
  }
  CHECK(reduced);
  CHECK(rate.count() == Approx(1'000'000).margin(180'000));

  sender.clockOffset = clockChange;
  sender.link.setCapacity(DataRate::kbps(500));
  const TimePoint start = sender.now;
  for (int i = 0; i < 100; ++i) {
    sender.sendFrame(rate);
    if (sender.latest <= DataRate::kbps(500)) return sender.now - start;
    if (sender.updated) rate = sender.latest;
  }
  return Duration::max();
}

// Packets of 1000 bytes that probe: how far apart they leave, and arrive.
void probe(Sender& sender, int cluster, int packets, Duration sent, Duration received) {
  congestion::Probe probe;
  probe.cluster = cluster;
  probe.packets = packets;
  probe.size = DataSize::bytes(1000 * (packets - 3));
  sender.probes.expect(probe);
  TimePoint leaves = sender.now;
  for (int i = 0; i < packets; ++i) {
    leaves += sent;
    sender.now += received;
    sender.hear(leaves, sender.now, DataSize::bytes(1000), cluster);
  }
}

}  // namespace

TEST_CASE("probes make the estimate, each anew") {
  Sender sender(30);
  probe(sender, 0, 5, Duration::ms(10), Duration::ms(10));
  CHECK(sender.updated);
  CHECK(sender.latest == DataRate::kbps(800));
  probe(sender, 1, 8, Duration::ms(5), Duration::ms(5));
  CHECK(sender.latest == DataRate::kbps(1600));
}

TEST_CASE("a probe that arrives more slowly than it left gives 95 % of the rate at which it came") {
  Sender sender(30);
  probe(sender, 1, 8, Duration::ms(5), Duration::ms(7));
  CHECK(sender.latest.count() == Approx(0.95 * 1'140'000).margin(10'000));
  Sender fast(30);
  probe(fast, 1, 8, Duration::ms(1), Duration::ms(2));
  CHECK(fast.latest.count() == Approx(0.95 * 4'000'000).margin(10'000));
}

TEST_CASE("a probe that arrives ten times as fast as it left gives nothing") {
  Sender sender(30);
  probe(sender, 0, 5, Duration::ms(10), Duration::ms(1));
  CHECK_FALSE(sender.updated);
}

TEST_CASE("from 30 kbit/s without a start rate to 500 takes 617 frames") {
  Sender sender(30);
  DataRate rate = DataRate::kbps(30);
  int frames = 0;
  while (rate < DataRate::kbps(500) && frames < 10'000) {
    CHECK_FALSE(sender.sendFrame(rate));
    if (sender.updated) rate = sender.latest;
    ++frames;
  }
  CHECK(frames == 617);
}

TEST_CASE("if the path's rate halves it is noticed in half a second") {
  CHECK(reactionToDrop({}).milliseconds() == Approx(500).margin(kFrame));
}

TEST_CASE("and in less than a second if the receiver's clock is set at the same time") {
  CHECK(reactionToDrop(Duration::s(30)).milliseconds() == Approx(867).margin(kFrame));
  CHECK(reactionToDrop(-Duration::s(30)).milliseconds() == Approx(933).margin(kFrame));
}

TEST_CASE("too much at the start is noticed in 40 frames, and gives up a fifth at most") {
  Sender sender(90, DataRate::kbps(200));
  DataRate rate = DataRate::kbps(300);
  sender.estimate.start(rate);
  bool reduced = false;
  for (int i = 0; i < 40 && !reduced; ++i) {
    reduced = sender.sendFrame(rate);
    if (sender.updated) rate = sender.latest;
  }
  CHECK(reduced);
  CHECK(sender.latest <= DataRate::kbps(200));
  CHECK(sender.latest > DataRate::kbps(160));
}

TEST_CASE("groups of packets that arrive more slowly than they leave reduce the rate") {
  Sender sender(50);
  TimePoint sent = TimePoint{};
  for (int i = 0; i <= 300; ++i) {
    sender.hear(sent, sender.now, DataSize::bytes(1000));
    sender.now += Duration::ms(20);
    sent += Duration::ms(20);
  }
  CHECK(sender.latest >= DataRate::kbps(400));
  // Fifteen packets a millisecond apart every 20 ms, which take 25 ms.
  for (int i = 0; i < 100; ++i) {
    for (int j = 0; j < 15; ++j) {
      sender.hear(sent, sender.now, DataSize::bytes(100));
      sender.now += Duration::ms(1);
      sent += Duration::ms(1);
    }
    sender.now += Duration::ms(10);
    sent += Duration::ms(5);
  }
  CHECK(sender.latest < DataRate::kbps(400));
}

TEST_CASE("times finer than milliseconds make no queue where there is none") {
  Sender sender(50);
  DataRate before;
  for (int i = 0; i < 1000; ++i) {
    sender.now += Duration::us(500);
    sender.hear(sender.now - Duration::us(500), sender.now, DataSize::bytes(1000));
    sender.now += Duration::us(9'500);
    sender.hear(sender.now - Duration::us(250), sender.now, DataSize::bytes(1000));
    sender.now += Duration::ms(10);
    CHECK(sender.latest >= before);
    before = sender.latest;
  }
  CHECK(before > DataRate::kbps(800));
}

TEST_CASE("after silence all is learnt anew, and a slow path is noticed") {
  for (const Duration silence : {Duration::s(35), Duration::s(640)}) {
    Sender sender(100);
    TimePoint sent;
    for (int i = 0; i < 3000; ++i) {
      sender.hear(sent, sender.now, DataSize::bytes(1000));
      sender.now += Duration::ms(10);
      sent += Duration::ms(10);
    }
    const DataRate before = sender.latest;
    sender.now += silence;
    sent += silence;
    for (int i = 0; i < 24; ++i) {
      sender.hear(sent, sender.now, DataSize::bytes(1000));
      sender.now += Duration::ms(20);
      sent += Duration::ms(10);
    }
    CHECK(sender.latest < before);
  }
}

TEST_CASE("what a probe found is the estimate, unless packets queue") {
  Sender sender(30, DataRate::kbps(200));
  sender.estimate.start(DataRate::kbps(300));
  const auto probe = [&](DataRate rate) {
    const auto packets = sender.link.send(DataRate::kbps(300), sender.now);
    sender.now = sender.link.next();
    return sender.estimate.onFeedback(packets, packets.back().received, {}, rate);
  };
  const auto found = probe(DataRate::kbps(900));
  CHECK(found.probed);
  CHECK(found.estimate == DataRate::kbps(900));
  for (int i = 0; i < 30 && sender.estimate.usage() != Usage::overusing; ++i) {
    sender.sendFrame(DataRate::kbps(300));
  }
  REQUIRE(sender.estimate.usage() == Usage::overusing);
  CHECK_FALSE(probe(DataRate::kbps(1800)).probed);
}

TEST_CASE("until it is known what arrives, too much halves the rate") {
  Sender sender(30, DataRate::kbps(200));
  sender.estimate.start(DataRate::kbps(300));
  DataRate before = DataRate::kbps(300);
  for (int i = 0; i < 40; ++i) {
    const auto packets = sender.link.send(DataRate::kbps(300), sender.now);
    sender.now = sender.link.next();
    const auto result = sender.estimate.onFeedback(packets, packets.back().received, {}, {});
    if (sender.estimate.usage() == Usage::overusing) {
      CHECK(result.estimate == scaled(before, 0.5));
      return;
    }
    before = *result.estimate;
  }
  FAIL("no overuse");
}

TEST_CASE("without packets there is nothing new") {
  DelayBased estimate;
  estimate.start(DataRate::kbps(300));
  CHECK_FALSE(estimate.onFeedback({}, kStart, DataRate::kbps(300), DataRate::kbps(900)).estimate);
  CHECK(estimate.latest() == DataRate{});
}
