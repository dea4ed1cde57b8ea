// wifi [--measured FILE] [--out FILE] [--page FILE] [--seeds N] [--at-least N]
//
// Simulates calls on a Wi-Fi channel as ns-3's Wi-Fi did, and says which bars are met. Exit codes:
// 0 all are (or as many as asked), 1 some are not, 2 a user's mistake.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "validation/program.h"
#include "validation/wifi_study.h"

namespace callflow::validation {
namespace {

struct Judged {
  WifiRow row;
  WifiFigures simulated;
};

std::size_t barsOf(const std::vector<Judged>& all, bool onlyMet) {
  std::size_t count = 0;
  for (const Judged& each : all)
    for (const WifiBar& bar : wifiBars(each.row.condition))
      count += !onlyMet || met(bar, each.row.ns3, each.simulated) ? 1 : 0;
  return count;
}

std::string summaryOf(const std::vector<Judged>& all) {
  return fmt::format("{} of {} bars met", barsOf(all, true), barsOf(all, false));
}

std::string sideBySide(const std::vector<Judged>& all) {
  std::string text = "condition,figure,ns3,simulated,met\n";
  for (const Judged& each : all)
    for (const WifiBar& bar : wifiBars(each.row.condition))
      text += fmt::format("\"{}\",{},{:.5g},{:.5g},{}\n", each.row.condition.inWords(), bar.name,
                          each.row.ns3.*bar.figure, each.simulated.*bar.figure,
                          met(bar, each.row.ns3, each.simulated) ? 1 : 0);
  return text;
}

std::string cell(const Judged& judged, double WifiFigures::*figure, double scale, int digits) {
  for (const WifiBar& bar : wifiBars(judged.row.condition)) {
    if (bar.figure != figure) continue;
    const bool good = met(bar, judged.row.ns3, judged.simulated);
    const std::string simulated = fmt::format("{:.{}f}", judged.simulated.*figure * scale, digits);
    return fmt::format(" {:.{}f} : {} |", judged.row.ns3.*figure * scale, digits,
                       good ? simulated : "**" + simulated + "**");
  }
  return " |";
}

std::string pageOf(const std::vector<Judged>& all, int seeds) {
  std::string text = fmt::format(
      "# Wi-Fi against ns-3's\n\n"
      "Stations that send to an access point and calls beside them, in ns-3 3.37's Wi-Fi and in "
      "`kind: wifi`; the program writes this\npage: `build/release/validation/wifi --page "
      "docs/validation/wifi.md`. What was simulated, and how, says\n[validation/data]"
      "(../../validation/data/README.md).\n\n"
      "Bars: throughput of the others, mean and p95 of the calls' delay within 15 %, loss within "
      "15 % or 0.5 points. Simulated is the\nmean of {} runs. {}.\n\n"
      "| others, calls | throughput, Mbit/s | up mean | p95, ms | loss, % | down mean | p95, ms | "
      "loss, % |\n|---|---|---|---|---|---|---|---|\n",
      seeds, summaryOf(all));
  for (const Judged& each : all) {
    text += "| " + each.row.condition.inWords() + " |";
    text += cell(each, &WifiFigures::throughput, 1, 2);
    text += cell(each, &WifiFigures::upMean, 1, 2) + cell(each, &WifiFigures::upP95, 1, 2) +
            cell(each, &WifiFigures::upLoss, 100, 1);
    text += cell(each, &WifiFigures::downMean, 1, 2) + cell(each, &WifiFigures::downP95, 1, 2) +
            cell(each, &WifiFigures::downLoss, 100, 1) + "\n";
  }
  return text +
         "\nns-3 : callflow; what misses its bar is bold. \"all\": always more to send.\n\n"
         "## What differs\n\n"
         "- Where stations with aggregates always have more to send, what a packet waits for is "
         "the "
         "other senders' luck: windows up to 1023\n  slots, frames of 1.5 to 5.4 ms, and a "
         "lifetime "
         "of half a second. Means and p95 of a few seconds differ from run to run.\n"
         "- After a BlockAck that did not come, ns-3 asks for it with a BlockAckReq until it is "
         "answered, and never gives up a packet of an\n  aggregate by its number of attempts; "
         "callflow sends the packets again, seven times at most. With twenty stations that\n  "
         "always send, ns-3 gets a fifth less across for it.\n"
         "- After a collision ns-3's bystanders wait AIFS, as all frames come in equally strong "
         "and "
         "nobody makes out a beginning; callflow's\n  wait EIFS, as the standard has it.\n"
         "- Who starts within 4 us of another collides in ns-3; in callflow only who starts at the "
         "same time does. So many lone packets that\n  meet by chance wait a little longer in "
         "ns-3.\n"
         "- A packet that finds the air free goes at the next slot boundary in ns-3, up to 9 us "
         "later, and at once in callflow.\n"
         "- ns-3 opens a block acknowledgement session by an exchange of frames, and sends "
         "beacons; "
         "its preamble of 802.11ac is 4 us shorter.\n";
}

int run(const BarOptions& options) {
  std::vector<Judged> all;
  for (const WifiRow& row : readWifi(options.measured)) {
    Judged& judged = all.emplace_back();
    judged.row = row;
    judged.simulated = simulateWifi(row.condition, options.seeds);
    std::string misses;
    for (const WifiBar& bar : wifiBars(row.condition))
      if (!met(bar, row.ns3, judged.simulated))
        misses += fmt::format("  {} {:.4g} for {:.4g}", bar.name, judged.simulated.*bar.figure,
                              row.ns3.*bar.figure);
    fmt::print("{:<56}{}\n", row.condition.inWords(), misses.empty() ? "  all met" : misses);
  }
  if (!options.out.empty()) writeFile(options.out, sideBySide(all));
  if (!options.page.empty()) writeFile(options.page, pageOf(all, options.seeds));
  fmt::print("{}\n", summaryOf(all));
  return barsOf(all, true) >= options.atLeast.value_or(barsOf(all, false)) ? 0 : 1;
}

}  // namespace
}  // namespace callflow::validation

int main(int argc, char** argv) {
  using namespace callflow::validation;
  BarOptions options;
  options.measured = CALLFLOW_SOURCE_DIR "/validation/data/ns3_wifi.csv";
  CLI::App app("Simulates calls on a Wi-Fi channel as ns-3's Wi-Fi did.", "wifi");
  options.addTo(app, "CSV of ns-3's figures; the shipped ones if not given");
  return runProgram(app, argc, argv, [&] { return run(options); });
}
