#include "src/results/run_files.h"

#include <fmt/format.h>

#include <array>

#include "src/results/csv.h"
#include "src/results/json.h"
#include "src/results/number.h"

namespace callflow::results {

namespace {

using metrics::RunRecord;
using metrics::StreamRecord;

constexpr std::array<std::string_view, 4> fateNames = {"played", "late", "lost", "in-flight"};

constexpr std::int64_t nsPerBin = 100'000;  // of delay_histogram

// Every table names its stream in full, so that each is of use alone; `stream` is the place in
// run.json.
const std::vector<std::string> streamColumns = {"stream", "call", "from", "to", "medium"};

std::vector<std::string> header(std::vector<std::string> more) {
  std::vector<std::string> all = streamColumns;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<std::string> metricColumns(std::vector<std::string> before) {
  for (const metrics::Metric& m : metrics::allMetrics()) before.push_back(columnName(m));
  return header(std::move(before));
}

std::vector<std::string> key(const RunRecord& run, const StreamRecord& s) {
  return {std::to_string(&s - run.streams.data()), s.call, s.from, s.to, s.medium};
}

void add(std::vector<std::string>& row, const metrics::Values& values) {
  for (const metrics::Metric& m : metrics::allMetrics()) {
    row.push_back(numberText(values[m.id] * m.scale));
  }
}

std::string runJson(const RunRecord& run) {
  Json streams = Json::array();
  for (const StreamRecord& s : run.streams) {
    Json attempts = Json::array();
    for (const auto& a : s.attempts) attempts.push_back(jsonOf(a));
    Json legs = Json::array();
    for (const auto& l : s.legs) legs.push_back(jsonOf(l));
    streams.push_back({{"call", s.call},
                       {"from", s.from},
                       {"to", s.to},
                       {"medium", s.medium},
                       {"path", s.path},
                       {"transport", s.transport},
                       {"attempts", attempts},
                       {"legs", legs},
                       {"poor_by_dashboard", s.poor_by_dashboard},
                       {"poor_by_insights", s.poor_by_insights},
                       {"played", s.played},
                       {"total_delay_ns", s.total_delay.count()}});
  }
  Json failed = Json::array();
  for (const auto& f : run.failed_calls) {
    failed.push_back(
        {{"call", f.call}, {"code", f.code}, {"subcode", f.subcode}, {"reasons", f.reasons}});
  }
  Json links = Json::array();
  for (const auto& l : run.links) {
    links.push_back({{"link", l.link},
                     {"sent", l.sent},
                     {"lost", l.lost},
                     {"queue_drops", l.queue_drops},
                     {"busy_ns", l.busy.count()}});
  }
  Json drops = Json::array();
  for (const auto& d : run.drops) {
    drops.push_back({{"element", d.element}, {"reason", d.reason}, {"packets", d.packets}});
  }
  return jsonText({{"schema", schemaJson("run")},
                   {"variant", run.variant},
                   {"replication", run.replication},
                   {"seed", run.seed},
                   {"complete", run.complete},
                   {"simulated_ns", run.simulated.count()},
                   {"streams", streams},
                   {"failed_calls", failed},
                   {"links", links},
                   {"drops", drops}});
}

// One cell of a table, with its file and row for messages.
template <class T>
T need(const std::optional<T>& value, const CsvTable& table, std::size_t row,
       std::string_view text) {
  if (!value) {
    throw ResultError(
        fmt::format("{}: row {}: \"{}\" is not a number", table.file().string(), row + 1, text));
  }
  return *value;
}

// The files of one run.
struct Texts {
  const FileTexts& files;
  const std::filesystem::path& directory;  // for messages

  const std::string* find(std::string_view name) const {
    for (const auto& [file, text] : files)
      if (file == name) return &text;
    return nullptr;
  }
};

class Rows {
 public:
  Rows(const Texts& texts, std::string_view name, RunRecord& run)
      : table_(CsvTable::parse(*texts.find(name), texts.directory / name)),
        run_(run),
        stream_(table_.needColumn("stream")) {}

  const CsvTable& table() const { return table_; }
  std::size_t size() const { return table_.rows().size(); }
  const std::string& text(std::size_t row, std::size_t column) const {
    return table_.rows()[row][column];
  }
  long long integer(std::size_t row, std::size_t column) const {
    return need(integerFrom(text(row, column)), table_, row, text(row, column));
  }
  Duration duration(std::size_t row, std::size_t column) const {
    return need(millisecondsFrom(text(row, column)), table_, row, text(row, column));
  }
  TimePoint time(std::size_t row, std::size_t column) const {
    return text(row, column).empty() ? TimePoint::max() : TimePoint::at(duration(row, column));
  }
  StreamRecord& stream(std::size_t row) const {
    const long long index = integer(row, stream_);
    if (index < 0 || static_cast<std::size_t>(index) >= run_.streams.size()) {
      throw ResultError(
          fmt::format("{}: row {}: there is no stream {}", table_.file().string(), row + 1, index));
    }
    return run_.streams[static_cast<std::size_t>(index)];
  }
  metrics::Values values(std::size_t row, const std::vector<std::size_t>& columns) const {
    metrics::Values values;
    for (const metrics::Metric& m : metrics::allMetrics()) {
      const std::size_t c = columns[static_cast<std::size_t>(m.id)];
      if (c == CsvTable::absent) continue;
      values[m.id] = need(numberFrom(text(row, c)), table_, row, text(row, c)) / m.scale;
    }
    return values;
  }
  // Where each metric stands; absent for those that the writer did not know.
  std::vector<std::size_t> metricColumns() const {
    std::vector<std::size_t> columns(metrics::metricCount, CsvTable::absent);
    for (const metrics::Metric& m : metrics::allMetrics()) {
      columns[static_cast<std::size_t>(m.id)] = table_.column(columnName(m));
    }
    return columns;
  }

 private:
  CsvTable table_;
  RunRecord& run_;
  std::size_t stream_;
};

void readTables(const Texts& texts, RunRecord& run) {
  {
    const Rows rows(texts, "streams.csv", run);
    const auto columns = rows.metricColumns();
    for (std::size_t i = 0; i < rows.size(); ++i) rows.stream(i).totals = rows.values(i, columns);
  }
  {
    const Rows rows(texts, "timeseries.csv", run);
    const auto columns = rows.metricColumns();
    const auto start = rows.table().needColumn("start[ms]");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows.stream(i).windows.push_back({rows.duration(i, start), rows.values(i, columns)});
    }
  }
  {
    const Rows rows(texts, "budget.csv", run);
    const auto cause = rows.table().needColumn("cause");
    const auto element = rows.table().needColumn("element");
    const auto sum = rows.table().needColumn("sum[ms]");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t c = 0; c < metrics::delayCauseCount; ++c) {
        if (metrics::name(static_cast<metrics::DelayCause>(c)) != rows.text(i, cause)) continue;
        rows.stream(i).budget.push_back(
            {static_cast<metrics::DelayCause>(c), rows.text(i, element), rows.duration(i, sum)});
      }
    }
  }
  {
    const Rows rows(texts, "histogram.csv", run);
    const auto delay = rows.table().needColumn("delay_from[ms]");
    const auto frames = rows.table().needColumn("frames");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows.stream(i).delay_histogram.emplace_back(
          static_cast<std::int32_t>(rows.duration(i, delay).count() / nsPerBin),
          rows.integer(i, frames));
    }
  }
}

