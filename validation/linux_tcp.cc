// linux_tcp [--measured FILE] [--out FILE] [--model linux|ns3|both] [--seeds N] ...
//
// Simulates each condition of a file of measurements of the Linux kernel's TCP, and says which bars
// are met. Exit codes: 0 all are, 1 some are not, 2 a user's mistake.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "validation/csv.h"
#include "validation/page.h"
#include "validation/program.h"
#include "validation/replay.h"
#include "validation/study.h"

namespace callflow::validation {
namespace {

struct Options {
  std::string measured = CALLFLOW_SOURCE_DIR "/validation/data/linux_tcp.csv";
  std::string out;
  std::string model = "both";
  int seeds = 60;
  std::string loss = "realized";
  int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::string known;
  std::string writeKnown;
  std::string page;
  std::string plots;
  std::string replay;
};

std::vector<Model> modelsOf(const std::string& text) {
  if (text == "linux") return {Model::linuxLike};
  if (text == "ns3") return {Model::ns3};
  return {Model::linuxLike, Model::ns3};
}

void printRows(const std::vector<StudyRow>& rows, const std::vector<Model>& models) {
  fmt::print("{:<40}{:>6}", "condition", "seeds");
  for (const Model model : models) fmt::print("{:>16}", fmt::format("{}: bars met", name(model)));
  fmt::print("\n");
  for (const StudyRow& row : rows) {
    fmt::print("{:<40}{:>6}", describe(row.measured.condition), row.measured.seeds.size());
    for (const Model model : models) {
      const auto& simulated = row.of(model);
      std::string text = "not offered";
      if (simulated) {
        const std::size_t bars = simulated->verdicts.size();
        text = bars == 0 ? "no bars" : fmt::format("{} of {}", bars - simulated->missed(), bars);
      }
      fmt::print("{:>16}", text);
    }
    fmt::print("\n");
  }
}

void printMisses(const std::vector<StudyRow>& rows, Model model) {
  std::size_t bars = 0;
  for (const StudyRow& row : rows) {
    if (row.of(model)) bars += row.of(model)->verdicts.size();
  }
  const std::vector<Miss> all = misses(rows, model);
  fmt::print("\n{}: {} of {} bars met, {} missed ({:.0f} would be by chance: see the README)\n",
             name(model), bars - all.size(), bars, all.size(), missedByChance(rows, model));
  if (all.empty()) return;
  fmt::print("{:<40}{:<16}{:>11}{:>10}{:>11}{:>10}{:>9}{:>8}\n", "missed", "", "measured", "+-95%",
             "simulated", "allowed", "beyond", "sigmas");
  for (const Miss& miss : all) {
    const Verdict& v = miss.verdict;
    fmt::print("{:<40}{:<16}{:>11.4g}{:>10.3g}{:>11.4g}{:>10.3g}{:>8.0f}%{:>8.1f}\n",
               describe(rows[miss.row].measured.condition), name(v.bar.column), v.measured, v.half,
               v.simulated, v.allowed, v.excess() * 100, v.sigmas);
  }
}

void writeDocuments(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
                    const Options& options) {
  std::vector<Drawn> pictures;
  if (!options.plots.empty()) pictures = drawFigures(rows, models, options.plots);
  if (options.page.empty()) return;
  namespace fs = std::filesystem;
  PageFacts facts;
  facts.measured = fs::path(options.measured).filename().string();
  facts.seeds = options.seeds;
  facts.pictures = fs::path(options.plots.empty() ? "." : options.plots)
                       .lexically_proximate(fs::path(options.page).parent_path())
                       .string();
  writePage(rows, models, pictures, facts, options.page);
}

int run(const Options& options) {
  if (!options.replay.empty()) {
    constexpr std::size_t shown = 5;
    printReplays(readLosses(options.replay), modelsOf(options.model).front(), shown);
    return 0;
  }
  const std::vector<Pooled> measured = poolMeasured(readMeasured(options.measured));
  StudyOptions study;
  study.models = modelsOf(options.model);
  study.seeds = options.seeds;
  study.loss = options.loss == "asked" ? Loss::asked : Loss::realized;
  study.jobs = options.jobs;
  const std::vector<StudyRow> rows = runStudy(measured, study);
  if (!options.out.empty()) writeSideBySide(rows, study.models, options.out);
  writeDocuments(rows, study.models, options);
  printRows(rows, study.models);
  for (const Model model : study.models) printMisses(rows, model);
  const Model judged = study.models.front();
  if (!options.writeKnown.empty()) writeKnown(rows, judged, options.writeKnown);
  if (!options.known.empty()) {
    const std::vector<std::string> faults = compareWithKnown(rows, judged, options.known);
    fmt::print("\n{}\n", faults.empty() ? "no miss is new or has grown" : "new or grown misses:");
    for (const std::string& fault : faults) fmt::print("  {}\n", fault);
    return faults.empty() ? 0 : 1;
  }
  return misses(rows, judged).empty() ? 0 : 1;
}

}  // namespace
}  // namespace callflow::validation

int main(int argc, char** argv) {
  using namespace callflow::validation;
  Options options;
  CLI::App app("Simulates measurements of the Linux kernel's TCP and says which bars are met.",
               "linux_tcp");
  app.add_option("--measured", options.measured,
                 "CSV of measurements; the shipped ones if not given");
  app.add_option("--out", options.out, "write measured and simulated side by side as CSV");
  app.add_option("--model", options.model, "which TCP; with both, linux is judged")
      ->check(CLI::IsMember({"linux", "ns3", "both"}))
      ->capture_default_str();
  app.add_option("--seeds", options.seeds, "simulations of each condition")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--loss", options.loss,
                 "lose as many packets as the measurement asked for, or as it really lost")
      ->check(CLI::IsMember({"asked", "realized"}))
      ->capture_default_str();
  app.add_option("--jobs", options.jobs, "processes; one a processor if not given")
      ->check(CLI::Range(1, 256));
  app.add_option("--known-misses", options.known,
                 "CSV of misses that are known: exit with 1 only if one is new or has grown");
  app.add_option("--write-known-misses", options.writeKnown, "write that CSV");
  app.add_option("--page", options.page, "write a page (Markdown) about all of it");
  app.add_option("--plots", options.plots, "draw the pictures of that page into this folder");
  app.add_option("--replay", options.replay,
                 "instead: drop the segments of this CSV of single losses, and list repairs that "
                 "differ from the measured ones");
  return runProgram(app, argc, argv, [&] { return run(options); });
}
