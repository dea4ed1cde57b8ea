#include "src/config/scalar.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace callflow::config {
namespace {

ScalarInfo quantity(const char* name, const char* example, const std::vector<std::string>& units) {
  std::string pattern;
  for (const std::string& unit : units) pattern += (pattern.empty() ? "" : "|") + unit;
  ScalarInfo out;
  out.name = name;
  out.example = example;
  out.pattern = "^(0|[1-9][0-9]*)(\\.[0-9]+)? ?(" + pattern + ")$";
  return out;
}

std::string quotedText(std::string_view text) {
  return "\"" + std::string{text} + "\"";
}

bool allDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Why `text` is no whole number, and what to write.
std::string integerProblem(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (allDigits(digits)) {  // thus a leading zero
    const std::size_t first = digits.find_first_not_of('0');
    const std::string plain =
        first == std::string_view::npos ? "0" : std::string{digits.substr(first)};
    return quotedText(text) + " starts with a zero; write " + (text == digits ? "" : "-") + plain +
           " (numbers are decimal)";
  }
  if (text.starts_with("0x") || text.starts_with("0X") || text.starts_with("0o")) {
    return quotedText(text) + " is not a decimal number; write it in decimal digits, such as 10";
  }
  return quotedText(text) + " is not a whole number; write decimal digits only, such as 10";
}

template <class I>
Parsed<I> integer(std::string_view text, I min, I max) {
  if (!isPlainInteger(text)) return {std::nullopt, integerProblem(text)};
  I value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < min || value > max) {
    // Of a type that ends somewhere far below zero only the end that was passed is of interest.
    const std::string range = min == 0                ? "0 to " + std::to_string(max)
                              : text.starts_with('-') ? "at least " + std::to_string(min)
                                                      : "at most " + std::to_string(max);
    return {std::nullopt, quotedText(text) + " is out of range; write " + range};
  }
  return {value, {}};
}

}  // namespace

bool isPlainInteger(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return allDigits(text) && (text.size() == 1 || text.front() != '0');
}

const ScalarInfo& Scalar<Duration>::info() {
  static const ScalarInfo kInfo = quantity("time", "20 ms", durationUnits());
  return kInfo;
}

const ScalarInfo& Scalar<DataSize>::info() {
  static const ScalarInfo kInfo = quantity("size", "1500 B", dataSizeUnits());
  return kInfo;
}

const ScalarInfo& Scalar<DataRate>::info() {
  static const ScalarInfo kInfo = [] {
    ScalarInfo out = quantity("rate", "20 Mbit/s", dataRateUnits());
    out.pattern = "^(unlimited|" + out.pattern.substr(1, out.pattern.size() - 2) + ")$";
    return out;
  }();
  return kInfo;
}

const ScalarInfo& Scalar<Ratio>::info() {
  static const ScalarInfo kInfo = [] {
    ScalarInfo out = quantity("share", "0.5%", ratioUnits());
    out.min = "0%";
    out.max = "100%";
    return out;
  }();
  return kInfo;
}

const ScalarInfo& Scalar<bool>::info() {
  static const ScalarInfo kInfo = [] {
    ScalarInfo out;
    out.name = "true or false";
    out.example = "true";
    out.jsonTypes = {"boolean"};
    return out;
  }();
  return kInfo;
}

Parsed<bool> Scalar<bool>::parse(std::string_view text) {
  if (text == "true") return {true, {}};
  if (text == "false") return {false, {}};
  for (const char* yes : {"yes", "Yes", "YES", "on", "On", "ON", "y", "True", "TRUE", "1"}) {
    if (text == yes) return {std::nullopt, quotedText(text) + " is not true or false; write true"};
  }
  for (const char* no : {"no", "No", "NO", "off", "Off", "OFF", "n", "False", "FALSE", "0"}) {
    if (text == no) return {std::nullopt, quotedText(text) + " is not true or false; write false"};
  }
  return {std::nullopt, quotedText(text) + " is not true or false; write one of the two"};
}

std::string Scalar<bool>::print(bool value) {
  return value ? "true" : "false";
}

