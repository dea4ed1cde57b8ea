// Verdicts as JUnit XML, which CI systems show: the schema that Jenkins and GitLab read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callflow::results {

struct JunitCase {
  enum class Outcome { passed, failed, error, skipped };
  std::string group;  // "class" in CI systems: a variant, two sides
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string message = {};  // one line on what went wrong
  std::string details = {};
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
};

// Well-formed for any names: what XML cannot hold (control characters, bytes that are no UTF-8) is
// replaced by U+FFFD.
std::string junitXml(const std::vector<JunitSuite>& suites);

// Text as XML text or attribute value.
std::string xmlText(std::string_view text);

}  // namespace callflow::results
