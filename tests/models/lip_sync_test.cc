// Sound and picture of calls: how far they are apart, by figures worked out by hand.
#include <catch2/catch.hpp>

#include <cmath>
#include <string>

#include "src/sim/lip_sync.h"
#include "tests/support/scenarios.h"

namespace callflow {
namespace {

using metrics::MetricId;
using metrics::StreamRecord;

// Seconds of 30 frames and 50 packets of sound, all with these delays in ms.
struct Seconds {
  void add(int toEye, int toEar) {
    client::InboundVideo seen = picture.back().received;
    seen.framesRendered += 30;
    seen.captureToRender += Duration::ms(30 * toEye);
    picture.push_back({});
    picture.back().received = seen;
    sound.push_back({sound.back().heard + 50, sound.back().toEar + Duration::ms(50 * toEar)});
  }
  void addNothing() {
    picture.push_back(picture.back());
    sound.push_back(sound.back());
  }
  std::vector<client::VideoSample> picture{1};
  std::vector<sim::SoundSample> sound{1};
};

// 15 ms between two people, one of whom has a camera.
metrics::RunRecord call(const std::string& name, const std::string& buffer) {
  return testing::simulated(testing::parsedScenario(name, "scenario: " + name + R"(
topology:
  sites: {office: {location: westeurope, access: {rate: 1 Gbit/s, delay: 5 ms}, uplink: {rate: 1 Gbit/s, delay: 0 ms}}}
  remote: {home: {location: westeurope, access: {rate: 1 Gbit/s, delay: 0 ms}, uplink: {rate: 1 Gbit/s, delay: 0 ms}}}
  internet: {minimum-delay: 10 ms, jitter: 0 ms}
warm-up: 0 s
runs: 1
calls:
  - {name: chat, clocks: ideal, participants: [alice@office, bob@home], senders: [alice], duration: 40 s,
     audio: {jitter-buffer: {)" + buffer + R"(}}, video: {width: 640, height: 360}}
)"));
}

const StreamRecord& streamOf(const metrics::RunRecord& record, const std::string& medium) {
  for (const StreamRecord& stream : record.streams)
    if (stream.medium == medium) return stream;
  FAIL("no stream of " + medium);
  return record.streams.front();
}

}  // namespace

TEST_CASE("The offset of a second is the picture's mean delay less the sound's") {
  Seconds seconds;
  seconds.add(100, 60);  // 40: sound is early, nobody notices
  seconds.add(150, 60);  // 90
  seconds.addNothing();
  seconds.add(20, 150);  // -130: late
  seconds.add(20, 140);  // -120: nobody notices
  const std::vector<double> offsets = sim::syncOffsets(seconds.picture, seconds.sound);
  REQUIRE(offsets.size() == 5);
  CHECK(offsets[0] == Approx(0.040));
  CHECK(offsets[1] == Approx(0.090));
  CHECK(std::isnan(offsets[2]));
  CHECK(offsets[3] == Approx(-0.130));
  CHECK(offsets[4] == Approx(-0.120));

  metrics::StreamRecord record;
  record.windows.resize(5);
  sim::fillSync(offsets, record);
  CHECK(record.totals[MetricId::video_sync_offset] == Approx((0.04 + 0.09 - 0.13 - 0.12) / 4));
  CHECK(record.totals[MetricId::video_sync_offset_max] == Approx(0.130));
  CHECK(record.totals[MetricId::video_out_of_sync_ratio] == Approx(0.5));
  CHECK(record.windows[3].values[MetricId::video_out_of_sync_ratio] == 1);
  CHECK(record.windows[4].values[MetricId::video_out_of_sync_ratio] == 0);
  CHECK(std::isnan(record.windows[2].values[MetricId::video_sync_offset]));
}

TEST_CASE("A picture waits for its sound") {
  // The sound's buffer holds 500 ms at least. From mouth to ear that is 20 ms of capture, 6.5 of
  // lookahead, 15 on the way, 500 in the buffer and at most 40 more (a tick and what is stretched).
  // libwebrtc lets 30 ms of difference be, and takes the sound as captured when its packet leaves:
  // it cannot know of the 26.5 ms before that.
  const metrics::RunRecord record = call("waits", "minimum: 500 ms");
  const StreamRecord &sound = streamOf(record, "audio"), &picture = streamOf(record, "video");
  const double toEar = sound.totals[MetricId::audio_mouth_to_ear_delay];
  CHECK(toEar > 0.5);
  CHECK(toEar < 0.5815);
  // Sound is stretched to that within some 6 s. The picture follows by an eighth of what is missing
  // a second: in eight more seconds (7/8)^8, a third, is left of it; and of the 26.5 ms all.
  const auto offset = [&](std::size_t second) {
    return picture.windows.at(second).values[MetricId::video_sync_offset];
  };
  CHECK(offset(8) < -0.15);
  CHECK(offset(16) > -0.03 + 0.6 * (offset(8) + 0.03));
  for (std::size_t second = 30; second < 39; ++second) {
    CHECK(offset(second) > -0.0265 - 0.045);
    CHECK(offset(second) < -0.0265 + 0.045);
  }
  CHECK(picture.totals[MetricId::video_sync_offset_max] > 0.25);
}

TEST_CASE("A buffer that is fixed takes no part: its sound stays behind the picture") {
  // 26.5 + 15 + 500 ms to the ear; to the eye 15 and what encoder, pacer and buffer take, which is
  // less than 150 ms without jitter.
  const metrics::RunRecord record = call("fixed", "kind: fixed, delay: 500 ms");
  const StreamRecord &sound = streamOf(record, "audio"), &picture = streamOf(record, "video");
  CHECK(sound.totals[MetricId::audio_mouth_to_ear_delay] == Approx(0.5415).margin(0.002));
  CHECK(picture.totals[MetricId::video_capture_to_render] < 0.165);
  CHECK(picture.totals[MetricId::video_sync_offset] ==
        Approx(picture.totals[MetricId::video_capture_to_render] - 0.5415).margin(0.005));
  CHECK(picture.totals[MetricId::video_out_of_sync_ratio] == 1);
}

}  // namespace callflow
