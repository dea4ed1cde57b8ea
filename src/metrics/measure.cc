#include "src/metrics/measure.h"

#include <algorithm>
#include <vector>

#include "src/diag/diag.h"
#include "src/metrics/run_record.h"
#include "src/units/quoted.h"

namespace callflow::metrics {
namespace {

constexpr std::string_view kCallPrefix = "call.";
constexpr std::string_view kArrow = "->";

// Where the metric begins in "call.standup.alice->bob.audio.mos": behind the last dot before a
// medium's name. Calls and participants may be called anything.
std::size_t metricIn(std::string_view text) {
  std::size_t at = std::string_view::npos;
  for (const Metric& row : allMetrics()) {
    const std::string medium = "." + std::string(row.medium) + ".";
    const std::size_t found = text.rfind(medium);
    if (found != std::string_view::npos && (at == std::string_view::npos || found + 1 > at))
      at = found + 1;
  }
  return at;
}

// Of "standup" or "standup.alice->bob"; what is wrong, or nothing.
std::string readScope(std::string_view text, Scope& scope) {
  const std::size_t to = text.find(kArrow);
  if (to == std::string_view::npos) {
    scope.call = std::string(text);
    return text.empty() ? "a call has a name; write for example \"call.standup.audio.mos\"" : "";
  }
  const std::size_t dot = text.rfind('.', to);
  scope.to = std::string(text.substr(to + kArrow.size()));
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == to || scope.to.empty()) {
    return quoted(text) +
           " names no call and two participants; write for example "
           "\"call.standup.alice->bob.audio.mos\", with * for whoever it is";
  }
  scope.call = std::string(text.substr(0, dot));
  scope.from = std::string(text.substr(dot + 1, to - dot - 1));
  if (scope.from == "*") scope.from.clear();
  if (scope.to == "*") scope.to.clear();
  return {};
}

std::string unknownMetric(std::string_view name) {
  std::vector<std::string> names;
  for (const Metric& row : allMetrics()) names.emplace_back(row.name);
  // "mos" is short for "audio.mos", and far from it in letters.
  const std::string whole = "audio." + std::string(name);
  const std::string near = metricNamed(whole) ? whole : nearestName(std::string(name), names);
  return "there is no metric " + quoted(name) + "; " +
         (near.empty() ? "see callflow help metrics" : "did you mean " + quoted(near) + "?");
}

}  // namespace

bool goesBy(std::string_view participant, std::string_view name) {
  return participant == name || participant.substr(0, participant.find('@')) == name;
}

bool Scope::holds(const StreamRecord& s) const {
  return (call.empty() || call == s.call) && (from.empty() || goesBy(s.from, from)) &&
         (to.empty() || goesBy(s.to, to)) && (medium.empty() || medium == s.medium);
}

std::string nameOf(const Measure& measure) {
  const Scope& scope = measure.scope;
  std::string text;
  if (!scope.call.empty()) {
    text = std::string(kCallPrefix) + scope.call + ".";
    if (!scope.from.empty() || !scope.to.empty()) {
      text += (scope.from.empty() ? "*" : scope.from) + std::string(kArrow) +
              (scope.to.empty() ? "*" : scope.to) + ".";
    }
  }
  return text + std::string(metric(measure.metric).name);
}

int percentOf(std::string_view statistic) {
  if (statistic.size() < 2 || statistic.size() > 3 || statistic[0] != 'p' || statistic[1] == '0')
    return 0;
  int percent = 0;
  for (const char c : statistic.substr(1)) {
    if (c < '0' || c > '9') return 0;
    percent = percent * 10 + (c - '0');
  }
  return percent;
}

bool isStatistic(std::string_view word) {
  return word == "mean" || word == "min" || word == "max" || percentOf(word) > 0;
}

ParsedMeasure parseMeasure(std::string_view text) {
  ParsedMeasure result;
  Measure measure;
  std::string_view name = text;
  if (text.starts_with(kCallPrefix)) {
    const std::size_t at = metricIn(text);
    if (at == std::string_view::npos || at <= kCallPrefix.size()) {
      result.problem = quoted(text) +
                       " names no metric of a call; write for example "
                       "\"call.standup.audio.mos\"";
      return result;
    }
    name = text.substr(at);
    result.problem =
        readScope(text.substr(kCallPrefix.size(), at - 1 - kCallPrefix.size()), measure.scope);
    if (!result.problem.empty()) return result;
  }
  if (const std::size_t dot = name.rfind('.'); !metricNamed(name) && dot != name.npos) {
    const std::string_view last = name.substr(dot + 1);
    const std::string_view first = name.substr(0, dot);
    if (isStatistic(last)) {
      name = first;
      result.statistic = std::string(last);
    } else if (metricNamed(first)) {
      result.problem =
          quoted(last) + " is not a statistic; write one of: mean, min, max, p1 ... p99";
      return result;
    }
  }
  const auto id = metricNamed(name);
  if (!id) {
    result.problem = unknownMetric(name);
    return result;
  }
  measure.metric = *id;
  result.value = std::move(measure);
  return result;
}

}  // namespace callflow::metrics
