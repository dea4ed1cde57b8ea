#include "src/results/csv.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "src/results/number.h"
#include "src/results/result.h"

namespace callflow::results {

namespace {

// RFC 4180: quoted only if it must be.
std::string quotedField(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

// Spreadsheets take a cell that begins like this for a formula (OWASP, "CSV injection"). Numbers
// may begin so; anything else gets an apostrophe in front, as do those that have one already, so
// that the reader can tell.
bool looksActive(std::string_view text) {
  switch (text.empty() ? '\0' : text.front()) {
    case '=':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case '\'':
      return true;
    case '+':
    case '-':
      return !numberFrom(text.substr(text.front() == '+' ? 1 : 0));
    default:
      return false;
  }
}

}  // namespace

std::string csvField(std::string_view text) {
  if (looksActive(text)) {
    std::string still = "'";
    still += text;
    return quotedField(still);
  }
  return quotedField(text);
}

std::string csvFields(const std::vector<std::string>& fields) {
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += ',';
    text += csvField(fields[i]);
  }
  return text;
}

void CsvWriter::row(const std::vector<std::string>& fields) {
  begin(csvFields(fields));
  end();
}

void CsvWriter::field(std::string_view text) {
  text_ += ',';
  text_ += csvField(text);
}

void CsvWriter::integer(std::int64_t value) {
  std::array<char, 24> buffer{};
  text_ += ',';
  text_.append(buffer.data(),
               std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void CsvWriter::number(double value) {
  text_ += ',';
  text_ += number_.of(value);
}

CsvTable CsvTable::parse(std::string_view text, const std::filesystem::path& file) {
  CsvTable table;
  table.file_ = file;
  std::vector<std::string> row;
  std::string field;
  bool quoted = false;
  bool started = false;  // the current row holds something
  int line = 1;
  const auto endField = [&] {
    if (field.starts_with('\'')) field.erase(0, 1);  // as csvField() put it there
    row.push_back(std::move(field));
    field.clear();
  };
  const auto endRow = [&] {
    endField();
    if (table.header_.empty()) {
      table.header_ = std::move(row);
    } else if (row.size() != table.header_.size()) {
      throw ResultError(file.string() + ":" + std::to_string(line) + ": " +
                        std::to_string(row.size()) + " fields where the header has " +
                        std::to_string(table.header_.size()));
    } else {
      table.rows_.push_back(std::move(row));
    }
    row.clear();
    started = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        field += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
      started = true;
    } else if (c == ',') {
      endField();
      started = true;
    } else if (c == '\n') {
      if (started || !field.empty()) endRow();
      ++line;
    } else if (c != '\r') {
      field += c;
      started = true;
    }
  }
  if (quoted) throw ResultError(file.string() + ": a quoted field is not closed");
  if (started || !field.empty()) endRow();
  return table;
}

std::size_t CsvTable::column(std::string_view header) const {
  const auto found = std::find(header_.begin(), header_.end(), header);
  return found == header_.end() ? kAbsent : static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvTable::needColumn(std::string_view header) const {
  const std::size_t index = column(header);
  if (index == kAbsent) {
    throw ResultError(file_.string() + ": has no column \"" + std::string{header} + "\"");
  }
  return index;
}

}  // namespace callflow::results
