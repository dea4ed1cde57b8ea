// chromium_video [--measured FILE] [--series FILE] [--out DIR] [--page FILE] [--seeds N] ...
//
// Simulates the video calls of a file of measurements of real Chromium clients, and says which bars
// are met. Exit codes: 0 all are (or the misses are the known ones), 1 some are not, 2 a user's
// mistake.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "validation/program.h"
#include "validation/video_page.h"
#include "validation/video_pictures.h"
#include "validation/video_study.h"

namespace callflow::validation {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string measured = CALLFLOW_SOURCE_DIR "/validation/data/chromium_video.csv";
  std::string series;
  std::string scenario = CALLFLOW_SOURCE_DIR "/validation/data/chromium_video.yaml";
  std::vector<std::string> only;
  std::string out, page, known, writeKnown;
  int seeds = 20;
  int jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
};

// chromium_video.csv has its seconds in chromium_video_series.csv.
std::string seriesBeside(const std::string& measured) {
  const fs::path path(measured);
  const fs::path beside =
      path.parent_path() / (path.stem().string() + "_series" + path.extension().string());
  return fs::exists(beside) ? beside.string() : "";
}

void keepOnly(const std::vector<std::string>& ids, MeasuredVideo& measured) {
  if (ids.empty()) return;
  MeasuredVideo kept;
  kept.series = measured.series;
  for (const std::string& id : ids) {
    const auto known = std::find_if(measured.conditions.begin(), measured.conditions.end(),
                                    [&](const VideoCondition& each) { return each.id == id; });
    if (known == measured.conditions.end())
      throw InputError("--only " + id + ": the file has no such id");
    const auto was = static_cast<std::size_t>(known - measured.conditions.begin());
    for (MeasuredPhase phase : measured.phases) {
      if (phase.condition != was) continue;
      phase.condition = kept.conditions.size();
      kept.phases.push_back(phase);
    }
    kept.conditions.push_back(*known);
  }
  measured = std::move(kept);
}

void print(const VideoComparison& comparison) {
  constexpr std::array shown{
      VideoQuantity::received,   VideoQuantity::available, VideoQuantity::roundTrip,
      VideoQuantity::frameRate,  VideoQuantity::height,    VideoQuantity::reach80,
      VideoQuantity::otherShare, VideoQuantity::target,    VideoQuantity::freezes};
  fmt::print("{:<42}", "measured / simulated (* missed)");
  for (const VideoQuantity quantity : shown) fmt::print("{:>17}", barOf(quantity).column);
  fmt::print("\n");
  for (const ComparedPhase& phase : comparison.phases) {
    fmt::print("{:<42}", comparison.nameOf(phase));
    for (const VideoQuantity quantity : shown) {
      const double measured = phase.measured.values[quantity];
      const auto& verdict = phase.verdict(quantity);
      fmt::print("{:>17}", std::isnan(measured)
                               ? ""
                               : fmt::format("{:.4g} / {:.4g}{}", measured, phase.mean[quantity],
                                             verdict && !verdict->met ? "*" : " "));
    }
    fmt::print("{}\n", comparison.conditionOf(phase).isLossy() ? "  loss" : "");
  }
}

// The misses of bars with their size.
void printMisses(const VideoComparison& comparison, const std::vector<std::string>& missed) {
  fmt::print("\n{} of {} bars met; {} of {} pairs of phases in the same order; missed: {}\n",
             comparison.met(), comparison.bars(), comparison.pairs - comparison.disorders.size(),
             comparison.pairs, missed.empty() ? "none" : "");
  std::size_t next = 0;
  for (const ComparedPhase& phase : comparison.phases) {
    for (std::size_t q = 0; q < videoQuantityCount; ++q) {
      const auto& verdict = phase.verdicts[q];
      if (!verdict || verdict->met) continue;
      const auto quantity = static_cast<VideoQuantity>(q);
      fmt::print("  {} {:.4g} for {:.4g}{}{}\n", missed[next++], phase.mean[quantity],
                 phase.measured.values[quantity],
                 std::isnan(verdict->beyond)
                     ? ""
                     : fmt::format(", {:.1f} standard errors beyond", verdict->beyond),
                 comparison.conditionOf(phase).isLossy() ? " (loss)" : "");
    }
  }
  for (; next < missed.size(); ++next) fmt::print("  {}\n", missed[next]);
}

std::vector<std::string> lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InputError(path + ": cannot be read");
  std::vector<std::string> result;
  for (std::string line; std::getline(file, line);) result.push_back(line);
  return result;
}

int run(const Options& options) {
  MeasuredVideo measured = readVideo(options.measured);
  const std::string series =
      options.series.empty() ? seriesBeside(options.measured) : options.series;
  if (!series.empty()) readVideoSeries(series, measured);
  keepOnly(options.only, measured);
  const VideoComparison comparison =
      compareVideo(measured, options.scenario, options.seeds, options.jobs);
  const std::vector<std::string> missed = misses(comparison);
  print(comparison);
  printMisses(comparison, missed);
  if (!options.out.empty()) {
    const fs::path out(options.out);
    drawVideo(comparison, out);
    writeFile((out / "chromium-video.csv").string(), phasesAsCsv(comparison));
    writeFile((out / "chromium-video-series.csv").string(), seriesAsCsv(comparison));
  }
  if (!options.page.empty()) writeVideoPage(comparison, options.page);
  if (!options.writeKnown.empty()) {
    std::string text;
    for (const std::string& miss : missed) text += miss + '\n';
    writeFile(options.writeKnown, text);
  }
  if (options.known.empty()) return missed.empty() ? 0 : 1;
  const std::vector<std::string> known = lines(options.known);
  const bool anyNew = std::any_of(missed.begin(), missed.end(), [&](const std::string& miss) {
    return std::find(known.begin(), known.end(), miss) == known.end();
  });
  fmt::print("{}\n", anyNew ? "some of them are new" : "no miss is new");
  return anyNew ? 1 : 0;
}

}  // namespace
}  // namespace callflow::validation

int main(int argc, char** argv) {
  using namespace callflow::validation;
  Options options;
  CLI::App app(
      "Simulates measured video calls of real Chromium clients and says which bars are "
      "met.",
      "chromium_video");
  app.add_option("--measured", options.measured,
                 "CSV of measurements, a row a phase; the shipped one if not given");
  app.add_option("--series", options.series,
                 "CSV of their seconds, for the pictures; if not given, the file beside "
                 "--measured whose name ends in _series, if there is one");
  app.add_option("--scenario", options.scenario,
                 "the call and its network; the shipped one if not given");
  app.add_option("--only", options.only, "only the conditions of these ids");
  app.add_option(
      "--out", options.out,
      "write measured and simulated side by side as CSV, and pictures, into this folder");
  app.add_option("--page", options.page, "write the page (Markdown) and its pictures");
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
