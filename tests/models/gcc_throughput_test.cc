// What arrives. The numbers of the first part are those of libwebrtc's
// robust_throughput_estimator_unittest.cc.
#include <catch2/catch.hpp>

#include "models/gcc/throughput.h"
#include "tests/models/gcc_support.h"

using namespace callflow;
using namespace callflow::gcc;

namespace {

constexpr DataRate kRate = DataRate::kbps(800);  // a packet of 1000 bytes in 10 ms

double kilobits(const Throughput& throughput) {
  REQUIRE(throughput.rate());
  return static_cast<double>(throughput.rate()->count()) / 1e3;
}

}  // namespace

TEST_CASE("a rate takes ten packets") {
  EvenPackets packets;
  RobustThroughput throughput;
  throughput.add(packets.take(9, kRate, kRate));
  CHECK_FALSE(throughput.rate());
  throughput.add(packets.take(11, kRate, kRate));
  CHECK(throughput.rate() == kRate);
}

TEST_CASE("the rate follows within a second, and then is exact") {
  EvenPackets packets;
  RobustThroughput throughput;
  throughput.add(packets.take(20, kRate, kRate));
  for (int i = 0; i < 10; ++i) throughput.add(packets.take(10, kRate, kRate));
  CHECK(throughput.rate() == kRate);
  const DataRate twice = DataRate::kbps(1600);
  for (int i = 0; i < 20; ++i) {
    throughput.add(packets.take(10, twice, twice));
    CHECK(*throughput.rate() >= kRate);
    CHECK(*throughput.rate() <= twice);
  }
  throughput.add(packets.take(10, twice, twice));
  CHECK(throughput.rate() == twice);
}

TEST_CASE("the rate is that at which packets leave or arrive, whichever is less") {
  EvenPackets packets;
  RobustThroughput slowPath, slowSender;
  slowPath.add(packets.take(20, kRate, DataRate::kbps(200)));
  CHECK(kilobits(slowPath) == Approx(200).epsilon(0.05));
  packets = {};
  slowSender.add(packets.take(20, DataRate::kbps(400), kRate));
  CHECK(kilobits(slowSender) == Approx(400).epsilon(0.05));
}

TEST_CASE("a path that stands still for 250 ms and then catches up is no slower") {
  EvenPackets packets;
  RobustThroughput throughput;
  throughput.add(packets.take(20, kRate, kRate));
  packets.waitReceiving(Duration::ms(250));
  for (int i = 0; i < 30; ++i) {
    throughput.add(packets.take(1, kRate, DataRate::kbps(4800)));
    CHECK(kilobits(throughput) == Approx(800).epsilon(0.05));
  }
  for (int i = 0; i < 20; ++i) {
    throughput.add(packets.take(5, kRate, kRate));
    CHECK(kilobits(throughput) == Approx(800).epsilon(0.05));
  }
}

TEST_CASE("if every other packet is lost half the rate arrives") {
  EvenPackets packets;
  RobustThroughput throughput;
  std::vector<congestion::PacketResult> arrived;
  for (const congestion::PacketResult& result : packets.take(20, kRate, kRate)) {
    if (result.packet.sequence % 2 == 0) arrived.push_back(result);
  }
  throughput.add(arrived);
  CHECK(kilobits(throughput) == Approx(400).epsilon(0.05));
}

TEST_CASE("feedback that comes late fills the gap that it left") {
  EvenPackets packets;
  RobustThroughput throughput;
  throughput.add(packets.take(20, kRate, kRate));
  const auto late = packets.take(10, kRate, kRate);
  throughput.add(packets.take(10, kRate, kRate));
  CHECK(*throughput.rate() < kRate);
  throughput.add(late);
  CHECK(throughput.rate() == kRate);
  for (int i = 0; i < 10; ++i) {
    throughput.add(packets.take(15, kRate, kRate));
    CHECK(throughput.rate() == kRate);
  }
}

TEST_CASE("a packet that comes when those sent with it are forgotten lowers no rate") {
  EvenPackets packets;
  RobustThroughput throughput;
  auto late = packets.take(1, kRate, kRate);
  for (int i = 0; i < 20; ++i) throughput.add(packets.take(10, kRate, kRate));
  late.front().received = packets.receiving();
  throughput.add(late);
  CHECK(kilobits(throughput) == Approx(800).epsilon(0.05));
  throughput.add(packets.take(10, kRate, kRate));
  CHECK(kilobits(throughput) == Approx(800).epsilon(0.05));
}

TEST_CASE("if the receiver's clock is set back all begins anew") {
  EvenPackets packets;
  RobustThroughput throughput;
  throughput.add(packets.take(20, kRate, kRate));
  packets.waitReceiving(-Duration::s(2));
  throughput.add(packets.take(20, DataRate::kbps(1600), DataRate::kbps(1600)));
  CHECK(throughput.rate() == DataRate::kbps(1600));
}

TEST_CASE("after a pause there is no rate until ten packets have come") {
  EvenPackets packets;
  RobustThroughput throughput;
  throughput.add(packets.take(20, kRate, kRate));
  packets.waitSending(Duration::s(60));
  packets.waitReceiving(Duration::s(60));
  throughput.add(packets.take(5, kRate, kRate));
  CHECK_FALSE(throughput.rate());
  throughput.add(packets.take(5, kRate, kRate));
  CHECK(throughput.rate() == kRate);
}

// ---- as it was until 2021 -----------------------------------------------------------------------

TEST_CASE("the Bayesian rate begins with what comes in half a second") {
  EvenPackets packets;
  BayesianThroughput throughput;
  throughput.add(packets.take(50, kRate, kRate));
  CHECK_FALSE(throughput.rate());
  throughput.add(packets.take(1, kRate, kRate));  // at 500 ms
  CHECK(throughput.rate() == kRate);
}

TEST_CASE("a sample counts the less for the Bayesian rate the further it is from it") {
  EvenPackets packets;
  BayesianThroughput throughput;
  throughput.add(packets.take(51, kRate, kRate));
  // 15 packets in 150 ms at 400 kbit/s are 7.5: seven or eight of them, 373 or 427 kbit/s. The
  // variance of a sample of half the rate is (10 * 0.5)^2 = 25, that of the mean 50 + 5: the new
  // mean lies at 55 / 80 of the way, if the sample is 400.
  const DataRate half = DataRate::kbps(400);
  throughput.add(packets.take(8, half, half));
  CHECK(kilobits(throughput) == Approx(800 - 400 * 55. / 80).margin(40));
}

TEST_CASE("after a time with little to send the Bayesian rate may jump") {
  const DataRate twice = DataRate::kbps(1600);
  EvenPackets packets;
  BayesianThroughput steady, jumping;
  const auto before = packets.take(51, kRate, kRate);
  steady.add(before);
  jumping.add(before);
  jumping.onLimitedPeriodEnded(before.back().packet.sent);
  const auto after = packets.take(31, twice, twice);
  steady.add(after);
  jumping.add(after);
  CHECK(kilobits(jumping) > kilobits(steady) + 100);
}
