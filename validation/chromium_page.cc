#include "validation/chromium_page.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "src/plot/gnuplot.h"
#include "src/process/program.h"
#include "validation/csv.h"

namespace callflow::validation {
namespace {

namespace fs = std::filesystem;

constexpr std::array judgedQuantities{Quantity::stunRtt, Quantity::rtcpRtt, Quantity::bufferDelay,
                                      Quantity::bufferTarget, Quantity::concealed};

void save(const fs::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw InputError(path.string() + ": cannot be written");
}

std::string shown(double value, Quantity quantity) {
  if (std::isnan(value)) return "";
  return fmt::format("{:.{}f}", value, quantity == Quantity::concealed ? 2 : 0);
}

// "282 / 284", and by how much beyond the bar if it is missed.
std::string cell(const ComparedCall& call, Quantity quantity) {
  const auto& judgement = call.judgement(quantity);
  if (!judgement) return shown(call.measured.values[quantity], quantity) + " / -";
  const std::string both = shown(call.measured.values[quantity], quantity) + " / " +
                           shown(call.mean[quantity], quantity);
  if (judgement->met) return both;
  const double off = std::abs(call.mean[quantity] - call.measured.values[quantity]);
  return fmt::format("**{}** ({} > {})", both, shown(off, quantity),
                     shown(judgement->allowed, quantity));
}

std::string tableOf(const Comparison& comparison) {
  std::string text = "| call | direction |";
  std::string line = "|---|---|";
  for (const Quantity quantity : judgedQuantities) {
    if (!modelled(quantity) && !fromMedia(quantity)) continue;
    text += fmt::format(" {}, {} |", row(quantity).label, row(quantity).unit);
    line += "---|";
  }
  text += "\n" + line + "\n";
  for (const ComparedCall& call : comparison.calls) {
    if (!call.offered) continue;
    text += fmt::format("| {} | {} |", describe(call.measured.condition),
                        call.measured.uplink ? "up" : "down");
    for (const Quantity quantity : judgedQuantities) {
      if (modelled(quantity) || fromMedia(quantity)) text += " " + cell(call, quantity) + " |";
    }
    text += "\n";
  }
  return text;
}

std::string script(const Comparison& comparison, const std::string& picture) {
  std::string text = fmt::format(
      "set terminal pngcairo size 1600,1100 font 'DejaVu Sans,10'\nset output {}\n"
      "set multiplot layout 2,1 title 'Chromium calls, measured and simulated (mean and range of "
      "two standard deviations)'\n"
      "set grid ytics lc rgb '#dddddd'\nset border 3\nset tics nomirror\n"
      "set lmargin 20\nset rmargin at screen 0.94\nset key at screen 0.98, 0.985 horizontal\nset "
      "xtics rotate by 45 right\n"
      "$calls << END\n",
      plot::literal(picture));
  int x = 0;
  for (const ComparedCall& call : comparison.calls) {
    if (!call.offered) continue;
    std::string label = describe(call.measured.condition);
    // There is no room for more.
    constexpr std::string_view usual = " (cubic)";
    if (const auto at = label.find(usual); at != std::string::npos) label.erase(at, usual.size());
    constexpr std::string_view bbr = "TCP (bbr)";
    if (const auto at = label.find(bbr); at != std::string::npos)
      label.replace(at, bbr.size(), "BBR");
    text += fmt::format("{} \"{} {}\"", x++, label, call.measured.uplink ? "up" : "down");
    for (const Quantity quantity : {Quantity::bufferTarget, Quantity::concealed}) {
      text += fmt::format(" {:g} {:g} {:g}", call.measured.values[quantity], call.mean[quantity],
                          2 * call.deviation[quantity]);
    }
    text += '\n';
  }
  text += "END\n";
  // The panels share the labels below the lower one.
  const auto panel = [&](const char* label, int first, double top, double bottom,
                         const char* labels) {
    text += fmt::format(
        "set ylabel '{}'\nset yrange [0:*]\nset xrange [-0.6:{}.6]\n"
        "set tmargin at screen {}\nset bmargin at screen {}\n"
        "plot $calls using ($1-0.12):{}:xtic({}) with points pt 7 ps 1.2 lc rgb '#D55E00' title "
        "'measured', $calls using ($1+0.12):{}:{} with yerrorbars pt 5 ps 0.9 lc rgb '#0072B2' "
        "title 'callflow'\n",
        label, x - 1, top, bottom, first, labels, first + 1, first + 2);
  };
  panel("jitter buffer target, ms", 3, 0.95, 0.59, "''");
  text += "unset key\n";
  panel("concealed, %", 6, 0.55, 0.19, "2");
  return text + "unset multiplot\n";
}

void draw(const Comparison& comparison, const fs::path& picture) {
  const fs::path folder = picture.parent_path().empty() ? "." : picture.parent_path();
  fs::path gp = picture;
  gp.replace_extension(".gp");
  save(gp, script(comparison, picture.filename().string()));
  const ProgramOutcome outcome =
      callflow::runProgram({.command = {"gnuplot", gp.filename().string()}, .directory = folder});
  fs::remove(gp);
  if (!outcome.found || outcome.status != 0) {
    throw InputError("gnuplot could not draw " + picture.string() + ": " + outcome.message);
  }
}

}  // namespace

void writePage(const Comparison& comparison, int seeds, const std::string& path) {
  fs::path picture = path;
  picture.replace_extension(".png");
  draw(comparison, picture);

  std::size_t bars = 0;
  std::size_t missed = 0;
  std::string notOffered;
  for (const ComparedCall& call : comparison.calls) {
    if (!call.offered && call.measured.uplink) {
      notOffered += fmt::format("- {}\n", describe(call.measured.condition));
    }
    for (const auto& judgement : call.judgements) {
      bars += judgement ? 1 : 0;
      missed += judgement && !judgement->met ? 1 : 0;
    }
  }
  std::string text = fmt::format(
      "# Audio calls against real Chromium\n\n"
      "Two Chromium 156 clients called each other through coturn over UDP and over TCP, one "
      "client's link impaired: with speech, and on another host with a synthetic signal ([what was "
      "measured](../../validation/data/README.md)). "
      "`validation/chromium_audio --page docs/validation/chromium-audio.md` simulates the same "
      "calls with {} seeds each and writes this page; `--measured FILE` takes any file of the same "
      "columns, `--out FILE` writes both sides as CSV.\n\n"
      "![measured and simulated]({})\n\n"
      "Measured / simulated; bold where the bar is missed, with the difference and what is "
      "allowed. Bars: round trips within 10 % or 5 ms, the jitter buffer's delay and target within "
      "25 % or 20 ms, concealment within 40 % or 0.3 percentage points (1 of the synthetic "
      "signal), "
      "and the same order of all conditions that the measurement of one signal sets apart by more "
      "than that.\n\n{}\n"
      "{} of {} bars met; {} of {} pairs of conditions in the same order.\n",
      seeds, picture.filename().string(), tableOf(comparison), bars - missed, bars,
      comparison.pairs - comparison.disorders.size(), comparison.pairs);
  const std::vector<std::string> all = misses(comparison);
  if (!all.empty()) {
    text += "\n## Missed\n\n";
    for (const std::string& miss : all) text += fmt::format("- {}\n", miss);
  }
  std::string absent;
  for (const Quantity quantity : judgedQuantities) {
    if (fromMedia(quantity)) {
      absent += fmt::format(
          "- {}: no such packets are sent; shown is the sum of the mean delays of media both ways, "
          "which a packet that crosses at the same instants has\n",
          row(quantity).label);
    }
  }
  if (!notOffered.empty() || !absent.empty()) {
    text += "\n## Not modelled\n\n" + absent + notOffered;
  }
  // What a person wrote about the figures stands in a file of its own, below them.
  fs::path notes = path;
  notes.replace_extension(".notes.md");
  if (std::ifstream file(notes); file) {
    text += "\n" + std::string(std::istreambuf_iterator<char>(file), {});
  }
  save(path, text);
}

}  // namespace callflow::validation
