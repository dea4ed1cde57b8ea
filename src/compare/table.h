// Columns of text, as wide as their widest cell, two spaces apart; and text that keeps within a
// width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace callflow::compare {

struct Layout {
  std::size_t width = 100;  // of the terminal, in columns
  bool verbose = false;     // everything, pair by pair
  bool reasons = true;      // why calls fail; else they have been told before
};

// Columns that text takes on a terminal, for the names met here: characters of UTF-8.
std::size_t columnsOf(const std::string& text);

// Lines that are longer are broken at spaces (within a word that is longer by itself, anywhere) and
// go on four columns further in. Words stay as they are.
std::string fitted(const std::string& text, std::size_t width);

enum class Align { left, right };

class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Cells are broken into lines where the table would be wider than `width`, those on the left
  // first; 0: never.
  std::string text(std::size_t width = 0) const;

 private:
  std::vector<std::size_t> widthsWithin(std::size_t width) const;

  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace callflow::compare
