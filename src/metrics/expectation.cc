#include "src/metrics/expectation.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "src/units/quoted.h"

namespace callflow::metrics {
namespace {

const char* const kExample = "; write for example \"audio.mos.p5 >= 3.6 in udp-open\"";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<double> plainNumber(std::string_view text) {
  double value = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (fault != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

// How many of `unit` are one second; nothing if `unit` is no time.
std::optional<double> perSecond(std::string_view unit) {
  if (unit == "s") return 1;
  if (unit == "ms") return 1e3;
  if (unit == "us") return 1e6;
  return {};
}

std::optional<Relation> relationOf(std::string_view text) {
  if (text == "<") return Relation::less;
  if (text == "<=") return Relation::lessEqual;
  if (text == ">") return Relation::greater;
  if (text == ">=") return Relation::greaterEqual;
  return {};
}

// Takes " in VARIANT" off the end of `text`; empty if there is none.
std::string_view takeVariant(std::string_view& text) {
  const auto in = text.find(" in ");
  if (in == std::string_view::npos) return {};
  const std::string_view variant = trimmed(text.substr(in + 4));
  text = trimmed(text.substr(0, in));
  return variant;
}

// "standup connects in tcp-only"; nothing if no limit is missing for want of which it is none.
std::optional<Expectation> connection(std::string_view text) {
  Expectation result;
  result.text = std::string(text);
  result.variant = std::string(takeVariant(text));
  for (const auto& [word, kind] : {std::pair{" connects", Expectation::Kind::connects},
                                   std::pair{" is blocked", Expectation::Kind::blocked}}) {
    if (!text.ends_with(word)) continue;
    result.kind = kind;
    result.subject = std::string(trimmed(text.substr(0, text.rfind(word))));
    if (!result.subject.empty()) return result;
  }
  return {};
}

// Takes "of B - A" off the end of a quantity; what is wrong, or nothing.
std::string takeDifference(std::string_view& name, Expectation& result) {
  const auto of = name.find(" of ");
  if (of == std::string_view::npos) return {};
  const std::string_view sides = trimmed(name.substr(of + 4));
  name = trimmed(name.substr(0, of));
  const auto minus = sides.find(" - ");
  if (minus == std::string_view::npos) {
    return quoted(sides) + " is no difference of two variants; write for example " +
           "\"audio.mos.mean of tcp-only - udp-open >= -0.3\"";
  }
  result.kind = Expectation::Kind::difference;
  result.variant = std::string(trimmed(sides.substr(0, minus)));
  result.subtracted = std::string(trimmed(sides.substr(minus + 3)));
  if (result.variant == result.subtracted)
    return quoted(sides) + " is nothing; name two different variants";
  return {};
}

}  // namespace

bool holds(double measured, Relation relation, double limit) {
  switch (relation) {
    case Relation::less:
      return measured < limit;
    case Relation::lessEqual:
      return measured <= limit;
    case Relation::greater:
      return measured > limit;
    case Relation::greaterEqual:
      break;
  }
  return measured >= limit;
}

Parsed<double> parseLimit(const Metric& metric, std::string_view text) {
  const std::string unit(metric.unit);
  if (text.starts_with('-') && text.size() > 1) {  // of a difference
    auto limit = parseLimit(metric, trimmed(text.substr(1)));
    if (limit.value) limit.value = -*limit.value;
    return limit;
  }
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
  if (!unit.empty() && text.size() > unit.size() && text.ends_with(unit))
    if (const auto bare = plainNumber(trimmed(text.substr(0, text.size() - unit.size()))))
      return {*bare, {}};
  return {{},
          quoted(text) + " is not a number" + (unit.empty() ? "" : " of " + unit) +
              "; write for example 3.6"};
}

Parsed<Expectation> parseExpectation(std::string_view text) {
  if (auto connects = connection(trimmed(text))) return {connects, {}};
  Expectation result;
  result.text = std::string(text);
  // An arrow between participants is no relation.
  auto at = text.find_first_of("<>=");
  while (at != std::string_view::npos && at > 0 && text[at] == '>' && text[at - 1] == '-')
    at = text.find_first_of("<>=", at + 1);
  if (at == std::string_view::npos) return {{}, quoted(text) + " compares nothing" + kExample};
  const auto behind = text.find_first_not_of("<>=!", at);
  const std::string_view relation = text.substr(at, behind - at);
  const auto known = relationOf(relation);
  if (!known) return {{}, quoted(relation) + " is not a relation; write one of: < <= > >="};
  result.relation = *known;

  std::string_view name = trimmed(text.substr(0, at));
  std::string_view rest = behind == std::string_view::npos ? "" : trimmed(text.substr(behind));
  result.variant = std::string(takeVariant(rest));
  if (name.empty() || rest.empty()) return {{}, quoted(text) + " is not complete" + kExample};
  if (!result.variant.empty() && name.find(" of ") != std::string_view::npos)
    return {{},
            quoted(text) + " names its variants twice; leave out \"in " + result.variant + "\""};
  std::string problem = takeDifference(name, result);
  if (!problem.empty()) return {{}, problem};

  ParsedMeasure measure = parseMeasure(name);
  if (!measure.value) return {{}, measure.problem};
  result.measure = *measure.value;
  if (!measure.statistic.empty()) result.statistic = measure.statistic;
  const auto limit = parseLimit(metric(result.measure.metric), rest);
  if (!limit.value) return {{}, limit.problem};
  result.limit = *limit.value;
  return {result, {}};
}

}  // namespace callflow::metrics
