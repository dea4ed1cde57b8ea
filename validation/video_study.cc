#include "validation/video_study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/topology/load.h"
#include "validation/csv.h"
#include "validation/processes.h"
#include "validation/video_figures.h"

namespace callflow::validation {
namespace {

constexpr std::array<VideoBar, videoQuantityCount> table{{
    {VideoQuantity::received, "recv_kbps", "received rate", "kbit/s", 0.15},
    {VideoQuantity::available, "avail_kbps", "available rate", "kbit/s", 0.15},
    {VideoQuantity::roundTrip, "rtt_ms", "round trip", "ms", 0.2, 20},
    {VideoQuantity::frameRate, "fps", "frame rate", "fps", 0.1},
    {VideoQuantity::height, "height", "height", "px"},
    {VideoQuantity::reach80, "reach80_s", "time to 80 %", "s", 0.3, 3},
    {VideoQuantity::otherShare, "other_pct", "TCP's share of the line", "%", 0, 10},
    {VideoQuantity::freezes, "freezes", "freezes", "", 0, 0, false},
    {VideoQuantity::target, "target_kbps", "target rate", "kbit/s", 0, 0, false},
}};

constexpr bool inOrder() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].quantity) != i) return false;
  }
  return true;
}
static_assert(inOrder());

// What each seed's seconds come to in a phase.
std::vector<VideoValues> valuesOf(const MeasuredVideo& measured, const MeasuredPhase& phase,
                                  const std::vector<SimulatedVideo>& seeds) {
  const VideoCondition& condition = measured.conditions[phase.condition];
  const auto first =
      std::find_if(measured.phases.begin(), measured.phases.end(), [&](const MeasuredPhase& each) {
        return each.condition == phase.condition && each.uplink == phase.uplink;
      });
  // The transfer goes in one direction, and what it got stands beside that direction's phase.
  const bool hasOther = !std::isnan(phase.values[VideoQuantity::otherShare]);
  std::vector<VideoValues> result;
  for (const SimulatedVideo& seed : seeds) {
    VideoValues& values = result.emplace_back(
        figuresOf(seed.seriesOf(phase.uplink), condition, phase.phase, first->phase));
    if (hasOther) {
      values[VideoQuantity::otherShare] =
          seed.otherRate * 1e3 / static_cast<double>(condition.rate->count()) * 100;
    }
  }
  return result;
}

void summarize(const std::vector<VideoValues>& seeds, ComparedPhase& phase) {
  for (const VideoBar& bar : table) {
    std::vector<double> values;
    for (const VideoValues& seed : seeds) {
      if (!std::isnan(seed[bar.quantity])) values.push_back(seed[bar.quantity]);
    }
    if (values.empty()) continue;
    if (bar.quantity == VideoQuantity::height) {
      std::map<double, int> counts;
      for (const double value : values) ++counts[value];
      phase.mean[bar.quantity] =
          std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
            return a.second < b.second;
          })->first;
      continue;
    }
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    const auto n = static_cast<double>(values.size());
    for (const double value : values) squares += std::pow(value - sum / n, 2);
    phase.mean[bar.quantity] = sum / n;
    phase.deviation[bar.quantity] = n < 2 ? 0 : std::sqrt(squares / (n - 1));
  }
}

void judge(std::size_t seeds, ComparedPhase& phase) {
  for (const VideoBar& bar : table) {
    const double measured = phase.measured.values[bar.quantity];
    if (!bar.judged || std::isnan(measured)) continue;
    const double off = std::abs(phase.mean[bar.quantity] - measured);
    VideoVerdict verdict;
    verdict.allowed = std::max(bar.relative * measured, bar.absolute);
    verdict.met = off <= verdict.allowed;  // not if nothing was simulated
    const double error = phase.deviation[bar.quantity] / std::sqrt(static_cast<double>(seeds));
    if (!verdict.met && error > 0) verdict.beyond = (off - verdict.allowed) / error;
    phase.verdicts[static_cast<std::size_t>(bar.quantity)] = verdict;
  }
}

