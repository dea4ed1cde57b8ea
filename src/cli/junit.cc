#include "src/cli/junit.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "src/cli/verb.h"
#include "src/compare/words.h"

namespace callflow::cli {
namespace {

using results::JunitCase;
using results::JunitSuite;

// The calls of a variant, those that failed as well.
std::set<std::string> callsOf(const results::Result& result, const std::string& variant) {
  std::set<std::string> calls;
  for (const auto* run : recordsOf(result, variant)) {
    for (const auto& stream : run->streams) calls.insert(stream.call);
    for (const auto& failure : run->failedCalls) calls.insert(failure.call);
  }
  return calls;
}

std::string reasonOf(const results::Result& result, const std::string& variant,
                     const std::string& call) {
  const auto* failure = results::connectionsOf(recordsOf(result, variant), call).failure;
  if (failure == nullptr) return {};
  return fmt::format("{}/{}\n{}", failure->code, failure->subcode,
                     fmt::join(failure->reasons, "\n"));
}

JunitSuite suiteOf(const ScenarioOutcome& outcome) {
  JunitSuite suite{outcome.result.scenario, {}};
  for (const auto& run : outcome.failed) {
    suite.cases.push_back({run.variant, fmt::format("run {}", run.replication),
                           JunitCase::Outcome::error, "the run failed", run.reason});
  }
  for (const auto& one : outcome.result.cases) {
    for (const std::string& call : callsOf(outcome.result, one.variant)) {
      const bool unexpected =
          std::any_of(outcome.unconnected.begin(), outcome.unconnected.end(),
                      [&](const auto& u) { return u.variant == one.variant && u.call == call; });
      JunitCase test{one.variant, "call " + call + " connects as expected"};
      if (unexpected) {
        test.outcome = JunitCase::Outcome::failed;
        test.message = "the call does not connect";
        test.details = reasonOf(outcome.result, one.variant, call);
      }
      suite.cases.push_back(std::move(test));
    }
  }
  for (const auto& expectation : outcome.expectations) {
    JunitCase test{expectation.variant, expectation.text};
    if (!expectation.passed) {
      test.outcome = JunitCase::Outcome::failed;
      test.message = expectation.measured ? fmt::format("measured {:.4g}", *expectation.measured)
                                          : expectation.note;
    }
    suite.cases.push_back(std::move(test));
  }
  return suite;
}

JunitSuite suiteOf(const compare::Comparison& c) {
  JunitSuite suite{c.labelA + " -> " + c.labelB, {}};
  const std::string& group = suite.name;
  for (const auto& d : c.calls) {
    JunitCase test{group, "call " + d.call};
    if (d.verdict == compare::Verdict::worse) {
      test.outcome = JunitCase::Outcome::failed;
      test.message = sideText(d.a) + " -> " + sideText(d.b);
      test.details = d.b.reason;
    }
    suite.cases.push_back(std::move(test));
  }
  for (const auto& d : c.metrics) {
    const metrics::Metric& m = metrics::metric(d.metric);
    JunitCase test{group, nameOf(metrics::Measure(d.metric, d.scope))};
    if (c.isRegression(d)) {
      test.outcome = JunitCase::Outcome::failed;
      test.message = fmt::format("{} {} {}", changeText(m, d), intervalText(m, d), verdictText(d));
    }
    suite.cases.push_back(std::move(test));
  }
  return suite;
}

}  // namespace

void addJunitOption(CLI::App& app, std::string& file) {
  app.add_option("--junit", file, "Write what held and what did not, as JUnit XML")
      ->type_name("FILE");
}

std::vector<JunitSuite> junitOf(const std::vector<ScenarioOutcome>& outcomes) {
  std::vector<JunitSuite> suites;
  for (const ScenarioOutcome& outcome : outcomes) suites.push_back(suiteOf(outcome));
  return suites;
}

std::vector<JunitSuite> junitOf(const std::vector<compare::Comparison>& comparisons) {
  std::vector<JunitSuite> suites;
  for (const auto& comparison : comparisons) suites.push_back(suiteOf(comparison));
  return suites;
}

void writeJunit(const std::string& file, const std::vector<JunitSuite>& suites) {
  if (file.empty()) return;
  namespace fs = std::filesystem;
  std::error_code error;
  // A device or a pipe cannot be moved onto.
  const bool plain = !fs::exists(file, error) || fs::is_regular_file(file, error);
  const std::string aside = plain ? file + "." + std::to_string(::getpid()) + ".tmp" : file;
  std::ofstream out(aside, std::ios::binary);
  out << results::junitXml(suites);
  out.close();
  int fault = out ? 0 : errno;
  if (fault == 0 && plain) {
    fs::rename(aside, file, error);
    fault = error.value();
  }
  if (fault == 0) return;
  if (plain) fs::remove(aside, error);
  throw UsageError("--junit: cannot write " + file + ": " + std::strerror(fault));
}

}  // namespace callflow::cli
