#include "src/diag/diag.h"

#include <catch2/catch.hpp>

namespace callflow {
namespace {

SourcePos at(const char* file, int line, int column) {
  return {std::make_shared<const std::string>(file), line, column};
}

TEST_CASE("a fault names its place, its key, what is wrong and what to write") {
  CHECK(Diagnostic{Severity::error, at("a.yaml", 41, 15), "links[3].loss", "\"5\" has no unit",
                   "write \"5%\""}
            .render() == "a.yaml:41:15: error: links[3].loss: \"5\" has no unit; write \"5%\"");
  CHECK(Diagnostic{Severity::warning, at("a.yaml", 0, 0), "", "is old", ""}.render() ==
        "a.yaml: warning: is old");
}

TEST_CASE("faults are sorted by place, counted, and each shown once") {
  Diagnostics diagnostics;
  CHECK(diagnostics.render("fine").empty());
  diagnostics.error(at("b.yaml", 1, 1), "x", "second file");
  diagnostics.error(at("a.yaml", 10, 1), "x", "line ten");
  diagnostics.warning(at("a.yaml", 9, 7), "x", "later column");
  diagnostics.error(at("a.yaml", 9, 3), "x", "earlier column");
  diagnostics.error(at("a.yaml", 9, 3), "x", "earlier column");
  CHECK(diagnostics.hasErrors());
  CHECK(diagnostics.errorCount() == 3);
  CHECK(diagnostics.warningCount() == 1);
  CHECK(diagnostics.render("nothing was run") ==
        "a.yaml:9:3: error: x: earlier column\n"
        "a.yaml:9:7: warning: x: later column\n"
        "a.yaml:10:1: error: x: line ten\n"
        "b.yaml:1:1: error: x: second file\n"
        "3 errors, 1 warning; nothing was run\n");
}

TEST_CASE("the nearest name is found if it is near enough") {
  const std::vector<std::string> keys{"rules", "rate", "delay", "udp-timeout", "to"};
  CHECK(nearestName("ruels", keys) == "rules");  // neighbours swapped: one edit
  CHECK(nearestName("dely", keys) == "delay");
  CHECK(nearestName("Rules", keys) == "rules");  // case aside
  CHECK(nearestName("udp_timeout", keys) == "udp-timeout");
  CHECK(nearestName("udp-time", keys).empty());  // three edits, and eight letters allow two
  CHECK(nearestName("bandwidth", keys).empty());
  CHECK(nearestName("up", keys).empty());  // two edits make any word of two letters any other
  CHECK(nearestName("", keys).empty());
  CHECK(nearestName(std::string(100'000, 'x'), keys).empty());
  CHECK(nearestName("aa", {"ab", "ac"}) == "ab");  // the first of equals
}

}  // namespace
}  // namespace callflow
