#include <catch2/catch.hpp>
#include <cmath>

#include "models/video_receiver/delay_change.h"
#include "models/video_receiver/jitter_estimator.h"
#include "models/video_receiver/kalman_filter.h"
#include "models/video_receiver/round_trip_filter.h"
#include "models/video_receiver/time_extrapolator.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

namespace {

// A stream of frames of equal size, none of them early or late; the time after the last one.
TimePoint steady(JitterEstimator& jitter, int frames, Duration interval) {
  for (int i = 0; i < frames; ++i)
    jitter.update(Duration{}, DataSize::bytes(1000), TimePoint::at(interval * i));
  return TimePoint::at(interval * (frames - 1));
}

}  // namespace

TEST_CASE("A change of delay is against the frame before") {
  DelayChange change;
  CHECK(change.next(at(0), at(50)) == Duration{});
  CHECK(change.next(at(33), at(90)) == Duration::ms(7));
  CHECK(change.next(at(66), at(110)) == Duration::ms(-13));
  CHECK_FALSE(change.next(at(33), at(120)));
  CHECK(change.next(at(99), at(143)) == Duration{});
}

TEST_CASE("The Kalman filter's first step") {
  // Noise (300 e^(-1/2) + 1) * 2 = 365.918; to the slope 1e-4 * 1000 = 0.1, to the offset 100; in
  // all 1000 * 0.1 + 100 + 365.918 = 565.919. The surprise is 10 - 1000/64000 = 9.98438 ms, of
  // which the slope takes 0.1/565.919 (1.76428 us a byte) and the offset 100/565.919 (1.76428 ms).
  KalmanFilter kalman;
  kalman.update(Duration::ms(10), 1000, 2000, 4);
  CHECK(kalman.bySize(1000).milliseconds() == Approx(1.76428 + 0.015625).epsilon(1e-5));
  CHECK(kalman.total(0).milliseconds() == Approx(1.76428).epsilon(1e-5));
}

TEST_CASE("The Kalman filter finds the rate of the line") {
  // 1 Mbit/s: 8 us a byte. Frames of 1 and of 4 kB in turn.
  KalmanFilter kalman;
  for (int i = 0; i < 3000; ++i) {
    const double change = i % 2 == 0 ? 3000 : -3000;
    kalman.update(Duration::fromSeconds(change * 8e-6), change, 4000, 1);
  }
  CHECK(kalman.bySize(3000).milliseconds() == Approx(24).epsilon(0.01));
}

TEST_CASE("The longest round trip of the present path counts") {
  RoundTripFilter filter;
  filter.update(Duration{});
  for (int i = 0; i < 10; ++i) filter.update(Duration::ms(100));
  CHECK(filter.longest() == Duration::ms(100));
  filter.update(Duration::ms(300));
  CHECK(filter.longest() == Duration::ms(300));
  // It was one of its kind: five others say so.
  for (int i = 0; i < 4; ++i) filter.update(Duration::ms(100));
  CHECK(filter.longest() == Duration::ms(300));
  filter.update(Duration::ms(100));
  CHECK(filter.longest() == Duration::ms(100));
  // Five in a row that are shorter by 2.5 deviations, as soon as ten of them say what is usual:
  // another path.
  for (int i = 0; i < 10; ++i) filter.update(Duration::ms(100));
  for (int i = 0; i < 4; ++i) filter.update(Duration::ms(40));
  CHECK(filter.longest() == Duration::ms(100));
  filter.update(Duration::ms(40));
  CHECK(filter.longest() == Duration::ms(40));
  for (int i = 0; i < 5; ++i) filter.update(Duration::s(7));
  CHECK(filter.longest() == Duration::s(3));
}

