#include "validation/study.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "validation/csv.h"
#include "validation/processes.h"

namespace callflow::validation {
namespace {

// One simulation: all there is to say about where its results belong.
struct Task {
  std::size_t experiment = 0;
  Model model = Model::linuxLike;
  std::uint64_t seed = 1;
};
using Outcome = std::array<Values, 2>;  // by flow

using Losses = std::array<std::optional<Ratio>, 2>;  // forward, back

// What was really lost in each direction, as far as the rows of this experiment tell.
Losses realizedLosses(const std::vector<Pooled>& measured, const Condition& experiment) {
  std::array<const Pooled*, 2> rows{};
  for (const Pooled& row : measured) {
    if (!row.condition.sameExperiment(experiment)) continue;
    rows[static_cast<std::size_t>(row.condition.flow)] = &row;
  }
  Losses losses;
  for (std::size_t flow = 0; flow < rows.size(); ++flow) {
    if (rows[flow] != nullptr) losses[flow] = realizedLoss(*rows[flow], rows[1 - flow]);
  }
  return losses;
}

// 1, 2, 3 ... For a chain that steps with each packet the longest burst decides, and the rows over
// UDP with the same seeds show it: the longest time without a packet. Then seeds are taken whose
// chain has as long a one.
std::vector<std::uint64_t> seedsFor(const std::vector<Pooled>& measured,
                                    const Condition& experiment, const StudyOptions& options) {
  const auto count = static_cast<std::size_t>(options.seeds);
  std::vector<std::uint64_t> seeds(count);
  std::iota(seeds.begin(), seeds.end(), 1);
  if (experiment.group != "ge" || !experiment.isTcp() || options.loss == Loss::asked) return seeds;
  const auto udp = std::find_if(measured.begin(), measured.end(), [&](const Pooled& row) {
    return row.condition.group == "ge" && !row.condition.isTcp() &&
           row.condition.loss == experiment.loss && row.condition.length == experiment.length;
  });
  if (udp == measured.end()) return seeds;
  constexpr double interval = 20;  // ms between packets
  const std::size_t kinds = udp->seeds.size();
  std::vector<std::vector<std::uint64_t>> found(kinds);
  constexpr std::uint64_t mostTried = 20'000;
  const auto enough = [&](const std::vector<std::uint64_t>& of) {
    return of.size() * kinds >= count;
  };
  for (std::uint64_t seed = 1; seed <= mostTried; ++seed) {
    if (std::all_of(found.begin(), found.end(), enough)) break;
    const int longest =
        longestBurst(seed, experiment.loss, static_cast<int>(udp->seeds[0][Column::n_sent]));
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const long burst = std::lround(udp->seeds[kind][Column::gap_max] / interval) - 1;
      if (longest == burst && !enough(found[kind])) {
        found[kind].push_back(seed);
        break;
      }
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::vector<std::uint64_t>& from = found[i % kinds];
    if (i / kinds < from.size()) seeds[i] = from[i / kinds];
  }
  return seeds;
}

Outcome perform(const Condition& condition, const Losses& losses, const Task& task) {
  Experiment experiment;
  experiment.condition = condition;
  experiment.loss = losses;
  experiment.model = task.model;
  experiment.seed = task.seed;
  const std::array<FlowResult, 2> flows = simulate(experiment);
  return {flows[0].values, flows[1].values};
}

std::string conditionFields(const Condition& c) {
  return fmt::format("{},{},{},{},{},{:g},{:g},{:g}", c.group, c.proto, c.cc, c.variant, c.flow,
                     c.oneWayDelay.milliseconds(), c.loss.percentValue(), c.length.seconds());
}

constexpr std::string_view conditionHeader = "group,proto,cc,variant,flow,owd_ms,loss_pct,T_s";

std::string field(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.6g}", value);
}

void save(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw InputError(path + ": cannot be written");
}

// Known misses are kept to the nearest percent above.
double roundedUp(double excess) {
  return std::ceil(excess * 100 - 1e-9) / 100;
}

std::string key(const Condition& condition, Column column) {
  return fmt::format("{},{}", conditionFields(condition), name(column));
}

}  // namespace

