#include "src/plot/plot.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/stop_signal.h"
#include "src/cli/verb.h"
#include "src/results/store.h"

namespace callflow::cli {
namespace {

int drawAll(const std::vector<std::string>& directories, plot::PlotOptions options) {
  const StopSignals signals;
  options.stop = &StopSignals::flag();
  int code = exitFine;
  for (const std::string& directory : directories) {
    plot::PlotReport report;
    try {
      report = plot::drawPlots(directory, options);
    } catch (const results::NoSpaceError&) {
      throw;
    } catch (const results::ResultError& error) {
      throw UsageError(error.what());
    }
    if (report.stopped) return StopSignals::exitCode();
    for (const std::string& note : report.notes) printNote(note);
    for (const std::string& failure : report.failures) printNote("error: " + failure);
    if (!report.failures.empty()) code = exitInternalError;
    for (const auto& file : report.files) printResult(file.string() + "\n");
  }
  return code;
}

}  // namespace

Action setUpPlot(CLI::App& app) {
  struct Options {
    std::vector<std::string> directories;
    plot::PlotOptions plot;
  };
  auto options = std::make_shared<Options>();
  app.add_option("DIR", options->directories, "Result directories, for example results/NAME/latest")
      ->required()
      ->type_name("");
  app.add_option("--format", options->plot.formats, "svg, png, pdf; several with commas")
      ->delimiter(',')
      ->check(oneOf({"svg", "png", "pdf"}))
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->default_str("svg,png");
  app.add_option("--only", options->plot.only,
                 "Pictures to draw, with commas: " + listed(plot::pictureNames()))
      ->delimiter(',')
      ->check(oneOf(plot::pictureNames()))
      ->type_name("NAME")
      ->allow_extra_args(false);
  return [options] { return drawAll(options->directories, options->plot); };
}

}  // namespace callflow::cli
