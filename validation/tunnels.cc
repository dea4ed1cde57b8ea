// tunnels [--measured FILE] [--out FILE] [--page FILE] [--seeds N] [--at-least N]
//
// Simulates audio through OpenVPN and beside TCP transfers as it was measured, and says which bars
// are met. Exit codes: 0 all are (or as many as asked), 1 some are not, 2 a user's mistake.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "validation/program.h"
#include "validation/tunnel_study.h"

namespace callflow::validation {
namespace {

struct Judged {
  TunnelRow row;
  TunnelFigures simulated;
  std::size_t met = 0;
};

std::string sideBySide(const std::vector<Judged>& all) {
  std::string text = "id,phase";
  for (const TunnelBar& bar : tunnelBars())
    text += fmt::format(",{0}_measured,{0}_simulated,{0}_met", bar.name);
  text += '\n';
  for (const Judged& each : all) {
    text += each.row.condition.id + "," + each.row.condition.phase;
    for (const TunnelBar& bar : tunnelBars()) {
      text += fmt::format(",{:.4f},", each.row.measured.*bar.figure);
      text += fmt::format("{:.4f},{}", each.simulated.*bar.figure,
                          met(bar, each.row.measured, each.simulated) ? 1 : 0);
    }
    text += '\n';
  }
  return text;
}

std::string summaryOf(const std::vector<Judged>& all) {
  std::size_t met = 0;
  for (const Judged& each : all) met += each.met;
  return fmt::format("{} of {} bars met", met, all.size() * tunnelBars().size());
}

std::string pageOf(const std::vector<Judged>& all, int seeds) {
  std::string text =
      "# Tunnels and uploads against measurements\n\n"
      "Audio through OpenVPN 2.6 and beside TCP transfers, measured on Linux 6.18 and simulated; "
      "the "
      "program writes this page:\n`build/release/validation/tunnels --page "
      "docs/validation/tunnels.md`. What was measured, and how, says\n[validation/data]"
      "(../../validation/data/README.md).\n\n"
      "Bars: median and p90 of delay within 10 % or 5 ms, p95 and p99 within 15 % or 10 ms, loss "
      "within 0.5 points or 15 %, shares\nlater than 40, 100 and 200 ms within 3 points. Simulated "
      "is the median of " +
      std::to_string(seeds) +
      " runs.\n\nThe tunnel is callflow's own (`kind: vpn`), with what OpenVPN adds to each "
      "packet and without the time that its process takes. " +
      summaryOf(all) +
      ".\n\n| row | delay p50 | p90 | p95 | p99, ms | loss, % | later than 40 | 100 | 200 ms, % | "
      "bars |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Judged& each : all) {
    text += "| " + each.row.condition.id + ", " + each.row.condition.phase;
    for (const TunnelBar& bar : tunnelBars()) {
      const bool share = bar.absolute < 1;
      const double scale = share ? 100 : 1;
      const std::string measured = fmt::format("{:.1f}", each.row.measured.*bar.figure * scale);
      const std::string simulated = fmt::format("{:.1f}", each.simulated.*bar.figure * scale);
      const bool good = met(bar, each.row.measured, each.simulated);
      text += " | " + measured + " : " + (good ? simulated : "**" + simulated + "**");
    }
    text += fmt::format(" | {} of {} |\n", each.met, tunnelBars().size());
  }
  text += "\nMeasured : simulated; what misses its bar is bold.\n";
  return text;
}

int run(const BarOptions& options) {
  std::vector<Judged> all;
  for (const TunnelRow& row : readTunnels(options.measured)) {
    Judged& judged = all.emplace_back();
    judged.row = row;
    judged.simulated = simulateTunnel(row.condition, options.seeds);
    std::string misses;
    for (const TunnelBar& bar : tunnelBars()) {
      if (met(bar, row.measured, judged.simulated)) {
        ++judged.met;
      } else {
        misses += fmt::format("  {} {:.4g} for {:.4g}", bar.name, judged.simulated.*bar.figure,
                              row.measured.*bar.figure);
      }
    }
    fmt::print("{:<34}{:<8}{} of {}{}\n", row.condition.id, row.condition.phase, judged.met,
               tunnelBars().size(), misses);
  }
  if (!options.out.empty()) writeFile(options.out, sideBySide(all));
  if (!options.page.empty()) writeFile(options.page, pageOf(all, options.seeds));
  fmt::print("{}\n", summaryOf(all));
  std::size_t met = 0;
  for (const Judged& each : all) met += each.met;
  return met >= options.atLeast.value_or(all.size() * tunnelBars().size()) ? 0 : 1;
}

}  // namespace
}  // namespace callflow::validation

int main(int argc, char** argv) {
  using namespace callflow::validation;
  BarOptions options;
  options.measured = CALLFLOW_SOURCE_DIR "/validation/data/tunnels_and_uploads.csv";
  CLI::App app("Simulates audio through tunnels and beside TCP transfers as it was measured.",
               "tunnels");
  options.addTo(app, "CSV of measurements; the shipped ones if not given");
  return runProgram(app, argc, argv, [&] { return run(options); });
}
