// Reading CSV with a header line: what the measurements are kept in. No quoting: their fields are
// names and numbers.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace callflow::validation {

// A user's mistake, told as `file:line: what is wrong`.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class CsvFile {
 public:
  // Throws InputError: the file cannot be read, has no header or (unless it may) no rows, names a
  // column twice, or a line has more or fewer fields than the header.
  explicit CsvFile(const std::string& path, bool mayHaveNoRows = false);

  std::size_t rows() const { return rows_.size(); }
  bool has(std::string_view column) const;
  // Throws InputError if there is no such column.
  const std::string& text(std::size_t row, const std::string& column) const;
  // Empty and "nan" are NaN. Throws InputError if it is not a number.
  double number(std::size_t row, const std::string& column) const;
  // "file:line" of a row.
  std::string place(std::size_t row) const;

 private:
  struct Row {
    std::size_t line = 0;
    std::vector<std::string> fields;
  };

  std::string path_;
  std::unordered_map<std::string, std::size_t> columns_;  // looked up only, never walked
  std::vector<Row> rows_;
};

}  // namespace callflow::validation
