// Each rule of the two classifiers, at its limit and just above it.
#include "models/quality/classifier.h"

#include <catch2/catch.hpp>

#include <limits>

namespace callflow::quality {
namespace {

using Rules = std::vector<Exceeded>;

Rules dashboard(const StreamFigures& figures) {
  return poorBecause(Classifier::callQualityDashboard, figures);
}
Rules insights(const StreamFigures& figures) {
  return poorBecause(Classifier::azureInsights, figures);
}

Rules diagnostics(const StreamFigures& figures) {
  return poorBecause(Classifier::azureDiagnostics, figures);
}

TEST_CASE("a stream at every limit is good, and so is one that nothing was measured of") {
  StreamFigures figures{Duration::ms(500), Duration::ms(30), Duration::ms(200), 0.10, 0.07, 1.0};
  CHECK(dashboard(figures).empty());
  CHECK(insights(figures).empty());
  figures = {};
  figures.lossRatio = figures.concealedRatio = figures.listeningMosLoss =
      std::numeric_limits<double>::quiet_NaN();
  CHECK(dashboard(figures).empty());
  CHECK(insights(figures).empty());
}

TEST_CASE("each rule fires just above its limit") {
  StreamFigures figures;
  figures.roundTrip = Duration::ms(501);
  CHECK(dashboard(figures) == Rules{{"round trip", 501, 500, "ms"}});
  CHECK(insights(figures) == dashboard(figures));
  figures = {};
  figures.jitter = Duration::ms(31);
  CHECK(dashboard(figures) == Rules{{"jitter", 31, 30, "ms"}});
  CHECK(insights(figures) == dashboard(figures));
  figures = {};
  figures.lossRatio = 0.125;
  CHECK(dashboard(figures) == Rules{{"packet loss", 12.5, 10, "%"}});
  CHECK(insights(figures) == dashboard(figures));
  figures = {};
  figures.concealedRatio = 0.071;
  REQUIRE(dashboard(figures).size() == 1);
  CHECK(dashboard(figures)[0].rule == "concealed");
  CHECK(dashboard(figures)[0].value == Approx(7.1));
  CHECK(dashboard(figures)[0].limit == Approx(7));
  CHECK(insights(figures).empty());
  figures = {};
  figures.listeningMosLoss = 1.01;
  CHECK(dashboard(figures) == Rules{{"audio degradation", 1.01, 1, "MOS"}});
  CHECK(insights(figures).empty());
}

TEST_CASE("call diagnostics look at the jitter buffer and at what was healed") {
  StreamFigures figures;
  CHECK(diagnostics(figures).empty());
  figures.jitterBuffer = Duration::ms(200);
  figures.concealedRatio = 0.1;
  CHECK(diagnostics(figures).empty());
  figures.jitterBuffer = Duration::ms(201);
  CHECK(diagnostics(figures) == Rules{{"jitter buffer", 201, 200, "ms"}});
  CHECK(insights(figures).empty());
  figures.concealedRatio = 0.125;
  REQUIRE(diagnostics(figures).size() == 2);
  CHECK(diagnostics(figures)[1] == Exceeded{"healed", 12.5, 10, "%"});
}

TEST_CASE("all rules that fire are named") {
  const StreamFigures figures{Duration::ms(700), Duration::ms(40), Duration::ms(300), 0.2, 0.1, 2};
  CHECK(dashboard(figures).size() == 5);
  CHECK(insights(figures).size() == 3);
}

}  // namespace
}  // namespace callflow::quality