void readTraces(const Texts& texts, RunRecord& run) {
  if (texts.find("trace.csv") == nullptr) return;
  {
    const Rows rows(texts, "trace.csv", run);
    const CsvTable& t = rows.table();
    const auto sequence = t.needColumn("sequence");
    const auto sent = t.needColumn("sent[ms]");
    const auto first = t.needColumn("first_transmission[ms]");
    const auto copies = t.needColumn("copies");
    const auto arrived = t.needColumn("arrived[ms]");
    const auto received = t.needColumn("received[ms]");
    const auto played = t.needColumn("played[ms]");
    const auto fate = t.needColumn("fate");
    const auto target = t.column("jitter_buffer_target[ms]");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      metrics::FrameTrace frame;
      frame.sequence = rows.integer(i, sequence);
      frame.sent = rows.time(i, sent);
      frame.first_transmission = rows.time(i, first);
      frame.copies = static_cast<std::int32_t>(rows.integer(i, copies));
      frame.arrived = rows.time(i, arrived);
      frame.received = rows.time(i, received);
      frame.played = rows.time(i, played);
      if (target != CsvTable::absent) {
        frame.jitter_buffer_target = rows.duration(i, target);
      }
      for (std::size_t f = 0; f < fateNames.size(); ++f) {
        if (fateNames[f] == rows.text(i, fate)) frame.fate = static_cast<metrics::FrameFate>(f);
      }
      rows.stream(i).trace.push_back(frame);
    }
  }
  if (texts.find("crossings.csv") == nullptr) return;
  const Rows rows(texts, "crossings.csv", run);
  const CsvTable& t = rows.table();
  const auto sequence = t.needColumn("sequence");
  const auto leg = t.needColumn("leg");
  const auto copy = t.needColumn("copy");
  const auto sent = t.needColumn("sent[ms]");
  const auto arrived = t.needColumn("arrived[ms]");
  const auto delivered = t.needColumn("delivered[ms]");
  const auto lost = t.needColumn("lost_at");
  std::size_t frame =
      0;  // written in order of stream and frame: the next one is at or after the last
  StreamRecord* stream = nullptr;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    StreamRecord& s = rows.stream(i);
    if (&s != stream) frame = 0;
    stream = &s;
    const long long number = rows.integer(i, sequence);
    while (frame < s.trace.size() && s.trace[frame].sequence != number) ++frame;
    if (frame == s.trace.size()) {
      throw ResultError(
          fmt::format("{}: row {}: trace.csv has no frame {}", t.file().string(), i + 1, number));
    }
    metrics::LegCrossing c;
    c.leg = static_cast<std::int32_t>(rows.integer(i, leg));
    c.copy = static_cast<std::int32_t>(rows.integer(i, copy));
    c.sent = rows.time(i, sent);
    c.arrived = rows.time(i, arrived);
    c.delivered = rows.time(i, delivered);
    c.lost_at = rows.text(i, lost);
    s.trace[frame].crossings.push_back(std::move(c));
  }
}

