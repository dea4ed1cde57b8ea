#include "src/topology/expectation.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "src/units/quoted.h"

namespace callflow::topology {
namespace {

const char* const example = "; write for example \"audio.mos.p5 >= 3.6 in udp-open\"";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool isStatistic(std::string_view word) {
  if (word == "mean" || word == "min" || word == "max") return true;
  if (word.size() < 2 || word.size() > 3 || word[0] != 'p' || word[1] == '0') return false;
  return word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

const MetricName* named(const std::vector<MetricName>& metrics, std::string_view name) {
  for (const MetricName& metric : metrics)
    if (metric.name == name) return &metric;
  return nullptr;
}

std::optional<double> plainNumber(std::string_view text) {
  double value = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (fault != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

// How many of `unit` are one second; nothing if `unit` is no time.
std::optional<double> perSecond(const std::string& unit) {
  if (unit == "s") return 1;
  if (unit == "ms") return 1e3;
  if (unit == "us") return 1e6;
  return {};
}

Parsed<double> limitIn(const std::string& unit, std::string_view text) {
  const auto number = plainNumber(text);
  if (const auto scale = perSecond(unit)) {
    if (number)
      return {{}, quoted(text) + " has no unit; write \"" + std::string(text) + " " + unit + "\""};
    const auto time = parseDuration(text);
    if (!time.value) return {{}, time.problem};
    return {time.value->seconds() * *scale, {}};
  }
  if (unit == "%") {
    if (number) return {{}, quoted(text) + " has no unit; write \"" + std::string(text) + "%\""};
    const auto ratio = parseRatio(text);
    if (!ratio.value) return {{}, ratio.problem};
    return {ratio.value->percentValue(), {}};
  }
  if (number) return {*number, {}};
  // "4 MOS", "20 packets": the metric's own unit may be said.
  if (!unit.empty() && text.size() > unit.size() && text.substr(text.size() - unit.size()) == unit)
    if (const auto bare = plainNumber(trimmed(text.substr(0, text.size() - unit.size()))))
      return {*bare, {}};
  return {{},
          quoted(text) + " is not a number" + (unit.empty() ? "" : " of " + unit) +
              "; write for example 3.6"};
}

}  // namespace

Parsed<Expectation> parseExpectation(std::string_view text,
                                     const std::vector<MetricName>& metrics) {
  Expectation result;
  result.text = std::string(text);
  const auto at = text.find_first_of("<>=");
  if (at == std::string_view::npos) return {{}, quoted(text) + " compares nothing" + example};
  const auto behind = text.find_first_not_of("<>=!", at);
  const std::string_view relation = text.substr(at, behind - at);
  if (relation == "<") {
    result.relation = Relation::less;
  } else if (relation == "<=") {
    result.relation = Relation::less_equal;
  } else if (relation == ">") {
    result.relation = Relation::greater;
  } else if (relation == ">=") {
    result.relation = Relation::greater_equal;
  } else {
    return {{}, quoted(relation) + " is not a relation; write one of: < <= > >="};
  }

  const std::string name(trimmed(text.substr(0, at)));
  std::string_view rest = behind == std::string_view::npos ? "" : trimmed(text.substr(behind));
  const auto in = rest.find(" in ");
  if (in != std::string_view::npos) {
    result.variant = std::string(trimmed(rest.substr(in + 4)));
    rest = trimmed(rest.substr(0, in));
  }
  if (name.empty() || rest.empty()) return {{}, quoted(text) + " is not complete" + example};

  result.metric = name;
  result.statistic = "mean";
  const auto dot = name.rfind('.');
  if (named(metrics, name) == nullptr && dot != std::string::npos) {
    const std::string last = name.substr(dot + 1);
    if (isStatistic(last)) {
      result.metric = name.substr(0, dot);
      result.statistic = last;
    } else if (named(metrics, name.substr(0, dot)) != nullptr) {
      return {{}, quoted(last) + " is not a statistic; write one of: mean, min, max, p1 ... p99"};
    }
  }
  const MetricName* metric = named(metrics, result.metric);
  if (metric == nullptr) {
    std::vector<std::string> names;
    for (const MetricName& known : metrics) names.push_back(known.name);
    // "mos" is short for "audio.mos", and far from it in letters.
    const std::string near = named(metrics, "audio." + result.metric) != nullptr
                                 ? "audio." + result.metric
                                 : nearestName(result.metric, names);
    return {
        {},
        "there is no metric " + quoted(result.metric) + "; " +
            (near.empty() ? "see callflow help metrics" : "did you mean " + quoted(near) + "?")};
  }
  const auto limit = limitIn(metric->unit, rest);
  if (!limit.value) return {{}, limit.problem};
  result.limit = *limit.value;
  return {result, {}};
}

}  // namespace callflow::topology
