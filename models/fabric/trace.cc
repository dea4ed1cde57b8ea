#include "models/fabric/trace.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "models/fabric/parameters.h"

namespace callflow::fabric {
namespace {

constexpr double kLongestSeconds = 48 * 3600;
constexpr double kFastestKbps = 1e8;  // 100 Gbit/s
constexpr double kLongestDelayMs = 10'000;

ParsedTrace fault(int line, std::string problem) {
  return {nullptr, line, std::move(problem)};
}

std::string_view stripped(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.push_back(stripped(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<double> numberOf(std::string_view text, double least, double most) {
  const std::string copy(text);
  if (copy.empty() || copy.find_first_not_of("0123456789.+-eE") != std::string::npos) return {};
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (*end != '\0' || !(value >= least && value <= most)) return {};
  return value;
}

Duration seconds(double value) {
  return Duration::ns(std::llround(value * 1e9));
}

// One row of a CSV; a problem if there is one.
std::string readRow(const std::vector<std::string_view>& columns,
                    const std::vector<std::string_view>& cells, TraceStep& step) {
  if (cells.size() != columns.size())
    return "has " + std::to_string(cells.size()) + " cells, and the first line names " +
           std::to_string(columns.size()) + " columns";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string_view column = columns[i];
    const double most = column == "time_s"      ? kLongestSeconds
                        : column == "rate_kbps" ? kFastestKbps
                        : column == "delay_ms"  ? kLongestDelayMs
                                                : 100.0;
    const auto value = numberOf(cells[i], 0, most);
    if (!value)
      return "\"" + std::string(cells[i]) + "\" is no " + std::string(column) +
             "; write a number from 0 to " + std::to_string(std::llround(most));
    if (column == "time_s") step.at = seconds(*value);
    if (column == "rate_kbps") step.rate = DataRate::bitsPerSecond(std::llround(*value * 1000));
    if (column == "delay_ms") step.delay = seconds(*value / 1000);
    if (column == "loss_percent") step.loss = Ratio::fromDouble(*value / 100);
  }
  return {};
}

ParsedTrace parseCsv(const std::vector<std::string_view>& lines, std::size_t first) {
  const std::vector<std::string_view> columns = split(lines[first], ',');
  bool timed = false;
  for (const std::string_view column : columns) {
    timed |= column == "time_s";
    if (column != "time_s" && column != "rate_kbps" && column != "delay_ms" &&
        column != "loss_percent")
      return fault(static_cast<int>(first) + 1,
                   "\"" + std::string(column) +
                       "\" is no column of a trace; they are time_s, rate_kbps, delay_ms and "
                       "loss_percent");
  }
  if (!timed || columns.size() < 2)
    return fault(static_cast<int>(first) + 1, "names no time_s, or nothing beside it");
  auto trace = std::make_shared<Trace>();
  Duration begin;
  for (std::size_t i = first + 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    if (trace->period > Duration{})
      return fault(static_cast<int>(i),
                   "gives a time alone, which ends a recording, but more rows "
                   "follow");
    TraceStep step;
    if (const auto end =
            trace->steps.empty() ? std::nullopt : numberOf(lines[i], 0, kLongestSeconds)) {
      trace->period = seconds(*end) - begin;
      if (trace->period <= trace->steps.back().at)
        return fault(static_cast<int>(i) + 1, "is not later than the line before");
      continue;
    }
    const std::string problem = readRow(columns, split(lines[i], ','), step);
    if (!problem.empty()) return fault(static_cast<int>(i) + 1, problem);
    if (trace->steps.empty()) begin = step.at;
    step.at = step.at - begin;
    if (!trace->steps.empty() && step.at <= trace->steps.back().at)
      return fault(static_cast<int>(i) + 1, "is not later than the line before");
    trace->steps.push_back(step);
  }
  if (trace->period > Duration{}) return {trace};
  if (trace->steps.size() < 2)
    return fault(static_cast<int>(lines.size()), "has fewer than two rows below its first line");
  const Duration last = trace->steps.back().at;
  trace->period = last + (last - trace->steps[trace->steps.size() - 2].at);
  return {trace};
}

ParsedTrace parseMahimahi(const std::vector<std::string_view>& lines) {
  constexpr std::int64_t kWindowMs = 100;
  constexpr std::int64_t kBits = 1500 * 8;
  std::vector<std::int64_t> windows;  // opportunities in each
  std::int64_t before = 0;
  bool any = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].front() == '#') continue;
    const auto value = numberOf(lines[i], 0, kLongestSeconds * 1000);
    if (!value || *value != std::floor(*value))
      return fault(static_cast<int>(i) + 1, "\"" + std::string(lines[i].substr(0, 40)) +
                                                "\" is no whole number of milliseconds, as each "
                                                "line of mahimahi's format is");
    const auto ms = static_cast<std::int64_t>(*value);
    if (ms < before) return fault(static_cast<int>(i) + 1, "is earlier than the line before");
    before = ms;
    any = true;
    // A line that says 1 stands for the millisecond that ends then, and 0 for the first one.
    const auto window = static_cast<std::size_t>((ms > 0 ? ms - 1 : 0) / kWindowMs);
    if (windows.size() <= window) windows.resize(window + 1);
    ++windows[window];
  }
  if (!any || before == 0) return fault(1, "gives no time at which a packet may leave");
  auto trace = std::make_shared<Trace>();
  trace->period = Duration::ms(before);
  std::size_t begin = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i] == 0) continue;  // what comes waits for the next that may leave
    const std::int64_t from = static_cast<std::int64_t>(begin) * kWindowMs;
    const std::int64_t to = std::min(static_cast<std::int64_t>(i + 1) * kWindowMs, before);
    trace->steps.push_back(
        {Duration::ms(from), DataRate::bitsPerSecond(windows[i] * kBits * 1000 / (to - from))});
    begin = i + 1;
  }
  return {trace};
}

