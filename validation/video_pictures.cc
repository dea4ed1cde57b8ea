#include "validation/video_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/plot/gnuplot.h"
#include "src/process/program.h"
#include "validation/csv.h"
#include "validation/program.h"

namespace callflow::validation {
namespace {

namespace fs = std::filesystem;

// Free lines carry more than the video is allowed to take; above this nothing happens.
constexpr double kMostShown = 4000;  // kbit/s

std::string number(double value) {
  return std::isnan(value) ? "NaN" : fmt::format("{:.6g}", value);
}

std::string dataOf(const std::string& name, const VideoSeries& series) {
  std::string text = fmt::format("${} << END\n", name);
  // gnuplot takes no empty block.
  if (series.empty()) text += "NaN NaN NaN NaN NaN\n";
  for (std::size_t i = 0; i < series.size(); ++i) {
    const VideoSecond& second = series[i];
    text += fmt::format("{} {} {} {} {}\n", i + 1, number(second.target), number(second.received),
                        number(second.available), number(second.roundTrip));
  }
  return text + "END\n";
}

std::string lineOf(const VideoCondition& condition) {
  const double end = condition.length.seconds();
  std::string text = "$line << END\n";
  const auto stretch = [&](double from, double to, DataRate rate) {
    const double kilobits = static_cast<double>(rate.count()) / 1e3;
    text += fmt::format("{:g} {:g}\n{:g} {:g}\n", from, kilobits, to, kilobits);
  };
  if (condition.rate && condition.meanwhile) {
    stretch(0, kStepDown.seconds(), *condition.rate);
    stretch(kStepDown.seconds(), kStepUp.seconds(), *condition.meanwhile);
    stretch(kStepUp.seconds(), end, *condition.rate);
  } else if (condition.rate) {
    stretch(0, end, *condition.rate);
  } else {
    text += "NaN NaN\n";
  }
  return text + "END\n";
}

double highest(const VideoComparison& comparison, std::size_t condition) {
  double most = 0;
  const auto take = [&](const VideoSeries& series) {
    for (const VideoSecond& second : series) {
      for (const double value : {second.target, second.received, second.available}) {
        if (value > most) most = value;
      }
    }
  };
  for (const bool uplink : {true, false}) {
    take(comparison.series[condition][uplink ? 1 : 0]);
    const auto found =
        comparison.measured.series.find({comparison.measured.conditions[condition].id, uplink});
    if (found != comparison.measured.series.end()) take(found->second);
  }
  return std::min(most, kMostShown);
}

std::string scriptOf(const VideoComparison& comparison, std::size_t number_,
                     const std::string& picture) {
  const VideoCondition& condition = comparison.measured.conditions[number_];
  std::string text = fmt::format(
      "set terminal pngcairo noenhanced size 1300,640 font 'DejaVu Sans,10' background rgb "
      "'#ffffff'\nset output {}\nset encoding utf8\nset border 3 lc rgb '#444444'\n"
      "set tics nomirror out scale 0.5\nset grid ytics lc rgb '#dddddd'\n"
      "set xrange [0:{:g}]\n",
      plot::literal(picture), condition.length.seconds());
  for (const bool uplink : {true, false}) {
    const std::string side = uplink ? "up" : "down";
    const auto measured = comparison.measured.series.find({condition.id, uplink});
    text += dataOf("measured_" + side,
                   measured == comparison.measured.series.end() ? VideoSeries{} : measured->second);
    text += dataOf("simulated_" + side, comparison.series[number_][uplink ? 1 : 0]);
  }
  text += lineOf(condition);
  text += fmt::format("set multiplot title {}\n",
                      plot::literal(fmt::format("{}: dots measured, lines simulated (mean of {})",
                                                describeVideo(condition), comparison.seeds)));
  const auto panel = [&](bool uplink, bool rates) {
    const std::string side = uplink ? "up" : "down";
    text += fmt::format(
        "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\n"
        "set bmargin at screen {}\n",
        uplink ? 0.06 : 0.55, uplink ? 0.49 : 0.98, rates ? 0.84 : 0.36, rates ? 0.44 : 0.09);
    if (rates) {
      text += fmt::format(
          "set title '{}'\nunset xlabel\nset format x ''\nset ylabel '{}'\nset yrange "
          "[0:{:g}]\n{}\n"
          "plot $line using 1:2 with lines lw 1.5 dt 2 lc rgb '#888888' title 'line'",
          uplink ? "uplink" : "downlink", uplink ? "kbit/s" : "",
          1.08 * std::max(highest(comparison, number_),
                          condition.rate ? static_cast<double>(condition.rate->count()) / 1e3 : 0),
          uplink ? "set key at screen 0.5,0.945 center horizontal" : "unset key");
      const std::tuple<int, const char*, const char*> curves[] = {
          {4, "available", "#009E73"}, {2, "target", "#0072B2"}, {3, "received", "#D55E00"}};
      for (const auto& [column, label, colour] : curves) {
        text += fmt::format(
            ", $measured_{0} using 1:{1} with points pt 7 ps 0.45 lc rgb '{2}' notitle"
            ", $simulated_{0} using 1:{1} with lines lw 1.8 lc rgb '{2}' title '{3}'",
            side, column, colour, label);
      }
      text += '\n';
      return;
    }
    text += fmt::format(
        "unset title\nunset key\nset xlabel 's'\nset format x '%g'\nset ylabel '{0}'\n"
        "set yrange [0:*]\n"
        "plot $measured_{1} using 1:5 with points pt 7 ps 0.45 lc rgb '#CC79A7' notitle"
        ", $simulated_{1} using 1:5 with lines lw 1.8 lc rgb '#CC79A7' notitle\n",
        uplink ? "round trip, ms" : "", side);
  };
  for (const bool rates : {true, false})
    for (const bool uplink : {true, false}) panel(uplink, rates);
  return text + "unset multiplot\n";
}

}  // namespace

std::vector<VideoPicture> drawVideo(const VideoComparison& comparison, const fs::path& directory) {
  fs::create_directories(directory);
  std::vector<VideoPicture> drawn;
  for (std::size_t i = 0; i < comparison.measured.conditions.size(); ++i) {
    const VideoCondition& condition = comparison.measured.conditions[i];
    const std::string name = "chromium-video-" + condition.id;
    const fs::path script = directory / (name + ".gp");
    writeFile(script.string(), scriptOf(comparison, i, name + ".png"));
    const ProgramOutcome outcome = callflow::runProgram(
        {.command = {"gnuplot", script.filename().string()}, .directory = directory});
    fs::remove(script);
    if (!outcome.found || outcome.status != 0) {
      throw InputError("gnuplot could not draw " + (directory / (name + ".png")).string() + ": " +
                       (outcome.found ? outcome.message : "it is not installed"));
    }
    drawn.push_back({name + ".png", describeVideo(condition)});
  }
  return drawn;
}

}  // namespace callflow::validation
