// The table at the end of `callflow run`.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "src/compare/alike.h"
#include "src/compare/compare.h"
#include "src/compare/group_table.h"
#include "src/compare/scales.h"
#include "src/compare/story_text.h"
#include "src/compare/table.h"
#include "src/compare/unused.h"
#include "src/compare/video_table.h"
#include "src/compare/wrap.h"
#include "src/results/format.h"
#include "src/results/summary.h"
#include "src/results/sweep.h"

namespace callflow::compare {

namespace {

using metrics::MetricId;
using results::plainText;
using results::valueText;

std::string pathsOf(const results::VariantSummary& v) {
  std::vector<std::string> kinds;
  for (const results::ScopeSummary& scope : v.scopes) {
    for (const results::PathSummary& p : scope.paths) {
      if (std::find(kinds.begin(), kinds.end(), p.path) == kinds.end()) kinds.push_back(p.path);
    }
  }
  return kinds.empty() ? "none" : fmt::format("{}", fmt::join(kinds, ", "));
}

std::string meanText(const results::ScopeSummary& scope, MetricId id) {
  const results::MetricSummary* row = find(scope, id);
  return row == nullptr ? "-" : valueText(metrics::metric(id), row->mean);
}

std::string meanWithInterval(const results::ScopeSummary& scope, MetricId id) {
  const results::MetricSummary* row = find(scope, id);
  if (row == nullptr) return "-";
  const metrics::Metric& m = metrics::metric(id);
  if (std::isnan(row->ciLow)) return valueText(m, row->mean);
  return fmt::format("{} [{}, {}]", plainText(m, row->mean), plainText(m, row->ciLow),
                     plainText(m, row->ciHigh));
}

// Of a whole call, so from the streams' totals: a window ends an interruption that goes on in the
// next.
std::string longestText(const std::vector<const metrics::RunRecord*>& runs) {
  double longest = -1;
  for (const auto* run : runs) {
    for (const auto& s : run->streams) {
      const double value = s.totals[MetricId::audio_longest_interruption];
      if (value > longest) longest = value;
    }
  }
  return longest < 0 ? "-"
                     : valueText(metrics::metric(MetricId::audio_longest_interruption), longest);
}

// Which calls failed and why; those that failed for the same reasons together.
std::string failuresOf(const results::VariantSummary& v, const Layout& layout) {
  struct Group {
    std::string what, key;
    std::vector<std::string> calls;
    std::vector<std::string> reasons;
  };
  std::vector<Group> groups;
  for (const results::FailedCallSummary& f : v.failedCalls) {
    std::string what = fmt::format("failed, {}/{}", f.call.code, f.call.subcode);
    if (f.runs < v.runs) what += fmt::format(" (in {} of {} runs)", f.runs, v.runs);
    std::string key = what;
    for (const std::string& reason : f.call.reasons) key += '\n' + impersonal(reason);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return !layout.verbose && g.key == key; });
    if (group == groups.end())
      group = groups.insert(groups.end(), Group{what, key, {}, f.call.reasons});
    group->calls.push_back(f.call.call);
  }
  std::string failures;
  for (const Group& g : groups) {
    failures += fmt::format("{}: call{} {} {}\n", v.variant, g.calls.size() == 1 ? "" : "s",
                            listing(g.calls, 4), g.what);
    for (const std::string& reason : g.reasons) failures += "  " + reason + '\n';
  }
  if (!v.incomplete.empty()) {
    failures += fmt::format("{}: stopped before the end in {} of {} runs\n", v.variant,
                            v.incomplete.size(), v.runs);
  }
  return failures;
}

