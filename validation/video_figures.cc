#include "validation/video_figures.h"

#include <algorithm>
#include <cmath>

namespace callflow::validation {
namespace {

// Without the seconds that have no value; NaN if none has.
double mean(const VideoSeries& series, const VideoPhase& phase, double VideoSecond::*of) {
  double sum = 0;
  int count = 0;
  for (std::size_t i = static_cast<std::size_t>(phase.from);
       i < std::min(series.size(), static_cast<std::size_t>(phase.to)); ++i) {
    if (std::isnan(series[i].*of)) continue;
    sum += series[i].*of;
    ++count;
  }
  return count > 0 ? sum / count : VideoSecond::kNone;
}

double total(const VideoSeries& series, const VideoPhase& phase, double VideoSecond::*of) {
  double sum = 0;
  for (std::size_t i = static_cast<std::size_t>(phase.from);
       i < std::min(series.size(), static_cast<std::size_t>(phase.to)); ++i) {
    if (!std::isnan(series[i].*of)) sum += series[i].*of;
  }
  return sum;
}

double mostFrequentHeight(const VideoSeries& series, const VideoPhase& phase) {
  std::map<double, int> seconds;
  for (std::size_t i = static_cast<std::size_t>(phase.from);
       i < std::min(series.size(), static_cast<std::size_t>(phase.to)); ++i) {
    if (series[i].height > 0) ++seconds[series[i].height];
  }
  // Of two that are as frequent the larger, as the measurement has it.
  const auto most =
      std::max_element(seconds.rbegin(), seconds.rend(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == seconds.rend() ? VideoSecond::kNone : most->first;
}

// From which instant on a phase's rate is come to; nothing if that is not asked.
std::optional<Duration> originOf(const VideoCondition& condition, const VideoPhase& phase) {
  const Duration from = Duration::s(phase.from);
  if (condition.meanwhile) {
    if (from >= kStepUp) return kStepUp;
    if (from >= kStepDown) return kStepDown;
  }
  if (condition.other != VideoCondition::Other::none && from >= kTransferFrom) return std::nullopt;
  return Duration{};
}

}  // namespace

VideoValues figuresOf(const VideoSeries& series, const VideoCondition& condition,
                      const VideoPhase& phase, const VideoPhase& firstPhase) {
  VideoValues values;
  values[VideoQuantity::received] = mean(series, phase, &VideoSecond::received);
  values[VideoQuantity::available] = mean(series, phase, &VideoSecond::available);
  values[VideoQuantity::roundTrip] = mean(series, phase, &VideoSecond::roundTrip);
  values[VideoQuantity::frameRate] = mean(series, phase, &VideoSecond::frameRate);
  values[VideoQuantity::target] = mean(series, phase, &VideoSecond::target);
  values[VideoQuantity::height] = mostFrequentHeight(series, phase);
  values[VideoQuantity::freezes] = total(series, phase, &VideoSecond::freezes);
  if (const auto origin = originOf(condition, phase)) {
    const bool back = *origin == kStepUp;
    const double final = mean(series, back ? firstPhase : phase, &VideoSecond::target);
    const auto from = static_cast<std::size_t>(origin->seconds());
    std::size_t at = from;
    while (at < series.size() && !(series[at].target >= 0.8 * final)) ++at;
    // The target is known at the end of each second.
    values[VideoQuantity::reach80] =
        static_cast<double>(std::min(at + 1, series.size()) - std::min(from, series.size()));
  }
  return values;
}

}  // namespace callflow::validation
