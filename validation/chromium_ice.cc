// chromium_ice [--measured FILE] [--out FILE] [--page FILE] [--seeds N] [--at-least N]
//
// Two clients behind NATs and firewalls find a path to each other, keep it or lose it, as two
// Chromium were measured to, and says which bars are met. Exit codes: 0 all are (or as many as
// asked), 1 some are not, 2 a user's mistake.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <map>
#include <string>
#include <vector>

#include "validation/ice_study.h"
#include "validation/ice_typical.h"
#include "validation/program.h"

namespace callflow::validation {
namespace {

struct Judged {
  IceRow row;
  std::vector<IceBar> bars;

  std::size_t met() const {
    std::size_t count = 0;
    for (const IceBar& bar : bars) count += bar.met ? 1 : 0;
    return count;
  }
};

std::string sideBySide(const std::vector<Judged>& all) {
  std::string text = "id,side,bar,measured,simulated,met\n";
  for (const Judged& each : all)
    for (const IceBar& bar : each.bars)
      text += fmt::format("{},{},{},{},{},{}\n", each.row.condition.id, "AB"[each.row.side],
                          bar.name, bar.measured, bar.simulated, bar.met ? 1 : 0);
  return text;
}

std::string summaryOf(const std::vector<Judged>& all) {
  std::size_t met = 0, bars = 0;
  for (const Judged& each : all) {
    met += each.met();
    bars += each.bars.size();
  }
  return fmt::format("{} of {} bars met", met, bars);
}

std::string pageOf(const std::vector<Judged>& all, int seeds) {
  std::string text =
      "# How two clients connect, against Chromium\n\n"
      "Two Chromium 156 behind Linux' NATs and firewalls, measured, and two of callflow's agents "
      "behind "
      "callflow's boxes; the program\nwrites this page: `build/release/validation/chromium_ice "
      "--page "
      "docs/validation/chromium-ice.md`. What was measured, and how, says\n[validation/data]"
      "(../../validation/data/README.md).\n\n"
      "Bars: the types of the pair in the end and the transport to the relay as they were; times "
      "to "
      "connect (ICE, DTLS, first media)\nwithin 25 % or 100 ms; a call fails, or a state changes, "
      "within 1 s; silence after what happens in mid-call within 10 % or 0.5 s.\n" +
      summaryOf(all) +
      fmt::format(
          ".\n\nThe measurements were made in real time, with a spread of about 50 ms: one run of "
          "each row, and in some of them candidates came\n100 ms later than in others of the same "
          "network. The simulated figure is what {} simulations typically say: the most frequent "
          "pair\nand order of states, and the median of times. They differ in how the timers of "
          "the two clients lie to each other.\n\n",
          seeds) +
      "| row | side | pair | relay by | ICE | DTLS | first media, ms | failed, ms | silence | "
      "states after "
      "it, s | bars |\n|---|---|---|---|---|---|---|---|---|---|---|\n";
  const char* const columns[] = {"pair",  "transport", "ice",     "dtls",
                                 "media", "failed",    "silence", "states"};
  for (const Judged& each : all) {
    text += fmt::format("| {} | {}", each.row.condition.id, "AB"[each.row.side]);
    for (const char* const column : columns) {
      std::string cell;
      for (const IceBar& bar : each.bars) {
        if (bar.name != column || (bar.measured == "-" && bar.simulated == "-")) continue;
        if (bar.measured == bar.simulated) {
          cell = bar.measured;
        } else {
          cell = bar.measured + " : " + (bar.met ? bar.simulated : "**" + bar.simulated + "**");
        }
      }
      text += " | " + cell;
    }
    text += fmt::format(" | {} of {} |\n", each.met(), each.bars.size());
  }
  text += "\nMeasured : simulated, once where they are the same; what misses its bar is bold.\n";
  return text;
}

IceOutcome typicalOutcome(const IceCondition& condition, int seeds) {
  std::vector<IceFigures> sides[2];
  for (int seed = 1; seed <= seeds; ++seed) {
    const IceOutcome outcome = simulateIce(condition, seed);
    for (const std::size_t i : {0U, 1U}) sides[i].push_back(outcome.sides[i]);
  }
  return {{typicalOf(sides[0]), typicalOf(sides[1])}};
}

int run(const BarOptions& options) {
  std::map<std::string, IceOutcome> simulated;
  std::vector<Judged> all;
  std::size_t met = 0, bars = 0;
  for (const IceRow& row : readIce(options.measured)) {
    const auto known = simulated.find(row.condition.id);
    const IceOutcome& outcome =
        known != simulated.end()
            ? known->second
            : simulated.emplace(row.condition.id, typicalOutcome(row.condition, options.seeds))
                  .first->second;
    Judged& judged = all.emplace_back(Judged{row, judgeIce(row, outcome.sides[row.side])});
    met += judged.met();
    bars += judged.bars.size();
    std::string misses;
    for (const IceBar& bar : judged.bars)
      if (!bar.met) misses += fmt::format("  {} {} for {}", bar.name, bar.simulated, bar.measured);
    fmt::print("{:<34}{} {} of {}{}\n", row.condition.id, "AB"[row.side], judged.met(),
               judged.bars.size(), misses);
  }
  if (!options.out.empty()) writeFile(options.out, sideBySide(all));
  if (!options.page.empty()) writeFile(options.page, pageOf(all, options.seeds));
  fmt::print("{}\n", summaryOf(all));
  return met >= options.atLeast.value_or(bars) ? 0 : 1;
}

}  // namespace
}  // namespace callflow::validation

int main(int argc, char** argv) {
  using namespace callflow::validation;
  BarOptions options;
  // An odd number: two clients' timers lie to each other by chance.
  options.seeds = 21;
  options.measured = CALLFLOW_SOURCE_DIR "/validation/data/chromium_ice.csv";
  CLI::App app("Simulates how two clients find a path to each other, as it was measured.",
               "chromium_ice");
  options.addTo(app, "CSV of measurements; the shipped ones if not given");
  return runProgram(app, argc, argv, [&] { return run(options); });
}
