#include <catch2/catch.hpp>
#include <optional>
#include <string>

#include "models/video/keys.h"
#include "src/config/load.h"
#include "src/config/table.h"

using namespace callflow;
using namespace callflow::video;
using Catch::Contains;

namespace {

template <class T>
std::optional<T> readAs(const std::string& text, std::string& said) {
  Diagnostics diagnostics;
  const config::NodePtr root = config::parseYaml(text, "v.yaml", diagnostics);
  REQUIRE(root);
  std::optional<T> out = config::read(root, tableOf(static_cast<const T*>(nullptr)), diagnostics);
  said = diagnostics.render("end");
  return out;
}

template <class T>
T sound(const std::string& text) {
  std::string said;
  const std::optional<T> out = readAs<T>(text, said);
  INFO(said);
  REQUIRE(out);
  return *out;
}

template <class T>
std::string faults(const std::string& text) {
  std::string said;
  CHECK_FALSE(readAs<T>(text, said));
  return said;
}

}  // namespace

TEST_CASE("The tables of video are sound") {
  CHECK(config::selfCheck(tableOf(static_cast<const Video*>(nullptr))).empty());
  CHECK(config::selfCheck(tableOf(static_cast<const Share*>(nullptr))).empty());
}

TEST_CASE("Video that is not described is libwebrtc's") {
  const Video video = sound<Video>("{}");
  CHECK(video.codec == Codec::vp8);
  CHECK(video.captured() == Resolution{1280, 720});
  CHECK(video.frameRate == 30);
  CHECK(video.maxBitrate == DataRate{});
  CHECK(video.content == Content::talkingHead);
  CHECK(video.degradation == Degradation::maintainFramerate);
  CHECK(video.simulcastLayers == 1);
  CHECK(video.temporalLayers == 0);
  CHECK(video.frameSizes == FrameSizes::encoder);
  CHECK(video.rtpExtensions == DataSize::bytes(20));
  const Share share = sound<Share>("{}");
  CHECK(share.captured() == Resolution{1920, 1080});
  CHECK(share.content == Content::slides);
  CHECK(share.slide == Duration::s(20));
}

TEST_CASE("What is written of video is read") {
  const Video video = sound<Video>(
      "{codec: av1, width: 640, height: 360, frame-rate: 15, max-bitrate: 500 kbit/s, content: "
      "test-pattern, simulcast-layers: 2, temporal-layers: 2, rtp-extensions: 16 B}");
  CHECK(video.codec == Codec::av1);
  CHECK(video.captured() == Resolution{640, 360});
  CHECK(video.frameRate == 15);
  CHECK(video.maxBitrate == DataRate::kbps(500));
  CHECK(video.content == Content::testPattern);
  CHECK(video.simulcastLayers == 2);
  CHECK(video.temporalLayers == 2);
  CHECK(sound<Video>("degradation: balanced").degradation == Degradation::balanced);
  CHECK(sound<Video>("frame-sizes: rfc8593").frameSizes == FrameSizes::rfc8593);
  CHECK(sound<Share>("{content: motion, codec: h264}").content == Content::motion);
  CHECK(sound<Share>("slide: 5 s").slide == Duration::s(5));
}

TEST_CASE("What cannot have an effect is said") {
  CHECK_THAT(faults<Video>("content: slides"), Contains("content") && Contains("filmed"));
  CHECK_THAT(faults<Video>("{codec: h264, temporal-layers: 3}"), Contains("temporal-layers"));
  CHECK_THAT(faults<Video>("{simulcast-layers: 3, frame-sizes: rfc8593}"),
             Contains("frame-sizes") && Contains("one stream"));
  CHECK_THAT(faults<Video>("rtp-extensions: 18 B"), Contains("multiple of 4 B"));
  CHECK_THAT(faults<Video>("{simulcast-layers: 2, degradation: balanced}"),
             Contains("degradation") && Contains("simulcast"));
  CHECK_THAT(faults<Video>("{width: 320, height: 180, simulcast-layers: 2}"),
             Contains("simulcast-layers") && Contains("too small"));
  CHECK_THAT(faults<Video>("frame-rate: 0"), Contains("frame-rate"));
  CHECK_THAT(faults<Video>("max-bitrate: 20 kbit/s"), Contains("max-bitrate"));
  CHECK_THAT(faults<Share>("content: talking-head"), Contains("slides or motion"));
  CHECK_THAT(faults<Share>("{content: motion, slide: 5 s}"), Contains("slide"));
}