std::string_view name(Model model) {
  return model == Model::linuxLike ? "linux" : "ns3";
}

std::size_t Simulated::missed() const {
  return static_cast<std::size_t>(std::count_if(
      verdicts.begin(), verdicts.end(), [](const Verdict& verdict) { return !verdict.met; }));
}

std::vector<StudyRow> runStudy(const std::vector<Pooled>& measured, const StudyOptions& options) {
  std::vector<Condition> experiments;
  std::vector<std::size_t> experimentOf;
  for (const Pooled& row : measured) {
    const auto found =
        std::find_if(experiments.begin(), experiments.end(),
                     [&](const Condition& c) { return c.sameExperiment(row.condition); });
    experimentOf.push_back(static_cast<std::size_t>(found - experiments.begin()));
    if (found == experiments.end()) experiments.push_back(row.condition);
  }
  std::vector<Losses> losses(experiments.size());
  if (options.loss == Loss::realized) {
    for (std::size_t e = 0; e < experiments.size(); ++e) {
      losses[e] = realizedLosses(measured, experiments[e]);
    }
  }
  std::vector<Task> tasks;
  std::map<std::pair<std::size_t, Model>, std::size_t> firstTask;
  for (std::size_t e = 0; e < experiments.size(); ++e) {
    const std::vector<std::uint64_t> seeds = seedsFor(measured, experiments[e], options);
    for (const Model model : options.models) {
      if (!offers(model, experiments[e])) continue;
      firstTask[{e, model}] = tasks.size();
      for (const std::uint64_t seed : seeds) tasks.push_back({e, model, seed});
    }
  }
  const std::vector<Outcome> outcomes = inProcesses<Outcome>(
      tasks.size(), static_cast<std::size_t>(std::max(1, options.jobs)), [&](std::size_t i) {
        return perform(experiments[tasks[i].experiment], losses[tasks[i].experiment], tasks[i]);
      });

  std::vector<StudyRow> rows;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    StudyRow row;
    row.measured = measured[i];
    const Condition& condition = measured[i].condition;
    for (const Model model : options.models) {
      const auto first = firstTask.find({experimentOf[i], model});
      if (first == firstTask.end()) continue;
      std::vector<Values> seeds;
      for (std::size_t s = 0; s < static_cast<std::size_t>(options.seeds); ++s) {
        seeds.push_back(outcomes[first->second + s][static_cast<std::size_t>(condition.flow)]);
      }
      Simulated simulated;
      simulated.pooled = pool(condition, std::move(seeds));
      simulated.pooled.typical = typicalOf(simulated.pooled.seeds, row.measured.seeds.size());
      simulated.loss = losses[experimentOf[i]][static_cast<std::size_t>(condition.flow)].value_or(
          condition.loss);
      simulated.verdicts = judge(row.measured, simulated.pooled);
      row.models[static_cast<std::size_t>(model)] = std::move(simulated);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Miss> misses(const std::vector<StudyRow>& rows, Model model) {
  std::vector<Miss> result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].of(model)) continue;
    for (const Verdict& verdict : rows[i].of(model)->verdicts) {
      if (!verdict.met) result.push_back({i, verdict});
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const Miss& a, const Miss& b) {
    // One that has a value on one side only has no size: it comes first.
    const double x = a.verdict.excess();
    const double y = b.verdict.excess();
    if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && !std::isnan(y);
    return x > y;
  });
  return result;
}

