// Comparisons as text.
#include <fmt/format.h>

#include <algorithm>

#include "src/compare/alike.h"
#include "src/compare/compare.h"
#include "src/compare/stories.h"
#include "src/compare/table.h"
#include "src/compare/words.h"
#include "src/compare/wrap.h"
#include "src/results/format.h"

namespace callflow::compare {

namespace {

using metrics::Metric;
using results::valueText;

// Lines of input that differ, beyond which only -v shows more.
constexpr std::size_t kMostKeys = 12;

// "   3.98 -> 3.61" with arrows below each other.
class Arrows {
 public:
  void widen(const std::string& from) { width_ = std::max(width_, columnsOf(from)); }
  std::string text(const std::string& from, const std::string& to) const {
    return std::string(width_ - std::min(width_, columnsOf(from)), ' ') + from + " -> " + to;
  }

 private:
  std::size_t width_ = 0;
};

std::string tableText(const Comparison& c, const Layout& layout) {
  Arrows arrows;
  int n = 0;
  for (const MetricDifference& d : c.metrics) {
    arrows.widen(valueText(metrics::metric(d.metric), d.a));
    n = std::max(n, d.n);
  }
  for (const CallDifference& d : c.calls) arrows.widen(sideText(d.a));
  Table table({Align::left, Align::left, Align::right, Align::left, Align::left});
  for (const CallDifference& d : c.calls) {
    table.row(
        {"  call " + d.call, arrows.text(sideText(d.a), sideText(d.b)), "", "", verdictText(d)});
  }
  for (const MetricDifference& d : c.metrics) {
    const Metric& m = metrics::metric(d.metric);
    const std::string fewer = d.n < n ? fmt::format(" (n = {})", d.n) : "";
    table.row({"  " + nameOf(metrics::Measure(d.metric, d.scope)),
               arrows.text(valueText(m, d.a), valueText(m, d.b)), changeText(m, d),
               intervalText(m, d), verdictText(d) + fewer});
  }
  return table.text(layout.width);
}

std::string callReasons(const std::vector<CallDifference>& calls, const Layout& layout) {
  Told told;
  for (const CallDifference& d : calls) {
    if (d.verdict == Verdict::none && !layout.verbose) continue;
    for (const auto& [side, name] : {std::pair{&d.a, "A"}, std::pair{&d.b, "B"}}) {
      if (!side->reason.empty())
        told.add(fmt::format("call {} fails in {}", d.call, name), side->reason);
    }
  }
  return told.text("  ");
}

std::string keysText(const std::vector<KeyDifference>& keys, const Layout& layout) {
  if (keys.empty()) return "  input: the same\n";
  std::string text = "  input that differs:\n";
  const std::size_t told = layout.verbose ? keys.size() : std::min(keys.size(), kMostKeys);
  for (std::size_t i = 0; i < told; ++i) {
    text +=
        fmt::format("    {}: {} -> {}\n", keys[i].path, shortened(keys[i].a), shortened(keys[i].b));
  }
  if (told < keys.size()) text += fmt::format("    and {} more, with -v\n", keys.size() - told);
  return text;
}

}  // namespace

std::string renderText(const std::vector<Comparison>& comparisons, const Layout& layout) {
  std::string text;
  for (const Comparison& c : comparisons) {
    if (!text.empty()) text += '\n';
    const std::string pairing = pairingText(c);
    text += fitted(fmt::format("A {}  ->  B {}   ({:g} % intervals{}{})\n", c.labelA, c.labelB,
                               c.confidence * 100, pairing.empty() ? "" : "; ", pairing),
                   layout.width);
    text += tableText(c, layout);
    std::string rest;
    if (const std::string streams = streamsText(c.streams); !streams.empty())
      rest += "  note: " + streams + "\n";
    if (c.scalesDiffer()) rest += "  note: " + scalesText(c) + "\n";
    if (layout.reasons) rest += callReasons(c.calls, layout);
    rest += c.paths.empty() ? "  paths: the same\n"
                            : "  paths that differ:\n" + pathsText(c.paths, layout);
    if (!c.stories.empty()) rest += "  in mid-call:\n" + storiesText(c.stories);
    rest += keysText(c.keys, layout);
    text += fitted(rest, layout.width);
  }
  return text;
}

}  // namespace callflow::compare
