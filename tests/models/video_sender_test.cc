#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <vector>

#include "models/video/video_sender.h"

using namespace callflow;
using namespace callflow::video;

namespace {

TimePoint at(double seconds) {
  return TimePoint::at(Duration::fromSeconds(seconds));
}

DataRate kbps(std::int64_t rate) {
  return DataRate::kbps(rate);
}

// The frames of so long at 30 pictures a second.
std::vector<EncodedFrame> run(VideoSender& sender, double from, double to) {
  std::vector<EncodedFrame> out;
  for (std::int64_t i = std::llround(from * 30); i < std::llround(to * 30); ++i) {
    for (const EncodedFrame& frame : sender.capture(at(static_cast<double>(i) / 30)))
      out.push_back(frame);
  }
  return out;
}

double kilobits(const std::vector<EncodedFrame>& frames, double seconds) {
  double bits = 0;
  for (const EncodedFrame& frame : frames) bits += static_cast<double>(frame.size.count()) * 8;
  return bits / 1000 / seconds;
}

// As in the measurements of Chromium.
Video testPicture() {
  Video video;
  video.width = 640;
  video.height = 360;
  video.content = Content::testPattern;
  return video;
}

}  // namespace

TEST_CASE("A sender keeps to its limit") {
  CHECK(VideoSender({}, 1).mostRate() == kbps(2500));
  CHECK(VideoSender(testPicture(), 1).mostRate() == kbps(1700));
  CHECK(defaultMaxRate({320, 180}) == kbps(600));
  CHECK(defaultMaxRate({960, 540}) == kbps(2000));
  Video little = testPicture();
  little.maxBitrate = kbps(400);
  VideoSender sender(little, 1);
  CHECK(sender.mostRate() == kbps(400));
  CHECK(sender.leastRate() == kbps(30));
  CHECK(sender.paddingRate() == DataRate{});
  sender.setTarget(DataRate::mbps(50), at(0));
  run(sender, 0, 10);
  CHECK(kilobits(run(sender, 10, 30), 20) == Approx(400).epsilon(0.03));
}

TEST_CASE("A large picture begins small and grows every two seconds while there is rate") {
  VideoSender sender({}, 1);  // 720p, a head
  sender.setTarget(kbps(2500), at(0));
  CHECK(run(sender, 0, 0.1).front().resolution == Resolution{640, 360});
  run(sender, 0.1, 1.9);
  CHECK(sender.sizeOf(0) == Resolution{640, 360});
  run(sender, 1.9, 2.2);
  CHECK(sender.sizeOf(0) == Resolution{960, 540});
  run(sender, 2.2, 4.4);
  CHECK(sender.sizeOf(0) == Resolution{1280, 720});
  CHECK_FALSE(sender.reduced());
}

TEST_CASE("Chromium's test picture gets the size that Chromium sends at each rate") {
  // Calls over lines of 150, 300, 500, 1000 and 2000 kbit/s: what there was for video at first,
  // then on average (what the line was found to carry, less audio and headers), and what was sent
  // of it.
  struct Row {
    int first, then, sent, width;
  };
  for (const Row& row : {Row{40, 75, 61, 320}, Row{75, 212, 202, 320}, Row{300, 378, 363, 480},
                         Row{1200, 815, 798, 640}, Row{1700, 1700, 1650, 640}}) {
    VideoSender sender(testPicture(), 1);
    sender.setTarget(kbps(row.first), at(0));
    run(sender, 0, 10);
    sender.setTarget(kbps(row.then), at(10));
    run(sender, 10, 30);
    const std::vector<EncodedFrame> frames = run(sender, 30, 60);
    INFO(row.sent << " kbit/s");
    CHECK(frames.back().resolution.width == row.width);
    CHECK(kilobits(frames, 30) == Approx(row.sent).epsilon(row.sent == 61 ? 0.09 : 0.03));
    // 21 frames a second at 150 kbit/s, all of them else.
    CHECK(static_cast<double>(frames.size()) / 30 ==
          Approx(row.sent == 61 ? 21.2 : 30).margin(row.sent == 61 ? 3.5 : 0.1));
  }
}

