#include "validation/measured.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <random>

#include <fmt/format.h>

#include "src/metrics/statistics.h"
#include "validation/csv.h"

namespace callflow::validation {
namespace {

constexpr double longestSeconds = 1e5;

double numberInRange(const CsvFile& file, std::size_t row, const std::string& column, double least,
                     double most) {
  const double value = file.number(row, column);
  if (!(value >= least && value <= most)) {
    throw InputError(fmt::format("{}: {}: {} is not in {:g} .. {:g}", file.place(row), column,
                                 file.text(row, column), least, most));
  }
  return value;
}

const std::string& oneOf(const CsvFile& file, std::size_t row, const std::string& column,
                         const std::vector<std::string>& known) {
  const std::string& text = file.text(row, column);
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    throw InputError(fmt::format("{}: {}: \"{}\" is not one of {}", file.place(row), column, text,
                                 fmt::join(known, ", ")));
  }
  return text;
}

bool isVideoGroup(const std::string& group) {
  int rate = 0;
  if (!group.starts_with("video")) return false;
  const char* const end = group.data() + group.size();
  const auto [stop, fault] = std::from_chars(group.data() + 5, end, rate);
  return fault == std::errc{} && stop == end && rate > 0;
}

Condition readCondition(const CsvFile& file, std::size_t row) {
  Condition condition;
  condition.group = file.text(row, "group");
  if (!isVideoGroup(condition.group)) {
    if (condition.group.starts_with("video")) {
      throw InputError(file.place(row) + ": group: \"" + condition.group +
                       "\": write video and the bottleneck's rate in kbit/s, as in video2000");
    }
    oneOf(file, row, "group", {"grid", "ge", "getime", "video2000", "video1200"});
  }
  condition.proto = oneOf(file, row, "proto", {"udp", "tcp"});
  condition.cc = oneOf(file, row, "cc",
                       condition.isTcp() ? std::vector<std::string>{"cubic", "reno", "bbr"}
                                         : std::vector<std::string>{"none"});
  condition.variant = oneOf(file, row, "variant", {"oneway", "bidir", "norack"});
  oneOf(file, row, "flow", {"0", "1"});
  condition.flow = static_cast<int>(file.number(row, "flow"));
  if (condition.flow == 1 && condition.variant != "bidir") {
    throw InputError(file.place(row) + ": flow 1 has media with variant bidir only");
  }
  condition.oneWayDelay = Duration::fromSeconds(numberInRange(file, row, "owd_ms", 0, 1e4) / 1e3);
  condition.loss = Ratio::fromDouble(numberInRange(file, row, "loss_pct", 0, 99) / 100);
  condition.length = Duration::fromSeconds(numberInRange(file, row, "T_s", 1, longestSeconds));
  return condition;
}

}  // namespace

void derive(Values& values) {
  const double fast = values[Column::FastRetrans];
  const double tlp = values[Column::TLP_probes];
  const double rto = values[Column::RTOs];
  const double repairs = fast + tlp + rto;
  const double lost = values[Column::lost_segs];
  if (repairs > 0) {
    values[Column::mix_fast] = fast / repairs;
    values[Column::mix_tlp] = tlp / repairs;
    values[Column::mix_rto] = rto / repairs;
  }
  if (lost > 0) {
    values[Column::fast_per_loss] = fast / lost;
    values[Column::tlp_per_loss] = tlp / lost;
    values[Column::rto_per_loss] = rto / lost;
  }
}

std::string describe(const Condition& condition) {
  return fmt::format("{}{} {}{} {:g} ms {:g} %",
                     condition.group == "grid" ? "" : condition.group + " ",
                     condition.isTcp() ? condition.cc : "udp", condition.variant,
                     condition.variant == "bidir" ? (condition.flow == 0 ? "-fwd" : "-back") : "",
                     condition.oneWayDelay.milliseconds(), condition.loss.percentValue());
}

