// Comparisons as text, JSON, CSV and Markdown.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/compare/compare.h"
#include "src/compare/table.h"
#include "src/results/csv.h"
#include "src/results/format.h"
#include "src/results/json.h"

namespace callflow::compare {

namespace {

using metrics::Metric;
using results::plainText;
using results::unitText;
using results::valueText;

// Long values are for the JSON; in text they are cut.
constexpr std::size_t longestValue = 110;

std::string shortened(const std::string& text) {
  if (text.empty()) return "(absent)";
  const std::size_t break_at = std::min(text.find('\n'), text.size());
  if (break_at == text.size() && text.size() <= longestValue) return text;
  std::size_t end = std::min(break_at, longestValue - 3);
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;  // whole characters
  return text.substr(0, end) + "...";
}

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::changed:
      return "changed";
    case Verdict::undecided:
      return "undecided";
    case Verdict::none:
      break;
  }
  return "none";
}

std::string verdictText(const MetricDifference& d) {
  const std::string pairing = fmt::format("({}, n = {})", d.paired ? "paired" : "not paired", d.n);
  switch (d.verdict) {
    case Verdict::better:
      return "better " + pairing;
    case Verdict::worse:
      return "WORSE " + pairing;
    case Verdict::changed:
      return "changed " + pairing;
    case Verdict::undecided:
      return "one run: no interval";
    case Verdict::none:
      break;
  }
  // Of one run nothing is detected: what is left of a difference here is in the last bits.
  const bool same = d.difference == 0 || std::isnan(d.low);
  return same ? "same " + pairing : "no difference detected " + pairing;
}

// A change of a share is in percentage points: 1 % to 2 % is not "1 % more".
std::string changeText(const Metric& m, const MetricDifference& d) {
  return plainText(m, d.difference, true) + (m.unit == "%" ? std::string{" pp"} : unitText(m));
}

std::string intervalText(const Metric& m, const MetricDifference& d) {
  if (std::isnan(d.low)) return {};
  return fmt::format("[{}, {}]", plainText(m, d.low, true), plainText(m, d.high, true));
}

std::string pathText(const PathSide& side) {
  return side.path.empty() ? "no media" : fmt::format("{} ({})", side.path, side.transport);
}

// "alice - hq-firewall - relay (tcp), relay - bob (udp)"
std::string legsText(const PathSide& side) {
  std::string text;
  for (const metrics::Leg& leg : side.legs) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", fmt::join(leg.nodes, " - "),
                        leg.transport);
  }
  return text;
}

std::string streamText(const PathDifference& d) {
  return fmt::format("{} {} -> {} {}", d.call, d.from, d.to, d.medium);
}

std::string attemptText(std::string_view who, const metrics::PathAttempt& attempt) {
  const std::string_view takes = who == "both" ? "take" : "takes";
  return fmt::format("      {} {} {}: {}\n", who, attempt.chosen ? takes : "not", attempt.kind,
                     attempt.reason);
}

// The same rule often stands on another line of the other variant's file: that is no difference.
std::string withoutPlaces(const std::string& reason) {
  std::string text;
  for (std::size_t at = 0; at < reason.size();) {
    // " (file.yaml:21)"
    if (reason.compare(at, 2, " (") == 0) {
      const std::size_t end = reason.find_first_of("()", at + 2);
      const std::size_t colon = reason.rfind(':', end);
      const bool number = end != std::string::npos && reason[end] == ')' && colon > at &&
                          colon + 1 < end &&
                          reason.find_first_not_of("0123456789", colon + 1) == end;
      if (number) {
        at = end + 1;
        continue;
      }
    }
    text += reason[at++];
  }
  return text;
}

bool sameOutcome(const metrics::PathAttempt& a, const metrics::PathAttempt& b) {
  return a.kind == b.kind && a.chosen == b.chosen &&
         withoutPlaces(a.reason) == withoutPlaces(b.reason);
}

std::string scalesText(const Comparison& c) {
  return fmt::format("scores of A are on the {} scale, of B on the {}: they do not compare",
                     c.scales_a, c.scales_b);
}

