#include "src/results/run_files.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "src/results/call_json.h"
#include "src/results/csv.h"
#include "src/results/json.h"
#include "src/results/number.h"
#include "src/results/stream_rows.h"
#include "src/results/trace_files.h"

namespace callflow::results {

namespace {

using metrics::RunRecord;
using metrics::StreamRecord;

constexpr std::int64_t kNsPerBin = 100'000;  // of delay_histogram

std::vector<std::string> metricColumns(std::vector<std::string> before) {
  for (const metrics::Metric& m : metrics::allMetrics()) before.push_back(columnName(m));
  return streamHeader(before);
}

void add(CsvWriter& csv, const metrics::Values& values) {
  for (const metrics::Metric& m : metrics::allMetrics()) csv.number(values[m.id] * m.scale);
}

void composeTarget(const metrics::TargetVerdict& t, JsonComposer& out) {
  out.openObject(JsonComposer::Layout::oneLine);
  out.text("target", t.target);
  out.text("unit", t.unit);
  out.exact("limit", t.limit);
  out.integer("window_ns", t.window.count());
  out.integer("windows", t.windows);
  out.integer("missed", t.missed);
  out.integer("packets", t.packets);
  out.exact("worst", t.worst);
  out.close();
}

metrics::TargetVerdict targetFrom(const Json& j) {
  metrics::TargetVerdict t;
  t.target = j.at("target").get<std::string>();
  t.unit = j.at("unit").get<std::string>();
  t.limit = j.at("limit").get<double>();
  t.window = Duration::ns(j.at("window_ns").get<std::int64_t>());
  t.windows = j.at("windows").get<std::int64_t>();
  t.missed = j.at("missed").get<std::int64_t>();
  t.packets = j.at("packets").get<std::int64_t>();
  t.worst = j.at("worst").is_null() ? std::numeric_limits<double>::quiet_NaN()
                                    : j.at("worst").get<double>();
  return t;
}

void composeExceeded(std::string_view key, const std::vector<metrics::Exceeded>& list,
                     JsonComposer& out) {
  out.key(key);
  out.openArray();
  for (const metrics::Exceeded& e : list) {
    out.openObject(JsonComposer::Layout::oneLine);
    out.text("rule", e.rule);
    out.exact("value", e.value);
    out.exact("limit", e.limit);
    out.text("unit", e.unit);
    out.close();
  }
  out.close();
}

// None where the writer did not know of them.
std::vector<metrics::Exceeded> exceededFrom(const Json& stream, const char* key) {
  std::vector<metrics::Exceeded> list;
  if (!stream.contains(key)) return list;
  for (const Json& j : stream.at(key)) {
    list.push_back({j.at("rule").get<std::string>(), j.at("value").get<double>(),
                    j.at("limit").get<double>(), j.at("unit").get<std::string>()});
  }
  return list;
}

void composeStream(const StreamRecord& s, JsonComposer& out) {
  out.openObject();
  for (const auto& [key, text] :
       {std::pair("call", &s.call), std::pair("from", &s.from), std::pair("to", &s.to),
        std::pair("medium", &s.medium), std::pair("path", &s.path),
        std::pair("transport", &s.transport), std::pair("codec", &s.codec),
        std::pair("mos_scale", &s.mosScale)}) {
    out.text(key, *text);
  }
  composePath(s.attempts, s.legs, out);
  composeExceeded("poor_by_dashboard", s.poorByDashboard, out);
  composeExceeded("poor_by_insights", s.poorByInsights, out);
  composeExceeded("poor_by_diagnostics", s.poorByDiagnostics, out);
  out.key("network_targets");
  out.openArray();
  for (const metrics::TargetVerdict& target : s.targets) composeTarget(target, out);
  out.close();
  out.key("out_of_range");
  out.openArray(JsonComposer::Layout::oneLine);
  for (const std::string& flag : s.outOfRange) out.text(flag);
  out.close();
  out.integer("played", s.played);
  out.integer("total_delay_ns", s.totalDelay.count());
  out.close();
}

// Of the legs in the order travelled: "2' + 4; 3".
std::string flowsText(const std::vector<metrics::Leg>& legs) {
  std::string text;
  for (const metrics::Leg& leg : legs) {
    if (leg.flows.empty()) continue;
    text += fmt::format("{}{}", text.empty() ? "" : "; ", fmt::join(leg.flows, " + "));
  }
  return text;
}

// The furthest from direct of any leg.
std::string connectivityText(const std::vector<metrics::Leg>& legs) {
  std::string text;
  for (const char* kind : {"DIRECT", "RELAY", "HTTP"}) {
    for (const metrics::Leg& leg : legs)
      if (leg.connectivityIce == kind) text = kind;
  }
  return text;
}

Json failedJson(const metrics::FailedCall& f) {
  return {{"call", f.call},
          {"code", f.code},
          {"subcode", f.subcode},
          {"connectivity_ice", "FAILED"},
          {"reasons", f.reasons}};
}

Json linkJson(const metrics::LinkCounters& l) {
  return {{"link", l.link},
          {"sent", l.sent},
          {"lost", l.lost},
          {"queue_drops", l.queueDrops},
          {"busy_ns", l.busy.count()}};
}

Json dropJson(const metrics::BoxDrop& d) {
  return {{"element", d.element}, {"reason", d.reason}, {"packets", d.packets}};
}

Json relayJson(const metrics::RelayRecord& r) {
  return {{"relay", r.relay}, {"packets", r.packets}, {"bytes", r.bytes.count()}};
}

Json trafficJson(const metrics::TrafficRecord& t) {
  return {{"name", t.name},
          {"from", t.from},
          {"to", t.to},
          {"sent_bytes", t.sent.count()},
          {"received_bytes", t.received.count()},
          {"time_ns", t.time.count()}};
}

std::string runJson(const RunRecord& run) {
  JsonComposer out;
  const auto member = [&](std::string_view key, const Json& value) {
    out.key(key);
    out.value(value);
  };
  const auto list = [&](std::string_view key, const auto& items, auto json) {
    out.key(key);
    out.openArray();
    for (const auto& item : items) out.value(json(item));
    out.close();
  };
  out.openObject();
  member("schema", schemaJson("run"));
  member("variant", run.variant);
  member("replication", run.replication);
  member("seed", run.seed);
  member("complete", run.complete);
  member("simulated_ns", run.simulated.count());
  out.key("calls");
  composeCalls(run.calls, out);
  out.key("streams");
  out.openArray();
  for (const StreamRecord& stream : run.streams) composeStream(stream, out);
  out.close();
  list("failed_calls", run.failedCalls, failedJson);
  list("links", run.links, linkJson);
  list("drops", run.drops, dropJson);
  if (!run.relays.empty()) list("relays", run.relays, relayJson);
  if (!run.traffic.empty()) list("traffic", run.traffic, trafficJson);
  out.close();
  return out.take();
}

void readTables(const Texts& texts, RunRecord& run) {
  {
    const Rows rows(texts, "streams.csv", run);
    const auto columns = rows.metricColumns();
    if (rows.size() != run.streams.size())
      throw ResultError(fmt::format("{}: has {} rows where run.json has {} streams",
                                    rows.table().file().string(), rows.size(), run.streams.size()));
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
      for (std::size_t c = 0; c < metrics::kDelayCauseCount; ++c) {
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
      rows.stream(i).delayHistogram.emplace_back(
          static_cast<std::int32_t>(rows.duration(i, delay).count() / kNsPerBin),
          rows.integer(i, frames));
    }
  }
}

}  // namespace

std::string columnName(const metrics::Metric& metric) {
  return metric.unit.empty() ? std::string{metric.name}
                             : fmt::format("{}[{}]", metric.name, metric.unit);
}

FileTexts runFiles(const RunRecord& run) {
  CsvWriter streams(metricColumns({"path", "transport", "codec", "mos_scale", "flows",
                                   "connectivity_ice", "from_cdr_connectivity_type",
                                   "to_cdr_connectivity_type", "played", "total_delay[ms]"}));
  CsvWriter series(metricColumns({"start[ms]"}));
  CsvWriter budget(streamHeader({"cause", "element", "sum[ms]", "mean[ms]"}));
  CsvWriter histogram(streamHeader({"delay_from[ms]", "delay_to[ms]", "frames"}));
  for (const StreamRecord& s : run.streams) {
    const std::string key = csvFields(streamKey(run, s));
    streams.begin(key);
    for (const std::string* text : {&s.path, &s.transport, &s.codec, &s.mosScale})
      streams.field(*text);
    streams.field(flowsText(s.legs));
    streams.field(connectivityText(s.legs));
    streams.field(s.legs.empty() ? "" : s.legs.front().fromType);
    streams.field(s.legs.empty() ? "" : s.legs.back().toType);
    streams.integer(s.played);
    streams.field(millisecondsText(s.totalDelay));
    add(streams, s.totals);
    streams.end();
    for (const metrics::Window& w : s.windows) {
      series.begin(key);
      series.field(millisecondsText(w.start));
      add(series, w.values);
      series.end();
    }
    for (const metrics::BudgetPart& b : s.budget) {
      budget.begin(key);
      budget.field(metrics::name(b.cause));
      budget.field(b.element);
      budget.field(millisecondsText(b.sum));
      budget.number(s.played == 0 ? std::numeric_limits<double>::quiet_NaN()
                                  : b.sum.milliseconds() / static_cast<double>(s.played));
      budget.end();
    }
    for (const auto& [bin, frames] : s.delayHistogram) {
      histogram.begin(key);
      histogram.field(millisecondsText(Duration::ns(bin * kNsPerBin)));
      histogram.field(millisecondsText(Duration::ns((bin + 1) * kNsPerBin)));
      histogram.integer(frames);
      histogram.end();
    }
  }
  FileTexts files = {{"run.json", runJson(run)},
                     {"streams.csv", streams.take()},
                     {"timeseries.csv", series.take()},
                     {"budget.csv", budget.take()},
                     {"histogram.csv", histogram.take()}};
  writeTraces(run, files);
  return files;
}

RunRecord readRunFiles(DirectoryReader& reader, const std::string& directory) {
  FileTexts files;
  for (const char* name :
       {"run.json", "streams.csv", "timeseries.csv", "budget.csv", "histogram.csv"})
    files.emplace_back(name, reader.read(directory + "/" + name));
  for (const std::string_view name : kTraceFileNames) {
    const std::string file = fmt::format("{}/{}", directory, name);
    if (reader.has(file)) files.emplace_back(name, reader.read(file));
  }
  return readRunTexts(files, reader.directory() / directory);
}

RunRecord readRunTexts(const FileTexts& files, const std::filesystem::path& directory) {
  const Texts texts{files, directory};
  const std::filesystem::path file = directory / "run.json";
  const Json json = parseJson(texts.need("run.json"), file, "run");
  RunRecord run;
  try {
    run.variant = json.at("variant").get<std::string>();
    run.replication = json.at("replication").get<int>();
    run.seed = json.at("seed").get<std::uint64_t>();
    run.complete = json.at("complete").get<bool>();
    run.simulated = Duration::ns(json.at("simulated_ns").get<std::int64_t>());
    run.calls = callsFrom(json.value("calls", Json::array()));
    for (const Json& j : json.at("streams")) {
      StreamRecord s;
      s.call = j.at("call").get<std::string>();
      s.from = j.at("from").get<std::string>();
      s.to = j.at("to").get<std::string>();
      s.medium = j.at("medium").get<std::string>();
      s.path = j.at("path").get<std::string>();
      s.transport = j.at("transport").get<std::string>();
      s.codec = j.value("codec", "");
      s.mosScale = j.value("mos_scale", "");
      for (const Json& a : j.at("attempts")) {
        s.attempts.push_back({a.at("kind").get<std::string>(), a.at("chosen").get<bool>(),
                              a.at("reason").get<std::string>()});
      }
      for (const Json& l : j.at("legs")) {
        s.legs.push_back(
            {l.at("from").get<std::string>(), l.at("to").get<std::string>(),
             l.at("transport").get<std::string>(), l.at("nodes").get<std::vector<std::string>>(),
             l.value("flows", std::vector<std::string>{}), l.value("connectivity_ice", ""),
             l.value("from_cdr_connectivity_type", ""), l.value("to_cdr_connectivity_type", ""),
             l.value("relay", "")});
      }
      s.poorByDashboard = exceededFrom(j, "poor_by_dashboard");
      s.poorByInsights = exceededFrom(j, "poor_by_insights");
      s.poorByDiagnostics = exceededFrom(j, "poor_by_diagnostics");
      s.outOfRange = j.value("out_of_range", std::vector<std::string>{});
      for (const Json& t : j.value("network_targets", Json::array()))
        s.targets.push_back(targetFrom(t));
      s.played = j.at("played").get<std::int64_t>();
      s.totalDelay = Duration::ns(j.at("total_delay_ns").get<std::int64_t>());
      run.streams.push_back(std::move(s));
    }
    for (const Json& j : json.at("failed_calls")) {
      run.failedCalls.push_back({j.at("call").get<std::string>(), j.at("code").get<int>(),
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
    for (const Json& j : json.value("relays", Json::array())) {
      run.relays.push_back({j.at("relay").get<std::string>(), j.at("packets").get<std::int64_t>(),
                            DataSize::bytes(j.at("bytes").get<std::int64_t>())});
    }
    for (const Json& j : json.value("traffic", Json::array())) {
      run.traffic.push_back({j.at("name").get<std::string>(), j.at("from").get<std::string>(),
                             j.at("to").get<std::string>(),
                             DataSize::bytes(j.at("sent_bytes").get<std::int64_t>()),
                             DataSize::bytes(j.at("received_bytes").get<std::int64_t>()),
                             Duration::ns(j.at("time_ns").get<std::int64_t>())});
    }
  } catch (const Json::exception& e) {
    throw ResultError(file.string() + ": " + e.what());
  }
  readTables(texts, run);
  readTraces(texts, run);
  return run;
}

}  // namespace callflow::results