TEST_CASE("Size or frames are given up as asked") {
  const auto after = [](Degradation degradation) {
    Video video = testPicture();
    video.degradation = degradation;
    VideoSender sender(video, 1);
    sender.setTarget(kbps(250), at(0));
    run(sender, 0, 30);
    const std::vector<EncodedFrame> frames = run(sender, 30, 40);
    return std::pair{frames.back().resolution.width, static_cast<double>(frames.size()) / 10};
  };
  CHECK(after(Degradation::maintainFramerate).first < 640);
  CHECK(after(Degradation::maintainFramerate).second == Approx(30).margin(0.2));
  // The encoder drops what it cannot code: at least 0.05 bit a pixel at the worst quantizer.
  CHECK(after(Degradation::maintainResolution).first == 640);
  CHECK(after(Degradation::maintainResolution).second < 24);
  CHECK(after(Degradation::balanced).second < 16);
}

TEST_CASE("A target of nothing pauses, and the next picture is a key frame") {
  VideoSender sender(testPicture(), 1);
  CHECK(run(sender, 0, 1).empty());
  sender.setTarget(kbps(800), at(1));
  CHECK(run(sender, 1, 2).front().key);
  sender.setTarget({}, at(2));
  CHECK(run(sender, 2, 3).empty());
  sender.setTarget(kbps(800), at(3));
  const std::vector<EncodedFrame> frames = run(sender, 3, 4);
  CHECK(frames.front().key);
  CHECK_FALSE(frames.back().key);
}

TEST_CASE("While too much is in flight a share of frames is left out, and of the rate") {
  VideoSender sender(testPicture(), 1);
  sender.setTarget(kbps(800), at(0));
  run(sender, 0, 10);
  sender.setTarget(kbps(800), at(10), 0.25);
  run(sender, 10, 12);
  const std::vector<EncodedFrame> frames = run(sender, 12, 20);
  CHECK(frames.size() == 180);  // three of four
  sender.setTarget(kbps(800), at(20), 0.01);
  CHECK(run(sender, 20, 21).size() == 30);
}

TEST_CASE("Simulcast sends what sizes the rate suffices for") {
  Video video;
  video.simulcastLayers = 3;
  VideoSender sender(video, 1);
  REQUIRE(sender.streams() == 3);
  CHECK(sender.mostRate() == kbps(3150));
  CHECK(sender.paddingRate() == kbps(1370));
  // 150 and 500; 350 are too few for 720p, so 360p gets 200 of them.
  sender.setTarget(kbps(1000), at(0));
  std::vector<EncodedFrame> frames = sender.capture(at(0));
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].stream == 0);
  CHECK(frames[0].resolution == Resolution{320, 180});
  CHECK(frames[1].stream == 1);
  CHECK(frames[1].resolution == Resolution{640, 360});
  CHECK(sender.rateOf(1).count() == Approx(700'000 / 1.2).margin(1));
  CHECK(sender.rateOf(2) == DataRate{});
  sender.setTarget(kbps(3150), at(0.03));
  frames = sender.capture(at(0.033));
  REQUIRE(frames.size() == 3);
  CHECK(frames[2].resolution == Resolution{1280, 720});
  CHECK(frames[2].key);
  CHECK_FALSE(frames[0].key);
  // VP8 has three temporal layers then.
  CHECK(frames[0].temporalLayer == 2);
  CHECK(sender.packets(frames[0]).front().payload ==
        frames[0].size + DataSize::bytes(6));  // one packet, with layers in its descriptor
}

TEST_CASE("A key frame of one size is one of all with VP8") {
  const auto keys = [](Codec codec) {
    Video video;
    video.codec = codec;
    video.simulcastLayers = 3;
    VideoSender sender(video, 1);
    sender.setTarget(kbps(3000), at(0));
    run(sender, 0, 1);
    sender.requestKeyFrame(1, at(1));
    int count = 0;
    for (const EncodedFrame& frame : sender.capture(at(1))) count += frame.key ? 1 : 0;
    return count;
  };
  CHECK(keys(Codec::vp8) == 3);
  CHECK(keys(Codec::h264) == 1);
}

TEST_CASE("What an application allows over the table's sum is the largest size's") {
  Video video;
  video.simulcastLayers = 2;
  video.maxBitrate = kbps(4000);
  CHECK(VideoSender(video, 1).mostRate() == kbps(4000));
  video.maxBitrate = kbps(1000);
  CHECK(VideoSender(video, 1).mostRate() == kbps(1000));
}

TEST_CASE("By RFC 8593 frames come at irregular times") {
  Video video;
  video.frameSizes = FrameSizes::rfc8593;
  VideoSender sender(video, 1);
  sender.setTarget(kbps(1000), at(0));
  CHECK(sender.capture(at(0)).front().size.count() == 13'500);
  CHECK(sender.interval() != sender.interval());
  VideoSender usual({}, 1);
  CHECK(usual.interval() == Duration::fromSeconds(1.0 / 30));
}
