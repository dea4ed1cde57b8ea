// A report for people, for programs, and for tools that show findings beside a file.
#pragma once

#include <string>

#include "src/check/report.h"

namespace callflow::check {

// Lines as long as they come; whoever prints them breaks them.
std::string toText(const Report& report);
std::string toJson(const Report& report);
// SARIF 2.1.0 (OASIS).
std::string toSarif(const Report& report, const std::string& version);

}  // namespace callflow::check
