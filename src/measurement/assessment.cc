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
  Duration unit;           // of a latency, or of a time in numbers
  bool oneWay = false;     // of a latency
  bool roundTrip = false;  // its name says so
  bool share = false;      // of loss: from 0 to 1
  bool guessed = false;    // of loss: its name does not say so
  std::size_t at = 0;      // in the line of the names
};

struct Table {
  char mark = ',';  // between cells
  int line = 0;     // of the names
  int indent = 1;   // the column of the file in which that line begins
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
  const bool percent = name.find('%') != std::string_view::npos || hasAny(words, {"percent"});
  column.roundTrip = hasAny(words, {" rtt", "rtt ", "round trip", "roundtrip"});
  column.oneWay = !column.roundTrip && hasAny(words, {"one way", "oneway", "delay"});
  if (hasAny(words, {"jitter"})) {
    column.kind = Kind::jitter;
  } else if (hasAny(words, {"loss"}) || (percent && hasAny(words, {" lost "}))) {
    column.kind = Kind::loss;
    column.share = !percent && hasAny(words, {"ratio", "fraction"});
    column.guessed = !percent && !column.share;
  } else if (column.oneWay || column.roundTrip ||
             hasAny(words, {"latency", "response", " ping "})) {
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

struct Cell {
  std::string text;
  std::size_t at = 0;  // in its line
};

// Cells of a row; one in quotes may hold the mark.
std::vector<Cell> cellsOf(std::string_view line, char mark) {
  std::vector<Cell> cells(1);
  bool inQuotes = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '"')
      inQuotes = !inQuotes;
    else if (c == mark && !inQuotes)
      cells.push_back({"", at + 1});
    else
      cells.back().text += c;
  }
  for (Cell& cell : cells) cell.text = std::string(stripped(cell.text));
  return cells;
}

std::optional<Table> tableOf(std::string_view text, const std::vector<std::string_view>& lines) {
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
  table.indent = columnIn(text, *first);
  for (const Cell& name : cellsOf(*first, table.mark)) {
    Column column = columnOf(name.text);
    column.at = name.at;
    // A start and an end: the first is the one.
    if (column.kind == Kind::time && std::exchange(table.timed, true)) column.kind = Kind::other;
    table.columns.push_back(std::move(column));
  }
  return table;
}

// Two columns of a kind, or none of delay and loss.
Faults faultsOf(const Table& table) {
  Faults faults;
  const auto fault = [&](std::size_t at, std::string problem, std::string advice) {
    faults.push_back(
        {table.line, std::move(problem), std::move(advice), table.indent + static_cast<int>(at)});
  };
  const Column* delay = nullptr;
  const Column* loss = nullptr;
  for (const Column& column : table.columns) {
    if (column.name == "time_s") {
      fault(column.at, "is the first line of a trace already", "name the file in trace: as it is");
      return faults;
    }
    if (column.kind != Kind::latency && column.kind != Kind::loss) continue;
    const Column*& known = column.kind == Kind::latency ? delay : loss;
    if (known != nullptr)
      fault(column.at,
            "is a second column of " +
                std::string(column.kind == Kind::latency ? "latency" : "loss") + ", " +
                quoted(column.name) + " after " + quoted(known->name),
            "leave one of them in");
    else
      known = &column;
  }
  if (delay == nullptr && loss == nullptr)
    fault(0, "names no column of loss or latency",
          "name them in the first line, such as \"time,loss (%),latency (ms)\"");
  return faults;
}

// A cell's number with a point in it, without the unit that may stand behind it.
std::string bare(std::string cell, std::string_view unit, char mark) {
  if (lowered(cell).ends_with(unit)) cell.resize(cell.size() - unit.size());
  const auto comma = cell.find(',');
  if (mark != ',' && comma != std::string::npos) cell[comma] = '.';
  return std::string(stripped(cell));
}

