#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "models/video/adaptation.h"
#include "models/video/frame_thinner.h"
#include "models/video/quality_scaler.h"

using namespace callflow;
using namespace callflow::video;

namespace {

TimePoint at(double seconds) {
  return TimePoint::at(Duration::fromSeconds(seconds));
}

// 30 frames a second of one quantizer.
void watch(QualityScaler& scaler, int qp, double from, double to) {
  for (double t = from; t < to - 0.001; t += 1.0 / 30) scaler.onFrame(qp, at(t));
}

QualityScaler vp8() {
  return QualityScaler(qpScale(Codec::vp8), at(0));
}

// Widths, step by step, until there is none left.
std::vector<int> widthsDown(Resolution captured) {
  Adaptation adaptation(captured, 30, Degradation::maintainFramerate);
  std::vector<int> out;
  while (adaptation.down()) out.push_back(adaptation.size().width);
  return out;
}

}  // namespace

TEST_CASE("Two seconds of a bad picture are too bad, of a good one good enough") {
  QualityScaler bad = vp8();
  watch(bad, 100, 0, 2);
  CHECK_FALSE(bad.check(at(1.99)));
  CHECK(bad.check(at(2)) == Verdict::tooBad);

  QualityScaler good = vp8();
  watch(good, 29, 0, 2);
  CHECK(good.check(at(2)) == Verdict::goodEnough);
  // It was never bad, so the next is 2 s later.
  watch(good, 29, 2, 4);
  CHECK_FALSE(good.check(at(3.99)));
  CHECK(good.check(at(4)) == Verdict::goodEnough);

  QualityScaler fair = vp8();
  watch(fair, 30, 0, 2);
  CHECK_FALSE(fair.check(at(2)));
  watch(fair, 95, 2, 30);
  CHECK_FALSE(fair.check(at(30)));
}

TEST_CASE("Once it was bad, the next question is 5 s later, or 1 s with too few frames") {
  QualityScaler scaler = vp8();
  watch(scaler, 100, 0, 2);
  CHECK(scaler.check(at(2)) == Verdict::tooBad);
  watch(scaler, 100, 2, 7);
  CHECK_FALSE(scaler.check(at(6.99)));
  CHECK(scaler.check(at(7)) == Verdict::tooBad);
  watch(scaler, 100, 7, 8);  // 30 frames
  CHECK_FALSE(scaler.check(at(12)));
  watch(scaler, 100, 12, 13);  // 60
  CHECK_FALSE(scaler.check(at(12.99)));
  CHECK(scaler.check(at(13)) == Verdict::tooBad);
}

TEST_CASE("Sixty frames make a verdict, three fifths of them dropped a bad one") {
  QualityScaler scaler = vp8();
  watch(scaler, 100, 0, 59.0 / 30);
  CHECK_FALSE(scaler.check(at(2)));
  scaler.onFrame(100, at(3));
  CHECK(scaler.check(at(4)) == Verdict::tooBad);

  for (const int dropped : {35, 36}) {
    QualityScaler dropping = vp8();
    watch(dropping, 50, 0, (60.0 - dropped) / 30);
    for (int i = 0; i < dropped; ++i) dropping.onDropped();
    CHECK(dropping.check(at(2)).has_value() == (dropped == 36));
  }
}

TEST_CASE("Bad pictures are noticed in two seconds, good ones in ten") {
  // 110 - 50 x 0.9995^ms is over 95 from 2409 ms on: not at 4 s, but at 6 s.
  QualityScaler worse = vp8();
  watch(worse, 60, 0, 2);
  CHECK_FALSE(worse.check(at(2)));
  watch(worse, 110, 2, 4);
  CHECK_FALSE(worse.check(at(4)));
  watch(worse, 110, 4, 6);
  CHECK(worse.check(at(6)) == Verdict::tooBad);

  // 20 + 50 x 0.9999^ms, rounded down, is 29 or less from 16094 ms on.
  QualityScaler better = vp8();
  watch(better, 70, 0, 2);
  CHECK_FALSE(better.check(at(2)));
  for (int t = 4; t <= 18; t += 2) {
    watch(better, 20, t - 2, t);
    CHECK_FALSE(better.check(at(t)));
  }
  watch(better, 20, 18, 20);
  CHECK(better.check(at(20)) == Verdict::goodEnough);
}

