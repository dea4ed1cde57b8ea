#include "src/compare/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "src/results/format.h"

namespace callflow::compare {
namespace {

using metrics::Metric;
using results::plainText;

// Long values are for the JSON; in text they are cut.
constexpr std::size_t kLongestValue = 110;

std::string_view pairedWord(bool paired) {
  return paired ? "paired" : "not paired";
}

int pairsOf(const Comparison& c) {
  int n = 0;
  for (const MetricDifference& d : c.metrics) n = std::max(n, d.n);
  return n;
}

}  // namespace

std::string shortened(const std::string& text) {
  if (text.empty()) return "(absent)";
  const std::size_t breakAt = std::min(text.find('\n'), text.size());
  if (breakAt == text.size() && text.size() <= kLongestValue) return text;
  std::size_t end = std::min(breakAt, kLongestValue - 3);
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
    case Verdict::negligible:
      return "negligible";
    case Verdict::none:
      break;
  }
  return "none";
}

std::string verdictText(const MetricDifference& d) {
  switch (d.verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "WORSE";
    case Verdict::changed:
      return "changed";
    case Verdict::undecided:
      return "one run: no interval";
    case Verdict::negligible:
      return "no difference that matters";
    case Verdict::none:
      break;
  }
  // Of one run nothing is detected: what is left of a difference here is in the last bits.
  return d.difference == 0 || std::isnan(d.low) ? "same" : "no difference detected";
}

std::string verdictText(const CallDifference& d) {
  if (d.a.runs == 0 || d.b.runs == 0) return "on one side only";
  if (d.verdict == Verdict::better) return "better";
  return d.verdict == Verdict::worse ? "WORSE" : "same";
}

std::string sideText(const CallSide& side) {
  if (side.runs == 0) return "(absent)";
  if (side.connected == side.runs) return "connects";
  const bool nobody = side.failed > 0;
  const int runs = nobody ? side.failed : side.runs - side.connected;
  const std::string what = nobody ? "fails" : "connects in part";
  return runs == side.runs ? what : fmt::format("{} in {} of {} runs", what, runs, side.runs);
}

// A change of a share is in percentage points: 1 % to 2 % is not "1 % more".
std::string changeText(const Metric& m, const MetricDifference& d) {
  return plainText(m, d.difference, true) + (m.unit == "%" ? " pp" : "");
}

std::string intervalText(const Metric& m, const MetricDifference& d) {
  if (std::isnan(d.low)) return {};
  return fmt::format("[{}, {}]", plainText(m, d.low, true), plainText(m, d.high, true));
}

bool inVpnOverTcp(const std::vector<metrics::PathAttempt>& attempts) {
  return std::any_of(attempts.begin(), attempts.end(), [](const metrics::PathAttempt& each) {
    return each.chosen && each.reason.find("'s VPN goes over TCP") != std::string::npos;
  });
}

std::string pathText(const PathSide& side) {
  if (side.path.empty()) return "no media";
  return fmt::format("{} ({}{})", side.path, side.transport,
                     inVpnOverTcp(side.attempts) ? ", in a VPN over TCP" : "");
}

std::string streamText(const PathDifference& d) {
  return fmt::format("{} {} -> {} {}", d.call, d.from, d.to, d.medium);
}

std::string scalesText(const Comparison& c) {
  return fmt::format("scores of A are on the {} scale, of B on the {}: they do not compare",
                     c.scalesA, c.scalesB);
}

std::string streamsText(const OneSided& streams) {
  if (streams.onlyA == 0 && streams.onlyB == 0) return {};
  std::string text = streams.both == 0
                         ? std::string("no stream is on both sides, so no metric compares")
                         : fmt::format("metrics are of the {} stream{} that both have",
                                       streams.both, streams.both == 1 ? "" : "s");
  if (streams.onlyA > 0) text += fmt::format("; A has {} more", streams.onlyA);
  if (streams.onlyB > 0) text += fmt::format("; B has {} more", streams.onlyB);
  return text;
}

std::string pairingText(const Comparison& c) {
  if (c.metrics.empty()) return {};
  return fmt::format("{}, n = {}", pairedWord(c.metrics.front().paired), pairsOf(c));
}

}  // namespace callflow::compare
