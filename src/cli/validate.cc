#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "src/cli/checks.h"
#include "src/cli/exit_code.h"
#include "src/cli/json.h"
#include "src/cli/loading.h"
#include "src/cli/output.h"
#include "src/cli/verb.h"
#include "src/compare/wrap.h"

namespace callflow::cli {
namespace {

// "2 sites, 1 remote user, 2 devices"
std::string contents(const topology::Topology& network) {
  std::size_t remote = 0;
  for (const auto& [name, site] : network.sites) remote += site.remote ? 1 : 0;
  return counted(network.sites.size() - remote, "site") + ", " +
         (remote == 0 ? "" : counted(remote, "remote user") + ", ") +
         counted(network.devices.size(), "device");
}

// The network, then "1 call, 2 variants".
std::string contents(const LoadedFile& loaded) {
  if (loaded.topology) return contents(*loaded.topology);
  const auto& cases = loaded.scenario->cases;
  const auto& first = cases.front();
  std::set<std::string> bases;
  for (const auto& one : cases) bases.insert(one.base);
  const std::string cells =
      first.cell.empty() ? "" : " in " + counted(cases.size() / bases.size(), "cell");
  return contents(first.topology) + ", " + counted(first.calls.size(), "call") + ", " +
         counted(bases.size(), "variant") + cells;
}

struct Options {
  std::vector<std::string> files;
  std::string format = "text";
  bool strict = false;
};

// The same with each warning as an error.
Diagnostics hardened(const Diagnostics& found) {
  Diagnostics all;
  for (const Diagnostic& one : found.all()) all.error(one.pos, one.path, one.problem, one.advice);
  return all;
}

int validate(const Options& options) {
  const std::vector<std::string>& files = options.files;
  const bool json = options.format == "json";
  auto verdicts = nlohmann::ordered_json::array();
  Diagnostics diagnostics;
  std::size_t wrong = 0;
  for (const std::string& file : files) {
    const int warnings = diagnostics.warningCount();
    const LoadedFile loaded = loadFile(file, diagnostics);
    const bool ok = loaded.ok() && !(options.strict && diagnostics.warningCount() > warnings);
    nlohmann::ordered_json verdict = {{"file", file}, {"ok", ok}};
    if (loaded.ok()) verdict["contents"] = contents(loaded);
    verdicts.push_back(std::move(verdict));
    if (ok) {
      if (!json)
        printResult(compare::fitted(file + ": ok (" + contents(loaded) + ")\n", columnsToUse()));
    } else {
      ++wrong;
    }
  }
  if (options.strict) diagnostics = hardened(diagnostics);
  if (json) {
    auto told = nlohmann::ordered_json::array();
    for (const Diagnostic& one : diagnostics.all()) told.push_back(jsonOf(one));
    printResult(jsonText({{"files", std::move(verdicts)}, {"diagnostics", std::move(told)}}));
  }
  std::string text =
      diagnostics.render(std::to_string(wrong) + " of " + counted(files.size(), "file") + " wrong");
  if (!text.empty()) {
    text.pop_back();
    printNote(text);
  }
  return diagnostics.hasErrors() ? exitBadInput : exitFine;
}

}  // namespace

Action setUpValidate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->files, "Scenario or topology files; - reads standard input")
      ->required()
      ->type_name("");
  app.add_option("--format", options->format, "text or json")
      ->check(oneOf({"text", "json"}))
      ->type_name("FORMAT")
      ->capture_default_str();
  app.add_flag("--strict", options->strict, "Take warnings for errors");
  return [options] { return validate(*options); };
}

}  // namespace callflow::cli
