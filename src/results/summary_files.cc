// summary.json and summary.csv.
#include <fmt/format.h>
#include <cmath>

#include <limits>

#include "src/results/call_json.h"
#include "src/results/csv.h"
#include "src/results/json.h"
#include "src/results/number.h"
#include "src/results/summary.h"

namespace callflow::results {

namespace {

std::string_view directionText(metrics::Better better) {
  switch (better) {
    case metrics::Better::higher:
      return "higher";
    case metrics::Better::lower:
      return "lower";
    case metrics::Better::neither:
      break;
  }
  return "neither";
}

Json metricTable() {
  Json table = Json::array();
  for (const metrics::Metric& m : metrics::allMetrics()) {
    table.push_back({{"name", m.name},
                     {"unit", m.unit},
                     {"better", directionText(m.better)},
                     {"help", m.help},
                     {"source", m.source}});
  }
  return table;
}

// Lays out the metrics of scopes, most of a summary by far, each on a line of its own: what is the
// same in all of them is laid out once for each depth.
class MetricsComposer {
 public:
  explicit MetricsComposer(std::size_t indent) {
    const std::string line = "\n" + std::string(indent + 2, ' ');
    for (const metrics::Metric& m : metrics::allMetrics()) {
      heads_.push_back(fmt::format("{}\"{}\": {{\"unit\": {}, \"better\": \"{}\", \"n\": ", line,
                                   m.name, Json(m.unit).dump(), directionText(m.better)));
    }
    for (const char* key :
         {"mean", "sd", "ci95_low", "ci95_high", "windows", "min", "p5", "p50", "p95", "max"}) {
      keys_.push_back(fmt::format(", \"{}\": ", key));
    }
  }

  void compose(const std::vector<MetricSummary>& rows, JsonComposer& out) {
    out.key("metrics");
    out.openObject();
    for (const MetricSummary& row : rows) {
      text_.clear();
      if (&row != &rows.front()) text_ += ',';
      const double scale = metrics::metric(row.metric).scale;
      text_ += heads_[static_cast<std::size_t>(row.metric)];
      text_ += std::to_string(row.n);
      auto key = keys_.begin();
      for (const double value : {row.mean, row.sd, row.ciLow, row.ciHigh}) {
        text_ += *key++;
        number(value * scale);
      }
      text_ += *key++;
      text_ += std::to_string(row.windows);
      for (const double value : {row.min, row.p5, row.p50, row.p95, row.max}) {
        text_ += *key++;
        number(value * scale);
      }
      text_ += '}';
      out.members(text_);
    }
    out.close();
  }

 private:
  void number(double value) { appendJsonNumber(text_, value, number_); }