std::vector<MeasuredRow> readMeasured(const std::string& path) {
  const CsvFile file(path);
  std::vector<MeasuredRow> rows;
  for (std::size_t i = 0; i < file.rows(); ++i) {
    MeasuredRow row;
    row.condition = readCondition(file, i);
    row.seed = file.text(i, "seed");
    for (std::size_t c = 0; c < static_cast<std::size_t>(firstDerived); ++c) {
      row.values[static_cast<Column>(c)] = file.number(i, std::string(columnNames[c]));
    }
    if (!(row.values[Column::n_sent] > 0)) {
      throw InputError(file.place(i) + ": n_sent: nothing was sent");
    }
    derive(row.values);
    rows.push_back(std::move(row));
  }
  return rows;
}

Values typicalOf(const std::vector<Values>& seeds, std::size_t few) {
  constexpr std::size_t choices = 301;
  std::mt19937 random(1);  // its numbers are the same everywhere
  few = std::min(few, seeds.size());
  std::array<std::vector<double>, columnCount> means;
  std::vector<std::size_t> order(seeds.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t choice = 0; choice < choices; ++choice) {
    std::array<double, columnCount> sums{};
    std::array<double, columnCount> weights{};
    for (std::size_t i = 0; i < few; ++i) {
      std::swap(order[i], order[i + random() % (order.size() - i)]);
      const Values& seed = seeds[order[i]];
      for (std::size_t c = 0; c < columnCount; ++c) {
        const double value = seed[static_cast<Column>(c)];
        if (std::isnan(value)) continue;
        sums[c] += value * seed[Column::n_sent];
        weights[c] += seed[Column::n_sent];
      }
    }
    for (std::size_t c = 0; c < columnCount; ++c) {
      if (weights[c] > 0) means[c].push_back(sums[c] / weights[c]);
    }
  }
  Values typical;
  for (std::size_t c = 0; c < columnCount; ++c) {
    typical[static_cast<Column>(c)] = metrics::percentile(means[c], 0.5);
  }
  return typical;
}

std::optional<Ratio> realizedLoss(const Pooled& row, const Pooled* opposite) {
  const Condition& condition = row.condition;
  const bool independent = condition.group == "grid" || condition.isVideo();
  if (!independent || !condition.isTcp() || condition.loss == Ratio{}) return std::nullopt;
  const bool alone = condition.variant != "bidir";
  if (!alone && opposite == nullptr) return std::nullopt;
  // What goes back in a row of the other direction goes the way of this one.
  const double packets =
      row.mean[Column::data_segs] + (alone ? 0 : opposite->mean[Column::pure_acks_back]);
  const double share = row.mean[Column::net_lost] / packets;
  if (!(share >= 0 && share < 1)) return std::nullopt;
  return Ratio::fromDouble(share);
}

Pooled pool(const Condition& condition, std::vector<Values> seeds) {
  Pooled pooled;
  pooled.condition = condition;
  pooled.seeds = std::move(seeds);
  for (std::size_t c = 0; c < columnCount; ++c) {
    const auto column = static_cast<Column>(c);
    std::vector<double> values;
    double sum = 0;
    double weights = 0;
    for (const Values& seed : pooled.seeds) {
      if (std::isnan(seed[column])) continue;
      values.push_back(seed[column]);
      sum += seed[column] * seed[Column::n_sent];
      weights += seed[Column::n_sent];
    }
    if (values.empty()) continue;
    pooled.mean[column] = sum / weights;
    if (values.size() < 2) continue;
    const metrics::Interval interval = metrics::meanInterval(values, 0.95);
    pooled.half[column] = (interval.high - interval.low) / 2;
  }
  pooled.typical = pooled.mean;
  return pooled;
}

std::vector<Pooled> poolMeasured(const std::vector<MeasuredRow>& rows) {
  std::vector<std::pair<Condition, std::vector<Values>>> groups;
  for (const MeasuredRow& row : rows) {
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const auto& group) { return group.first == row.condition; });
    if (found == groups.end()) found = groups.insert(groups.end(), {row.condition, {}});
    found->second.push_back(row.values);
  }
  std::vector<Pooled> result;
  for (auto& [condition, seeds] : groups) result.push_back(pool(condition, std::move(seeds)));
  return result;
}

}  // namespace callflow::validation
