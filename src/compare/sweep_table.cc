// Grids of a sweep: a metric, or its difference to the baseline, by the axes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "src/compare/compare.h"
#include "src/compare/scales.h"
#include "src/compare/table.h"
#include "src/compare/wrap.h"
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
constexpr double kPoorMos = 3.60;

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

// One row for each combination of the other axes, one column for each of some values of the last.
struct Grid {
  const results::Result& result;
  const CellText& text;
  std::vector<SweepAxis> axes;  // the last with the values to show

  void addRows(const std::string& base, const std::string& indent, Table& table) const {
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

  std::vector<std::string> heading(const std::string& first) const {
    std::vector<std::string> line = {first};
    for (const std::string& value : axes.back().values) line.push_back(value);
    line[1] = axes.back().name + " " + line[1];
    return line;
  }

  // As wide as it is; no wider than `width` where that is given, its cells broken.
  std::string of(const std::vector<std::string>& bases, std::size_t width = 0) const {
    std::vector<Align> columns(axes.back().values.size() + 1, Align::right);
    columns.front() = Align::left;
    Table table(columns);
    if (axes.size() == 1) table.row(heading(""));
    for (const std::string& base : bases) {
      if (axes.size() > 1) table.row(heading(base));
      addRows(base, axes.size() == 1 ? "" : "  ", table);
    }
    return table.text(width);
  }
};

std::size_t widthOf(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    widest = std::max(widest, columnsOf(text.substr(start, end - start)));
    start = end + 1;
  }
  return widest;
}

// As many values of the last axis side by side as the width allows, the others below.
std::string gridText(const results::Result& result, const std::vector<std::string>& bases,
                     const CellText& text, std::size_t width) {
  const std::vector<SweepAxis> axes = axesOf(result);
  const std::vector<std::string>& values = axes.back().values;
  std::string all;
  for (std::size_t from = 0; from < values.size();) {
    Grid grid{result, text, axes};
    std::string part;
    std::size_t count = values.size() - from;
    for (; count > 0; --count) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(from);
      grid.axes.back().values.assign(first, first + static_cast<std::ptrdiff_t>(count));
      part = count == 1 ? grid.of(bases, width) : grid.of(bases);
      if (count == 1 || widthOf(part) <= width) break;
    }
    all += (all.empty() ? "" : "\n") + part;
    from += count;
  }
  return all;
}

// "+0.31", "(+0.01)", "fails" where a call does that it did not.
std::string cellTextOf(const Comparison& c, const metrics::Measure& measure,
                       const metrics::Metric& m) {
  for (const CallDifference& d : c.calls)
    if (d.verdict == Verdict::worse) return "fails";
  for (const MetricDifference& d : c.metrics) {
    if (metrics::Measure(d.metric, d.scope) != measure) continue;
    const std::string change =
        results::plainText(m, d.difference, true) + (m.unit == "%" ? " pp" : results::unitText(m));
    const bool matters = d.verdict != Verdict::none && d.verdict != Verdict::negligible;
    return matters ? change : "(" + change + ")";
  }
  return "-";
}

double meanAt(const results::Result& result, const CaseInput& at, MetricId id) {
  const auto values = results::runValues(recordsOf(result, at.variant), {}, id);
  return values.empty() ? std::nan("") : metrics::mean(values);
}

}  // namespace

std::string renderSweepTable(const results::Result& result, MetricId id, const Layout& layout) {
  const metrics::Metric& m = metrics::metric(id);
  bool poor = false;
  const std::string grid = gridText(
      result, basesOf(result),
      [&](const CaseInput& at) {
        const double value = meanAt(result, at, id);
        if (std::isnan(value)) return std::string("no media");
        const bool mark = id == MetricId::audio_mos && value < kPoorMos;
        poor = poor || mark;
        return (mark ? "!" : "") + results::valueText(m, value);
      },
      layout.width);
  return fmt::format("{}, mean of the runs{}\n{}", m.name,
                     poor ? "; ! below 3.60: many users dissatisfied (ITU-T G.107)" : "", grid);
}

std::string renderSweepDifferences(const results::Result& result, const Options& options,
                                   const Layout& layout) {
  std::vector<std::string> bases = basesOf(result);
  const std::string baseline = options.baseline.empty() ? bases.front() : options.baseline;
  const auto comparisons = compareResults({result}, options);
  std::erase(bases, baseline);
  std::string text;
  for (const metrics::Measure& measure : options.metrics) {
    const metrics::Metric& m = metrics::metric(measure.metric);
    if (!text.empty()) text += '\n';
    text +=
        fitted(fmt::format("{} against {} in the same cell; in brackets: no difference detected "
                           "({:g} %) or none that matters\n",
                           nameOf(measure), baseline, options.confidence * 100),
               layout.width);
    text += gridText(
        result, bases,
        [&](const CaseInput& at) -> std::string {
          for (const Comparison& c : comparisons)
            if (c.labelB == at.variant) return cellTextOf(c, measure, m);
          return "-";
        },
        layout.width);
  }
  const bool scalesDiffer = std::any_of(comparisons.begin(), comparisons.end(),
                                        [](const Comparison& c) { return c.scalesDiffer(); });
  return scalesDiffer ? text + scaleNote(result) : text;
}

}  // namespace callflow::compare
