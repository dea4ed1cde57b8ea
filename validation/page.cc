#include "validation/page.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

#include "validation/csv.h"

namespace callflow::validation {
namespace {

struct Cell {
  Column column;
  std::string heading;
  double scale = 1;
  int decimals = 0;
};

std::string figure(double value, const Cell& cell) {
  if (std::isnan(value)) return "-";
  // Seconds of delay need no tenths of milliseconds.
  const int decimals = value * cell.scale >= 1000 ? 0 : cell.decimals;
  return fmt::format("{:.{}f}", value * cell.scale, decimals);
}

const Verdict* verdictOf(const std::optional<Simulated>& simulated, Column column) {
  if (!simulated) return nullptr;
  for (const Verdict& verdict : simulated->verdicts) {
    if (verdict.bar.column == column) return &verdict;
  }
  return nullptr;
}

// "measured / callflow / ns-3", what misses its bar in bold.
std::string entry(const StudyRow& row, const std::vector<Model>& models, const Cell& cell) {
  std::string text = figure(row.measured.mean[cell.column], cell);
  for (const Model model : models) {
    const auto& simulated = row.of(model);
    text += " / ";
    if (!simulated) {
      text += "-";
      continue;
    }
    const Verdict* const verdict = verdictOf(simulated, cell.column);
    const std::string value = figure(simulated->pooled.typical[cell.column], cell);
    text += verdict != nullptr && !verdict->met ? "**" + value + "**" : value;
  }
  return text;
}

template <class Wanted>
std::string table(const std::vector<StudyRow>& rows, const std::vector<Model>& models,
                  const std::vector<Cell>& cells, Wanted&& wanted) {
  std::string text = "| condition |";
  for (const Cell& cell : cells) text += " " + cell.heading + " |";
  text += "\n|---|";
  for (std::size_t i = 0; i < cells.size(); ++i) text += "---|";
  text += '\n';
  for (const StudyRow& row : rows) {
    if (!wanted(row.measured.condition)) continue;
    text += "| " + describe(row.measured.condition) + " |";
    for (const Cell& cell : cells) text += " " + entry(row, models, cell) + " |";
    text += '\n';
  }
  return text;
}

struct Count {
  std::size_t bars = 0;
  std::size_t missed = 0;
};

template <class Wanted>
Count countBars(const std::vector<StudyRow>& rows, Model model, Wanted&& wanted) {
  Count count;
  for (const StudyRow& row : rows) {
    if (!row.of(model)) continue;
    for (const Verdict& verdict : row.of(model)->verdicts) {
      if (!wanted(row.measured.condition, verdict.bar.column)) continue;
      ++count.bars;
      count.missed += verdict.met ? 0 : 1;
    }
  }
  return count;
}

std::string summary(const std::vector<StudyRow>& rows, const std::vector<Model>& models) {
  struct Kind {
    const char* name;
    bool video;
    Column first;
    Column last;
  };
  const std::vector<Kind> kinds = {
      {"audio: mean, p90, p95, p99 of delay (10 % or 5 ms)", false, Column::delay_mean,
       Column::delay_p99},
      {"audio: later than 40, 60, 100, 200 ms (10 % or 0.5 points)", false, Column::late40,
       Column::late200},
      {"audio: stalls a minute (10 %), their p50 and p90 (10 % or 5 ms)", false,
       Column::stalls_per_min, Column::stall_p90},
      {"audio: fast retransmits, tail loss probes, timeouts (10 points)", false, Column::mix_fast,
       Column::rto_per_loss},
      {"video: mean, p95, p99 of delay (15 %)", true, Column::delay_mean, Column::delay_p99},
  };
  std::string text = "| bars met |";
  for (const Model model : models) text += model == Model::ns3 ? " ns-3 |" : " callflow |";
  text += "\n|---|";
  for (std::size_t i = 0; i < models.size(); ++i) text += "---|";
  text += '\n';
  for (const Kind& kind : kinds) {
    text += fmt::format("| {} |", kind.name);
    for (const Model model : models) {
      const Count count = countBars(rows, model, [&](const Condition& c, Column column) {
        return c.isVideo() == kind.video && column >= kind.first && column <= kind.last;
      });
      text += fmt::format(" {} of {} |", count.bars - count.missed, count.bars);
    }
    text += '\n';
  }
  text += "| all |";
  for (const Model model : models) {
    const Count count = countBars(rows, model, [](const Condition&, Column) { return true; });
    text += fmt::format(" {} of {} |", count.bars - count.missed, count.bars);
  }
  text += "\n| missed by chance, if the model were right |";
  for (const Model model : models) text += fmt::format(" {:.0f} |", missedByChance(rows, model));
  return text + "\n";
}

std::string missTable(const std::vector<StudyRow>& rows, Model model) {
  const std::vector<Miss> all = misses(rows, model);
  if (all.empty()) return "Nothing: every bar is met.\n";
  std::string text =
      "| condition | figure | measured (+- 95 %) | callflow | allowed | difference | in standard "
      "errors |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const Miss& miss : all) {
    const Verdict& v = miss.verdict;
    text += fmt::format("| {} | {} | {:.4g}{} | {:.4g} | {:.3g} | {:.3g} ({:.2f} x) | {:.1f} |\n",
                        describe(rows[miss.row].measured.condition), name(v.bar.column), v.measured,
                        std::isnan(v.half) ? "" : fmt::format(" +- {:.3g}", v.half), v.simulated,
                        v.allowed, v.simulated - v.measured, v.excess() + 1, v.sigmas);
  }
  return text;
}

std::vector<StudyRow> sorted(std::vector<StudyRow> rows) {
  const auto rank = [](const StudyRow& row) {
    const Condition& c = row.measured.condition;
    return std::make_tuple(c.isVideo(), c.group != "grid", c.cc != "cubic", c.variant != "oneway",
                           c.group, c.cc, c.variant, c.oneWayDelay, c.loss, c.flow);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const StudyRow& a, const StudyRow& b) { return rank(a) < rank(b); });
  return rows;
}

}  // namespace

