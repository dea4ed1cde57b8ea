#include "src/results/junit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace callflow::results {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// How many bytes the character at the front of `text` takes; 0 if it is none that XML 1.0 (2.2)
// allows.
std::size_t characterBytes(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) {
    const bool allowed = first >= 0x20 || first == '\t' || first == '\n' || first == '\r';
    return allowed ? 1 : 0;
  }
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  std::uint32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  const bool shortest = code >= (length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  const bool character = code <= 0x10FFFF && code != 0xFFFE && code != 0xFFFF;
  return shortest && !surrogate && character ? length : 0;
}

std::string_view elementOf(JunitCase::Outcome outcome) {
  if (outcome == JunitCase::Outcome::error) return "error";
  return outcome == JunitCase::Outcome::skipped ? "skipped" : "failure";
}

std::string caseXml(const JunitCase& one) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xmlText(one.group),
                                 xmlText(one.name));
  if (one.outcome == JunitCase::Outcome::passed) return text + "/>\n";
  const std::string_view element = elementOf(one.outcome);
  return text + fmt::format(">\n      <{0} message=\"{1}\">{2}</{0}>\n    </testcase>\n", element,
                            xmlText(one.message), xmlText(one.details));
}

auto countOf(const JunitSuite& suite, JunitCase::Outcome outcome) {
  return std::count_if(suite.cases.begin(), suite.cases.end(),
                       [&](const JunitCase& c) { return c.outcome == outcome; });
}

}  // namespace

std::string xmlText(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t bytes = characterBytes(text);
    const char c = text.front();
    if (bytes == 0) {
      safe += kReplacement;
    } else if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else if (c == '\n' || c == '\t' || c == '\r') {
      safe += fmt::format("&#{};", static_cast<int>(c));  // as they are, attributes lose them
    } else {
      safe += text.substr(0, bytes);
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return safe;
}

std::string junitXml(const std::vector<JunitSuite>& suites) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"callflow\">\n";
  for (const JunitSuite& suite : suites) {
    text += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        xmlText(suite.name), suite.cases.size(), countOf(suite, JunitCase::Outcome::failed),
        countOf(suite, JunitCase::Outcome::error), countOf(suite, JunitCase::Outcome::skipped));
    for (const JunitCase& one : suite.cases) text += caseXml(one);
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

}  // namespace callflow::results
