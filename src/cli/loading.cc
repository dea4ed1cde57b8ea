#include "src/cli/loading.h"

#include <memory>
#include <utility>

#include "src/cli/output.h"
#include "src/cli/verb.h"

namespace callflow::cli {
namespace {

SourcePos wholeFile(const std::string& file) {
  SourcePos pos;
  pos.file = std::make_shared<const std::string>(file);
  return pos;
}

void report(const Diagnostics& diagnostics, const std::string& outcome) {
  std::string text = diagnostics.render(outcome);
  if (text.empty()) return;
  text.pop_back();  // printNote() ends the line
  printNote(text);
}

}  // namespace

LoadedFile loadFile(const std::string& file, Diagnostics& diagnostics,
                    const topology::Overrides& overrides) {
  LoadedFile loaded;
  loaded.file = file;
  const auto kind = topology::fileKind(file, diagnostics);
  if (!kind) return loaded;
  if (*kind == topology::FileKind::topology) {
    loaded.topology = topology::loadTopology(file, diagnostics);
    return loaded;
  }
  loaded.scenario = topology::loadScenario(file, diagnostics, overrides);
  return loaded;
}

topology::Overrides::Setting parseSetting(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw UsageError("--set " + text +
                     ": write KEY=VALUE, such as --set sites.hq.uplink.rate='5 Mbit/s'");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::optional<std::vector<topology::Scenario>> loadScenarios(const std::vector<std::string>& files,
                                                             const std::string& outcome,
                                                             const topology::Overrides& overrides) {
  Diagnostics diagnostics;
  std::vector<topology::Scenario> scenarios;
  for (const std::string& file : files) {
    LoadedFile loaded = loadFile(file, diagnostics, overrides);
    if (loaded.topology) {
      diagnostics.error(wholeFile(file), "",
                        "is a topology, and a network without calls cannot be run",
                        "name a scenario file that uses it");
    }
    if (loaded.scenario) scenarios.push_back(std::move(*loaded.scenario));
  }
  report(diagnostics, diagnostics.hasErrors() ? outcome : "going on");
  if (diagnostics.hasErrors()) return std::nullopt;
  return scenarios;
}

std::optional<topology::Case> loadCase(const std::string& file, const std::string& variant,
                                       const std::string& outcome) {
  auto cases = loadCases(file, variant, outcome);
  if (!cases) return std::nullopt;
  return std::move(cases->front());
}

std::optional<std::vector<topology::Case>> loadCases(const std::string& file,
                                                     const std::string& variant,
                                                     const std::string& outcome) {
  Diagnostics diagnostics;
  LoadedFile loaded = loadFile(file, diagnostics);
  if (!outcome.empty()) report(diagnostics, diagnostics.hasErrors() ? outcome : "going on");
  if (!loaded.ok()) return std::nullopt;
  std::vector<topology::Case> cases;
  if (loaded.topology) {
    if (!variant.empty()) throw UsageError(file + " is a topology and has no variants");
    cases.emplace_back();
    cases.back().topology = std::move(*loaded.topology);
    return cases;
  }
  std::vector<std::string> names;
  for (auto& one : loaded.scenario->cases) {
    if (names.empty() || names.back() != one.base) names.push_back(one.base);
    if (variant.empty() || one.variant == variant || one.base == variant)
      cases.push_back(std::move(one));
  }
  if (!cases.empty()) return cases;
  throw UsageError(file + " has no variant \"" + variant + "\"" + didYouMean(variant, names) +
                   " (it has " + listed(names) + ")");
}

}  // namespace callflow::cli