// What both tried with the same outcome, then what each did.
std::string attemptsText(const PathSide& a, const PathSide& b) {
  const auto shared = [](const metrics::PathAttempt& one, const PathSide& other) {
    return std::any_of(other.attempts.begin(), other.attempts.end(),
                       [&](const auto& attempt) { return sameOutcome(one, attempt); });
  };
  std::string text;
  for (const auto& attempt : a.attempts)
    if (shared(attempt, b)) text += attemptText("both", attempt);
  for (const auto& attempt : a.attempts)
    if (!shared(attempt, b)) text += attemptText("A", attempt);
  for (const auto& attempt : b.attempts)
    if (!shared(attempt, a)) text += attemptText("B", attempt);
  return text;
}

// Streams that differ in the same way stand together: in a group call there are many.
std::string pathsText(const std::vector<PathDifference>& paths) {
  struct Group {
    std::string streams;
    std::string details;
    std::string legs;
  };
  std::vector<Group> groups;
  for (const PathDifference& d : paths) {
    const bool same_kind = d.a.path == d.b.path;
    const std::string details =
        fmt::format("      {} -> {}\n", pathText(d.a), pathText(d.b)) + attemptsText(d.a, d.b);
    std::string legs;
    if (same_kind && !d.a.legs.empty()) legs += fmt::format("      A {}\n", legsText(d.a));
    if (same_kind && !d.b.legs.empty()) legs += fmt::format("      B {}\n", legsText(d.b));
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& g) { return g.details == details; });
    if (known == groups.end()) {
      groups.push_back({"    " + streamText(d), details, legs});
    } else {
      known->streams += ", " + streamText(d);
      known->legs += legs;
    }
  }
  std::string text;
  for (const Group& g : groups) text += g.streams + ":\n" + g.details + g.legs;
  return text;
}

}  // namespace

std::string renderText(const std::vector<Comparison>& comparisons) {
  std::string text;
  for (const Comparison& c : comparisons) {
    if (!text.empty()) text += '\n';
    text += fmt::format("A {}  ->  B {}   ({:g} % intervals)\n", c.label_a, c.label_b,
                        c.confidence * 100);
    Table table({Align::left, Align::right, Align::left, Align::left, Align::right, Align::left,
                 Align::left});
    for (const MetricDifference& d : c.metrics) {
      const Metric& m = metrics::metric(d.metric);
      table.row({"  " + std::string{m.name}, valueText(m, d.a), "->", valueText(m, d.b),
                 changeText(m, d), intervalText(m, d), verdictText(d)});
    }
    text += table.text();
    if (c.scalesDiffer()) text += "  note: " + scalesText(c) + "\n";
    for (const CallDifference& d : c.calls) {
      text += fmt::format("  call {} fails in {} only: {}\n", d.call, d.failed_in_a ? 'A' : 'B',
                          d.reason);
    }
    if (c.paths.empty()) {
      text += "  paths: the same\n";
    } else {
      text += "  paths that differ:\n" + pathsText(c.paths);
    }
    if (c.keys.empty()) {
      text += "  input: the same\n";
    } else {
      text += "  input that differs:\n";
      for (const KeyDifference& d : c.keys) {
        text += fmt::format("    {}: {} -> {}\n", d.path, shortened(d.a), shortened(d.b));
      }
    }
  }
  return text;
}

