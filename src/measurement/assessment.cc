#include "src/measurement/assessment.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "src/measurement/clock.h"
#include "src/measurement/words.h"

namespace callflow::measurement {
namespace {

enum class Kind { other, time, loss, latency, jitter };

struct Column {
  Kind kind = Kind::other;
  std::string name;
  Duration unit;        // of a latency, or of a time in numbers
  bool oneWay = false;  // of a latency
  bool share = false;   // of loss: from 0 to 1
};

struct Table {
  char mark = ',';  // between cells
  int line = 0;     // of the names
  std::vector<Column> columns;
  bool timed = false;
};

bool hasAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// Small letters and digits, all else as one blank, blanks around: " round trip time ms ".
std::string wordsOf(std::string_view name) {
  std::string words = " ";
  for (const char c : lowered(name)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept || words.back() != ' ') words += kept ? c : ' ';
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

Column columnOf(std::string_view name) {
  const std::string words = wordsOf(name);
  Column column;
  column.name = std::string(name);
  column.oneWay = hasAny(words, {"one way", "oneway"});
  if (hasAny(words, {"jitter"})) {
    column.kind = Kind::jitter;
  } else if (hasAny(words, {"loss"})) {
    column.kind = Kind::loss;
    const bool percent = name.find('%') != std::string_view::npos || hasAny(words, {"percent"});
    column.share = !percent && hasAny(words, {"ratio", "fraction"});
  } else if (column.oneWay ||
             hasAny(words, {"latency", "rtt", "round trip", "roundtrip", " ping "})) {
    column.kind = Kind::latency;
  } else if (hasAny(words, {"time", "date", "elapsed", "call start"})) {
    column.kind = Kind::time;
  }
  column.unit = column.kind == Kind::time ? Duration::s(1) : Duration::ms(1);
  if (hasAny(words, {" ms ", "inms ", " milliseconds "})) column.unit = Duration::ms(1);
  if (hasAny(words, {" s ", " sec ", " seconds "})) column.unit = Duration::s(1);
  if (hasAny(words, {" us ", " microseconds "})) column.unit = Duration::us(1);
  return column;
}

// Cells of a row; one in quotes may hold the mark.
std::vector<std::string> cellsOf(std::string_view line, char mark) {
  std::vector<std::string> cells(1);
  bool inQuotes = false;
  for (const char c : line) {
    if (c == '"')
      inQuotes = !inQuotes;
    else if (c == mark && !inQuotes)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  for (std::string& cell : cells) cell = std::string(stripped(cell));
  return cells;
}

std::optional<Table> tableOf(const std::vector<std::string_view>& lines) {
  Table table;
  const auto first =
      std::find_if(lines.begin(), lines.end(), [](std::string_view line) { return !line.empty(); });
  if (first == lines.end()) return std::nullopt;
  const auto count = [first](char mark) { return std::count(first->begin(), first->end(), mark); };
  for (const char mark : {';', '\t'}) {
    if (count(mark) > count(table.mark)) table.mark = mark;
  }
  if (count(table.mark) == 0) return std::nullopt;
  table.line = static_cast<int>(first - lines.begin()) + 1;
  for (const std::string& name : cellsOf(*first, table.mark)) {
    Column column = columnOf(name);
    // A start and an end: the first is the one.
    if (column.kind == Kind::time && std::exchange(table.timed, true)) column.kind = Kind::other;
    table.columns.push_back(std::move(column));
  }
  return table;
}

// Two columns of a kind, or none of delay and loss.
std::optional<Fault> faultOf(const Table& table) {
  const Column* delay = nullptr;
  const Column* loss = nullptr;
  for (const Column& column : table.columns) {
    if (column.name == "time_s")
      return Fault{table.line, "is the first line of a trace already",
                   "name the file in trace: as it is"};
    if (column.kind != Kind::latency && column.kind != Kind::loss) continue;
    const Column*& known = column.kind == Kind::latency ? delay : loss;
    if (known != nullptr)
      return Fault{table.line,
                   "has two columns of " + std::string(known == delay ? "latency" : "loss") + ", " +
                       quoted(known->name) + " and " + quoted(column.name),
                   "leave one of them in"};
    known = &column;
  }
  if (delay != nullptr || loss != nullptr) return std::nullopt;
  return Fault{table.line, "names no column of loss or latency",
               "name them in the first line, such as \"time,loss (%),latency (ms)\""};
}

// A cell without the unit that may stand behind its number, and with a point in it.
std::string bare(std::string cell, std::string_view unit, char mark) {
  if (lowered(cell).ends_with(unit)) cell.resize(cell.size() - unit.size());
  const auto comma = cell.find(',');
  if (mark != ',' && comma != std::string::npos) cell[comma] = '.';
  return std::string(stripped(cell));
}

bool isMissing(const std::string& cell) {
  const std::string low = lowered(cell);
  return low.empty() || low == "-" || low == "n/a" || low == "na" || low == "nan" || low == "null";
}

std::optional<Ratio> lossOf(const std::string& cell, const Column& column, char mark) {
  const std::string number = bare(cell, "%", mark);
  if (number.empty() || number.find_first_not_of("0123456789.eE+-") != std::string::npos)
    return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  const bool share = column.share && cell.find('%') == std::string::npos;
  if (*end != '\0' || !(value >= 0 && value <= (share ? 1 : 100))) return std::nullopt;
  return Ratio::fromDouble(share ? value : value / 100);
}

std::optional<Duration> delayOf(const std::string& cell, const Column& column, char mark) {
  const auto delay = decimal(bare(cell, "ms", mark), column.unit);
  if (!delay) return std::nullopt;
  const Duration one = column.oneWay ? *delay : *delay / 2;
  return one <= kLongestDelay ? std::optional(one) : std::nullopt;
}

std::optional<Duration> timeOf(const std::string& cell, const Column& column, char mark) {
  if (const auto time = clockTime(cell)) return time;
  return decimal(bare(cell, "s", mark), column.unit);
}

// The row, or what is wrong with it; times are as they are written.
Result<Row> rowOf(const std::vector<std::string>& cells, const Table& table, int line) {
  if (cells.size() != table.columns.size())
    return Fault{line,
                 "has " + std::to_string(cells.size()) + " cells, and the first line names " +
                     std::to_string(table.columns.size()) + " columns",
                 "write as many, or leave the line out"};
  Row row;
  const auto fault = [line](const std::string& cell, const Column& column, const char* advice) {
    return Fault{line, quoted(cell) + " is no " + quoted(column.name), advice};
  };
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.kind == Kind::time) {
      const auto time = timeOf(cells[i], column, table.mark);
      if (!time) return fault(cells[i], column, "write seconds, or \"2026-11-27 17:03:05\"");
      row.at = *time;
    } else if (column.kind == Kind::loss) {
      row.loss = lossOf(cells[i], column, table.mark);
      if (!row.loss)
        return fault(cells[i], column,
                     column.share ? "write a number from 0 to 1" : "write a number from 0 to 100");
    } else if (column.kind == Kind::latency && !isMissing(cells[i])) {
      row.delay = delayOf(cells[i], column, table.mark);
      if (!row.delay)
        return fault(cells[i], column, "write a number of at most 10 s one way, or nothing");
    }
  }
  // Of packets that are all lost, tools write a latency of 0.
  if (row.loss == Ratio::percent(100) && row.delay == Duration{}) row.delay.reset();
  return row;
}

// What is not known is as it was in the row before, or, of the first rows, as in the first known.
bool fillDelays(std::vector<Row>& rows) {
  std::optional<Duration> known;
  for (const Row& row : rows) {
    if (!known) known = row.delay;
  }
  for (Row& row : rows) {
    if (row.delay) known = row.delay;
    row.delay = known;
  }
  return known.has_value();
}

}  // namespace

bool isTable(std::string_view text) {
  const auto table = tableOf(split(text, '\n'));
  return table && std::any_of(table->columns.begin(), table->columns.end(),
                              [](const Column& column) { return column.kind != Kind::other; });
}

bool hasTimes(std::string_view text) {
  const auto table = tableOf(split(text, '\n'));
  return table && table->timed;
}

Result<Measurement> readAssessment(std::string_view text, Duration step) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const auto table = tableOf(lines);
  if (!table)
    return Fault{1, "is no first line of a table",
                 "name its columns, such as \"time,loss (%),latency (ms)\""};
  if (const auto fault = faultOf(*table)) return *fault;
  const auto has = [&table](Kind kind) {
    return std::any_of(table->columns.begin(), table->columns.end(),
                       [kind](const Column& column) { return column.kind == kind; });
  };
  Measurement measured;
  Duration begin, midnights;
  Duration length = step;  // of the last row: as that of the one before
  for (auto line = static_cast<std::size_t>(table->line); line < lines.size(); ++line) {
    if (lines[line].empty()) continue;
    const int number = static_cast<int>(line) + 1;
    const auto read = rowOf(cellsOf(lines[line], table->mark), *table, number);
    if (const auto* fault = std::get_if<Fault>(&read)) return *fault;
    Row row = std::get<Row>(read);
    if (!table->timed) row.at = step * static_cast<std::int64_t>(measured.rows.size());
    if (measured.rows.empty()) begin = row.at;
    row.at = row.at - begin + midnights;
    if (!measured.rows.empty()) {
      const Duration before = measured.rows.back().at;
      // A time of day without the day: past midnight it begins anew.
      if (before - row.at > Duration::s(12 * 3600) && begin < Duration::s(24 * 3600)) {
        midnights += Duration::s(24 * 3600);
        row.at += Duration::s(24 * 3600);
      }
      if (row.at <= before)
        return Fault{number, "is not later than the row before", "sort the rows by their time"};
      length = row.at - before;
    }
    if (row.at + length > kLongest)
      return Fault{number, "is more than 48 h after the first row, which is the most of a trace",
                   "cut the table in pieces"};
    measured.rows.push_back(row);
  }
  if (measured.rows.empty())
    return Fault{table->line, "has no rows below it", "write one for each time that was measured"};
  if (has(Kind::latency) && !fillDelays(measured.rows))
    return Fault{0, "has no latency in any row",
                 "leave the column out, or write what was measured"};
  measured.end = measured.rows.back().at + length;
  if (has(Kind::jitter)) measured.notes.push_back("jitter is left out: a trace has none");
  if (!table->timed)
    measured.notes.push_back("rows have no times and were taken as " + toText(step) + " apart");
  return measured;
}

}  // namespace callflow::measurement