  std::vector<std::string> heads_;  // by metric: up to the number of runs
  std::vector<std::string> keys_;
  std::string text_;
  NumberText number_;
};

void composeBudget(const ScopeSummary& scope, JsonComposer& out) {
  out.key("delay_budget");
  out.openObject();
  out.integer("frames_played", scope.played);
  out.integer("total_ns", scope.totalDelay.count());
  out.key("parts");
  out.openArray();
  for (const BudgetSummary& part : scope.budget) {
    out.openObject(JsonComposer::Layout::oneLine);
    out.text("cause", metrics::name(part.cause));
    out.text("element", part.element);
    out.integer("sum_ns", part.sum.count());
    out.number("mean_ms", part.played == 0
                              ? std::numeric_limits<double>::quiet_NaN()
                              : part.sum.milliseconds() / static_cast<double>(part.played));
    out.close();
  }
  out.close();
  out.close();
}

void composePaths(const ScopeSummary& scope, JsonComposer& out) {
  out.key("paths");
  out.openArray();
  for (const PathSummary& p : scope.paths) {
    out.openObject();
    out.text("path", p.path);
    out.text("transport", p.transport);
    out.integer("runs", p.runs);
    composePath(p.attempts, p.legs, out);
    out.close();
  }
  out.close();
}

Json failedJson(const VariantSummary& v) {
  Json failed = Json::array();
  for (const FailedCallSummary& f : v.failedCalls) {
    failed.push_back({{"call", f.call.call},
                      {"code", f.call.code},
                      {"subcode", f.call.subcode},
                      {"reasons", f.call.reasons},
                      {"runs", f.runs}});
  }
  return failed;
}

Json dropsJson(const VariantSummary& v) {
  Json drops = Json::array();
  for (const auto& d : v.drops) {
    drops.push_back({{"element", d.element}, {"reason", d.reason}, {"packets", d.packets}});
  }
  return drops;
}

Json relaysJson(const VariantSummary& v) {
  Json relays = Json::array();
  for (const metrics::RelayRecord& r : v.relays)
    relays.push_back({{"relay", r.relay}, {"packets", r.packets}, {"bytes", r.bytes.count()}});
  return relays;
}

Json trafficJson(const VariantSummary& v) {
  Json traffic = Json::array();
  for (const metrics::TrafficRecord& t : v.traffic) {
    traffic.push_back({{"name", t.name},
                       {"from", t.from},
                       {"to", t.to},
                       {"sent_bit_per_s", std::round(t.rateOf(t.sent))},
                       {"received_bit_per_s", std::round(t.rateOf(t.received))}});
  }
  return traffic;
}

void member(JsonComposer& out, std::string_view key, const Json& value) {
  out.key(key);
  out.value(value);
}

void composeFigures(const ScopeSummary& scope, MetricsComposer& metrics, JsonComposer& out) {
  metrics.compose(scope.metrics, out);
  composeBudget(scope, out);
}

void composeCall(const ScopeSummary& scope, MetricsComposer& metrics, JsonComposer& out) {
  out.openObject();
  out.text("call", scope.call);
  composeFigures(scope, metrics, out);
  out.close();
}

void composeStream(const ScopeSummary& scope, MetricsComposer& metrics, JsonComposer& out) {
  out.openObject();
  for (const auto& [key, text] : {std::pair("call", &scope.call), std::pair("from", &scope.from),
                                  std::pair("to", &scope.to), std::pair("medium", &scope.medium)}) {
    out.text(key, *text);
  }
  composePaths(scope, out);
  composeFigures(scope, metrics, out);
  out.close();
}

void composeVariant(const VariantSummary& v, JsonComposer& out) {
  out.openObject();
  member(out, "variant", v.variant);
  member(out, "runs", v.runs);
  member(out, "incomplete_runs", v.incomplete);
  out.key("pooled");
  out.openObject();
  MetricsComposer pooled(out.indent());
  composeFigures(v.pooled(), pooled, out);
  out.close();
  out.key("calls");
  out.openArray();
  MetricsComposer figures(out.indent() + 2);  // of a call or a stream
  for (const ScopeSummary& scope : v.scopes) {
    if (!scope.call.empty() && scope.from.empty()) composeCall(scope, figures, out);
  }
  out.close();
  out.key("streams");
  out.openArray();
  for (const ScopeSummary& scope : v.scopes) {
    if (!scope.from.empty()) composeStream(scope, figures, out);
  }
  out.close();
  out.key("signaling");
  composeSignaling(v.calls, out);
  out.key("set_up");
  composeSetUp(v.setUp, out);
  out.key("mid_call");
  composeStories(v.stories, out);
  out.key("ended");
  composeEnds(v.ends, out);
  member(out, "failed_calls", failedJson(v));
  member(out, "drops", dropsJson(v));
  if (!v.relays.empty()) member(out, "relays", relaysJson(v));
  if (!v.traffic.empty()) member(out, "traffic", trafficJson(v));
  out.key("links");
  out.openArray();
  for (const auto& l : v.links) {
    out.value({{"link", l.link},
               {"packets_sent", l.sent},
               {"packets_lost", l.lost},
               {"queue_drops", l.queueDrops},
               {"busy_ns", l.busy.count()}});
  }
  out.close();
  out.close();
}

}  // namespace

void writeSummaryJson(const Result& result, const std::vector<VariantSummary>& summary,
                      const TextSink& sink) {
  JsonComposer out(sink);
  out.openObject();
  member(out, "schema", schemaJson("summary"));
  member(out, "id", resultId(result));
  member(out, "scenario", result.scenario);
  member(out, "title", result.title);
  member(out, "version", result.version);
  member(out, "seed", result.seed);
  member(out, "runs", result.runs);
  member(out, "complete", result.complete());
  member(out, "metrics", metricTable());
  out.key("variants");
  out.openArray();
  for (const VariantSummary& v : summary) composeVariant(v, out);
  out.close();
  out.close();
  out.take();
}

void writeSummaryCsv(const std::vector<VariantSummary>& summary, const TextSink& sink) {
  const std::string schema =
      fmt::format("{}/summary {}.{}", kSchemaName, kSchemaVersion.major, kSchemaVersion.minor);
  std::vector<std::string> heads;  // by metric
  for (const metrics::Metric& m : metrics::allMetrics()) {
    heads.push_back(csvFields(
        {std::string(m.name), std::string(m.unit), std::string(directionText(m.better))}));
  }
  CsvWriter csv({"schema",  "variant", "call", "from", "to",  "medium",   "metric",
                 "unit",    "better",  "n",    "mean", "sd",  "ci95_low", "ci95_high",
                 "windows", "min",     "p5",   "p50",  "p95", "max"},
                sink);
  for (const VariantSummary& v : summary) {
    for (const ScopeSummary& scope : v.scopes) {
      const std::string key =
          csvFields({schema, v.variant, scope.call, scope.from, scope.to, scope.medium});
      for (const MetricSummary& row : scope.metrics) {
        const metrics::Metric& m = metrics::metric(row.metric);
        csv.begin(key);
        csv.fields(heads[static_cast<std::size_t>(row.metric)]);
        csv.integer(row.n);
        for (const double value : {row.mean, row.sd, row.ciLow, row.ciHigh})
          csv.number(value * m.scale);
        csv.integer(row.windows);
        for (const double value : {row.min, row.p5, row.p50, row.p95, row.max})
          csv.number(value * m.scale);
        csv.end();
      }
    }
  }
  csv.finish();
}

}  // namespace callflow::results