// A whole number of millionths or the like as a decimal number without trailing zeros.
std::string decimal(std::int64_t value, std::int64_t unit) {
  std::string text = std::to_string(value / unit);
  std::int64_t rest = value % unit;
  if (rest != 0) text += '.';
  for (; rest != 0; rest %= unit) {
    rest *= 10;
    text += static_cast<char>('0' + rest / unit);
  }
  return text;
}

}  // namespace

bool TraceFile::operator==(const TraceFile& other) const {
  return trace && other.trace ? *trace == *other.trace : path == other.path;
}

std::string traceText(const Trace& trace) {
  constexpr std::int64_t kNsInSecond = 1'000'000'000;
  const TraceStep& first = trace.steps.front();
  std::string text = "time_s";
  if (first.rate) text += ",rate_kbps";
  if (first.delay) text += ",delay_ms";
  if (first.loss) text += ",loss_percent";
  for (const TraceStep& step : trace.steps) {
    text += ';' + decimal(step.at.count(), kNsInSecond);
    if (step.rate) text += ',' + decimal(step.rate->count(), 1000);
    if (step.delay) text += ',' + decimal(step.delay->count(), 1'000'000);
    if (step.loss) text += ',' + decimal(step.loss->count(), 10'000'000);
  }
  return text + ';' + decimal(trace.period.count(), kNsInSecond);
}

bool isTraceText(std::string_view text) {
  return text.starts_with("time_s") && text.find_first_of(";\n") != std::string_view::npos;
}

ParsedTrace parseTrace(std::string_view text) {
  const bool oneLine = isTraceText(text) && text.find('\n') == std::string_view::npos;
  const std::vector<std::string_view> lines = split(text, oneLine ? ';' : '\n');
  std::size_t first = 0;
  while (first < lines.size() && (lines[first].empty() || lines[first].front() == '#')) ++first;
  if (first == lines.size()) return fault(1, "is empty");
  const char head = lines[first].front();
  const bool words = (head >= 'a' && head <= 'z') || (head >= 'A' && head <= 'Z');
  return words || lines[first].find(',') != std::string_view::npos ? parseCsv(lines, first)
                                                                   : parseMahimahi(lines);
}

}  // namespace callflow::fabric