TEST_CASE("Without jitter frames wait 11 ms: one for noise, ten for the system") {
  JitterEstimator jitter;
  const TimePoint now = steady(jitter, 60, Duration::us(33'333));
  CHECK(jitter.estimate(now).milliseconds() == Approx(11).margin(0.001));
}

TEST_CASE("Of frames that needed a second sending three make for 0.9 of a round trip") {
  JitterEstimator jitter;
  const TimePoint now = steady(jitter, 60, Duration::us(33'333));
  jitter.onRoundTrip(Duration::ms(100));
  jitter.onRetransmittedFrame(now);
  jitter.onRetransmittedFrame(now);
  CHECK(jitter.estimate(now).milliseconds() == Approx(11).margin(0.001));
  jitter.onRetransmittedFrame(now);
  CHECK(jitter.estimate(now).milliseconds() == Approx(101).margin(0.001));
  // For a minute after the last one.
  CHECK(jitter.estimate(now + Duration::s(60)).milliseconds() == Approx(101).margin(0.001));
  CHECK(jitter.estimate(now + Duration::s(61)).milliseconds() == Approx(11).margin(0.001));
}

TEST_CASE("A long round trip makes for 200 ms") {
  JitterEstimator jitter;
  const TimePoint now = steady(jitter, 60, Duration::us(33'333));
  jitter.onRoundTrip(Duration::ms(400));
  for (int i = 0; i < 3; ++i) jitter.onRetransmittedFrame(now);
  CHECK(jitter.estimate(now).milliseconds() == Approx(211).margin(0.001));
}

TEST_CASE("At few frames a second jitter matters less") {
  struct Row {
    double rate, estimate;
  };
  for (const Row& row : {Row{4, 0}, Row{5, 0}, Row{7.5, 5.5}, Row{10, 11}, Row{60, 11}}) {
    JitterEstimator jitter;
    const TimePoint now = steady(jitter, 60, Duration::fromSeconds(1 / row.rate));
    INFO(row.rate);
    CHECK(jitter.estimate(now).milliseconds() == Approx(row.estimate).margin(0.01));
  }
}

TEST_CASE("Noise beyond 30 ms of 2.33 deviations is allowed for") {
  // Every other frame 20 ms late: changes of +-20 ms, a deviation of 20 ms, 2.33 * 20 - 30 = 16.6,
  // and ten more.
  JitterEstimator jitter;
  TimePoint now;
  for (int i = 0; i < 3000; ++i) {
    now = TimePoint::at(Duration::us(33'333) * i);
    jitter.update(Duration::ms(i % 2 == 0 ? 20 : -20), DataSize::bytes(1000), now);
  }
  CHECK(jitter.estimate(now).milliseconds() == Approx(26.6).margin(0.3));
}

// Published expectations of libwebrtc's own tests: modules/video_coding/timing/*_unittest.cc.

TEST_CASE("Delays that go up and down as in libwebrtc's test make for 54 ms") {
  // Changes of -50, -40 ... 50 ms, again and again, with sizes of 990 to 1010 bytes: a minute at 30
  // frames a second. The deviation is 31.6 ms, 2.33 of which are 73.7: 43.7 and ten.
  JitterEstimator jitter;
  TimePoint now;
  const auto change = [](int i) { return (i % 11 - 5) * 10; };
  const auto size = [&change](int i) { return DataSize::bytes(1000 + change(i) / 5); };
  for (int i = 0; i < 1800; ++i) {
    jitter.update(Duration::ms(change(i)), size(i), now);
    now += Duration::fromSeconds(1.0 / 30);
  }
  const double steady = jitter.estimate(now).milliseconds();
  CHECK(steady == Approx(54).margin(0.5));
  SECTION("a frame of ten times the size adds more than a quarter") {
    jitter.update(Duration::ms(change(1800)), DataSize::bytes(10 * size(1800).count()), now);
    CHECK(jitter.estimate(now).milliseconds() > 1.25 * steady);
  }
  SECTION("one of twice the size adds something") {
    jitter.update(Duration::ms(change(1800)), DataSize::bytes(2 * size(1800).count()), now);
    CHECK(jitter.estimate(now).milliseconds() > steady);
  }
  SECTION("so does the noise of a small one that comes late") {
    jitter.update(Duration::ms(300), DataSize::bytes(100), now);
    CHECK(jitter.estimate(now).milliseconds() > steady);
  }
}

TEST_CASE("The Kalman filter converges to changes that alternate") {
  KalmanFilter kalman;
  for (int i = 0; i < 1800; ++i) {
    const int sign = i % 2 == 0 ? 1 : -1;
    kalman.update(Duration::ms(3 * sign), 200 * sign, 2000, 0.1);
  }
  CHECK(kalman.total(200).milliseconds() == Approx(3).margin(0.1));
}

TEST_CASE("Round trips jump and drift") {
  const auto update = [](RoundTripFilter& filter, int times, int ms) {
    for (int i = 0; i < times; ++i) filter.update(Duration::ms(ms));
  };
  RoundTripFilter filter;
  SECTION("up") {
    update(filter, 3, 200);
    update(filter, 1, 1400);
    update(filter, 1, 1500);
    update(filter, 2, 1600);
    CHECK(filter.longest() == Duration::ms(1600));
  }
  SECTION("down") {
    update(filter, 10, 1500);
    update(filter, 4, 200);
    CHECK(filter.longest() == Duration::ms(1500));
    update(filter, 1, 300);
    CHECK(filter.longest() == Duration::ms(300));
  }
  SECTION("down and up again") {
    update(filter, 10, 1500);
    update(filter, 4, 200);
    update(filter, 1, 2000);
    CHECK(filter.longest() == Duration::ms(2000));
    update(filter, 1, 300);
    CHECK(filter.longest() == Duration::ms(2000));
  }
  SECTION("slowly") {
    for (int ms = 1000; ms >= 700; ms -= 30) update(filter, 1, ms);
    CHECK(filter.longest() == Duration::ms(1000));
    update(filter, 50, 700);
    CHECK(filter.longest() == Duration::ms(700));
  }
}

TEST_CASE("A camera that is slow or fast by one frame in 25 is followed within a second") {
  const int rate = GENERATE(24, 26);
  TimeExtrapolator extrapolator(at(1337));
  TimePoint now = at(1337);
  TimePoint captured = at(1000);
  for (int i = 0; i < 25; ++i) {
    extrapolator.update(captured, now);
    captured += Duration::ms(40);
    now += Duration::fromSeconds(1.0 / rate);
  }
  const auto expected = extrapolator.expected(captured + Duration::fromSeconds(rate / 25.0));
  REQUIRE(expected);
  CHECK((*expected - now).milliseconds() == Approx(1000).margin(1));
}

TEST_CASE("Once the line is known, outliers do not move it") {
  TimeExtrapolator extrapolator(at(1337));
  const auto arrival = [](int frame) { return at(1337 + 40.0 * frame); };
  for (int i = 0; i <= 2000; ++i) extrapolator.update(at(40.0 * i), arrival(i));
  // One is a second late, and so are those that queue behind it.
  for (int i = 2001; i <= 2025; ++i) {
    extrapolator.update(at(40.0 * i), arrival(2000) + Duration::ms(1000));
    CHECK(std::abs((*extrapolator.expected(at(40.0 * i)) - arrival(i)).milliseconds()) < 1);
  }
  extrapolator.update(at(40.0 * 2026), arrival(2026));
  CHECK(std::abs((*extrapolator.expected(at(40.0 * 2026)) - arrival(2026)).milliseconds()) < 1);
}

TEST_CASE("A source that starts anew starts a new line") {
  TimeExtrapolator extrapolator(at(1337));
  for (int i = 0; i < 3; ++i) extrapolator.update(at(40.0 * i), at(1377 + 40.0 * i));
  extrapolator.update(at(1'337'000), at(1497));
  extrapolator.update(at(1'337'040), at(1537));
  CHECK(extrapolator.expected(at(1'337'040)) == at(1537));
}

TEST_CASE("Frames are expected on the line through those before") {
  TimeExtrapolator extrapolator(at(1000));
  CHECK_FALSE(extrapolator.expected(at(0)));
  extrapolator.update(at(0), at(1050));
  CHECK(extrapolator.expected(at(40)) == at(1090));
  SECTION("the mean of early and late ones") {
    for (int i = 1; i <= 1000; ++i) extrapolator.update(at(40 * i), at(1050 + 40 * i + i % 2 * 8));
    CHECK(std::abs((*extrapolator.expected(at(40'040)) - at(41'094)).milliseconds()) < 0.2);
  }
  SECTION("whatever the sender's clock is off") {
    // 100 us a second slow: after 40 s, 4 ms.
    for (int i = 1; i <= 1000; ++i) extrapolator.update(at(39.996 * i), at(1050 + 40 * i));
    CHECK(std::abs((*extrapolator.expected(at(39.996 * 1001)) - at(41'090)).milliseconds()) < 0.1);
  }
  SECTION("a delay that has changed is followed slowly, and too far") {
    // The line of least squares through 200 points at 0 and 200 at 1 ends at 1/2 + 3/4: a quarter
    // of 300 ms too late.
    for (int i = 1; i < 200; ++i) extrapolator.update(at(40 * i), at(1050 + 40 * i));
    for (int i = 200; i < 400; ++i) extrapolator.update(at(40 * i), at(1350 + 40 * i));
    const Duration late = *extrapolator.expected(at(16'000)) - at(17'350);
    CHECK(late.milliseconds() == Approx(75).margin(3));
  }
  SECTION("after 10 s of nothing all starts anew") {
    for (int i = 1; i <= 200; ++i) extrapolator.update(at(40 * i), at(1050 + 40 * i));
    extrapolator.update(at(20'000), at(30'000));
    CHECK(extrapolator.expected(at(20'040)) == at(30'040));
  }
}
