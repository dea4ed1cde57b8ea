// Another program as a filter.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace callflow::cli {

// Feeds `input` to the program's standard input and returns its standard output; its errors go to
// ours. Nothing if there is no such program in PATH or it did not exit with 0. No shell is
// involved.
std::optional<std::string> filter(const std::vector<std::string>& command,
                                  const std::string& input);

}  // namespace callflow::cli
