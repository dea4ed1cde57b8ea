// Columns of text, as wide as their widest cell, two spaces apart.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace callflow::compare {

struct Layout {
  std::size_t width = 100;  // of the terminal, in columns
  bool verbose = false;     // everything, pair by pair
  bool reasons = true;      // why calls fail; else they have been told before
};

enum class Align { left, right };

class Table {
 public:
  explicit Table(std::vector<Align> columns) : columns_(std::move(columns)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Where the table would be wider than `width`, cells are broken into lines (wrap.h): those whose
  // breaking makes the table least longer, and a word only where nothing else makes room.
  // 0: never.
  std::string text(std::size_t width = 0) const;

 private:
  std::vector<std::size_t> widthsWithin(std::size_t width) const;

  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace callflow::compare
