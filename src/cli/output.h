// Where words go: results to standard output, everything else to standard error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callflow::cli {

void printResult(std::string_view text);
// On stderr; a line end is added. Broken where COLUMNS or the terminal asks for it.
void printNote(std::string_view text);
// Throws std::runtime_error if what was printed did not get out (disk full, closed).
void flushResults();
// To a file, or to standard output if it has no name. Throws UsageError or results::NoSpaceError.
void writeOutput(const std::string& file, const std::string& text);

// How wide text may be: COLUMNS, or what the terminal has, but at most 100.
std::size_t columnsToUse();

// `; did you mean "run"?`, or nothing if no candidate is near.
std::string didYouMean(const std::string& word, const std::vector<std::string>& candidates);
// "1 call", "2 calls"
std::string counted(std::size_t count, std::string_view noun);
// "a, b and c"
std::string listed(const std::vector<std::string>& names);

}  // namespace callflow::cli