void writePage(const std::vector<StudyRow>& unsorted, const std::vector<Model>& models,
               const std::vector<Drawn>& pictures, const PageFacts& facts,
               const std::string& path) {
  const std::vector<StudyRow> rows = sorted(unsorted);
  const auto audio = [](const Condition& c) { return c.isTcp() && !c.isVideo(); };
  const auto lossy = [&](const Condition& c) { return audio(c) && c.loss > Ratio{}; };
  const auto video = [](const Condition& c) { return c.isVideo(); };
  const auto udp = [](const Condition& c) { return !c.isTcp() && !c.isVideo(); };
  std::string text =
      fmt::format(R"(# TCP against the Linux kernel

What an unmodified Linux kernel does to RTP-like media over a link with loss and delay, beside what callflow's TCP and ns-3's
own do under the same conditions. How it was measured: [validation/data](../../validation/data/README.md); how it is judged:
[validation](../../validation/README.md). This page is written by

```console
$ make validation
```

that is, `linux_tcp --page docs/validation/linux-tcp.md --plots docs/validation/{pictures}` with the measurements of
`{measured}` and {seeds} simulations of each condition. Any other file of the same columns goes in with `--measured FILE`;
`--out FILE` writes both sides as CSV. `ctest -L validation` asserts the bars.

Independent losses are drawn at the rate at which the measurement really lost (`--loss asked` for the rate that was asked for),
and chains that step with each packet are taken whose longest burst is that of the measured seeds.
A simulated value is what as few seeds as were measured typically come to: the median over many choices of that many seeds of their
mean. A bar is met if the simulated value lies within the bar of the measured one, or within half of the measured 95 % interval
over its seeds where that is wider. Lengths of time are in ms.
Two or three measured seeds are few. How many bars a model misses by that alone is found by letting as many of its own seeds
stand in for the measured ones, judged against its others. Below, a difference of less than about 3 standard errors may be chance; beyond it the model is at fault.

## Bars

{summary}
## What falls short

)",
                  fmt::arg("pictures", facts.pictures), fmt::arg("measured", facts.measured),
                  fmt::arg("seeds", facts.seeds), fmt::arg("summary", summary(rows, models)));
  text += missTable(rows, models.front());
  // What people wrote about the misses stands in a file of its own beside the page.
  std::ifstream notes(std::filesystem::path(path).replace_extension(".notes.md"));
  if (notes) {
    text += '\n';
    text.append(std::istreambuf_iterator<char>(notes), {});
  }
  text += "\n## Pictures\n\n";
  for (const Drawn& picture : pictures) {
    text += fmt::format("![{}]({}/{})\n\n", picture.caption, facts.pictures, picture.file);
  }
  const std::string columns =
      models.size() == 2 ? "measured / callflow / ns-3" : "measured / model";
  text += fmt::format(
      "## Row by row\n\nEach cell: {}. Bold: misses its bar. \"-\": no value, or "
      "the model does not offer the condition.\n\n### Delivery delay\n\n",
      columns);
  text += table(rows, models,
                {{Column::delay_mean, "mean", 1, 1},
                 {Column::delay_p50, "p50 (no bar)", 1, 1},
                 {Column::delay_p90, "p90", 1, 1},
                 {Column::delay_p95, "p95", 1, 1},
                 {Column::delay_p99, "p99", 1, 1}},
                audio);
  text += "\n### Share of packets later than the one-way delay and ..., in %\n\n";
  text += table(rows, models,
                {{Column::late40, "40 ms", 100, 2},
                 {Column::late60, "60 ms", 100, 2},
                 {Column::late100, "100 ms", 100, 2},
                 {Column::late200, "200 ms", 100, 2}},
                lossy);
  text += "\n### Stalls and lost segments\n\n";
  text += table(rows, models,
                {{Column::stalls_per_min, "stalls a minute", 1, 1},
                 {Column::stall_p50, "p50", 1, 1},
                 {Column::stall_p90, "p90", 1, 1},
                 {Column::lost_segs, "lost segments (no bar)", 1, 0},
                 {Column::first_retx_p50, "first retransmission, p50 (no bar)", 1, 1},
                 {Column::recov_p90, "repaired, p90 (no bar)", 1, 1},
                 {Column::cwnd_p50, "window, p50 (no bar)", 1, 0}},
                lossy);
  text += "\n### What repaired, in % of repairs and of lost segments\n\n";
  text += table(rows, models,
                {{Column::mix_fast, "fast retransmit", 100, 0},
                 {Column::mix_tlp, "tail loss probe", 100, 0},
                 {Column::mix_rto, "timeout", 100, 0},
                 {Column::fast_per_loss, "fast, by loss", 100, 0},
                 {Column::tlp_per_loss, "probe, by loss", 100, 0},
                 {Column::rto_per_loss, "timeout, by loss", 100, 0}},
                lossy);
  text += "\n### Video\n\n";
  text += table(rows, models,
                {{Column::delay_mean, "mean", 1, 1},
                 {Column::delay_p50, "p50 (no bar)", 1, 1},
                 {Column::delay_p95, "p95", 1, 1},
                 {Column::delay_p99, "p99", 1, 1},
                 {Column::frame_p95, "frame p95 (no bar)", 1, 1},
                 {Column::net_qdrop, "queue drops (no bar)", 1, 0}},
                video);
  text +=
      "\n### UDP\n\nThe emulator alone: it shows that source, delay and losses are those that were "
      "measured.\n\n";
  text += table(rows, models,
                {{Column::delay_p50, "p50", 1, 3},
                 {Column::delay_p99, "p99", 1, 3},
                 {Column::loss_frac, "lost, %", 100, 2}},
                udp);
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) throw InputError(path + ": cannot be written");
}

}  // namespace callflow::validation
