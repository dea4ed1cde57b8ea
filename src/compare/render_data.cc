// Comparisons as JSON, CSV and Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "src/compare/compare.h"
#include "src/compare/words.h"
#include "src/results/csv.h"
#include "src/results/format.h"
#include "src/results/json.h"

namespace callflow::compare {
namespace {

using metrics::Metric;
using results::Json;
using results::numberJson;
using results::valueText;

Json metricJson(const MetricDifference& d) {
  const Metric& m = metrics::metric(d.metric);
  Json json = {{"metric", m.name}, {"unit", m.unit}};
  if (d.scope != metrics::Scope{})
    json["of"] = {{"call", d.scope.call}, {"from", d.scope.from}, {"to", d.scope.to}};
  json.update({{"a", numberJson(d.a * m.scale)},
               {"b", numberJson(d.b * m.scale)},
               {"difference", numberJson(d.difference * m.scale)},
               {"ci_low", numberJson(d.low * m.scale)},
               {"ci_high", numberJson(d.high * m.scale)},
               {"margin", numberJson(d.margin * m.scale)},
               {"n", d.n},
               {"paired", d.paired},
               {"verdict", word(d.verdict)}});
  return json;
}

Json sideJson(const PathSide& s) {
  Json json = {{"path", s.path}, {"transport", s.transport}};
  json.update(results::pathJson(s.attempts, s.legs));
  return json;
}

Json sideJson(const CallSide& s) {
  return Json{{"says", sideText(s)},
              {"runs", s.runs},
              {"connected", s.connected},
              {"failed", s.failed},
              {"reason", s.reason}};
}

Json sideJson(const StorySide& s) {
  return Json{{"says", s.says}, {"runs", s.runs}, {"eventful", s.eventful}};
}

Json comparisonJson(const Comparison& c) {
  Json metricsJson = Json::array();
  for (const MetricDifference& d : c.metrics) metricsJson.push_back(metricJson(d));
  Json keys = Json::array();
  for (const KeyDifference& d : c.keys) keys.push_back({{"path", d.path}, {"a", d.a}, {"b", d.b}});
  Json paths = Json::array();
  for (const PathDifference& d : c.paths) {
    paths.push_back({{"call", d.call},
                     {"from", d.from},
                     {"to", d.to},
                     {"medium", d.medium},
                     {"a", sideJson(d.a)},
                     {"b", sideJson(d.b)}});
  }
  Json calls = Json::array();
  for (const CallDifference& d : c.calls) {
    calls.push_back({{"call", d.call},
                     {"a", sideJson(d.a)},
                     {"b", sideJson(d.b)},
                     {"verdict", word(d.verdict)}});
  }
  Json stories = Json::array();
  for (const StoryDifference& d : c.stories)
    stories.push_back({{"calls", d.calls}, {"a", sideJson(d.a)}, {"b", sideJson(d.b)}});
  return Json{
      {"a", c.labelA},
      {"b", c.labelB},
      {"scales_a", c.scalesA},
      {"scales_b", c.scalesB},
      {"regression", c.regression()},
      {"confidence", numberJson(c.confidence)},
      {"failed_calls", calls},
      {"streams",
       {{"both", c.streams.both}, {"only_a", c.streams.onlyA}, {"only_b", c.streams.onlyB}}},
      {"metrics", metricsJson},
      {"paths", paths},
      {"mid_call", stories},
      {"input", keys}};
}

// Text in a Markdown table cell, shown as it is.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos) safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

std::string markdownOf(const Comparison& c) {
  std::string text = fmt::format("### {} → {}\n\n", cell(c.labelA), cell(c.labelB));
  text += fmt::format(
      "| metric | A | B | change | {:g} % interval | verdict |\n"
      "|---|--:|--:|--:|---|---|\n",
      c.confidence * 100);
  for (const CallDifference& d : c.calls) {
    text += fmt::format("| call {} | {} | {} | | | {} |\n", cell(d.call), sideText(d.a),
                        sideText(d.b), verdictText(d));
  }
  for (const MetricDifference& d : c.metrics) {
    const Metric& m = metrics::metric(d.metric);
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                        cell(nameOf(metrics::Measure(d.metric, d.scope))), valueText(m, d.a),
                        valueText(m, d.b), changeText(m, d), intervalText(m, d), verdictText(d));
  }
  if (const std::string pairing = pairingText(c); !pairing.empty())
    text += "\nIntervals: " + pairing + "\n";
  if (const std::string streams = streamsText(c.streams); !streams.empty())
    text += "\nNote: " + streams + "\n";
  if (c.scalesDiffer()) text += "\nNote: " + scalesText(c) + "\n";
  for (const CallDifference& d : c.calls) {
    for (const auto& [side, name] : {std::pair{&d.a, "A"}, std::pair{&d.b, "B"}}) {
      if (!side->reason.empty())
        text += fmt::format("\nCall {} fails in {}: {}\n", cell(d.call), name, cell(side->reason));
    }
  }
  if (!c.paths.empty()) {
    text += "\n| path of | A | B |\n|---|---|---|\n";
    for (const PathDifference& d : c.paths) {
      text += fmt::format("| {} | {} | {} |\n", cell(streamText(d)), cell(pathText(d.a)),
                          cell(pathText(d.b)));
    }
  }
  if (!c.stories.empty()) {
    text += "\n| in mid-call | A | B |\n|---|---|---|\n";
    for (const StoryDifference& d : c.stories) {
      text += fmt::format("| {} | {} | {} |\n", cell(fmt::format("{}", fmt::join(d.calls, ", "))),
                          cell(d.a.says), cell(d.b.says));
    }
  }
  if (!c.keys.empty()) {
    text += "\n| input | A | B |\n|---|---|---|\n";
    for (const KeyDifference& d : c.keys) {
      text += fmt::format("| {} | {} | {} |\n", cell(d.path), cell(shortened(d.a)),
                          cell(shortened(d.b)));
    }
  }
  return text;
}

}  // namespace

