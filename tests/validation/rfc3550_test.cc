#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <random>

#include "models/receiver/rfc3550_jitter.h"

using namespace callflow;
using callflow::receiver::Rfc3550Jitter;

namespace {

constexpr Duration frame = Duration::ms(20);

// The code of RFC 3550 A.8: integers, ticks of the RTP clock, jitter scaled by 16.
struct AppendixA8 {
  std::int64_t transit = 0, jitter = 0;
  bool started = false;
  void arrival(std::int64_t arrivalTicks, std::int64_t timestamp) {
    const std::int64_t now = arrivalTicks - timestamp;
    const std::int64_t d = std::abs(now - transit);
    transit = now;
    if (started) jitter += d - ((jitter + 8) >> 4);
    started = true;
  }
  double seconds(double clockRate) const { return static_cast<double>(jitter >> 4) / clockRate; }
};

}  // namespace

TEST_CASE("RFC 3550 jitter by hand") {
  // Transit times 50, 66, 50, 50, 90 ms: |D| = 16, 16, 0, 40.
  // J = 1; 1 + 15/16 = 1.9375; 1.9375 * 15/16 = 1.81640625; + (40 - 1.81640625)/16 = 4.202880859375
  // ms.
  const std::array transits{50, 66, 50, 50, 90};
  const std::array expected{0.0, 1.0, 1.9375, 1.81640625, 4.202880859375};
  Rfc3550Jitter jitter;
  for (std::size_t i = 0; i < transits.size(); ++i) {
    const TimePoint sent = TimePoint{} + frame * static_cast<std::int64_t>(i);
    jitter.arrival(sent, sent + Duration::ms(transits[i]));
    CHECK(jitter.seconds() * 1e3 == Approx(expected[i]).margin(1e-12));
  }
}

TEST_CASE("A constant delay has no jitter, a clock that drifts its rate") {
  Rfc3550Jitter still, drifting;
  for (std::int64_t i = 0; i < 1000; ++i) {
    const TimePoint sent = TimePoint{} + frame * i;
    still.arrival(sent, sent + Duration::ms(120));
    drifting.arrival(sent, sent + Duration::us(2) * i);
  }
  CHECK(still.seconds() == 0);
  CHECK(drifting.seconds() == Approx(2e-6).margin(1e-12));
}

TEST_CASE("RFC 3550 jitter agrees with the code of appendix A.8") {
  std::mt19937 random{7};
  Rfc3550Jitter jitter;
  AppendixA8 reference;
  for (std::int64_t i = 0; i < 20'000; ++i) {
    const TimePoint sent = TimePoint{} + frame * i;
    const TimePoint received = sent + Duration::ms(30) + Duration::us(random() % 25'000);
    jitter.arrival(sent, received);
    // 48 kHz: 48 ticks a millisecond, 960 a frame.
    reference.arrival(received.count() * 48 / 1'000'000, 960 * i);
    // One tick for each of the two roundings of D, one for the scaled jitter.
    REQUIRE(jitter.seconds() == Approx(reference.seconds(48'000)).margin(3.0 / 48'000));
  }
}

TEST_CASE("Jitter of independent uniform delays is a third of their width") {
  // E|a - b| of two uniform on [0, w] is w/3; J is its exponential mean, so the average over time
  // is, too.
  std::mt19937 random{11};
  Rfc3550Jitter jitter;
  double sum = 0;
  const int frames = 200'000;
  for (int i = 0; i < frames; ++i) {
    const TimePoint sent = TimePoint{} + frame * i;
    jitter.arrival(sent, sent + Duration::us(random() % 18'001));
    sum += jitter.seconds();
  }
  CHECK(sum / frames * 1e3 == Approx(6.0).margin(0.05));
}