double missedByChance(const StudyRow& row, Model model) {
  const auto& simulated = row.of(model);
  if (!simulated) return 0;
  const std::vector<Values>& all = simulated->pooled.seeds;
  const std::size_t block = row.measured.seeds.size();
  std::size_t blocks = 0;
  std::size_t missed = 0;
  for (std::size_t first = 0; first + block <= all.size() && block < all.size(); first += block) {
    std::vector<Values> chosen;
    std::vector<Values> rest;
    for (std::size_t i = 0; i < all.size(); ++i) {
      (i >= first && i < first + block ? chosen : rest).push_back(all[i]);
    }
    ++blocks;
    const Condition& condition = row.measured.condition;
    Pooled others = pool(condition, std::move(rest));
    others.typical = typicalOf(others.seeds, block);
    for (const Verdict& verdict : judge(pool(condition, std::move(chosen)), others)) {
      missed += verdict.met ? 0 : 1;
    }
  }
  return blocks == 0 ? 0 : static_cast<double>(missed) / static_cast<double>(blocks);
}

double missedByChance(const std::vector<StudyRow>& rows, Model model) {
  double sum = 0;
  for (const StudyRow& row : rows) sum += missedByChance(row, model);
  return sum;
}

void writeSideBySide(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
                     const std::string& path) {
  std::string text(conditionHeader);
  text += ",seeds_measured";
  for (const Model model : models) {
    text += fmt::format(",seeds_{0},simulated_loss_pct_{0},bars_{0},bars_missed_{0}", name(model));
  }
  for (const std::string_view column : columnNames) {
    text += fmt::format(",{0}_measured,{0}_half95", column);
    for (const Model model : models) text += fmt::format(",{}_{}", column, name(model));
  }
  text += '\n';
  for (const StudyRow& row : rows) {
    text +=
        fmt::format("{},{}", conditionFields(row.measured.condition), row.measured.seeds.size());
    for (const Model model : models) {
      const auto& simulated = row.of(model);
      text += simulated ? fmt::format(",{},{:.6g},{},{}", simulated->pooled.seeds.size(),
                                      simulated->loss.percentValue(), simulated->verdicts.size(),
                                      simulated->missed())
                        : ",0,,,";
    }
    for (std::size_t c = 0; c < columnCount; ++c) {
      const auto column = static_cast<Column>(c);
      text +=
          fmt::format(",{},{}", field(row.measured.mean[column]), field(row.measured.half[column]));
      for (const Model model : models) {
        text += ',';
        if (row.of(model)) text += field(row.of(model)->pooled.typical[column]);
      }
    }
    text += '\n';
  }
  save(path, text);
}

std::vector<std::string> compareWithKnown(const std::vector<StudyRow>& rows, Model model,
                                          const std::string& path) {
  const CsvFile file(path, true);
  std::map<std::string, double> known;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    std::string text;
    for (const char* column :
         {"group", "proto", "cc", "variant", "flow", "owd_ms", "loss_pct", "T_s", "column"}) {
      text += (text.empty() ? "" : ",") + file.text(i, column);
    }
    known[text] = file.number(i, "excess");
  }
  std::vector<std::string> faults;
  for (const Miss& miss : misses(rows, model)) {
    const Condition& condition = rows[miss.row].measured.condition;
    const double excess = roundedUp(miss.verdict.excess());
    const auto found = known.find(key(condition, miss.verdict.bar.column));
    if (found == known.end()) {
      faults.push_back(fmt::format("{}: {}: missed by {:.2f} of the bar, and not a known miss",
                                   describe(condition), name(miss.verdict.bar.column), excess));
    } else if (!(excess <= found->second + 1e-9)) {
      faults.push_back(fmt::format("{}: {}: missed by {:.2f} of the bar, known is {:.2f}",
                                   describe(condition), name(miss.verdict.bar.column), excess,
                                   found->second));
    }
  }
  return faults;
}

void writeKnown(const std::vector<StudyRow>& rows, Model model, const std::string& path) {
  std::string text = fmt::format("{},column,excess\n", conditionHeader);
  for (const Miss& miss : misses(rows, model)) {
    text +=
        fmt::format("{},{:.2f}\n", key(rows[miss.row].measured.condition, miss.verdict.bar.column),
                    roundedUp(miss.verdict.excess()));
  }
  save(path, text);
}

}  // namespace callflow::validation