void writeTraces(const RunRecord& run, FileTexts& files) {
  CsvWriter trace(header({"sequence", "sent[ms]", "first_transmission[ms]", "copies", "arrived[ms]",
                          "received[ms]", "played[ms]", "fate", "jitter_buffer_target[ms]"}));
  CsvWriter crossings(
      header({"sequence", "leg", "copy", "sent[ms]", "arrived[ms]", "delivered[ms]", "lost_at"}));
  bool traced = false;
  bool crossed = false;
  for (const StreamRecord& s : run.streams) {
    for (const metrics::FrameTrace& f : s.trace) {
      auto row = key(run, s);
      row.insert(row.end(), {std::to_string(f.sequence), millisecondsText(f.sent),
                             millisecondsText(f.first_transmission), std::to_string(f.copies),
                             millisecondsText(f.arrived), millisecondsText(f.received),
                             millisecondsText(f.played), std::string{name(f.fate)},
                             millisecondsText(f.jitter_buffer_target)});
      trace.row(row);
      traced = true;
      for (const metrics::LegCrossing& c : f.crossings) {
        auto crossing = key(run, s);
        crossing.insert(crossing.end(),
                        {std::to_string(f.sequence), std::to_string(c.leg), std::to_string(c.copy),
                         millisecondsText(c.sent), millisecondsText(c.arrived),
                         millisecondsText(c.delivered), c.lost_at});
        crossings.row(crossing);
        crossed = true;
      }
    }
  }
  if (traced) files.emplace_back("trace.csv", trace.text());
  if (crossed) files.emplace_back("crossings.csv", crossings.text());
}

}  // namespace

std::string_view name(metrics::FrameFate fate) {
  return fateNames[static_cast<std::size_t>(fate)];
}

std::string columnName(const metrics::Metric& metric) {
  return metric.unit.empty() ? std::string{metric.name}
                             : fmt::format("{}[{}]", metric.name, metric.unit);
}

