#include "models/quality/classifier.h"

#include <cmath>
#include <cstdio>

namespace callflow::quality {

namespace {

// Microsoft: "Stream classification in Call Quality Dashboard", and "Voice and video insights" of
// Azure Communication Services.
constexpr Duration roundTripLimit = Duration::ms(500);
constexpr Duration jitterLimit = Duration::ms(30);
constexpr double lossLimit = 0.10;
constexpr double concealedLimit = 0.07;
constexpr double degradationLimit = 1.0;

std::string said(const char* what, double value, const char* unit, double limit) {
  char text[96];
  std::snprintf(text, sizeof text, "%s %.4g%s, over %.4g%s", what, value, unit, limit, unit);
  return text;
}

}  // namespace

std::vector<std::string> poorBecause(Classifier classifier, const StreamFigures& figures) {
  std::vector<std::string> rules;
  const bool dashboard = classifier == Classifier::call_quality_dashboard;
  if (dashboard && figures.listeningMosLoss > degradationLimit) {
    rules.push_back(said("audio degradation", figures.listeningMosLoss, " MOS", degradationLimit));
  }
  if (figures.roundTrip > roundTripLimit) {
    rules.push_back(
        said("round trip", figures.roundTrip.milliseconds(), " ms", roundTripLimit.milliseconds()));
  }
  if (figures.lossRatio > lossLimit) {
    rules.push_back(said("packet loss", figures.lossRatio * 100, " %", lossLimit * 100));
  }
  if (figures.jitter > jitterLimit) {
    rules.push_back(
        said("jitter", figures.jitter.milliseconds(), " ms", jitterLimit.milliseconds()));
  }
  if (dashboard && figures.concealedRatio > concealedLimit) {
    rules.push_back(said("concealed", figures.concealedRatio * 100, " %", concealedLimit * 100));
  }
  return rules;
}

}  // namespace callflow::quality
