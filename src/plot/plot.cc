#include "src/plot/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/results/store.h"
#include "src/results/sweep.h"

namespace callflow::plot {

namespace fs = std::filesystem;

namespace {

struct Maker {
  std::string name;
  Drawn (*make)(const results::Result&);
  bool whole = false;  // of all cells of a sweep; else of the one in its middle
};
const std::vector<Maker>& makers() {
  static const std::vector<Maker> list = {{"delay-cdf", delayCdf},
                                          {"mos", mosOverTime},
                                          {"delay-time", delayOverTime},
                                          {"jitter-buffer", jitterBufferOverTime},
                                          {"loss", lossBars},
                                          {"delay-budget", delayBudget},
                                          {"sequence", sequenceDiagram},
                                          {"one-loss", oneLoss},
                                          {"mos-map", mosMap, true}};
  return list;
}

const std::vector<std::string> knownFormats = {"svg", "png", "pdf"};

void check(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
           std::string_view what) {
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw results::ResultError(
          fmt::format("there is no {} \"{}\"; known are {}", what, name, fmt::join(known, ", ")));
    }
  }
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out)
    throw results::ResultError(path.string() + ": cannot be written: " + std::strerror(errno));
}

// Drawn under another name and renamed, so that a picture is whole or not there.
void render(const Figure& figure, const fs::path& directory, const PlotOptions& options,
            PlotReport& report) {
  for (const std::string& format : options.formats) {
    if (!report.gnuplot_found) return;
    const fs::path picture = directory / fmt::format("{}.{}", figure.name, format);
    const std::string aside = fmt::format(".{}.{}", figure.name, format);
    const ProgramOutcome outcome = runProgram(
        options.gnuplot,
        {"-e", fmt::format("ext='{}'; out='{}'", format, aside), figure.name + ".gp"}, directory);
    std::error_code error;
    if (!outcome.found) {
      report.gnuplot_found = false;
      report.notes.push_back(
          fmt::format("{} is not installed: the scripts and data are in {}, without pictures "
                      "(Debian: gnuplot-nox)",
                      options.gnuplot, directory.string()));
      return;
    }
    if (outcome.status != 0 || !fs::exists(directory / aside, error)) {
      fs::remove(directory / aside, error);
      report.notes.push_back(fmt::format("{} was not drawn: gnuplot ended with {}: {}",
                                         picture.string(), outcome.status, outcome.message));
      continue;
    }
    fs::rename(directory / aside, picture, error);
    if (error) throw results::ResultError(picture.string() + ": " + error.message());
    report.files.push_back(picture);
  }
}

}  // namespace

const std::vector<std::string>& pictureNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Maker& m : makers()) list.push_back(m.name);
    return list;
  }();
  return names;
}

PlotReport drawPlots(const results::Result& result, const fs::path& result_dir,
                     const PlotOptions& options) {
  check(options.only, pictureNames(), "picture");
  check(options.formats, knownFormats, "format");
  const fs::path directory = result_dir / "plots";
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    throw results::ResultError(directory.string() + ": cannot be made: " + error.message());
  PlotReport report;
  const bool silent = std::all_of(result.records.begin(), result.records.end(),
                                  [](const auto& record) { return record.streams.empty(); });
  if (silent) {
    report.notes.push_back("nothing to draw: no call had media");
    return report;
  }
  const results::Result close = resultIn(result, closeUpCell(axesOf(result)));
  for (const Maker& maker : makers()) {
    const bool asked =
        std::find(options.only.begin(), options.only.end(), maker.name) != options.only.end();
    if (!options.only.empty() && !asked) continue;
    if (maker.whole && axesOf(result).empty() && !asked) continue;
    const Drawn drawn = maker.make(maker.whole ? result : close);
    if (!drawn.figure) {
      report.notes.push_back(fmt::format("{}: not drawn, {}", maker.name, drawn.why_not));
      continue;
    }
    const Figure& figure = *drawn.figure;
    for (const auto& [suffix, text] :
         {std::pair{".csv", &figure.data}, std::pair{".gp", &figure.script}}) {
      report.files.push_back(directory / (figure.name + suffix));
      write(report.files.back(), *text);
    }
    render(figure, directory, options, report);
  }
  return report;
}

PlotReport drawPlots(const fs::path& result_dir, const PlotOptions& options) {
  return drawPlots(results::loadResult(result_dir), result_dir, options);
}

}  // namespace callflow::plot