FileTexts runFiles(const RunRecord& run) {
  CsvWriter streams(metricColumns({"path", "transport", "played", "total_delay[ms]"}));
  CsvWriter series(metricColumns({"start[ms]"}));
  CsvWriter budget(header({"cause", "element", "sum[ms]", "mean[ms]"}));
  CsvWriter histogram(header({"delay_from[ms]", "delay_to[ms]", "frames"}));
  for (const StreamRecord& s : run.streams) {
    auto row = key(run, s);
    row.insert(row.end(),
               {s.path, s.transport, std::to_string(s.played), millisecondsText(s.total_delay)});
    add(row, s.totals);
    streams.row(row);
    for (const metrics::Window& w : s.windows) {
      auto line = key(run, s);
      line.push_back(millisecondsText(w.start));
      add(line, w.values);
      series.row(line);
    }
    for (const metrics::BudgetPart& b : s.budget) {
      auto line = key(run, s);
      line.insert(
          line.end(),
          {std::string{metrics::name(b.cause)}, b.element, millisecondsText(b.sum),
           s.played == 0 ? std::string{}
                         : numberText(b.sum.milliseconds() / static_cast<double>(s.played))});
      budget.row(line);
    }
    for (const auto& [bin, frames] : s.delay_histogram) {
      auto line = key(run, s);
      line.insert(line.end(),
                  {millisecondsText(Duration::ns(bin * nsPerBin)),
                   millisecondsText(Duration::ns((bin + 1) * nsPerBin)), std::to_string(frames)});
      histogram.row(line);
    }
  }
  FileTexts files = {{"run.json", runJson(run)},
                     {"streams.csv", streams.text()},
                     {"timeseries.csv", series.text()},
                     {"budget.csv", budget.text()},
                     {"histogram.csv", histogram.text()}};
  writeTraces(run, files);
  return files;
}

RunRecord readRunFiles(const std::filesystem::path& directory) {
  FileTexts files;
  for (const char* name :
       {"run.json", "streams.csv", "timeseries.csv", "budget.csv", "histogram.csv"})
    files.emplace_back(name, readFile(directory / name));
  for (const char* name : {"trace.csv", "crossings.csv"})
    if (std::filesystem::exists(directory / name))
      files.emplace_back(name, readFile(directory / name));
  return readRunTexts(files, directory);
}

RunRecord readRunTexts(const FileTexts& files, const std::filesystem::path& directory) {
  const Texts texts{files, directory};
  const std::filesystem::path file = directory / "run.json";
  const Json json = parseJson(*texts.find("run.json"), file, "run");
  RunRecord run;
  try {
    run.variant = json.at("variant").get<std::string>();
    run.replication = json.at("replication").get<int>();
    run.seed = json.at("seed").get<std::uint64_t>();
    run.complete = json.at("complete").get<bool>();
    run.simulated = Duration::ns(json.at("simulated_ns").get<std::int64_t>());
    for (const Json& j : json.at("streams")) {
      StreamRecord s;
      s.call = j.at("call").get<std::string>();
      s.from = j.at("from").get<std::string>();
      s.to = j.at("to").get<std::string>();
      s.medium = j.at("medium").get<std::string>();
      s.path = j.at("path").get<std::string>();
      s.transport = j.at("transport").get<std::string>();
      for (const Json& a : j.at("attempts")) {
        s.attempts.push_back({a.at("kind").get<std::string>(), a.at("chosen").get<bool>(),
                              a.at("reason").get<std::string>()});
      }
      for (const Json& l : j.at("legs")) {
        s.legs.push_back({l.at("from").get<std::string>(), l.at("to").get<std::string>(),
                          l.at("transport").get<std::string>(),
                          l.at("nodes").get<std::vector<std::string>>()});
      }
      s.poor_by_dashboard = j.value("poor_by_dashboard", std::vector<std::string>{});
      s.poor_by_insights = j.value("poor_by_insights", std::vector<std::string>{});
      s.played = j.at("played").get<std::int64_t>();
      s.total_delay = Duration::ns(j.at("total_delay_ns").get<std::int64_t>());
      run.streams.push_back(std::move(s));
    }
    for (const Json& j : json.at("failed_calls")) {
      run.failed_calls.push_back({j.at("call").get<std::string>(), j.at("code").get<int>(),
                                  j.at("subcode").get<int>(),
                                  j.at("reasons").get<std::vector<std::string>>()});
    }
    for (const Json& j : json.at("links")) {
      run.links.push_back({j.at("link").get<std::string>(), j.at("sent").get<std::int64_t>(),
                           j.at("lost").get<std::int64_t>(),
                           j.at("queue_drops").get<std::int64_t>(),
                           Duration::ns(j.at("busy_ns").get<std::int64_t>())});
    }
    for (const Json& j : json.at("drops")) {
      run.drops.push_back({j.at("element").get<std::string>(), j.at("reason").get<std::string>(),
                           j.at("packets").get<std::int64_t>()});
    }
  } catch (const Json::exception& e) {
    throw ResultError(file.string() + ": " + e.what());
  }
  readTables(texts, run);
  readTraces(texts, run);
  return run;
}

}  // namespace callflow::results