// A time with a unit behind it, or else of the column's.
std::optional<Duration> timeIn(const std::string& cell, Duration unit, char mark) {
  struct Unit {
    std::string_view name;
    Duration unit;
  };
  for (const auto& [name, own] :
       {Unit{"ms", Duration::ms(1)}, Unit{"us", Duration::us(1)}, Unit{"s", Duration::s(1)}}) {
    if (lowered(cell).ends_with(name)) return decimal(bare(cell, name, mark), own);
  }
  return decimal(bare(cell, "", mark), unit);
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
  const auto delay = timeIn(cell, column.unit, mark);
  if (!delay) return std::nullopt;
  const Duration one = column.oneWay ? *delay : *delay / 2;
  return one <= kLongestDelay ? std::optional(one) : std::nullopt;
}

std::optional<Duration> timeOf(const std::string& cell, const Column& column, char mark) {
  if (const auto time = clockTime(cell)) return time;
  constexpr Duration kLast = Duration::s(4'000'000'000);  // since 1970: in 2096
  const auto time = timeIn(cell, column.unit, mark);
  return time && *time <= kLast ? time : std::nullopt;
}

// Reads the value of a cell into its row, or says what to write.
std::optional<std::string> take(const std::string& cell, const Column& column, char mark,
                                Row& row) {
  if (column.kind == Kind::time) {
    const auto time = timeOf(cell, column, mark);
    if (!time) return "write seconds, or \"2026-11-27 17:03:05\"";
    row.at = *time;
  } else if (column.kind == Kind::loss && !isMissing(cell)) {
    row.loss = lossOf(cell, column, mark);
    if (!row.loss)
      return std::string("write a number from 0 to ") + (column.share ? "1" : "100") +
             ", or nothing where nothing was measured";
  } else if (column.kind == Kind::latency && !isMissing(cell)) {
    row.delay = delayOf(cell, column, mark);
    if (!row.delay)
      return std::string("write a number of ") +
             (column.unit == Duration::ms(1)   ? "milliseconds"
              : column.unit == Duration::us(1) ? "microseconds"
                                               : "seconds") +
             ", at most " + (column.oneWay ? "10 s" : "20 s") +
             ", or nothing where nothing was measured";
  }
  return std::nullopt;
}

// The row, or what is wrong with it; times are as they are written.
Result<Row> rowOf(const std::vector<Cell>& cells, const Table& table, int line, int indent) {
  if (cells.size() != table.columns.size())
    return Faults{{line,
                   "has " + std::to_string(cells.size()) + " cells, and the first line names " +
                       std::to_string(table.columns.size()) + " columns",
                   "write as many, or leave the line out", indent}};
  Row row;
  Faults faults;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto advice = take(cells[i].text, table.columns[i], table.mark, row);
    if (advice)
      faults.push_back({line, quoted(cells[i].text) + " is no " + quoted(table.columns[i].name),
                        *advice, indent + static_cast<int>(cells[i].at)});
  }
  if (!faults.empty()) return faults;
  // Of packets that are all lost, tools write a latency of 0.
  if (row.loss == Ratio::percent(100) && row.delay == Duration{}) row.delay.reset();
  return row;
}

// What is not known is as it was in the row before, or, of the first rows, as in the first known.
// False if no row knows.
template <class T>
bool fill(std::vector<Row>& rows, std::optional<T> Row::*value) {
  const auto first = std::find_if(rows.begin(), rows.end(),
                                  [value](const Row& row) { return (row.*value).has_value(); });
  if (first == rows.end()) return false;
  std::optional<T> known = (*first).*value;
  for (Row& row : rows) {
    if (row.*value) known = row.*value;
    row.*value = known;
  }
  return true;
}

// Rows one after the other, with times from the first on.
class Rows {
 public:
  Rows(bool timed, Duration step) : timed_(timed), step_(step), length_(step) {}