// Who suffers: among the streams of a group, or of many calls, the mean of all hides it. The worst
// streams, worst first; nothing where all fare alike.
std::string streamsOf(const results::VariantSummary& v, const Layout& layout) {
  constexpr std::size_t kMost = 4;
  std::vector<const results::ScopeSummary*> streams;
  std::set<std::string> calls;
  for (const results::ScopeSummary& scope : v.scopes) {
    if (scope.from.empty() || find(scope, MetricId::audio_mos) == nullptr) continue;
    streams.push_back(&scope);
    calls.insert(scope.call);
  }
  if (streams.size() < 3) return {};
  const auto mos = [](const results::ScopeSummary& s) {
    return find(s, MetricId::audio_mos)->mean;
  };
  std::stable_sort(streams.begin(), streams.end(),
                   [&](const auto* a, const auto* b) { return mos(*a) < mos(*b); });
  const metrics::Metric& m = metrics::metric(MetricId::audio_mos);
  const double best = mos(*streams.back());
  if (!layout.verbose && best - mos(*streams.front()) < smallestDifference(m, m.margin, best))
    return {};
  const std::size_t told = layout.verbose ? streams.size() : std::min(streams.size(), kMost);
  Table table({Align::left, Align::left, Align::left, Align::right, Align::right, Align::right});
  table.row(
      {"STREAM of " + v.variant, "PATH", "MOS mean [95 %]", "MOS p5", "DELAY p95", "CONCEALED"});
  for (std::size_t i = 0; i < told; ++i) {
    const results::ScopeSummary& s = *streams[i];
    std::vector<std::string> kinds;
    for (const results::PathSummary& p : s.paths) kinds.push_back(p.path);
    table.row({(calls.size() > 1 ? s.call + " " : "") + s.from + " -> " + s.to,
               fmt::format("{}", fmt::join(kinds, ", ")), meanWithInterval(s, MetricId::audio_mos),
               valueText(m, find(s, MetricId::audio_mos)->p5),
               meanText(s, MetricId::audio_one_way_delay_p95),
               meanText(s, MetricId::audio_concealed_ratio)});
  }
  std::string text = "\n" + table.text(layout.width);
  if (told < streams.size())
    text += fmt::format("and {} better ones, with -v and in summary.csv\n", streams.size() - told);
  return text;
}

// Of which streams the scores are to be taken with care; one line, or nothing.
std::string rangeNote(const std::string& of, const std::vector<const metrics::RunRecord*>& runs) {
  std::size_t streams = 0;
  std::size_t beyond = 0;
  std::vector<std::string> flags;
  for (const auto* run : runs) {
    for (const auto& s : run->streams) {
      if (s.medium != "audio") continue;  // the E-model is of sound
      ++streams;
      if (!s.outOfRange.empty()) ++beyond;
      for (const std::string& flag : s.outOfRange) {
        if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
      }
    }
  }
  if (beyond == 0) return {};
  return fmt::format(
      "note: {}{} of {} streams {} windows beyond what the E-model was made for ({})\n", of, beyond,
      streams, beyond == 1 ? "has" : "have", fmt::join(flags, ", "));
}

// Which way each variant goes, in the cell of the close-ups, and what went wrong anywhere.
std::string sweepText(const results::Result& result, const Layout& layout) {
  const auto close = results::closeUpCell(results::axesOf(result));
  const auto variants = results::summarize(result);
  Table paths({Align::left, Align::left});
  std::string failures;
  for (const results::VariantSummary& v : variants) {
    for (const results::CaseInput& c : result.cases)
      if (c.variant == v.variant && c.cell == close)
        paths.row({c.base.empty() ? v.variant : c.base, pathsOf(v)});
    failures += failuresOf(v, layout);
    // Of every cell, that would be more than anybody reads unasked.
    if (layout.verbose) failures += storiesText(v, layout);
  }
  std::vector<const metrics::RunRecord*> runs;
  for (const metrics::RunRecord& run : result.records) runs.push_back(&run);
  std::string grids = renderSweepTable(result, MetricId::audio_mos, layout);
  for (const MetricId id : {MetricId::video_vq, MetricId::video_freezes, MetricId::screen_vq})
    if (hasMetric(result, id)) grids += '\n' + renderSweepTable(result, id, layout);
  return grids + "\npaths taken\n" + paths.text(layout.width) +
         fitted(failures + scaleNote(result) + unusedNote(result) + rangeNote("", runs),
                layout.width);
}

