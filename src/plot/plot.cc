#include "src/plot/plot.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "src/plot/figure.h"
#include "src/plot/gnuplot.h"
#include "src/plot/pictures.h"
#include "src/process/program.h"
#include "src/results/aside.h"
#include "src/results/directory.h"
#include "src/results/store.h"
#include "src/results/sweep.h"

namespace callflow::plot {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kNownFormats = {"svg", "png", "pdf"};

void check(const std::vector<std::string>& wanted, const std::vector<std::string>& known,
           std::string_view what) {
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw results::ResultError(
          fmt::format("there is no {} \"{}\"; known are {}", what, name, fmt::join(known, ", ")));
    }
  }
}

// Where there is room for half a picture or less, room is what was wanting.
bool isFull(const fs::path& directory) {
  std::error_code error;
  const fs::space_info space = fs::space(directory, error);
  return !error && space.available < 64 * 1024;
}

// Nothing, or what was wrong.
std::string draw(const Figure& figure, const std::string& format, const fs::path& directory,
                 const PlotOptions& options, PlotReport& report) {
  const std::string picture = fmt::format("{}.{}", figure.name, format);
  const ProgramOutcome outcome = runProgram(
      {.command = {options.gnuplot, "-e", fmt::format("ext='{}'; out='{}'", format, picture),
                   figure.name + ".gp"},
       .directory = directory,
       .stop = options.stop});
  if (!outcome.found) {
    report.gnuplotFound = false;
    return {};
  }
  report.stopped = report.stopped || outcome.stopped;
  if (outcome.status == 0 && isWhole(directory / picture)) return {};
  if (isFull(directory) || outcome.status == 128 + SIGXFSZ)
    results::failOn(directory / picture, "cannot be drawn", ENOSPC);
  return outcome.status == 0
             ? "gnuplot left it incomplete"
             : fmt::format("gnuplot ended with {}: {}", outcome.status, outcome.message);
}

// Files of `directory` that make up the figure. None if a picture of it is a fault: what there was
// of it before stays together.
std::vector<std::string> render(const Figure& figure, const fs::path& directory,
                                const fs::path& target, const PlotOptions& options,
                                PlotReport& report) {
  std::vector<std::string> files = {figure.name + ".csv", figure.name + ".gp"};
  results::DirectoryWriter out(directory);
  out.write(files[0], figure.data);
  out.write(files[1], figure.script);
  bool failed = false;
  for (const std::string& format : options.formats) {
    if (!report.gnuplotFound || report.stopped) break;
    const std::string fault = draw(figure, format, directory, options, report);
    files.push_back(fmt::format("{}.{}", figure.name, format));
    if (!report.gnuplotFound) {
      files.pop_back();
    } else if (!fault.empty()) {
      failed = true;
      if (!report.stopped)
        report.failures.push_back(
            fmt::format("{} could not be drawn: {}", (target / files.back()).string(), fault));
    }
  }
  if (failed || report.stopped) files.clear();
  return files;
}

// Beside the result, which somebody else may be replacing; in it where that cannot be written.
fs::path homeOfAside(const fs::path& resultDir) {
  std::error_code error;
  const fs::path real = fs::canonical(resultDir, error);
  if (error) results::failOn(resultDir, "cannot be drawn to", error.value());
  return ::access(real.parent_path().c_str(), W_OK | X_OK) == 0 ? real.parent_path() : real;
}

void moveAll(const std::vector<std::string>& files, const fs::path& from, const fs::path& to,
             PlotReport& report) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) results::failOn(to, "cannot be made", error.value());
  for (const std::string& file : files) {
    fs::rename(from / file, to / file, error);
    if (error) results::failOn(to / file, "cannot be put in its place", error.value());
    report.files.push_back(to / file);
  }
}

}  // namespace

const std::vector<std::string>& pictureNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> list;
    for (const Picture& picture : pictures()) list.emplace_back(picture.name);
    return list;
  }();
  return kNames;
}

namespace {

bool hasVideo(const results::Result& result) {
  return std::any_of(result.records.begin(), result.records.end(), [](const auto& run) {
    return std::any_of(run.streams.begin(), run.streams.end(), isVideo);
  });
}

PlotReport drawAside(const results::Result& result, const fs::path& resultDir,
                     const PlotOptions& options) {
  check(options.only, pictureNames(), "picture");
  check(options.formats, kNownFormats, "format");
  const fs::path directory = resultDir / "plots";
  PlotReport report;
  const bool silent = std::all_of(result.records.begin(), result.records.end(),
                                  [](const auto& record) { return record.streams.empty(); });
  if (silent) {
    report.notes.push_back("nothing to draw: no call had media");
    moveAll({}, {}, directory, report);
    return report;
  }
  const results::AsideDirectory aside(homeOfAside(resultDir), "plots");
  const results::Result close = resultIn(result, closeUpCell(axesOf(result)));
  std::vector<std::string> files;
  for (const Picture& picture : pictures()) {
    const bool asked =
        std::find(options.only.begin(), options.only.end(), picture.name) != options.only.end();
    if (!options.only.empty() && !asked) continue;
    if (picture.whole && axesOf(result).empty() && !asked) continue;
    if (picture.video && !hasVideo(result) && !asked) continue;
    const Drawn drawn = picture.make(picture.whole ? result : close);
    if (!drawn.figure) {
      report.notes.push_back(fmt::format("{}: not drawn, {}", picture.name, drawn.whyNot));
      continue;
    }
    const auto made = render(*drawn.figure, aside.path(), directory, options, report);
    files.insert(files.end(), made.begin(), made.end());
    if (options.stop != nullptr && options.stop->load()) report.stopped = true;
    if (report.stopped) return report;
  }
  if (!report.gnuplotFound) {
    report.notes.push_back(
        fmt::format("{} is not installed: the scripts and data are in {}, without pictures "
                    "(Debian: gnuplot-nox)",
                    options.gnuplot, directory.string()));
  }
  moveAll(files, aside.path(), directory, report);
  return report;
}

}  // namespace

PlotReport drawPlots(const results::Result& result, const fs::path& resultDir,
                     const PlotOptions& options) {
  try {
    return drawAside(result, resultDir, options);
  } catch (const results::NoSpaceError& error) {
    throw error.of(resultDir / "plots");
  }
}

PlotReport drawPlots(const fs::path& resultDir, const PlotOptions& options) {
  return drawPlots(results::loadResult(resultDir), resultDir, options);
}

}  // namespace callflow::plot
