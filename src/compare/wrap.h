// Text in lines that keep within a width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace callflow::compare {

// Columns that text takes on a terminal, for the names met here: characters of UTF-8.
std::size_t columnsOf(const std::string& text);

// Prose: lines that are longer are broken at spaces (within a word that is longer by itself, where
// a cell's would be) and go on four columns further in. Words stay as they are.
std::string fitted(const std::string& text, std::size_t width);
// The same, in lines that all begin at the left.
std::vector<std::string> linesOfProse(const std::string& text, std::size_t columns);

// Where a line may end, the better places first.
enum class BreakAt {
  words,  // at a space, behind a comma, hyphen or low line; figures keep their units and brackets
  parts,  // at any space, behind the points and strokes that names are built with
  letters
};

// A cell of a table, in lines of at most `columns`: each ends at the best place that there is. What
// a cell begins with in spaces, all of its lines do.
std::vector<std::string> linesOf(const std::string& cell, std::size_t columns);
// The narrowest that a cell can be broken to at such places.
std::size_t leastColumns(const std::string& cell, BreakAt at);

}  // namespace callflow::compare
