// Tables as comma-separated text (RFC 4180): a header line of `name[unit]`, LF line ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/results/number.h"
#include "src/results/text_sink.h"

namespace callflow::results {

// Quoted only if it must be; text that a spreadsheet would take for a formula gets an apostrophe in
// front, which CsvTable takes off again.
std::string csvField(std::string_view text);

// As a row has them, without a line end; for rows that begin alike. At least one.
std::string csvFields(const std::vector<std::string>& fields);

class CsvWriter {
 public:
  // With a sink the text goes there, the last of it by finish().
  explicit CsvWriter(const std::vector<std::string>& header, TextSink sink = {})
      : sink_(std::move(sink)) {
    row(header);
  }
  void row(const std::vector<std::string>& fields);
  // A row piece by piece: what csvFields() joined, more of that, field by field, and the end.
  void begin(std::string_view fields) { text_ += fields; }
  void fields(std::string_view joined) {
    text_ += ',';
    text_ += joined;
  }
  void field(std::string_view text);
  void integer(std::int64_t value);
  void number(double value);  // as numberText()
  void end() {
    text_ += '\n';
    if (sink_ && text_.size() >= kTextPiece) finish();
  }
  void finish() {
    sink_(text_);
    text_.clear();
  }
  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  NumberText number_;
  TextSink sink_;
};

class CsvTable {
 public:
  // `file` is for messages only. Throws ResultError if a row has more or fewer fields than the
  // header or a quote is not closed.
  static CsvTable parse(std::string_view text, const std::filesystem::path& file);

  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);
  // Position of a column by its exact header, or `absent`.
  std::size_t column(std::string_view header) const;
  // The same; throws ResultError if it is absent.
  std::size_t needColumn(std::string_view header) const;
  const std::vector<std::string>& header() const { return header_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace callflow::results
