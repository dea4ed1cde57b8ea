// chromium_audio [--measured FILE]... [--content WHAT] [--out FILE] [--page FILE] [--seeds N] ...
//
// Simulates the audio calls of files of measurements of real Chromium clients, and says which bars
// are met. Exit codes: 0 all are (or the misses are the known ones), 1 some are not, 2 a user's
// mistake.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "validation/chromium_page.h"
#include "validation/chromium_study.h"
#include "validation/csv.h"
#include "validation/program.h"

namespace callflow::validation {
namespace {

struct Options {
  std::vector<std::string> measured{CALLFLOW_SOURCE_DIR "/validation/data/chromium_speech.csv",
                                    CALLFLOW_SOURCE_DIR "/validation/data/chromium_calls.csv"};
  std::string content;
  std::string scenario = CALLFLOW_SOURCE_DIR "/validation/data/chromium_audio.yaml";
  std::string out;
  std::string page;
  std::string known;
  std::string writeKnown;
  int seeds = 20;
  int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
};

std::string number(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.1f}", value);
}

void print(const Comparison& comparison) {
  constexpr std::array shown{
      Quantity::stunRtt,      Quantity::rtcpRtt,     Quantity::bufferDelay,
      Quantity::bufferTarget, Quantity::concealed,   Quantity::concealmentEvents,
      Quantity::accelerated,  Quantity::decelerated, Quantity::fecPackets};
  fmt::print("{:<44}", "measured / simulated (* missed)");
  for (const Quantity quantity : shown) fmt::print("{:>20}", row(quantity).label);
  fmt::print("\n");
  for (const ComparedCall& call : comparison.calls) {
    fmt::print("{:<44}", describe(call.measured.condition) +
                             (call.measured.uplink ? ", uplink" : ", downlink"));
    if (!call.offered) {
      fmt::print("  not modelled\n");
      continue;
    }
    for (const Quantity quantity : shown) {
      const auto& judgement = call.judgement(quantity);
      fmt::print("{:>20}", fmt::format("{} / {}{}", number(call.measured.values[quantity]),
                                       number(call.mean[quantity]),
                                       judgement && !judgement->met ? "*" : " "));
    }
    fmt::print("\n");
  }
}

std::vector<std::string> lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InputError(path + ": cannot be read");
  std::vector<std::string> result;
  for (std::string line; std::getline(file, line);) result.push_back(line);
  return result;
}

int run(const Options& options) {
  std::optional<media::Content> content;
  if (options.content == "speech") content = media::Content::speech;
  if (options.content == "synthetic") content = media::Content::synthetic;
  std::vector<MeasuredCall> calls;
  for (const std::string& file : options.measured) {
    for (MeasuredCall& call : readCalls(file, content)) calls.push_back(std::move(call));
  }
  const Comparison comparison = compareCalls(calls, options.scenario, options.seeds, options.jobs);
  if (!options.out.empty()) writeComparison(comparison, options.out);
  if (!options.page.empty()) writePage(comparison, options.seeds, options.page);
  print(comparison);
  const std::vector<std::string> missed = misses(comparison);
  fmt::print("\n{} of {} pairs of conditions in the same order; missed: {}\n",
             comparison.pairs - comparison.disorders.size(), comparison.pairs,
             missed.empty() ? "none" : "");
  for (const std::string& miss : missed) fmt::print("  {}\n", miss);
  if (!options.writeKnown.empty()) {
    std::ofstream file(options.writeKnown);
    for (const std::string& miss : missed) file << miss << '\n';
    file.close();
    if (!file) throw InputError(options.writeKnown + ": cannot be written");
  }
  if (options.known.empty()) return missed.empty() ? 0 : 1;
  const std::vector<std::string> known = lines(options.known);
  const auto isNew = [&](const std::string& miss) {
    return std::find(known.begin(), known.end(), miss) == known.end();
  };
  const bool anyNew = std::any_of(missed.begin(), missed.end(), isNew);
  fmt::print("{}\n", anyNew ? "some of them are new" : "no miss is new");
  return anyNew ? 1 : 0;
}

}  // namespace
}  // namespace callflow::validation

int main(int argc, char** argv) {
  using namespace callflow::validation;
  Options options;
  CLI::App app("Simulates measured calls of real Chromium clients and says which bars are met.",
               "chromium_audio");
  app.add_option("--measured", options.measured,
                 "CSV of measurements, one or more; the shipped ones if not given");
  app.add_option("--content", options.content,
                 "what the microphone heard, where the file has no column content; told by its "
                 "columns if not given")
      ->check(CLI::IsMember({"speech", "synthetic"}));
  app.add_option("--scenario", options.scenario,
                 "the call and its network; the shipped one if not given");
  app.add_option("--out", options.out, "write measured and simulated side by side as CSV");
  app.add_option("--page", options.page, "write the page (Markdown) and its picture");
  app.add_option("--seeds", options.seeds, "simulations of each condition")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--jobs", options.jobs, "processes; one a processor if not given")
      ->check(CLI::Range(1, 256));
  app.add_option("--known-misses", options.known,
                 "text file of misses that are known: exit with 1 only if one is new");
  app.add_option("--write-known-misses", options.writeKnown, "write that file");
  return runProgram(app, argc, argv, [&] { return run(options); });
}
