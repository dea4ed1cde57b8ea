#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/check/report.h"
#include "src/check/writers.h"
#include "src/cli/build_info.h"
#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"
#include "src/sim/found_calls.h"

namespace callflow::cli {
namespace {

struct Options {
  std::string file;
  std::string format = "text";
  std::string share = "30%";
  std::string variant;
  std::string output;
};

Ratio shareOf(const std::string& text) {
  const auto share = parseRatio(text);
  if (!share.value) throw UsageError("--share: \"" + text + "\" " + share.problem);
  if (*share.value <= Ratio{} || *share.value > Ratio::percent(100))
    throw UsageError("--share: \"" + text + "\" is not over 0% and up to 100%");
  return *share.value;
}

// Those of a scenario that are asked for, or a bare topology as a case without calls. Nothing: the
// file is wrong, which has been said.
std::vector<topology::Case> casesOf(const Options& options) {
  if (!options.variant.empty()) {
    auto one = loadCase(options.file, options.variant, "nothing was checked");
    return one ? std::vector{std::move(*one)} : std::vector<topology::Case>{};
  }
  Diagnostics diagnostics;
  LoadedFile loaded = loadFile(options.file, diagnostics);
  std::string text = diagnostics.render(loaded.ok() ? "going on" : "nothing was checked");
  if (!text.empty()) {
    text.pop_back();  // printNote() ends the line
    printNote(text);
  }
  if (loaded.scenario) return std::move(loaded.scenario->cases);
  if (!loaded.topology) return {};
  topology::Case bare;
  bare.topology = std::move(*loaded.topology);
  return {std::move(bare)};
}

int check(const Options& options) {
  const Ratio share = shareOf(options.share);
  const std::vector<topology::Case> cases = casesOf(options);
  if (cases.empty()) return exitBadInput;
  const check::Report report = check::checkCases(
      options.file, cases, share,
      [](const auto& graph, const auto& one) { return sim::findCalls(graph, one); });
  if (options.format == "json")
    writeOutput(options.output, check::toJson(report));
  else if (options.format == "sarif")
    writeOutput(options.output, check::toSarif(report, std::string(programVersion())));
  else
    writeOutput(options.output, compare::fitted(check::toText(report), columnsToUse()));
  return report.count(check::Severity::error) > 0 ? exitRequirement : exitFine;
}

}  // namespace

Action setUpCheck(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file,
                 "Scenario file, or a topology file: then somebody is made up at each place")
      ->required()
      ->type_name("");
  app.add_option("--format", options->format, "text, json or sarif")
      ->check(oneOf({"text", "json", "sarif"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_option("--share", options->share, "Of each line, what media may take")
      ->type_name("SHARE")
      ->capture_default_str();
  app.add_option("--variant", options->variant, "This variant only")->type_name("NAME");
  app.add_option("-o,--output", options->output, "Write to this file in place of standard output")
      ->type_name("FILE");
  return [options] { return check(*options); };
}

}  // namespace callflow::cli