  // Takes a row in, or says what is wrong with its time.
  std::optional<Fault> add(Row row) {
    constexpr Duration kDay = Duration::s(24 * 3600);
    if (!timed_) row.at = times(step_, static_cast<std::int64_t>(rows_.size()));
    if (rows_.empty()) begin_ = row.at;
    row.at = row.at - begin_ + midnights_;
    if (!rows_.empty()) {
      const Duration before = rows_.back().at;
      // A time of day without the day: past midnight it begins anew.
      if (before - row.at > kDay / 2 && begin_ < kDay) {
        midnights_ += kDay;
        row.at += kDay;
      }
      if (row.at <= before)
        return Fault{0, "is not later than the row before", "sort the rows by their time"};
      length_ = row.at - before;
    }
    if (row.at + length_ > kLongest)
      return Fault{0, "is more than 48 h after the first row, which is the most of a trace",
                   "cut the table in pieces"};
    rows_.push_back(row);
    return std::nullopt;
  }

  // The last one lasts as long as the one before.
  Measurement measurement() const {
    return {.rows = rows_, .end = rows_.back().at + length_, .notes = {}};
  }
  bool empty() const { return rows_.empty(); }

 private:
  bool timed_;
  Duration step_, length_, begin_, midnights_;
  std::vector<Row> rows_;
};

bool has(const Table& table, Kind kind) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [kind](const Column& column) { return column.kind == kind; });
}

// What the rows say of a column, if there is one, in each of them.
Faults complete(const Table& table, Measurement& measured) {
  Faults faults;
  const auto nothing = [&](std::string_view what) {
    faults.push_back({0, "has no " + std::string(what) + " in any row",
                      "leave the column out, or write what was measured"});
  };
  if (has(table, Kind::latency) && !fill(measured.rows, &Row::delay)) nothing("latency");
  if (has(table, Kind::loss) && !fill(measured.rows, &Row::loss)) nothing("loss");
  return faults;
}

}  // namespace

bool isTable(std::string_view text) {
  const auto table = tableOf(text, split(text, '\n'));
  return table && std::any_of(table->columns.begin(), table->columns.end(),
                              [](const Column& column) { return column.kind != Kind::other; });
}

bool hasTimes(std::string_view text) {
  const auto table = tableOf(text, split(text, '\n'));
  return table && table->timed;
}

Result<Measurement> readAssessment(std::string_view text, Duration step) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const auto table = tableOf(text, lines);
  if (!table)
    return Faults{{1, "is no first line of a table",
                   "name its columns, such as \"time,loss (%),latency (ms)\""}};
  Faults faults = faultsOf(*table);
  if (!faults.empty()) return faults;
  Rows rows(table->timed, step);
  for (auto line = static_cast<std::size_t>(table->line); line < lines.size(); ++line) {
    if (lines[line].empty()) continue;
    const int number = static_cast<int>(line) + 1;
    const int indent = columnIn(text, lines[line]);
    const auto read = rowOf(cellsOf(lines[line], table->mark), *table, number, indent);
    if (const auto* wrong = std::get_if<Faults>(&read)) {
      faults.insert(faults.end(), wrong->begin(), wrong->end());
    } else if (auto fault = rows.add(std::get<Row>(read))) {
      fault->line = number;
      fault->column = indent;
      faults.push_back(*std::move(fault));
    }
  }
  if (faults.empty() && rows.empty())
    return Faults{
        {table->line, "has no rows below it", "write one for each time that was measured"}};
  if (!faults.empty()) return faults;
  Measurement measured = rows.measurement();
  faults = complete(*table, measured);
  if (!faults.empty()) return faults;
  if (has(*table, Kind::jitter)) measured.notes.push_back("jitter is left out: a trace has none");
  for (const Column& column : table->columns) {
    if (column.kind == Kind::loss && column.guessed)
      measured.notes.push_back(quoted(column.name) +
                               " was taken as percent; if 1 is all of it, name it loss ratio");
  }
  for (const Column& column : table->columns) {
    if (column.kind != Kind::latency || column.oneWay) continue;
    measured.notes.push_back(
        quoted(column.name) + " was taken as a round trip, and half of it is the delay" +
        (column.roundTrip ? "" : "; if it is one way, name it one-way delay") +
        (has(*table, Kind::loss) ? "; loss was taken as that of one way" : ""));
  }
  if (!table->timed)
    measured.notes.push_back("rows have no times and were taken as " + toText(step) + " apart");
  return measured;
}

}  // namespace callflow::measurement