TEST_CASE("Sizes go down by three quarters and two thirds in turn, to 320x180") {
  CHECK(widthsDown({1280, 720}) == std::vector<int>{960, 640, 480, 320});
  CHECK(widthsDown({640, 360}) == std::vector<int>{480, 320});
  // Divided by 3 it begins with two thirds.
  CHECK(widthsDown({1920, 1080}) == std::vector<int>{1280, 960, 640, 480, 320});
  CHECK(widthsDown({320, 180}).empty());
  CHECK(scaledTo({1280, 720}, 552'960, 552'960) == Resolution{960, 540});
  CHECK(scaledTo({1280, 720}, 1'000'000, 1'000'000) == Resolution{1280, 720});
}

TEST_CASE("Sizes go up again the way they came") {
  Adaptation adaptation({1280, 720}, 30, Degradation::maintainFramerate);
  while (adaptation.down()) {
  }
  CHECK(adaptation.restricted());
  std::vector<int> widths;
  while (adaptation.up()) widths.push_back(adaptation.size().width);
  CHECK(widths == std::vector<int>{480, 640, 960, 1280});
  CHECK_FALSE(adaptation.restricted());
  CHECK_FALSE(adaptation.frameRate());
}

TEST_CASE("Frames go down by a third and up by a half, to 2 a second") {
  Adaptation adaptation({1280, 720}, 30, Degradation::maintainResolution);
  std::vector<int> rates;
  while (adaptation.down()) rates.push_back(*adaptation.frameRate());
  CHECK(rates == std::vector<int>{20, 13, 8, 5, 3, 2});
  rates.clear();
  while (adaptation.up()) rates.push_back(adaptation.frameRate().value_or(0));
  CHECK(rates == std::vector<int>{3, 4, 6, 9, 13, 0});
  CHECK(adaptation.size() == Resolution{1280, 720});
}

TEST_CASE("Balanced: first frames, then size, by size") {
  Adaptation adaptation({640, 360}, 30, Degradation::balanced);
  std::vector<std::pair<int, int>> steps;
  while (adaptation.down())
    steps.emplace_back(adaptation.size().width, adaptation.frameRate().value_or(0));
  using Steps = std::vector<std::pair<int, int>>;
  CHECK(steps == Steps{{640, 15}, {480, 15}, {480, 10}, {320, 10}, {320, 7}});
  steps.clear();
  while (adaptation.up())
    steps.emplace_back(adaptation.size().width, adaptation.frameRate().value_or(0));
  CHECK(steps == Steps{{320, 10}, {480, 10}, {480, 15}, {640, 15}, {640, 0}});
  // A larger picture gets smaller first.
  Adaptation large({1280, 720}, 30, Degradation::balanced);
  REQUIRE(large.down());
  CHECK(large.size() == Resolution{960, 540});
  // Fewer frames that are none fewer are no step.
  Adaptation slow({640, 360}, 15, Degradation::balanced);
  REQUIRE(slow.down());
  CHECK(slow.size() == Resolution{480, 270});
}

TEST_CASE("A large picture begins smaller at a small rate") {
  const auto widthAt = [](Resolution captured, DataRate start) {
    Adaptation adaptation(captured, 30, Degradation::maintainFramerate);
    reduceToStart(adaptation, start);
    return adaptation.size().width;
  };
  CHECK(widthAt({1280, 720}, DataRate::kbps(300)) == 640);
  CHECK(widthAt({1280, 720}, DataRate::kbps(499)) == 640);
  CHECK(widthAt({1280, 720}, DataRate::kbps(500)) == 1280);
  CHECK(widthAt({640, 360}, DataRate::kbps(300)) == 640);
  CHECK(widthAt({640, 360}, DataRate::kbps(299)) == 320);
  CHECK(widthAt({1280, 720}, DataRate::kbps(200)) == 320);
  CHECK(widthAt({1920, 1080}, DataRate::kbps(200)) == 480);  // four pictures at most are left out
}

TEST_CASE("Pictures are left out evenly") {
  FrameThinner thinner;
  std::vector<int> kept;
  for (int i = 0; i < 12; ++i) {
    if (thinner.keeps(at(i / 30.0), 20)) kept.push_back(i);
  }
  // Due at 25, 75, 125 ms and so on after the first.
  CHECK(kept == std::vector<int>{0, 1, 3, 4, 6, 7, 9, 10});
  // After a pause the next is kept at once, and the one after that when it is due.
  CHECK(thinner.keeps(at(10), 10));
  CHECK_FALSE(thinner.keeps(at(10.033), 10));
  CHECK(thinner.keeps(at(10.066), 10));
}
