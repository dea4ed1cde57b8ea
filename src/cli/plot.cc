#include "src/plot/plot.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/results/store.h"

namespace callflow::cli {
namespace {

int drawAll(const std::vector<std::string>& directories, const plot::PlotOptions& options) {
  for (const std::string& directory : directories) {
    plot::PlotReport report;
    try {
      report = plot::drawPlots(directory, options);
    } catch (const results::ResultError& error) {
      throw UsageError(error.what());
    }
    for (const std::string& note : report.notes) printNote(note);
    for (const auto& file : report.files) printResult(file.string() + "\n");
  }
  return exitFine;
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
      ->default_str("svg,png");
  app.add_option("--only", options->plot.only,
                 "Pictures to draw, with commas: " + listed(plot::pictureNames()))
      ->delimiter(',')
      ->check(oneOf(plot::pictureNames()))
      ->type_name("NAME");
  return [options] { return drawAll(options->directories, options->plot); };
}

}  // namespace callflow::cli
