// Each rule of the two classifiers of video, at its limit and just past it, and their order.
#include "models/quality/video_classifier.h"

#include <catch2/catch.hpp>

namespace callflow::quality {
namespace {

VideoClass dashboard(const VideoFigures& figures, VideoKind kind = VideoKind::camera) {
  return classifyVideo(VideoClassifier::callQualityDashboard, kind, figures);
}
VideoClass diagnostics(const VideoFigures& figures, VideoKind kind = VideoKind::camera) {
  return classifyVideo(VideoClassifier::azureDiagnostics, kind, figures);
}

void isPoor(const VideoClass& result, const Exceeded& because) {
  CHECK(result.verdict == VideoVerdict::poor);
  REQUIRE(result.because.size() == 1);
  CHECK(result.because[0] == because);
}
void isGood(const VideoClass& result) {
  CHECK(result.verdict == VideoVerdict::good);
  CHECK(result.because.empty());
}

TEST_CASE("video: the dashboard judges by the first figure that was measured") {
  VideoFigures figures;
  CHECK(dashboard(figures).verdict == VideoVerdict::unclassified);
  figures.lossAfterRepair = 0.25;
  isPoor(dashboard(figures), {"loss after repair", 25, 15, "%"});
  figures.lossAfterRepair = 0.15;
  isGood(dashboard(figures));

  figures.lossAfterRepair = 0.25;
  figures.framesPerSecond = 7;  // at the limit: good, and the loss is not looked at
  isGood(dashboard(figures));
  figures.framesPerSecond = 6.5;
  isPoor(dashboard(figures), {"frame rate", 6.5, 7, "fps"});

  figures.framesLost = 0.5;
  isGood(dashboard(figures));
  figures.framesLost = 0.625;
  isPoor(dashboard(figures), {"frames lost", 62.5, 50, "%"});
}

TEST_CASE("video: the dashboard bears fewer frames of a shared screen") {
  VideoFigures figures;
  figures.framesPerSecond = 2;
  isGood(dashboard(figures, VideoKind::screenShare));
  isPoor(dashboard(figures), {"frame rate", 2, 7, "fps"});
  figures.framesPerSecond = 1.5;
  isPoor(dashboard(figures, VideoKind::screenShare), {"frame rate", 1.5, 2, "fps"});
}

TEST_CASE("video: the dashboard does not classify short streams") {
  VideoFigures figures;
  figures.framesLost = 0.75;
  figures.length = Duration::s(60) - Duration::ns(1);
  CHECK(dashboard(figures).verdict == VideoVerdict::unclassified);
  CHECK(dashboard(figures).because.empty());
  figures.length = Duration::s(60);
  CHECK(dashboard(figures).verdict == VideoVerdict::poor);
}

TEST_CASE("video: call diagnostics name each figure past its limit") {
  VideoFigures figures;
  CHECK(diagnostics(figures).verdict == VideoVerdict::unclassified);
  figures.framesLost = 1;  // not among theirs
  CHECK(diagnostics(figures).verdict == VideoVerdict::unclassified);
  figures.length = Duration::s(1);  // nor is the length
  figures.framesPerSecond = 7;
  figures.height = 240;
  figures.frozenInAMinute = Duration::s(6);
  isGood(diagnostics(figures));

  figures.framesPerSecond = 6;
  isPoor(diagnostics(figures), {"frame rate", 6, 7, "fps"});
  figures.framesPerSecond = 30;
  figures.height = 180;
  isPoor(diagnostics(figures), {"height", 180, 240, "px"});
  figures.height = 720;
  figures.frozenInAMinute = Duration::ms(6001);
  isPoor(diagnostics(figures), {"frozen in a minute", 6001, 6000, "ms"});

  figures.framesPerSecond = 5;
  figures.height = 90;
  const VideoClass all = diagnostics(figures);
  CHECK(all.verdict == VideoVerdict::poor);
  REQUIRE(all.because.size() == 3);
  CHECK(all.because[1].rule == "height");
}

TEST_CASE("video: call diagnostics have limits of their own for a shared screen") {
  VideoFigures figures;
  figures.framesPerSecond = 1;
  figures.height = 768;
  figures.frozenInAMinute = Duration::s(25);
  isGood(diagnostics(figures, VideoKind::screenShare));
  CHECK(diagnostics(figures).because.size() == 2);  // frame rate and freezes
  figures.framesPerSecond = 0.5;
  figures.height = 767;
  figures.frozenInAMinute = Duration::ms(25'001);
  const VideoClass all = diagnostics(figures, VideoKind::screenShare);
  REQUIRE(all.because.size() == 3);
  CHECK(all.because[0] == Exceeded{"frame rate", 0.5, 1, "fps"});
  CHECK(all.because[1] == Exceeded{"height", 767, 768, "px"});
  CHECK(all.because[2] == Exceeded{"frozen in a minute", 25'001, 25'000, "ms"});
}

}  // namespace
}  // namespace callflow::quality