const ScalarInfo& Scalar<double>::info() {
  static const ScalarInfo kInfo = [] {
    ScalarInfo out;
    out.name = "number";
    out.example = "1.5";
    out.jsonTypes = {"number"};
    return out;
  }();
  return kInfo;
}

Parsed<double> Scalar<double>::parse(std::string_view text) {
  const std::size_t point = text.find('.');
  const bool wholeFine = isPlainInteger(text.substr(0, point));
  if (!wholeFine || (point != std::string_view::npos && !allDigits(text.substr(point + 1)))) {
    return {std::nullopt,
            quotedText(text) + " is not a decimal number; write digits and a point, such as 1.5"};
  }
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return {std::nullopt, quotedText(text) + " is out of range; write a smaller number"};
  }
  return {value, {}};
}

std::string Scalar<double>::print(double value) {
  char buffer[512];  // 309 digits before the point at most
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  return error == std::errc{} ? std::string(buffer, end) : std::string{"0"};
}

const ScalarInfo& Scalar<std::string>::info() {
  static const ScalarInfo kInfo = [] {
    ScalarInfo out;
    out.name = "text";
    out.example = "a-name";
    return out;
  }();
  return kInfo;
}

const ScalarInfo& integerInfo() {
  static const ScalarInfo kInfo = [] {
    ScalarInfo out;
    out.name = "whole number";
    out.example = "10";
    out.jsonTypes = {"integer"};
    return out;
  }();
  return kInfo;
}

Parsed<std::int64_t> parseInteger(std::string_view text, std::int64_t min, std::int64_t max) {
  return integer<std::int64_t>(text, min, max);
}

Parsed<std::uint64_t> parseUnsigned(std::string_view text, std::uint64_t max) {
  if (text.starts_with('-') && isPlainInteger(text)) {
    return {std::nullopt, quotedText(text) + " is negative; write 0 or more"};
  }
  return integer<std::uint64_t>(text, 0, max);
}

const ScalarInfo& makeEnumInfo(std::vector<std::string> names) {
  auto* info = new ScalarInfo;  // as long-lived as the static reference that keeps it
  for (const std::string& name : names) info->name += (info->name.empty() ? "" : " | ") + name;
  info->example = names.empty() ? "" : names.front();
  info->choices = std::move(names);
  return *info;
}

std::string mergeProblems(const std::vector<std::string>& problems) {
  constexpr std::string_view kAdvice = "; write ";
  std::string what;
  std::string advice;
  for (const std::string& problem : problems) {
    const std::size_t cut = problem.find(kAdvice);
    const std::string head = problem.substr(0, cut);
    if (what.empty()) {
      what = head;
    } else if (what.find(head) == std::string::npos) {
      what += " and " + head;
    }
    if (cut == std::string::npos) continue;
    advice += (advice.empty() ? "" : " or ") + problem.substr(cut + kAdvice.size());
  }
  return advice.empty() ? what : what + std::string{kAdvice} + advice;
}

const ScalarInfo& makeVariantInfo(const std::vector<const ScalarInfo*>& alternatives) {
  auto* info = new ScalarInfo;  // see makeEnumInfo
  info->jsonTypes.clear();
  bool anyText = false;
  for (const ScalarInfo* one : alternatives) {
    info->name += (info->name.empty() ? "" : " or ") + one->name;
    if (info->example.empty()) info->example = one->example;
    std::string pattern = one->pattern;
    for (const std::string& choice : one->choices) {
      pattern += (pattern.empty() ? "^(" : "|") + choice;
    }
    if (!one->choices.empty()) pattern += ")$";
    for (const std::string& type : one->jsonTypes) {
      if (std::find(info->jsonTypes.begin(), info->jsonTypes.end(), type) ==
          info->jsonTypes.end()) {
        info->jsonTypes.push_back(type);
      }
      anyText = anyText || (type == "string" && pattern.empty());
    }
    if (!pattern.empty()) info->pattern += (info->pattern.empty() ? "" : "|") + pattern;
  }
  if (anyText) info->pattern.clear();
  return *info;
}

}  // namespace callflow::config
