#include <catch2/catch.hpp>
#include <vector>

#include "models/video/share_sender.h"

using namespace callflow;
using namespace callflow::video;

namespace {

TimePoint at(double seconds) {
  return TimePoint::at(Duration::fromSeconds(seconds));
}

// Until this time, as a source asks for its pictures.
std::vector<EncodedFrame> run(ShareSender& sender, TimePoint& now, double until) {
  std::vector<EncodedFrame> out;
  while (now < at(until)) {
    for (const EncodedFrame& frame : sender.capture(now)) out.push_back(frame);
    now += sender.interval();
  }
  return out;
}

double bytes(const EncodedFrame& frame) {
  return static_cast<double>(frame.size.count());
}

Share oneSlide() {
  Share share;
  share.slide = Duration::s(3600);
  return share;
}

constexpr double kPixels = 1920.0 * 1080;

}  // namespace

TEST_CASE("A slide is one large frame, some of a quarter of it, and one a second from then on") {
  ShareSender sender(oneSlide(), 1);
  CHECK(sender.mostRate() == DataRate::kbps(2500));
  sender.setTarget(DataRate::kbps(2500), at(0));
  TimePoint now;
  const std::vector<EncodedFrame> frames = run(sender, now, 20);
  REQUIRE(frames.size() > 10);
  CHECK(frames[0].key);
  const double first = bytes(frames[0]);
  CHECK(first >= 0.3 * kPixels / 8 - 1);
  CHECK(first <= 0.6 * kPixels / 8 + 1);
  CHECK(frames[0].qp == 106);
  std::size_t refinements = 0;
  while (bytes(frames[1 + refinements]) > first / 5) {
    CHECK(bytes(frames[1 + refinements]) == Approx(first / 4).margin(1));
    ++refinements;
  }
  CHECK(refinements >= 5);
  CHECK(refinements <= 10);
  CHECK(frames[refinements].qp == 15);
  // 64 + 2073600 / 2560 = 874 bits.
  CHECK(frames.back().size.count() == 109);
  const std::size_t n = frames.size();
  CHECK(frames[n - 1].captured - frames[n - 2].captured == Duration::s(1));
}

TEST_CASE("At a small rate a slide takes as long as its first frame takes") {
  ShareSender sender(oneSlide(), 1);
  sender.setTarget(DataRate::kbps(500), at(0));
  TimePoint now;
  const std::vector<EncodedFrame> frames = run(sender, now, 30);
  // The buffer had half a second of rate; the rest is repaid before the next frame.
  const double owed = bytes(frames[0]) * 8 - 250'000;
  const double gap = (frames[1].captured - frames[0].captured).seconds();
  CHECK(gap >= owed / 500'000);
  CHECK(gap <= owed / 500'000 + 0.035);
}

TEST_CASE("Slides change as often as they are said to") {
  Share share;
  share.slide = Duration::s(10);
  ShareSender sender(share, 1);
  sender.setTarget(DataRate::kbps(2500), at(0));
  TimePoint now;
  int slides = 0;
  for (const EncodedFrame& frame : run(sender, now, 4000)) {
    if (bytes(frame) > 0.29 * kPixels / 8) ++slides;
    CHECK_FALSE((frame.key && slides > 1));
  }
  CHECK(slides == Approx(400).margin(60));  // three standard deviations of 20
}

TEST_CASE("A key frame on request shows the slide anew") {
  ShareSender sender(oneSlide(), 1);
  sender.setTarget(DataRate::kbps(2500), at(0));
  TimePoint now;
  const double first = bytes(run(sender, now, 10).front());
  sender.requestKeyFrame(at(10));
  const std::vector<EncodedFrame> again = run(sender, now, 20);
  CHECK(again.front().key);
  CHECK(bytes(again.front()) == first);
  // And so does a pause.
  sender.setTarget({}, at(20));
  CHECK(run(sender, now, 21).empty());
  sender.setTarget(DataRate::kbps(2500), at(21));
  CHECK(run(sender, now, 23).front().key);
}

TEST_CASE("What moves is sent as a picture that keeps its size") {
  Share share = oneSlide();
  share.content = Content::motion;
  ShareSender sender(share, 1);
  sender.setTarget(DataRate::kbps(2500), at(0));
  TimePoint now;
  const std::vector<EncodedFrame> frames = run(sender, now, 10);
  CHECK(frames.size() > 200);
  CHECK(frames.back().resolution == Resolution{1920, 1080});
  CHECK(sender.packets(frames.back()).back().marker);
  CHECK(defaultShareRate({320, 180}) == DataRate::kbps(1200));
}
