#include <catch2/catch.hpp>

#include "models/video_receiver/synchronization.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

namespace {

// A second apart each: both streams are captured together, and the picture comes so much later.
struct Streams {
  std::optional<Synchronization::Delays> update(Duration behind, Duration audioDelay,
                                                Duration videoDelay) {
    now += Duration::s(1);
    return synchronization.update({now, now + Duration::ms(50)},
                                  {now, now + Duration::ms(50) + behind}, audioDelay, videoDelay);
  }
  Synchronization synchronization;
  TimePoint now;
};

}  // namespace

TEST_CASE("Sound and picture that are less than 30 ms apart stay so") {
  Streams streams;
  for (int i = 0; i < 100; ++i)
    CHECK_FALSE(streams.update(Duration::ms(9), Duration::ms(40), Duration::ms(60)));
}

TEST_CASE("A difference of 30 ms is noticed when four updates in a row have made it the mean") {
  // 40 (1 - 0.75^n): 10, 17.5, 23.1, 27.3, 30.5. Half of that.
  Streams streams;
  for (int i = 0; i < 4; ++i)
    CHECK_FALSE(streams.update(Duration{}, Duration::ms(20), Duration::ms(60)));
  const auto delays = streams.update(Duration{}, Duration::ms(20), Duration::ms(60));
  REQUIRE(delays);
  CHECK(delays->audio.milliseconds() == Approx(40 * (1 - 0.75 * 0.75 * 0.75 * 0.75 * 0.75) / 2));
  CHECK(delays->video == Duration{});
}

TEST_CASE("The picture waits for sound that is late, at most 80 ms more a second") {
  // An eighth of the difference: 1000 ms, of which 80 are the most. Audio 1021, video 21.
  Streams streams;
  auto delays = streams.update(Duration{}, Duration::ms(1021), Duration::ms(21));
  REQUIRE(delays);
  CHECK(delays->video == Duration::ms(80));
  CHECK(delays->audio == Duration{});
  delays = streams.update(Duration{}, Duration::ms(1021), Duration::ms(80));
  REQUIRE(delays);
  CHECK(delays->video == Duration::ms(160));
  // 421 ms are left: an eighth.
  delays = streams.update(Duration{}, Duration::ms(581), Duration::ms(160));
  REQUIRE(delays);
  CHECK(delays->video == Duration::ms(160) + Duration::us(52'625));
}

TEST_CASE("What holds a stream back is taken away before the other is held back") {
  Streams streams;
  CHECK(streams.update(Duration::ms(-400), Duration::ms(40), Duration::ms(40))->video ==
        Duration::ms(50));
  // Now the picture is late by 160: 20 less for it.
  CHECK(streams.update(Duration::ms(110), Duration::ms(40), Duration::ms(90))->video ==
        Duration::ms(30));
  // By 800: 80 less, none of it is left; the sound does not wait yet.
  auto delays = streams.update(Duration::ms(800), Duration::ms(40), Duration::ms(40));
  REQUIRE(delays);
  CHECK(delays->video == Duration::ms(30));
  CHECK(delays->audio == Duration{});
  delays = streams.update(Duration::ms(800), Duration::ms(40), Duration::ms(40));
  REQUIRE(delays);
  CHECK(delays->audio == Duration::ms(80));
}

TEST_CASE("Streams that are ten seconds apart, or do not go on, are left alone") {
  Streams streams;
  CHECK_FALSE(streams.update(Duration::ms(10'001), Duration::ms(40), Duration::ms(40)));
  CHECK(streams.update(Duration::ms(10'000), Duration::ms(40), Duration::ms(40)));
  Synchronization stopped;
  CHECK(stopped.update({at(0), at(50)}, {at(0), at(950)}, {}, {}));
  CHECK_FALSE(stopped.update({at(20), at(70)}, {at(0), at(950)}, {}, {}));
  CHECK_FALSE(stopped.update({at(20), at(70)}, {at(33), at(983)}, {}, {}));
  CHECK(stopped.update({at(40), at(90)}, {at(66), at(1016)}, {}, {}));
}

TEST_CASE(
    "As in libwebrtc's test: sound that comes 200 ms later, and a jitter buffer that changes") {
  // video/stream_synchronization_unittest.cc: an eighth of 200 a second; of 250 when the sound is
  // delayed by 50 more, of 210 when it is by 10.
  Streams streams;
  struct Row {
    int audioDelay;
    double video;
  };
  for (const Row& row : {Row{0, 25}, Row{0, 50}, Row{0, 75}, Row{50, 106.25}, Row{10, 132.5}}) {
    const auto delays =
        streams.update(Duration::ms(-200), Duration::ms(row.audioDelay), Duration{});
    REQUIRE(delays);
    CHECK(delays->video.milliseconds() == Approx(row.video));
    CHECK(delays->audio == Duration{});
  }
}
