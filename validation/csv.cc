#include "validation/csv.h"

#include <charconv>
#include <fstream>
#include <limits>

namespace callflow::validation {
namespace {

std::vector<std::string> split(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  std::vector<std::string> fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.emplace_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace

CsvFile::CsvFile(const std::string& path, bool mayHaveNoRows) : path_(path) {
  std::ifstream file(path);
  if (!file) throw InputError(path + ": cannot be read");
  std::string line;
  std::size_t number = 0;
  while (std::getline(file, line)) {
    ++number;
    if (line.empty() || line == "\r") continue;
    std::vector<std::string> fields = split(line);
    if (columns_.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!columns_.emplace(fields[i], i).second) {
          throw InputError(path + ":" + std::to_string(number) + ": the column \"" + fields[i] +
                           "\" is there twice");
        }
      }
      continue;
    }
    if (fields.size() != columns_.size()) {
      throw InputError(path + ":" + std::to_string(number) + ": " + std::to_string(fields.size()) +
                       " fields, but the header has " + std::to_string(columns_.size()));
    }
    rows_.push_back({number, std::move(fields)});
  }
  if (columns_.empty() || (rows_.empty() && !mayHaveNoRows)) {
    throw InputError(path + ": " + (columns_.empty() ? "is empty" : "has a header but no rows"));
  }
}

bool CsvFile::has(std::string_view column) const {
  return columns_.contains(std::string(column));
}

const std::string& CsvFile::text(std::size_t row, const std::string& column) const {
  const auto found = columns_.find(column);
  if (found == columns_.end()) {
    throw InputError(path_ + ":1: there is no column \"" + column + "\"");
  }
  return rows_[row].fields[found->second];
}

double CsvFile::number(std::size_t row, const std::string& column) const {
  const std::string& field = text(row, column);
  if (field.empty() || field == "nan") return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const char* const end = field.data() + field.size();
  const auto [stop, fault] = std::from_chars(field.data(), end, value);
  if (fault != std::errc{} || stop != end) {
    throw InputError(place(row) + ": " + column + ": \"" + field + "\" is not a number");
  }
  return value;
}

std::string CsvFile::place(std::size_t row) const {
  return path_ + ":" + std::to_string(rows_[row].line);
}

}  // namespace callflow::validation
