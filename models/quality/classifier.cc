#include "models/quality/classifier.h"

namespace callflow::quality {

namespace {

// Microsoft: "Stream classification in Call Quality Dashboard", and "Voice and video insights" of
// Azure Communication Services.
constexpr Duration kRoundTripLimit = Duration::ms(500);
constexpr Duration kJitterLimit = Duration::ms(30);
// Of the columns JitterBufferSizeAvg and HealedDataRatioAvg of the log ACSCallDiagnostics.
constexpr Duration kJitterBufferLimit = Duration::ms(200);
constexpr double kHealedLimit = 0.10;
constexpr double kLossLimit = 0.10;
constexpr double kConcealedLimit = 0.07;
constexpr double kDegradationLimit = 1.0;

}  // namespace

std::vector<Exceeded> poorBecause(Classifier classifier, const StreamFigures& figures) {
  std::vector<Exceeded> broken;
  const auto judge = [&](std::string_view rule, double value, double limit, std::string_view unit) {
    if (value > limit) broken.push_back({rule, value, limit, unit});
  };
  const auto ms = [](Duration duration) { return duration.milliseconds(); };
  if (classifier == Classifier::azureDiagnostics) {
    judge("jitter buffer", ms(figures.jitterBuffer), ms(kJitterBufferLimit), "ms");
    judge("healed", figures.concealedRatio * 100, kHealedLimit * 100, "%");
    return broken;
  }
  const bool dashboard = classifier == Classifier::callQualityDashboard;
  if (dashboard) judge("audio degradation", figures.listeningMosLoss, kDegradationLimit, "MOS");
  judge("round trip", ms(figures.roundTrip), ms(kRoundTripLimit), "ms");
  judge("packet loss", figures.lossRatio * 100, kLossLimit * 100, "%");
  judge("jitter", ms(figures.jitter), ms(kJitterLimit), "ms");
  if (dashboard) judge("concealed", figures.concealedRatio * 100, kConcealedLimit * 100, "%");
  return broken;
}

}  // namespace callflow::quality
