#include "validation/video_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "validation/program.h"
#include "validation/video_pictures.h"

namespace callflow::validation {
namespace {

namespace fs = std::filesystem;

constexpr std::array kColumns{VideoQuantity::received,  VideoQuantity::available,
                              VideoQuantity::roundTrip, VideoQuantity::frameRate,
                              VideoQuantity::height,    VideoQuantity::reach80,
                              VideoQuantity::otherShare};

std::string shown(double value, VideoQuantity quantity) {
  if (std::isnan(value)) return "-";
  const bool fine = quantity == VideoQuantity::frameRate || quantity == VideoQuantity::reach80;
  return fmt::format("{:.{}f}", value, fine ? 1 : 0);
}

std::string tableOf(const VideoComparison& comparison, bool lossy) {
  std::string text = "| call | direction | phase |";
  std::string line = "|---|---|---|";
  for (const VideoQuantity quantity : kColumns) {
    text += fmt::format(" {}, {} |", barOf(quantity).label, barOf(quantity).unit);
    line += "---|";
  }
  text += " freezes |\n" + line + "---|\n";
  for (const ComparedPhase& phase : comparison.phases) {
    const VideoCondition& condition = comparison.conditionOf(phase);
    if (condition.isLossy() != lossy) continue;
    text += fmt::format("| {} | {} | {} |", describeVideo(condition),
                        phase.measured.uplink ? "up" : "down", phase.measured.phase.name);
    for (const VideoQuantity quantity : kColumns) text += " " + videoCell(phase, quantity) + " |";
    text += fmt::format(" {:g} / {:.2g} |\n", phase.measured.values[VideoQuantity::freezes],
                        phase.mean[VideoQuantity::freezes]);
  }
  return text;
}

std::string missesOf(const VideoComparison& comparison) {
  std::string text;
  for (const ComparedPhase& phase : comparison.phases) {
    for (const VideoQuantity quantity : kColumns) {
      const auto& verdict = phase.verdict(quantity);
      if (!verdict || verdict->met) continue;
      text += fmt::format("- {}: {}: {} for {}{}{}\n", comparison.nameOf(phase),
                          barOf(quantity).label, shown(phase.mean[quantity], quantity),
                          shown(phase.measured.values[quantity], quantity),
                          std::isnan(verdict->beyond)
                              ? ""
                              : fmt::format(", {:.1f} standard errors beyond", verdict->beyond),
                          comparison.conditionOf(phase).isLossy() ? " (loss)" : "");
    }
  }
  const std::vector<std::string> all = misses(comparison);
  for (std::size_t i = all.size() - comparison.disorders.size(); i < all.size(); ++i)
    text += fmt::format("- {}\n", all[i]);
  return text;
}

}  // namespace

std::string videoCell(const ComparedPhase& phase, VideoQuantity quantity) {
  const auto& verdict = phase.verdict(quantity);
  const double measured = phase.measured.values[quantity];
  const double simulated = phase.mean[quantity];
  if (!verdict) return "";
  const std::string both = shown(measured, quantity) + " / " + shown(simulated, quantity);
  return verdict->met ? both : "**" + both + "**";
}

void writeVideoPage(const VideoComparison& comparison, const std::string& path) {
  const fs::path pictures = fs::path(path).parent_path() / "pictures";
  const std::vector<VideoPicture> drawn = drawVideo(comparison, pictures);
  const std::vector<std::string> all = misses(comparison);
  std::string text = fmt::format(
      "# Video calls against real Chromium\n\n"
      "Two Chromium 156 clients called each other through coturn over lines of known rate, delay, "
      "loss and jitter ([what was measured](../../validation/data/README.md)). "
      "`validation/chromium_video --page docs/validation/chromium-video.md` simulates the same "
      "calls with {} seeds each and writes this page; `--measured FILE` takes any file of the same "
      "columns, `--out DIR` writes both sides as CSV and the pictures.\n\n"
      "Measured / simulated (mean over the seeds), bold where the bar is missed. Bars: received "
      "and available rate within 15 %, round trip within 20 % or 20 ms, frame rate within 10 %, "
      "the most frequent height the same, the time to 80 % of the target within 30 % or 3 s, the "
      "share of TCP beside the call within 10 percentage points of the line's rate. Freezes must "
      "not be the other way round between two rows of a direction that the measurement sets "
      "apart.\n\n"
      "**{} of {} bars met; {} of {} pairs of rows in order.**\n\n{}\n"
      "Lines with loss: one run a condition does not repeat there, as the two directions say, "
      "which have the same line. The order of their received rates is judged too.\n\n{}\n",
      comparison.seeds, comparison.met(), comparison.bars(),
      comparison.pairs - comparison.disorders.size(), comparison.pairs, tableOf(comparison, false),
      tableOf(comparison, true));
  if (!all.empty()) text += "## Missed\n\n" + missesOf(comparison);
  // What a person wrote about the figures stands in a file of its own, below them.
  fs::path notes = path;
  notes.replace_extension(".notes.md");
  if (std::ifstream file(notes); file)
    text += "\n" + std::string(std::istreambuf_iterator<char>(file), {});
  text += "\n## Pictures\n\n";
  for (const VideoPicture& picture : drawn)
    text += fmt::format("![{}](pictures/{})\n\n", picture.caption, picture.file);
  text.pop_back();
  writeFile(path, text);
}

}  // namespace callflow::validation
