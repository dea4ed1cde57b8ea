// The tables of one run: every row begins with the stream that it is about.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/csv.h"
#include "src/results/run_files.h"

namespace callflow::results {

// Every table names its stream in full, so that each is of use alone; `stream` is the place in
// run.json.
std::vector<std::string> streamHeader(const std::vector<std::string>& more);
std::vector<std::string> streamKey(const metrics::RunRecord& run, const metrics::StreamRecord& s);

// The files of one run.
struct Texts {
  const FileTexts& files;
  const std::filesystem::path& directory;  // for messages

  const std::string* find(std::string_view name) const;
  const std::string& need(std::string_view name) const;  // throws ResultError
};

// A table read back; whatever does not fit throws a ResultError with file and row.
class Rows {
 public:
  Rows(const Texts& texts, std::string_view name, metrics::RunRecord& run);

  const CsvTable& table() const { return table_; }
  std::size_t size() const { return table_.rows().size(); }
  const std::string& text(std::size_t row, std::size_t column) const {
    return table_.rows()[row][column];
  }
  long long integer(std::size_t row, std::size_t column) const;
  Duration duration(std::size_t row, std::size_t column) const;
  TimePoint time(std::size_t row, std::size_t column) const;  // empty: TimePoint::max()
  metrics::StreamRecord& stream(std::size_t row) const;
  metrics::Values values(std::size_t row, const std::vector<std::size_t>& columns) const;
  // Where each metric stands; absent for those that the writer did not know.
  std::vector<std::size_t> metricColumns() const;

 private:
  CsvTable table_;
  metrics::RunRecord& run_;
  std::size_t stream_;
};

}  // namespace callflow::results
