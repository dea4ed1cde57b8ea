#include <catch2/catch.hpp>
#include <vector>

#include "models/video/bitrate_adjuster.h"
#include "models/video/overshoot.h"
#include "models/video/payload_rate.h"
#include "models/video/simulcast.h"
#include "models/video/svc_allocation.h"

using namespace callflow;
using namespace callflow::video;

namespace {

TimePoint at(double seconds) {
  return TimePoint::at(Duration::fromSeconds(seconds));
}

std::vector<std::int64_t> kilobits(const std::vector<DataRate>& rates) {
  std::vector<std::int64_t> out;
  for (const DataRate rate : rates) out.push_back((rate.count() + 500) / 1000);
  return out;
}

DataRate kbps(std::int64_t rate) {
  return DataRate::kbps(rate);
}

using Rates = std::vector<std::int64_t>;

constexpr Resolution k720{1280, 720};

}  // namespace

TEST_CASE("A line sees frames that come before the last has left") {
  LineOvershoot line;
  CHECK_FALSE(line.factor(at(0)));
  line.setTarget(kbps(300), 30, at(0));  // 1250 B a frame
  const auto frames = [&](std::int64_t bytes, double from, double to) {
    for (double t = from; t < to - 0.001; t += 1.0 / 30)
      line.onFrame(DataSize::bytes(bytes), at(t));
  };
  frames(1250, 0, 3);
  CHECK(*line.factor(at(3)) == Approx(1).epsilon(1e-6));
  // A fifth more each: 12000 bits, of which 10000 leave in time.
  frames(1500, 3, 7);
  CHECK(*line.factor(at(7)) == Approx(1.2).epsilon(1e-3));
  // A frame five times as large costs nothing if there is none for four frames' time after it.
  LineOvershoot free;
  free.setTarget(kbps(300), 30, at(0));
  free.onFrame(DataSize::bytes(1250), at(0));
  free.onFrame(DataSize::bytes(6250), at(1.0 / 30));
  free.onFrame(DataSize::bytes(1250), at(6.0 / 30));
  CHECK(*free.factor(at(0.2)) == Approx(1));
  CHECK_FALSE(free.factor(at(10)));
  // Of the first frame its size is all there is.
  LineOvershoot first;
  first.setTarget(kbps(300), 30, at(0));
  first.onFrame(DataSize::bytes(2500), at(0));
  CHECK(*first.factor(at(0)) == Approx(2));
}

TEST_CASE("A meter sees what came over what was told") {
  MeanOvershoot meter;
  CHECK_FALSE(meter.factor(at(0)));
  meter.setTarget(kbps(100), at(0));
  // One frame of 2500 B is 20000 bits, which take 0.2 s.
  meter.onFrame(DataSize::bytes(2500), at(0));
  CHECK(*meter.factor(at(0.1)) == Approx(1));
  CHECK(*meter.factor(at(0.4)) == Approx(0.5));
  // Ten of them in a second are twice as much as told; the last counts as told in full: 200000 over
  // 90000 + 20000.
  for (int i = 1; i < 10; ++i) meter.onFrame(DataSize::bytes(2500), at(i / 10.0));
  CHECK(*meter.factor(at(0.9)) == Approx(200.0 / 110));
  // A change counts from when it is made: 0.1 s x 100 + 0.1 s x 200 more.
  meter.setTarget(kbps(200), at(1.0));
  CHECK(*meter.factor(at(1.1)) == Approx(200.0 / (90 + 10 + 20)));
}

TEST_CASE("Encoders are told a sixth less until they are known, then by what they made") {
  BitrateAdjuster adjuster;
  const std::vector<StreamTarget> targets{{.rate = kbps(300), .least = kbps(30)}};
  CHECK(kilobits(adjuster.adjust(targets, kbps(300), 30, at(0))) == Rates{250});
  // Frames as told: 250 kbit/s in 30 a second.
  double t = 0;
  for (int i = 0; i < 120; ++i, t += 1.0 / 30) {
    if (i == 29) CHECK(kilobits(adjuster.adjust(targets, kbps(300), 30, at(t))) == Rates{250});
    adjuster.onFrame(0, 0, DataSize::bytes(1041), at(t));
  }
  CHECK(kilobits(adjuster.adjust(targets, kbps(300), 30, at(t))) == Rates{300});
  // A fifth more than told.
  for (int i = 0; i < 120; ++i, t += 1.0 / 30) adjuster.onFrame(0, 0, DataSize::bytes(1500), at(t));
  CHECK(kilobits(adjuster.adjust(targets, kbps(300), 30, at(t))) == Rates{250});
}