// Freezes of all phases, and rates of lossy lines, which one measured run has by chance: what the
// measurement sets apart must not be the other way round.
void compareOrder(VideoComparison& comparison) {
  const auto& phases = comparison.phases;
  const auto compare = [&](VideoQuantity quantity, auto&& counts, auto&& apart) {
    for (std::size_t low = 0; low < phases.size(); ++low) {
      for (std::size_t high = 0; high < phases.size(); ++high) {
        const ComparedPhase &a = phases[low], &b = phases[high];
        if (a.measured.uplink != b.measured.uplink || !counts(a) || !counts(b)) continue;
        const double less = a.measured.values[quantity], more = b.measured.values[quantity];
        if (!(more > less) || !apart(less, more)) continue;
        ++comparison.pairs;
        if (!(a.mean[quantity] <= b.mean[quantity]))
          comparison.disorders.push_back({quantity, low, high});
      }
    }
  };
  compare(
      VideoQuantity::freezes, [](const ComparedPhase&) { return true; },
      [](double, double) { return true; });
  compare(
      VideoQuantity::received,
      [&](const ComparedPhase& phase) { return comparison.conditionOf(phase).isLossy(); },
      [](double less, double more) {
        return more - less >
               table[static_cast<std::size_t>(VideoQuantity::received)].relative * more;
      });
}

VideoSeries meanSeries(const std::vector<SimulatedVideo>& seeds, bool uplink) {
  constexpr std::array fields{&VideoSecond::target,    &VideoSecond::sent,
                              &VideoSecond::received,  &VideoSecond::available,
                              &VideoSecond::roundTrip, &VideoSecond::frameRate,
                              &VideoSecond::height,    &VideoSecond::freezes};
  VideoSeries result;
  for (const SimulatedVideo& seed : seeds)
    result.resize(std::max(result.size(), seed.seriesOf(uplink).size()));
  for (std::size_t second = 0; second < result.size(); ++second) {
    for (const auto field : fields) {
      double sum = 0;
      int count = 0;
      for (const SimulatedVideo& seed : seeds) {
        const SimulatedVideo::Stream& stream = seed.streams[uplink ? 1 : 0];
        if (second >= stream.seconds || std::isnan(stream.series[second].*field)) continue;
        sum += stream.series[second].*field;
        ++count;
      }
      if (count > 0) result[second].*field = sum / count;
    }
  }
  return result;
}

std::string field(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.6g}", value);
}

}  // namespace

const VideoBar& barOf(VideoQuantity quantity) {
  return table[static_cast<std::size_t>(quantity)];
}

std::string VideoComparison::nameOf(const ComparedPhase& phase) const {
  return fmt::format("{}, {}, {}", conditionOf(phase).id,
                     phase.measured.uplink ? "uplink" : "downlink", phase.measured.phase.name);
}

std::size_t VideoComparison::bars() const {
  std::size_t count = 0;
  for (const ComparedPhase& phase : phases)
    for (const auto& verdict : phase.verdicts) count += verdict ? 1 : 0;
  return count;
}

std::size_t VideoComparison::met() const {
  std::size_t count = 0;
  for (const ComparedPhase& phase : phases)
    for (const auto& verdict : phase.verdicts) count += verdict && verdict->met ? 1 : 0;
  return count;
}

VideoComparison judgeVideo(const MeasuredVideo& measured,
                           const std::vector<std::vector<SimulatedVideo>>& simulated) {
  VideoComparison result;
  result.measured = measured;
  result.seeds = static_cast<int>(simulated.front().size());
  for (const MeasuredPhase& phase : measured.phases) {
    ComparedPhase& compared = result.phases.emplace_back();
    compared.measured = phase;
    const std::vector<SimulatedVideo>& seeds = simulated[phase.condition];
    summarize(valuesOf(measured, phase, seeds), compared);
    judge(seeds.size(), compared);
  }
  compareOrder(result);
  for (const std::vector<SimulatedVideo>& seeds : simulated)
    result.series.push_back({meanSeries(seeds, false), meanSeries(seeds, true)});
  return result;
}

