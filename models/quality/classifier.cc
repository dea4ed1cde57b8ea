#include "models/quality/classifier.h"

namespace callflow::quality {

namespace {

// Microsoft: "Stream classification in Call Quality Dashboard", and "Voice and video insights" of
// Azure Communication Services.
constexpr Duration roundTripLimit = Duration::ms(500);
constexpr Duration jitterLimit = Duration::ms(30);
// Of the columns JitterBufferSizeAvg and HealedDataRatioAvg of the log ACSCallDiagnostics.
constexpr Duration jitterBufferLimit = Duration::ms(200);
constexpr double healedLimit = 0.10;
constexpr double lossLimit = 0.10;
constexpr double concealedLimit = 0.07;
constexpr double degradationLimit = 1.0;

}  // namespace

std::vector<Exceeded> poorBecause(Classifier classifier, const StreamFigures& figures) {
  std::vector<Exceeded> broken;
  const auto judge = [&](std::string_view rule, double value, double limit, std::string_view unit) {
    if (value > limit) broken.push_back({rule, value, limit, unit});
  };
  const auto ms = [](Duration duration) { return duration.milliseconds(); };
  if (classifier == Classifier::azure_diagnostics) {
    judge("jitter buffer", ms(figures.jitterBuffer), ms(jitterBufferLimit), "ms");
    judge("healed", figures.concealedRatio * 100, healedLimit * 100, "%");
    return broken;
  }
  const bool dashboard = classifier == Classifier::call_quality_dashboard;
  if (dashboard) judge("audio degradation", figures.listeningMosLoss, degradationLimit, "MOS");
  judge("round trip", ms(figures.roundTrip), ms(roundTripLimit), "ms");
  judge("packet loss", figures.lossRatio * 100, lossLimit * 100, "%");
  judge("jitter", ms(figures.jitter), ms(jitterLimit), "ms");
  if (dashboard) judge("concealed", figures.concealedRatio * 100, concealedLimit * 100, "%");
  return broken;
}

}  // namespace callflow::quality