TEST_CASE("What is too much for a moment may stay where there is room") {
  BitrateAdjuster adjuster;
  const std::vector<StreamTarget> targets{{.rate = kbps(300), .least = kbps(30)}};
  adjuster.adjust(targets, kbps(300), 30, at(0));
  double t = 0;
  // Told 250, it makes 300: a line of 250 sees 1.2, the target of 300 none.
  for (int i = 0; i < 120; ++i, t += 1.0 / 30) adjuster.onFrame(0, 0, DataSize::bytes(1250), at(t));
  // 60 kbit/s are wanted: all, half and none of it is there.
  BitrateAdjuster again = adjuster, oncemore = adjuster;
  CHECK(adjuster.adjust(targets, kbps(400), 30, at(t))[0].count() == Approx(300'000).epsilon(0.01));
  // 1.2 x 300 / 330.
  CHECK(again.adjust(targets, kbps(330), 30, at(t))[0].count() == Approx(275'000).epsilon(0.01));
  CHECK(oncemore.adjust(targets, kbps(300), 30, at(t))[0].count() == Approx(250'000).epsilon(0.01));
}

TEST_CASE("Nobody is told less than his least, nor more than his target") {
  BitrateAdjuster adjuster;
  CHECK(kilobits(adjuster.adjust({{.rate = kbps(33), .least = kbps(30)}}, kbps(33), 30, at(0))) ==
        Rates{30});
  CHECK(kilobits(adjuster.adjust({{.rate = kbps(30), .least = kbps(30)}}, kbps(30), 30, at(0))) ==
        Rates{25});
  CHECK(kilobits(adjuster.adjust({{.rate = {}, .least = kbps(30)}}, kbps(30), 30, at(0))) ==
        Rates{0});
}

TEST_CASE("Three sizes get rates as in libwebrtc's own test") {
  SimulcastAllocator allocator({{{320, 180}, kbps(10), kbps(100), kbps(500)},
                                {{640, 360}, kbps(50), kbps(500), kbps(1000)},
                                {{1280, 720}, kbps(2000), kbps(3000), kbps(4000)}});
  CHECK(kilobits(allocator.allocate(kbps(5))) == Rates{10, 0, 0});
  CHECK(kilobits(allocator.allocate(kbps(159))) == Rates{159, 0, 0});
  CHECK(kilobits(allocator.allocate(kbps(160))) == Rates{100, 60, 0});
  CHECK(kilobits(allocator.allocate(kbps(1100))) == Rates{100, 1000, 0});
  CHECK(kilobits(allocator.allocate(kbps(2999))) == Rates{100, 1000, 0});
  CHECK(kilobits(allocator.allocate(kbps(3000))) == Rates{100, 500, 2400});
  CHECK(kilobits(allocator.allocate(kbps(4600))) == Rates{100, 500, 4000});
  // What is on stays on down to its least.
  CHECK(kilobits(allocator.allocate(kbps(2600))) == Rates{100, 500, 2000});
  CHECK(kilobits(allocator.allocate(kbps(2599))) == Rates{100, 1000, 0});
  CHECK(kilobits(allocator.allocate(kbps(150))) == Rates{100, 50, 0});
  CHECK(kilobits(allocator.allocate(kbps(149))) == Rates{149, 0, 0});
}

TEST_CASE("The first time sizes need no more than their least; a share needs more to come back") {
  const std::vector<StreamLimits> streams{{{320, 180}, kbps(10), kbps(100), kbps(500)},
                                          {{640, 360}, kbps(50), kbps(500), kbps(1000)}};
  CHECK(kilobits(SimulcastAllocator(streams).allocate(kbps(150))) == Rates{100, 50});
  SimulcastAllocator share(streams, Hysteresis::share);
  share.allocate(kbps(10));
  CHECK(kilobits(share.allocate(kbps(167))) == Rates{167, 0});
  CHECK(kilobits(share.allocate(kbps(168))) == Rates{100, 68});  // 1.35 x 50 = 67.5
}

TEST_CASE("Sizes of simulcast and what they may take are libwebrtc's") {
  const std::vector<StreamLimits> three = simulcastStreams(Codec::vp8, k720, 3);
  REQUIRE(three.size() == 3);
  CHECK(three[0].size == Resolution{320, 180});
  CHECK(three[0].least == kbps(30));
  CHECK(three[0].target == kbps(150));
  CHECK(three[0].most == kbps(200));
  CHECK(three[1].size == Resolution{640, 360});
  CHECK(three[1].least == kbps(150));
  CHECK(three[2].size == k720);
  CHECK(three[2].most == kbps(2500));
  CHECK(SimulcastAllocator(three).most() == kbps(3150));
  CHECK(SimulcastAllocator(three).padding() == kbps(1370));  // 150 + 500 + 1.2 x 600
  CHECK(simulcastStreams(Codec::vp8, {640, 360}, 3).size() == 2);
  CHECK(simulcastStreams(Codec::vp8, {320, 180}, 3).size() == 1);
  CHECK(simulcastStreams(Codec::av1, k720, 2).front().target == kbps(420));
  // The smallest may go low whatever its size.
  CHECK(simulcastStreams(Codec::vp8, k720, 2).front().least == kbps(30));
  // 180000 pixels are half way from 640x360 to 480x270.
  const StreamLimits between = simulcastLimits(Codec::vp8, {600, 300});
  CHECK(between.target == kbps(425));
  CHECK(between.most == kbps(575));
  CHECK(simulcastLimits(Codec::vp8, {3840, 2160}).most == kbps(5000));
  CHECK(simulcastLimits(Codec::vp8, {160, 90}).most == kbps(200));
}

TEST_CASE("Temporal layers share 50 kbit/s as 20, 10 and 20") {
  const std::vector<double> three = temporalRateShares(3);
  CHECK(50 * three[0] == Approx(20));
  CHECK(50 * three[1] == Approx(10));
  CHECK(50 * three[2] == Approx(20));
  CHECK(temporalRateShares(2) == std::vector<double>{0.6, 0.4});
  CHECK(temporalFrameShares(3) == std::vector<double>{0.25, 0.25, 0.5});
  CHECK(temporalRateShares(1) == std::vector<double>{1});
}

TEST_CASE("Spatial layers have the limits of their size") {
  const std::vector<StreamLimits> layers = svcLayers(k720, 3);
  REQUIRE(layers.size() == 3);
  // (600 x 240 - 95000) / 1000 and (1.6 x 57600 + 50000) / 1000.
  CHECK(layers[0].least == kbps(49));
  CHECK(layers[0].most == kbps(142));
  CHECK(layers[0].target == kbps(95));
  CHECK(layers[1].least == kbps(193));
  CHECK(layers[1].most == kbps(418));
  CHECK(layers[2].least == kbps(481));
  CHECK(layers[2].most == kbps(1524));
  // The smallest is 240x135 at least.
  CHECK(svcLayers({480, 270}, 3).size() == 2);
  CHECK(svcLayers({478, 270}, 3).size() == 1);
}

TEST_CASE("Spatial layers go on where the split leaves them enough") {
  const auto starts = [](Resolution size) {
    Rates out;
    const SvcAllocator allocator(svcLayers(size, 3));
    for (const DataRate rate : allocator.starts()) out.push_back((rate.count() + 999) / 1000);
    return out;
  };
  // 193 / 0.64516 = 299.15 and 481 / 0.53981 = 891.05, rounded up.
  CHECK(starts(k720) == Rates{49, 300, 892});
  CHECK(starts({1920, 1080})[1] == Approx(522).margin(1));
  CHECK(starts({1920, 1080})[2] == Approx(1425).margin(1));
  CHECK(starts({960, 540})[1] == Approx(188).margin(1));
  CHECK(starts({960, 540})[2] == Approx(624).margin(1));

  const SvcAllocator allocator(svcLayers(k720, 3));
  CHECK(kilobits(allocator.allocate(kbps(40))) == Rates{40, 0, 0});
  CHECK(kilobits(allocator.allocate(kbps(299))) == Rates{142, 0, 0});
  CHECK(kilobits(allocator.allocate(kbps(310))) == Rates{110, 200, 0});
  // 163.3, 296.9 and 539.8, of which the first keeps 142 and passes on 21.3.
  CHECK(kilobits(allocator.allocate(kbps(1000))) == Rates{142, 318, 540});
}

TEST_CASE("Spatial layers of a share") {
  const SvcAllocator allocator(svcShareLayers({1920, 1080}, 3), SvcAllocator::Kind::share);
  CHECK(kilobits(allocator.starts()) == Rates{30, 350, 1000});
  CHECK(kilobits(allocator.allocate(kbps(20))) == Rates{20, 0, 0});
  CHECK(kilobits(allocator.allocate(kbps(349))) == Rates{250, 0, 0});
  CHECK(kilobits(allocator.allocate(kbps(600))) == Rates{150, 450, 0});
  CHECK(kilobits(allocator.allocate(kbps(1000))) == Rates{150, 350, 500});
  CHECK(kilobits(allocator.allocate(kbps(2000))) == Rates{150, 350, 950});
}

TEST_CASE("Temporal layers of a spatial one") {
  const std::vector<double> three = svcTemporalShares(3);
  CHECK(three[0] == Approx(0.540).margin(0.0005));
  CHECK(three[1] == Approx(0.163).margin(0.0005));
  CHECK(three[2] == Approx(0.297).margin(0.0005));
  CHECK(svcTemporalShares(2)[0] == Approx(0.645).margin(0.0005));
}

TEST_CASE("What headers leave of a rate") {
  // 250 kbit/s in packets of 1228 B: 25.4, so 26 of them, with 80 B of headers each.
  CHECK(payloadRate(kbps(250), DataSize::bytes(80), DataSize::bytes(1228)).count() ==
        250'000 - 26 * 80 * 8);
  CHECK(payloadRate(kbps(0), DataSize::bytes(80), DataSize::bytes(1228)) == DataRate{});
}