std::string renderJson(const std::vector<Comparison>& comparisons) {
  Json all = Json::array();
  bool regression = false;
  for (const Comparison& c : comparisons) {
    regression = regression || c.regression();
    all.push_back(comparisonJson(c));
  }
  return results::jsonText({{"schema", results::schemaJson("comparison")},
                            {"regression", regression},
                            {"comparisons", all}});
}

std::string renderCsv(const std::vector<Comparison>& comparisons) {
  results::CsvWriter csv({"a", "b", "metric", "unit", "mean_a", "mean_b", "difference", "ci_low",
                          "ci_high", "n", "paired", "verdict"});
  for (const Comparison& c : comparisons) {
    for (const CallDifference& d : c.calls) {
      const auto share = [](const CallSide& s) {
        return s.runs == 0 ? std::string{} : results::numberText(100.0 * s.connected / s.runs);
      };
      csv.row({c.labelA, c.labelB, "call." + d.call + ".connects", "%", share(d.a), share(d.b), "",
               "", "", std::to_string(std::min(d.a.runs, d.b.runs)), "",
               std::string{word(d.verdict)}});
    }
    for (const MetricDifference& d : c.metrics) {
      const Metric& m = metrics::metric(d.metric);
      const auto value = [&](double x) { return results::numberText(x * m.scale); };
      csv.row({c.labelA, c.labelB, nameOf(metrics::Measure(d.metric, d.scope)), std::string{m.unit},
               value(d.a), value(d.b), value(d.difference), value(d.low), value(d.high),
               std::to_string(d.n), d.paired ? "yes" : "no", std::string{word(d.verdict)}});
    }
  }
  return csv.text();
}

std::string renderMarkdown(const std::vector<Comparison>& comparisons) {
  std::string text;
  for (const Comparison& c : comparisons) text += (text.empty() ? "" : "\n") + markdownOf(c);
  return text;
}

}  // namespace callflow::compare
