#include "validation/figures.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "src/plot/gnuplot.h"
#include "src/process/program.h"

namespace callflow::validation {
namespace {

// Okabe-Ito (jfly.uni-koeln.de/color), with shapes that differ too.
constexpr std::string_view linuxLook = "pt 9 ps 0.75 lc rgb '#0072B2'";
constexpr std::string_view ns3Look = "pt 4 ps 0.6 lw 1.3 lc rgb '#D55E00'";
constexpr std::string_view measuredLook = "pt 7 ps 0.45 lw 3.5 lc rgb '#bbbbbb'";

struct PanelRow {
  Column column;
  std::string label;
  double scale = 1;
  bool logarithmic = false;
};

struct PanelColumn {
  std::string heading;
  std::vector<const StudyRow*> rows;
};

struct FigureSpec {
  std::string name;
  std::string title;
  std::vector<PanelRow> rows;
  std::vector<PanelColumn> columns;
};

std::string number(double value) {
  return std::isnan(value) ? "NaN" : fmt::format("{:.6g}", value);
}

// What tells a condition apart from the others of its round trip.
std::string shortName(const Condition& condition) {
  std::string text;
  if (condition.group != "grid" && !condition.isVideo()) text += condition.group + " ";
  if (condition.isVideo()) text += condition.group.substr(5) + " kbit/s ";
  if (!condition.isTcp()) text += "udp ";
  if (condition.isTcp() && (condition.isVideo() || condition.cc != "cubic")) {
    text += condition.cc + " ";
  }
  if (condition.variant == "bidir") text += condition.flow == 0 ? "two-way > " : "two-way < ";
  if (condition.variant == "norack") text += "no RACK ";
  return text + fmt::format("{:g} %", condition.loss.percentValue());
}

std::string dataOf(const PanelColumn& column, const FigureSpec& spec, std::size_t number_) {
  std::string text = fmt::format("$column{} << EOD\n", number_);
  for (std::size_t i = 0; i < column.rows.size(); ++i) {
    const StudyRow& row = *column.rows[i];
    text += fmt::format("{} \"{}\"", i, shortName(row.measured.condition));
    for (const PanelRow& panel : spec.rows) {
      const double measured = row.measured.mean[panel.column] * panel.scale;
      double low = measured;
      double high = measured;
      for (const auto& model : row.models) {
        if (!model) continue;
        for (const Verdict& verdict : model->verdicts) {
          if (verdict.bar.column != panel.column) continue;
          low = measured - verdict.allowed * panel.scale;
          high = measured + verdict.allowed * panel.scale;
        }
      }
      if (panel.logarithmic) low = std::max(low, measured / 20);
      text += fmt::format(" {} {} {}", number(measured), number(low), number(high));
      for (const Model model : allModels) {
        const auto& simulated = row.of(model);
        text += ' ';
        text += simulated ? number(simulated->pooled.typical[panel.column] * panel.scale) : "NaN";
      }
    }
    text += '\n';
  }
  return text + "EOD\n";
}

// The smallest and largest value of a row of panels, so that they share an axis.
std::pair<double, double> rangeOf(const FigureSpec& spec, const PanelRow& panel) {
  double low = 1e300;
  double high = -1e300;
  const auto take = [&](double value) {
    if (std::isnan(value)) return;
    low = std::min(low, value * panel.scale);
    high = std::max(high, value * panel.scale);
  };
  for (const PanelColumn& column : spec.columns) {
    for (const StudyRow* row : column.rows) {
      take(row->measured.mean[panel.column]);
      for (const Model model : allModels) {
        if (row->of(model)) take(row->of(model)->pooled.typical[panel.column]);
      }
    }
  }
  if (low > high) return {0, 1};
  if (panel.logarithmic) return {std::max(low, 1e-3) * 0.7, high * 1.4};
  return {std::min(0.0, low), high > 0 ? high * 1.08 : 1};
}

std::string scriptOf(const FigureSpec& spec, const std::vector<Model>& models) {
  std::size_t slots = 0;
  for (const PanelColumn& column : spec.columns) slots += column.rows.size() + 1;
  const double width = std::max(700.0, 90 + 15.0 * static_cast<double>(slots));
  constexpr double pixels = 1.5;  // of the picture, for each of the layout
  const double panelHeight = 170;
  const double top = 92;
  const double bottom = 120;
  const double left = 70;
  const double right = 15;
  const double gap = 14;
  const double height = top + bottom + panelHeight * static_cast<double>(spec.rows.size());
  std::string text = fmt::format(
      "# gnuplot {0}.gp writes {0}.png\n"
      "set terminal pngcairo noenhanced size {1:.0f},{2:.0f} font 'DejaVu Sans,8' fontscale 1.5 "
      "linewidth 1.5 pointscale 1.5 background rgb '#ffffff'\n"
      "set output '{0}.png'\nset encoding utf8\nset border 3 lc rgb '#444444'\n"
      "set tics nomirror out scale 0.5 tc rgb '#222222'\n"
      "set grid y lt 1 lc rgb '#dddddd' lw 0.7\nset pointintervalbox 0\nunset key\n",
      spec.name, width * pixels, height * pixels);
  for (std::size_t c = 0; c < spec.columns.size(); ++c) text += dataOf(spec.columns[c], spec, c);
  text += "set multiplot\n";
  // The legend, drawn by hand above the panels.
  text += fmt::format(
      "set label 1 {} at screen {:.4f},{:.4f} font 'DejaVu Sans:Bold,10'\n"
      "set label 2 'grey: measured, with what is allowed (the bar, or the 95 % interval over "
      "seeds)' "
      "at screen {:.4f},{:.4f} tc rgb '#666666' point {} offset 1,0\n",
      plot::literal(spec.title), 15 / width, 1 - 20 / height, 22 / width, 1 - 44 / height,
      "pt 7 ps 0.6 lc rgb '#888888'");
  double x = 22;
  int label = 3;
  for (const Model model : models) {
    const bool ours = model == Model::linuxLike;
    text +=
        fmt::format("set label {} '{}' at screen {:.4f},{:.4f} tc rgb '{}' point {} offset 1,0\n",
                    label++, ours ? "callflow" : "ns-3 3.37", x / width, 1 - 64 / height,
                    ours ? "#0072B2" : "#D55E00", ours ? linuxLook : ns3Look);
    x += 100;
  }
  for (std::size_t r = 0; r < spec.rows.size(); ++r) {
    const PanelRow& panel = spec.rows[r];
    const auto [low, high] = rangeOf(spec, panel);
    double begin = left;
    for (std::size_t c = 0; c < spec.columns.size(); ++c) {
      const auto count = static_cast<double>(spec.columns[c].rows.size());
      const double share = (count + 1) / static_cast<double>(slots);
      const double room = (width - left - right) * share;
      const double panelTop = height - top - panelHeight * static_cast<double>(r);
      text += fmt::format(
          "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
          "set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n",
          begin / width, (begin + room - gap) / width, panelTop / height,
          (panelTop - panelHeight + 26) / height);
      begin += room;
      text += fmt::format("set xrange [-0.7:{:.1f}]\n{}\nset yrange [{:.6g}:{:.6g}]\n", count - 0.3,
                          panel.logarithmic ? "set logscale y" : "unset logscale y", low, high);
      text += c == 0 ? fmt::format("set ylabel {}\nset format y '%g'\n", plot::literal(panel.label))
                     : "unset ylabel\nset format y ''\n";
      text += r == 0 ? fmt::format("set title {} offset 0,-0.5\n",
                                   plot::literal(spec.columns[c].heading))
                     : "unset title\n";
      const bool last = r + 1 == spec.rows.size();
      text +=
          last ? "set xtics rotate by 90 right font 'DejaVu Sans,7'\n" : "set xtics format ''\n";
      const std::size_t at = 3 + 5 * r;
      text += fmt::format("plot $column{0} using 1:{1}:{2}:{3}{4} with yerrorbars {5}", c, at,
                          at + 1, at + 2, last ? ":xtic(2)" : ":xtic('')", measuredLook);
      text += fmt::format(", $column{} using 1:{} with points pt 7 ps 0.5 lc rgb '#666666'", c, at);
      for (const Model model : models) {
        const bool ours = model == Model::linuxLike;
        text += fmt::format(", $column{} using ($1{}):{} with points {}", c, ours ? "" : "+0.25",
                            at + (ours ? 3 : 4), ours ? linuxLook : ns3Look);
      }
      text += '\n';
      if (r == 0 && c == 0) {
        for (int i = 1; i < label; ++i) text += fmt::format("unset label {}\n", i);
      }
    }
  }
  return text + "unset multiplot\n";
}

// Audio over TCP, a column for each round trip.
std::vector<PanelColumn> audioColumns(const std::vector<StudyRow>& rows) {
  std::map<Duration, PanelColumn> columns;
  for (const StudyRow& row : rows) {
    const Condition& condition = row.measured.condition;
    if (!condition.isTcp() || condition.isVideo() || condition.loss == Ratio{}) continue;
    PanelColumn& column = columns[condition.oneWayDelay];
    column.heading = fmt::format("round trip {:g} ms", 2 * condition.oneWayDelay.milliseconds());
    column.rows.push_back(&row);
  }
  std::vector<PanelColumn> result;
  for (auto& [delay, column] : columns) {
    std::stable_sort(column.rows.begin(), column.rows.end(), [](const auto* a, const auto* b) {
      const Condition& x = a->measured.condition;
      const Condition& y = b->measured.condition;
      const auto rank = [](const Condition& c) {
        return std::make_tuple(c.group != "grid", c.cc != "cubic", c.variant != "oneway", c.variant,
                               c.group, c.cc, c.loss, c.flow);
      };
      return rank(x) < rank(y);
    });
    result.push_back(std::move(column));
  }
  return result;
}

std::vector<PanelColumn> videoColumns(const std::vector<StudyRow>& rows) {
  PanelColumn column;
  for (const StudyRow& row : rows) {
    if (row.measured.condition.isVideo()) column.rows.push_back(&row);
  }
  column.heading = "video of 1.5 Mbit/s over a bottleneck with a queue of 100 ms";
  return {column};
}

}  // namespace

std::vector<Drawn> drawFigures(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
                               const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  const std::vector<PanelColumn> audio = audioColumns(rows);
  const std::vector<FigureSpec> specs = {
      {"linux-tcp-delay",
       "Delivery delay of audio over TCP",
       {{Column::delay_mean, "mean (ms)", 1, true},
        {Column::delay_p90, "p90 (ms)", 1, true},
        {Column::delay_p99, "p99 (ms)", 1, true}},
       audio},
      {"linux-tcp-late",
       "Share of packets that come late",
       {{Column::late40, "over 40 ms (%)", 100, false},
        {Column::late100, "over 100 ms (%)", 100, false},
        {Column::late200, "over 200 ms (%)", 100, false}},
       audio},
      {"linux-tcp-stalls",
       "Stalls: how often, and how long",
       {{Column::stalls_per_min, "a minute", 1, false},
        {Column::stall_p50, "p50 (ms)", 1, true},
        {Column::stall_p90, "p90 (ms)", 1, true}},
       audio},
      {"linux-tcp-recovery",
       "What repairs: shares of all repairs (ns-3 does not count them)",
       {{Column::mix_fast, "fast retransmit (%)", 100, false},
        {Column::mix_tlp, "tail loss probe (%)", 100, false},
        {Column::mix_rto, "timeout (%)", 100, false}},
       audio},
      {"linux-tcp-video",
       "Delivery delay of video",
       {{Column::delay_mean, "mean (ms)", 1, true},
        {Column::delay_p95, "p95 (ms)", 1, true},
        {Column::delay_p99, "p99 (ms)", 1, true}},
       videoColumns(rows)},
  };
  std::vector<Drawn> drawn;
  for (const FigureSpec& spec : specs) {
    const bool empty = std::all_of(spec.columns.begin(), spec.columns.end(),
                                   [](const PanelColumn& column) { return column.rows.empty(); });
    if (empty) continue;
    const std::string script = spec.name + ".gp";
    std::ofstream file(directory / script);
    file << scriptOf(spec, models);
    file.close();
    if (!file) throw std::runtime_error((directory / script).string() + ": cannot be written");
    const ProgramOutcome outcome =
        callflow::runProgram({.command = {"gnuplot", script}, .directory = directory});
    if (!outcome.found || outcome.status != 0) {
      throw std::runtime_error("gnuplot: " +
                               (outcome.found ? outcome.message : "is not installed"));
    }
    drawn.push_back({spec.name + ".png", spec.title});
  }
  return drawn;
}

}  // namespace callflow::validation