std::string renderJson(const std::vector<Comparison>& comparisons) {
  using results::Json;
  using results::numberJson;
  Json all = Json::array();
  bool regression = false;
  for (const Comparison& c : comparisons) {
    regression = regression || c.regression();
    Json metrics_json = Json::array();
    for (const MetricDifference& d : c.metrics) {
      const Metric& m = metrics::metric(d.metric);
      metrics_json.push_back({{"metric", m.name},
                              {"unit", m.unit},
                              {"a", numberJson(d.a * m.scale)},
                              {"b", numberJson(d.b * m.scale)},
                              {"difference", numberJson(d.difference * m.scale)},
                              {"ci_low", numberJson(d.low * m.scale)},
                              {"ci_high", numberJson(d.high * m.scale)},
                              {"n", d.n},
                              {"paired", d.paired},
                              {"verdict", word(d.verdict)}});
    }
    Json keys = Json::array();
    for (const KeyDifference& d : c.keys)
      keys.push_back({{"path", d.path}, {"a", d.a}, {"b", d.b}});
    Json paths = Json::array();
    const auto side = [](const PathSide& s) {
      Json attempts = Json::array();
      for (const auto& a : s.attempts) attempts.push_back(results::jsonOf(a));
      Json legs = Json::array();
      for (const auto& l : s.legs) legs.push_back(results::jsonOf(l));
      return Json{
          {"path", s.path}, {"transport", s.transport}, {"attempts", attempts}, {"legs", legs}};
    };
    for (const PathDifference& d : c.paths) {
      paths.push_back({{"call", d.call},
                       {"from", d.from},
                       {"to", d.to},
                       {"medium", d.medium},
                       {"a", side(d.a)},
                       {"b", side(d.b)}});
    }
    Json calls = Json::array();
    for (const CallDifference& d : c.calls) {
      calls.push_back(
          {{"call", d.call}, {"failed_in", d.failed_in_a ? "a" : "b"}, {"reason", d.reason}});
    }
    all.push_back({{"a", c.label_a},
                   {"b", c.label_b},
                   {"scales_a", c.scales_a},
                   {"scales_b", c.scales_b},
                   {"regression", c.regression()},
                   {"confidence", numberJson(c.confidence)},
                   {"metrics", metrics_json},
                   {"failed_calls", calls},
                   {"paths", paths},
                   {"input", keys}});
  }
  return results::jsonText({{"schema", results::schemaJson("comparison")},
                            {"regression", regression},
                            {"comparisons", all}});
}

std::string renderCsv(const std::vector<Comparison>& comparisons) {
  results::CsvWriter csv({"a", "b", "metric", "unit", "mean_a", "mean_b", "difference", "ci_low",
                          "ci_high", "n", "paired", "verdict"});
  for (const Comparison& c : comparisons) {
    for (const MetricDifference& d : c.metrics) {
      const Metric& m = metrics::metric(d.metric);
      const auto value = [&](double x) { return results::numberText(x * m.scale); };
      csv.row({c.label_a, c.label_b, std::string{m.name}, std::string{m.unit}, value(d.a),
               value(d.b), value(d.difference), value(d.low), value(d.high), std::to_string(d.n),
               d.paired ? "yes" : "no", std::string{word(d.verdict)}});
    }
  }
  return csv.text();
}

namespace {

// Text in a Markdown table cell, shown as it is.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos) safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

}  // namespace

std::string renderMarkdown(const std::vector<Comparison>& comparisons) {
  std::string text;
  for (const Comparison& c : comparisons) {
    if (!text.empty()) text += '\n';
    text += fmt::format("### {} → {}\n\n", cell(c.label_a), cell(c.label_b));
    text += fmt::format(
        "| metric | A | B | change | {:g} % interval | verdict |\n"
        "|---|--:|--:|--:|---|---|\n",
        c.confidence * 100);
    for (const MetricDifference& d : c.metrics) {
      const Metric& m = metrics::metric(d.metric);
      text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", cell(std::string{m.name}),
                          valueText(m, d.a), valueText(m, d.b), changeText(m, d),
                          intervalText(m, d), verdictText(d));
    }
    if (c.scalesDiffer()) text += "\nNote: " + scalesText(c) + "\n";
    for (const CallDifference& d : c.calls) {
      text += fmt::format("\nCall {} fails in {} only: {}\n", cell(d.call),
                          d.failed_in_a ? 'A' : 'B', cell(d.reason));
    }
    if (!c.paths.empty()) {
      text += "\n| path of | A | B |\n|---|---|---|\n";
      for (const PathDifference& d : c.paths) {
        text += fmt::format("| {} | {} | {} |\n", cell(streamText(d)), cell(pathText(d.a)),
                            cell(pathText(d.b)));
      }
    }
    if (!c.keys.empty()) {
      text += "\n| input | A | B |\n|---|---|---|\n";
      for (const KeyDifference& d : c.keys) {
        text += fmt::format("| {} | {} | {} |\n", cell(d.path), cell(shortened(d.a)),
                            cell(shortened(d.b)));
      }
    }
  }
  return text;
}

}  // namespace callflow::compare