// "udp: 3 of 20 streams (round trip 2, jitter 1)", of each variant with poor streams.
std::string poorText(const results::Result& result, std::string_view classifier,
                     std::vector<metrics::Exceeded> metrics::StreamRecord::*broken) {
  std::string text;
  for (const results::CaseInput& c : result.cases) {
    std::size_t streams = 0, poor = 0;
    std::map<std::string, std::size_t> rules;
    for (const auto* run : recordsOf(result, c.variant)) {
      for (const metrics::StreamRecord& s : run->streams) {
        ++streams;
        poor += (s.*broken).empty() ? 0 : 1;
        for (const metrics::Exceeded& e : s.*broken) ++rules[e.rule];
      }
    }
    if (poor == 0) continue;
    std::vector<std::string> counts;
    for (const auto& [rule, count] : rules) counts.push_back(fmt::format("{} {}", rule, count));
    text += fmt::format("{}poor by {}: {} of {} streams ({})\n",
                        result.cases.size() > 1 ? c.variant + ": " : "", classifier, poor, streams,
                        fmt::join(counts, ", "));
  }
  return text;
}

// "deep-queue: backup got 4.7 Mbit/s".
std::string trafficText(const results::VariantSummary& v, bool named) {
  std::string text;
  for (const metrics::TrafficRecord& t : v.traffic) {
    const double mbps = t.rateOf(t.received) / 1e6;
    text += fmt::format("{}{} got {:.{}f} Mbit/s through\n", named ? v.variant + ": " : "", t.name,
                        mbps, mbps < 1 ? 3 : 1);
  }
  return text;
}

}  // namespace

std::string renderRunTable(const results::Result& result, const Layout& layout) {
  if (!results::axesOf(result).empty()) return sweepText(result, layout);
  Table table({Align::left, Align::left, Align::right, Align::left, Align::right, Align::right,
               Align::right, Align::right});
  table.row({"VARIANT", "PATH", "RUNS", "MOS mean [95 %]", "MOS p5", "DELAY p95", "CONCEALED",
             "LONGEST GAP"});
  std::string failures;
  std::string notes;
  std::string streams;
  std::string traffic;
  for (const results::VariantSummary& v : results::summarize(result)) {
    const results::ScopeSummary& all = v.pooled();
    const results::MetricSummary* mos = find(all, MetricId::audio_mos);
    const auto runs = recordsOf(result, v.variant);
    table.row({v.variant, pathsOf(v), std::to_string(v.runs),
               meanWithInterval(all, MetricId::audio_mos),
               mos == nullptr ? "-" : valueText(metrics::metric(MetricId::audio_mos), mos->p5),
               meanText(all, MetricId::audio_one_way_delay_p95),
               meanText(all, MetricId::audio_concealed_ratio), longestText(runs)});
    failures += failuresOf(v, layout) + storiesText(v, layout);
    notes += rangeNote(v.variant + ": ", runs);
    traffic += trafficText(v, result.cases.size() > 1);
    streams +=
        hasLargeGroup(runs) ? largeGroupsText(v.variant, runs, layout) : streamsOf(v, layout);
    if (layout.verbose) streams += setUpText(v, layout);
  }
  const std::string words =
      failures + traffic + scaleNote(result) + unusedNote(result) +
      poorText(result, "the Call Quality Dashboard's rules",
               &metrics::StreamRecord::poorByDashboard) +
      poorText(result, "Azure's call insights", &metrics::StreamRecord::poorByInsights) +
      poorText(result, "Azure's call diagnostics", &metrics::StreamRecord::poorByDiagnostics) +
      notes;
  std::string pictures = videoText(result, layout) + screenText(result, layout);
  if (!pictures.empty()) pictures += '\n';
  return table.text(layout.width) + pictures + fitted(words, layout.width) + streams;
}

}  // namespace callflow::compare