VideoComparison compareVideo(const MeasuredVideo& measured, const std::string& scenarioFile,
                             int seeds, int jobs) {
  Diagnostics diagnostics;
  const auto scenario = topology::loadScenario(scenarioFile, diagnostics);
  if (!scenario) throw InputError(scenarioFile + ": is not a scenario");
  const auto runs = static_cast<std::size_t>(seeds);
  const std::size_t count = measured.conditions.size();
  const std::vector<SimulatedVideo> outcomes = inProcesses<SimulatedVideo>(
      count * runs, static_cast<std::size_t>(jobs), [&](std::size_t task) {
        return simulateVideo(*scenario, measured.conditions[task / runs],
                             static_cast<int>(task % runs) + 1);
      });
  std::vector<std::vector<SimulatedVideo>> simulated;
  for (std::size_t i = 0; i < count; ++i) {
    const auto first = outcomes.begin() + static_cast<std::ptrdiff_t>(i * runs);
    simulated.emplace_back(first, first + static_cast<std::ptrdiff_t>(runs));
  }
  return judgeVideo(measured, simulated);
}

std::vector<std::string> misses(const VideoComparison& comparison) {
  std::vector<std::string> result;
  for (const ComparedPhase& phase : comparison.phases) {
    for (const VideoBar& bar : table) {
      const auto& verdict = phase.verdict(bar.quantity);
      if (verdict && !verdict->met)
        result.push_back(fmt::format("{}: {}", comparison.nameOf(phase), bar.label));
    }
  }
  for (const VideoDisorder& disorder : comparison.disorders) {
    result.push_back(fmt::format("order of {}: {} is measured below {}",
                                 barOf(disorder.quantity).label,
                                 comparison.nameOf(comparison.phases[disorder.lower]),
                                 comparison.nameOf(comparison.phases[disorder.higher])));
  }
  return result;
}

std::string phasesAsCsv(const VideoComparison& comparison) {
  std::string text = "id,dir,phase,from_s,to_s";
  for (const VideoBar& bar : table) {
    text += fmt::format(",{0}_measured,{0}_simulated,{0}_sd", bar.column);
    if (bar.judged) text += fmt::format(",{0}_allowed,{0}_met", bar.column);
  }
  text += '\n';
  for (const ComparedPhase& phase : comparison.phases) {
    const MeasuredPhase& measured = phase.measured;
    text += fmt::format("{},{},{},{},{}", comparison.conditionOf(phase).id,
                        measured.uplink ? "uplink" : "downlink", measured.phase.name,
                        measured.phase.from, measured.phase.to);
    for (const VideoBar& bar : table) {
      const VideoQuantity q = bar.quantity;
      text += fmt::format(",{},{},{}", field(measured.values[q]), field(phase.mean[q]),
                          field(phase.deviation[q]));
      if (!bar.judged) continue;
      const auto& verdict = phase.verdict(q);
      text += verdict ? fmt::format(",{},{}", field(verdict->allowed), verdict->met ? 1 : 0) : ",,";
    }
    text += '\n';
  }
  return text;
}

std::string seriesAsCsv(const VideoComparison& comparison) {
  std::string text =
      "id,dir,t_s,target_kbps,sent_kbps,recv_kbps,avail_kbps,rtt_ms,height,fps_decoded,freezes\n";
  for (std::size_t i = 0; i < comparison.series.size(); ++i) {
    for (const bool uplink : {true, false}) {
      const VideoSeries& series = comparison.series[i][uplink ? 1 : 0];
      for (std::size_t second = 0; second < series.size(); ++second) {
        const VideoSecond& s = series[second];
        text +=
            fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", comparison.measured.conditions[i].id,
                        uplink ? "uplink" : "downlink", second + 1, field(s.target), field(s.sent),
                        field(s.received), field(s.available), field(s.roundTrip), field(s.height),
                        field(s.frameRate), field(s.freezes));
      }
    }
  }
  return text;
}

}  // namespace callflow::validation
