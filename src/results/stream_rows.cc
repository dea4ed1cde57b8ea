#include "src/results/stream_rows.h"

#include <fmt/format.h>

#include "src/results/number.h"
#include "src/results/result.h"

namespace callflow::results {

namespace {

template <class T>
T need(const std::optional<T>& value, const CsvTable& table, std::size_t row,
       std::string_view text) {
  if (!value) {
    throw ResultError(
        fmt::format("{}: row {}: \"{}\" is not a number", table.file().string(), row + 1, text));
  }
  return *value;
}

}  // namespace

std::vector<std::string> streamHeader(const std::vector<std::string>& more) {
  std::vector<std::string> all = {"stream", "call", "from", "to", "medium"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<std::string> streamKey(const metrics::RunRecord& run, const metrics::StreamRecord& s) {
  return {std::to_string(&s - run.streams.data()), s.call, s.from, s.to, s.medium};
}

const std::string* Texts::find(std::string_view name) const {
  for (const auto& [file, text] : files)
    if (file == name) return &text;
  return nullptr;
}

const std::string& Texts::need(std::string_view name) const {
  const std::string* text = find(name);
  if (text == nullptr) throw ResultError((directory / name).string() + ": is missing");
  return *text;
}

Rows::Rows(const Texts& texts, std::string_view name, metrics::RunRecord& run)
    : table_(CsvTable::parse(texts.need(name), texts.directory / name)),
      run_(run),
      stream_(table_.needColumn("stream")) {}

long long Rows::integer(std::size_t row, std::size_t column) const {
  return need(integerFrom(text(row, column)), table_, row, text(row, column));
}

Duration Rows::duration(std::size_t row, std::size_t column) const {
  return need(millisecondsFrom(text(row, column)), table_, row, text(row, column));
}

TimePoint Rows::time(std::size_t row, std::size_t column) const {
  return text(row, column).empty() ? TimePoint::max() : TimePoint::at(duration(row, column));
}

metrics::StreamRecord& Rows::stream(std::size_t row) const {
  const long long index = integer(row, stream_);
  if (index < 0 || static_cast<std::size_t>(index) >= run_.streams.size()) {
    throw ResultError(
        fmt::format("{}: row {}: there is no stream {}", table_.file().string(), row + 1, index));
  }
  return run_.streams[static_cast<std::size_t>(index)];
}

metrics::Values Rows::values(std::size_t row, const std::vector<std::size_t>& columns) const {
  metrics::Values values;
  for (const metrics::Metric& m : metrics::allMetrics()) {
    const std::size_t c = columns[static_cast<std::size_t>(m.id)];
    if (c == CsvTable::kAbsent) continue;
    values[m.id] = need(numberFrom(text(row, c)), table_, row, text(row, c)) / m.scale;
  }
  return values;
}

std::vector<std::size_t> Rows::metricColumns() const {
  std::vector<std::size_t> columns(metrics::kMetricCount, CsvTable::kAbsent);
  for (const metrics::Metric& m : metrics::allMetrics()) {
    columns[static_cast<std::size_t>(m.id)] = table_.column(columnName(m));
  }
  return columns;
}

}  // namespace callflow::results
