// Freezes, enlarged pictures and low frame rates: the findings that the rule of thumb is drawn
// through, and sums by hand.
#include "models/quality/freeze_score.h"

#include <catch2/catch.hpp>

#include "models/quality/p1203.h"

using namespace callflow;
using namespace callflow::quality;

TEST_CASE("each freeze score passes through the finding that it comes from") {
  CHECK(freezeScore(4.0, Duration::ms(360)).strict == Approx(3.5));
  CHECK(freezeScore(3.52, Duration::s(1)).lenient == Approx(2.95));
}

TEST_CASE("freezes take shares, and no freeze takes nothing") {
  CHECK(freezeScore(4.2, Duration{}).strict == Approx(4.2));
  CHECK(freezeScore(4.2, Duration{}).lenient == Approx(4.2));
  // Twice the time takes the share twice: 1 + 3 (5/6)^2 and 1 + 2.52 (1.95/2.52)^2.
  CHECK(freezeScore(4.0, Duration::ms(720)).strict == Approx(3.083333).margin(1e-6));
  CHECK(freezeScore(3.52, Duration::s(2)).lenient == Approx(2.508929).margin(1e-6));
  // exp(-1) is left after Fc: 1.974533 s and 3.899707 s.
  CHECK(freezeScore(5, Duration::us(1'974'533)).strict == Approx(2.471518).margin(1e-5));
  CHECK(freezeScore(5, Duration::us(3'899'707)).lenient == Approx(2.471518).margin(1e-5));
  CHECK(freezeScore(1, Duration::s(5)).strict == 1);
}

TEST_CASE("enlarging a picture costs by the ratio of its pixels") {
  const auto loss = [](double value) { return Approx(value).margin(0.05).epsilon(0); };
  CHECK(upscalingLoss(960 * 540, 1280 * 720) == loss(7.0));
  CHECK(upscalingLoss(1280 * 720, 1920 * 1080) == loss(10.6));
  CHECK(upscalingLoss(640 * 360, 1280 * 720) == loss(21.2));
  CHECK(upscalingLoss(640 * 360, 1920 * 1080) == loss(40.0));
  CHECK(upscalingLoss(320 * 180, 1280 * 720) == loss(55.4));
  CHECK(upscalingLoss(1280 * 720, 640 * 360) == 0);
  CHECK(upscalingLoss(0, 640 * 360) == 100);
}

TEST_CASE("fewer than 24 frames a second cost a share of what is left") {
  CHECK(frameRateLoss(24, 80) == 0);
  CHECK(frameRateLoss(30, 80) == 0);
  // 80 (30.98 - 12.9) / 74.65 and 80 (30.98 - 19.35) / 79.65.
  CHECK(frameRateLoss(10, 80) == Approx(19.375754).margin(1e-6));
  CHECK(frameRateLoss(15, 80) == Approx(11.681105).margin(1e-6));
  CHECK(frameRateLoss(10, 40) == Approx(9.687877).margin(1e-6));
  CHECK(frameRateLoss(-1, 64.65) == Approx(30.98));
}
