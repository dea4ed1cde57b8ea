#include "models/quality/video_classifier.h"

#include <cmath>
#include <optional>

namespace callflow::quality {
namespace {

// Microsoft, "Stream classification in Call Quality Dashboard".
constexpr double kFramesLostLimit = 0.5;
constexpr double kLossLimit = 0.15;
constexpr Duration kShortest = Duration::s(60);

struct Limits {
  double dashboardFrameRate;
  // Columns VideoFrameRateAvg, RecvResolutionHeight and RecvFreezeDurationPerMinuteInMs of the log
  // ACSCallDiagnostics.
  double frameRate;
  double height;
  Duration frozen;
};
constexpr Limits kCamera{7, 7, 240, Duration::s(6)};
constexpr Limits kScreen{2, 1, 768, Duration::s(25)};

// One rule: nothing if its figure was not measured.
struct Judged {
  bool poor = false;
  Exceeded figure;
};
using Rule = std::optional<Judged>;

Rule above(std::string_view rule, double value, double limit, std::string_view unit) {
  if (std::isnan(value)) return std::nullopt;
  return Judged{value > limit, {rule, value, limit, unit}};
}
Rule below(std::string_view rule, double value, double limit, std::string_view unit) {
  if (std::isnan(value)) return std::nullopt;
  return Judged{value < limit, {rule, value, limit, unit}};
}

double percent(double share) {
  return share * 100;
}
double milliseconds(Duration time) {
  return time < Duration{} ? VideoFigures::kUnknown : time.milliseconds();
}

VideoClass dashboard(const Limits& limits, const VideoFigures& figures) {
  if (figures.length >= Duration{} && figures.length < kShortest) return {};
  const Rule rules[] = {
      above("frames lost", percent(figures.framesLost), percent(kFramesLostLimit), "%"),
      below("frame rate", figures.framesPerSecond, limits.dashboardFrameRate, "fps"),
      above("loss after repair", percent(figures.lossAfterRepair), percent(kLossLimit), "%"),
  };
  for (const Rule& rule : rules) {
    if (!rule) continue;
    if (rule->poor) return {VideoVerdict::poor, {rule->figure}};
    return {VideoVerdict::good, {}};
  }
  return {};
}

VideoClass diagnostics(const Limits& limits, const VideoFigures& figures) {
  VideoClass out;
  const Rule rules[] = {
      below("frame rate", figures.framesPerSecond, limits.frameRate, "fps"),
      below("height", figures.height, limits.height, "px"),
      above("frozen in a minute", milliseconds(figures.frozenInAMinute),
            milliseconds(limits.frozen), "ms"),
  };
  for (const Rule& rule : rules) {
    if (!rule) continue;
    if (out.verdict == VideoVerdict::unclassified) out.verdict = VideoVerdict::good;
    if (!rule->poor) continue;
    out.verdict = VideoVerdict::poor;
    out.because.push_back(rule->figure);
  }
  return out;
}

}  // namespace

VideoClass classifyVideo(VideoClassifier classifier, VideoKind kind, const VideoFigures& figures) {
  const Limits& limits = kind == VideoKind::screenShare ? kScreen : kCamera;
  return classifier == VideoClassifier::callQualityDashboard ? dashboard(limits, figures)
                                                             : diagnostics(limits, figures);
}

}  // namespace callflow::quality
