#include "validation/replay.h"

#include <algorithm>

#include <fmt/format.h>

#include "validation/csv.h"

namespace callflow::validation {
namespace {

// The simulated media's phase against the kernel's ticks of 4 ms is another than the measured one.
constexpr Duration sameTime = Duration::us(4'500);
constexpr Duration sameSegment = Duration::ms(5);

Duration milliseconds(const CsvFile& file, std::size_t row, const std::string& column) {
  return Duration::fromSeconds(file.number(row, column) / 1e3);
}

bool differs(const Comparison& pair) {
  const auto far = [](Duration a, Duration b) { return std::max(a - b, b - a) > sameTime; };
  return pair.simulated.recovered == Duration::max() ||
         far(pair.simulated.firstRetransmission, pair.measured.firstRetransmission) ||
         far(pair.simulated.recovered, pair.measured.recovered);
}

}  // namespace

std::vector<MeasuredRun> readLosses(const std::string& path) {
  const CsvFile file(path);
  std::vector<MeasuredRun> runs;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    Condition condition;
    condition.group = file.text(i, "group");
    condition.proto = "tcp";
    condition.cc = file.text(i, "cc");
    condition.variant = file.text(i, "variant");
    condition.flow = file.text(i, "flow") == "1" ? 1 : 0;
    condition.oneWayDelay = milliseconds(file, i, "owd_ms");
    condition.loss = Ratio::fromDouble(file.number(i, "loss_pct") / 100);
    if (runs.empty() || !(runs.back().condition == condition) ||
        runs.back().seed != file.text(i, "seed")) {
      runs.push_back({condition, file.text(i, "seed"), {}});
    }
    MeasuredLoss loss;
    loss.when = milliseconds(file, i, "t_ms");
    loss.firstRetransmission = milliseconds(file, i, "first_retx_ms");
    loss.recovered = milliseconds(file, i, "recovered_ms");
    loss.tries = static_cast<int>(file.number(i, "tries"));
    runs.back().losses.push_back(loss);
  }
  // How long the run was is not in the file: up to a second behind its last loss.
  for (MeasuredRun& run : runs) {
    std::stable_sort(run.losses.begin(), run.losses.end(),
                     [](const MeasuredLoss& a, const MeasuredLoss& b) { return a.when < b.when; });
    run.condition.length = run.losses.back().when + run.losses.back().recovered + Duration::s(1);
  }
  return runs;
}

Replay replay(const MeasuredRun& run, Model model) {
  std::vector<ScriptedLoss> script;
  for (const MeasuredLoss& loss : run.losses) script.push_back({loss.when, loss.tries});
  Experiment experiment;
  experiment.condition = run.condition;
  experiment.model = model;
  experiment.script = &script;
  std::vector<SegmentLoss> simulated = simulate(experiment)[0].losses;
  std::stable_sort(simulated.begin(), simulated.end(),
                   [](const SegmentLoss& a, const SegmentLoss& b) { return a.when < b.when; });
  Replay result;
  for (std::size_t i = 0; i < run.losses.size(); ++i) {
    if (i >= simulated.size() || simulated[i].when > run.losses[i].when + sameSegment ||
        simulated[i].when + sameSegment < run.losses[i].when) {
      result.whole = false;
      return result;
    }
    result.pairs.push_back({run.losses[i], simulated[i]});
  }
  return result;
}

void printReplays(const std::vector<MeasuredRun>& runs, Model model, std::size_t most) {
  for (const MeasuredRun& run : runs) {
    if (run.condition.variant == "bidir" || !offers(model, run.condition)) continue;
    const Replay result = replay(run, model);
    const auto different =
        static_cast<std::size_t>(std::count_if(result.pairs.begin(), result.pairs.end(), differs));
    fmt::print("{} seed {}: {} losses, {} replayed, {} repaired otherwise\n",
               describe(run.condition), run.seed, run.losses.size(), result.pairs.size(),
               different);
    std::size_t shown = 0;
    for (const Comparison& pair : result.pairs) {
      if (!differs(pair) || shown == most) continue;
      if (shown++ == 0) {
        fmt::print("{:>14}{:>24}{:>24}{:>12}\n", "t", "first: measured, sim", "recovered: m., sim",
                   "tries");
      }
      const auto text = [](Duration value) {
        return value == Duration::max() ? std::string("never")
                                        : fmt::format("{:.2f}", value.milliseconds());
      };
      fmt::print("{:>14.1f}{:>12}{:>12}{:>12}{:>12}{:>7}{:>5}\n", pair.measured.when.milliseconds(),
                 text(pair.measured.firstRetransmission), text(pair.simulated.firstRetransmission),
                 text(pair.measured.recovered), text(pair.simulated.recovered), pair.measured.tries,
                 pair.simulated.tries);
    }
  }
}

}  // namespace callflow::validation
