// Files that are written as users write them, and what `check` finds in them.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "src/check/report.h"
#include "src/check/writers.h"

namespace callflow::check::testing {

// The text as net.yaml, a scenario or a topology. Its faults end the test.
Report checked(const std::string& yaml, Ratio share = Ratio::percent(30));

// Those of a rule, in the order of the report.
std::vector<Finding> of(const Report& report, std::string_view rule);
// The only one of a rule.
Finding only(const Report& report, std::string_view rule);

// "13:9", its line and column.
std::string at(const Finding& finding);

}  // namespace callflow::check::testing
