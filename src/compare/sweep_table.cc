// Grids of a sweep: a metric, or its difference to the baseline, by the axes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "src/compare/compare.h"
#include "src/compare/scales.h"
#include "src/compare/table.h"
#include "src/metrics/statistics.h"
#include "src/results/collect.h"
#include "src/results/format.h"
#include "src/results/sweep.h"

namespace callflow::compare {
namespace {

using metrics::MetricId;
using results::CaseInput;
using results::SweepAxis;
using CellText = std::function<std::string(const CaseInput& at)>;

// Below it many users are dissatisfied (ITU-T G.107 Table B.1).
constexpr double poorMos = 3.60;

// Every combination of values of all axes but the last.
std::vector<CaseInput::Cell> rowsOf(const std::vector<SweepAxis>& axes) {
  std::vector<CaseInput::Cell> rows(1);
  for (std::size_t a = 0; a + 1 < axes.size(); ++a) {
    std::vector<CaseInput::Cell> next;
    for (const auto& row : rows) {
      for (const std::string& value : axes[a].values) {
        next.push_back(row);
        next.back().push_back({axes[a].name, value});
      }
    }
    rows = std::move(next);
  }
  return rows;
}

// One row for each combination of the other axes, one column for each value of the last.
void addRows(const results::Result& result, const std::string& base, const std::string& indent,
             const CellText& text, Table& table) {
  const auto axes = axesOf(result);
  for (const CaseInput::Cell& row : rowsOf(axes)) {
    std::vector<std::string> line = {row.empty() ? indent + base : indent + cellText(row)};
    for (const std::string& value : axes.back().values) {
      CaseInput::Cell cell = row;
      cell.push_back({axes.back().name, value});
      const CaseInput* at = caseAt(result, base, cell);
      line.push_back(at == nullptr ? "-" : text(*at));
    }
    table.row(std::move(line));
  }
}

std::vector<std::string> heading(const std::string& first, const SweepAxis& columns) {
  std::vector<std::string> line = {first};
  for (const std::string& value : columns.values) line.push_back(value);
  line[1] = columns.name + " " + line[1];
  return line;
}

std::string gridText(const results::Result& result, const std::vector<std::string>& bases,
                     const CellText& text) {
  const auto axes = axesOf(result);
  std::vector<Align> columns(axes.back().values.size() + 1, Align::right);
  columns.front() = Align::left;
  Table table(columns);
  if (axes.size() == 1) {
    table.row(heading("", axes.back()));
    for (const std::string& base : bases) addRows(result, base, "", text, table);
    return table.text();
  }
  for (const std::string& base : bases) {
    table.row(heading(base, axes.back()));
    addRows(result, base, "  ", text, table);
  }
  return table.text();
}

double meanAt(const results::Result& result, const CaseInput& at, MetricId id) {
  const auto values = results::runValues(recordsOf(result, at.variant), {}, id);
  return values.empty() ? std::nan("") : metrics::mean(values);
}

}  // namespace

std::string renderSweepTable(const results::Result& result, MetricId id) {
  const metrics::Metric& m = metrics::metric(id);
  bool poor = false;
  const std::string grid = gridText(result, basesOf(result), [&](const CaseInput& at) {
    const double value = meanAt(result, at, id);
    if (std::isnan(value)) return std::string("no media");
    const bool mark = id == MetricId::mos && value < poorMos;
    poor = poor || mark;
    return (mark ? "!" : "") + results::valueText(m, value);
  });
  return fmt::format("{}, mean of the runs{}\n{}", m.name,
                     poor ? "; ! below 3.60: many users dissatisfied (ITU-T G.107)" : "", grid);
}

std::string renderSweepDifferences(const results::Result& result, const Options& options) {
  std::vector<std::string> bases = basesOf(result);
  const std::string baseline = options.baseline.empty() ? bases.front() : options.baseline;
  const auto comparisons = compareResults({result}, options);
  std::erase(bases, baseline);
  std::string text;
  for (const MetricId id : options.metrics) {
    const metrics::Metric& m = metrics::metric(id);
    if (!text.empty()) text += '\n';
    text += fmt::format(
        "{} against {} in the same cell; in brackets: no difference detected ({:g} %)\n", m.name,
        baseline, options.confidence * 100);
    text += gridText(result, bases, [&](const CaseInput& at) -> std::string {
      for (const Comparison& c : comparisons) {
        if (c.label_b != at.variant) continue;
        for (const MetricDifference& d : c.metrics) {
          if (d.metric != id) continue;
          const std::string change = results::plainText(m, d.difference, true) +
                                     (m.unit == "%" ? " pp" : results::unitText(m));
          return d.verdict == Verdict::none ? "(" + change + ")" : change;
        }
      }
      return "-";
    });
  }
  const bool scales_differ = std::any_of(comparisons.begin(), comparisons.end(),
                                         [](const Comparison& c) { return c.scalesDiffer(); });
  return scales_differ ? text + scaleNote(result) : text;
}

}  // namespace callflow::compare
