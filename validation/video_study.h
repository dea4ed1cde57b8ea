// Measured video calls beside simulated ones, and which bars are met.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validation/video_run.h"

namespace callflow::validation {

struct VideoBar {
  VideoQuantity quantity;
  std::string_view column, label, unit;
  // Within this share of the measured value or this much, whichever is more; both 0: the same.
  double relative = 0, absolute = 0;
  bool judged = true;
};
const VideoBar& barOf(VideoQuantity quantity);

struct VideoVerdict {
  double allowed = 0;  // the largest difference that meets the bar
  bool met = false;
  // How far beyond what is allowed, in standard errors of the simulated mean; NaN if met, and
  // where seeds do not differ.
  double beyond = VideoSecond::kNone;
};

struct ComparedPhase {
  MeasuredPhase measured;
  VideoValues mean, deviation;  // over the seeds; of height, the most frequent and no deviation
  // Nothing where there is no bar or nothing was measured.
  std::array<std::optional<VideoVerdict>, videoQuantityCount> verdicts;
  const std::optional<VideoVerdict>& verdict(VideoQuantity q) const {
    return verdicts[static_cast<std::size_t>(q)];
  }
};

// Two phases that the measurement puts in one order and the simulation in the other.
struct VideoDisorder {
  VideoQuantity quantity;
  std::size_t lower = 0, higher = 0;  // indices of phases, as measured
};

struct VideoComparison {
  MeasuredVideo measured;
  std::vector<ComparedPhase> phases;  // in the file's order
  std::vector<VideoDisorder> disorders;
  std::size_t pairs = 0;  // that the measurement sets apart
  // Means over the seeds, of each condition: downlink, uplink.
  std::vector<std::array<VideoSeries, 2>> series;
  int seeds = 0;

  const VideoCondition& conditionOf(const ComparedPhase& phase) const {
    return measured.conditions[phase.measured.condition];
  }
  std::string nameOf(const ComparedPhase& phase) const;  // "free_d25, uplink, steady"
  std::size_t bars() const, met() const;
};

// What is simulated of a condition, by seed.
VideoComparison judgeVideo(const MeasuredVideo& measured,
                           const std::vector<std::vector<SimulatedVideo>>& simulated);

// `scenario`: the call of the measurement.
VideoComparison compareVideo(const MeasuredVideo& measured, const std::string& scenario, int seeds,
                             int jobs);

// "free_d25, uplink, steady: received rate", one a miss.
std::vector<std::string> misses(const VideoComparison& comparison);

std::string phasesAsCsv(const VideoComparison& comparison);
std::string seriesAsCsv(const VideoComparison& comparison);

}  // namespace callflow::validation
