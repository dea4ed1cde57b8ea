// summary.json and summary.csv.
#include <fmt/format.h>

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

// Most of a summary by far, so these are written straight away.
void composeMetrics(const ScopeSummary& scope, JsonComposer& out) {
  out.key("metrics");
  out.openObject();
  const auto number = [&](std::string_view key, double value) {
    out.key(key);
    out.number(value);
  };
  for (const MetricSummary& row : scope.metrics) {
    const metrics::Metric& m = metrics::metric(row.metric);
    out.key(m.name);
    out.openObject();
    out.key("unit");
    out.text(m.unit);
    out.key("better");
    out.text(directionText(m.better));
    out.key("n");
    out.integer(row.n);
    number("mean", row.mean * m.scale);
    number("sd", row.sd * m.scale);
    number("ci95_low", row.ciLow * m.scale);
    number("ci95_high", row.ciHigh * m.scale);
    out.key("windows");
    out.integer(row.windows);
    number("min", row.min * m.scale);
    number("p5", row.p5 * m.scale);
    number("p50", row.p50 * m.scale);
    number("p95", row.p95 * m.scale);
    number("max", row.max * m.scale);
    out.close();
  }
  out.close();
}

Json budgetJson(const ScopeSummary& scope) {
  Json parts = Json::array();
  for (const BudgetSummary& part : scope.budget) {
    parts.push_back({{"cause", metrics::name(part.cause)},
                     {"element", part.element},
                     {"sum_ns", part.sum.count()},
                     {"mean_ms", part.played == 0 ? Json(nullptr)
                                                  : numberJson(part.sum.milliseconds() /
                                                               static_cast<double>(part.played))}});
  }
  return {
      {"frames_played", scope.played}, {"total_ns", scope.totalDelay.count()}, {"parts", parts}};
}

Json pathsJson(const ScopeSummary& scope) {
  Json paths = Json::array();
  for (const PathSummary& p : scope.paths) {
    Json attempts = Json::array();
    for (const auto& a : p.attempts) attempts.push_back(jsonOf(a));
    Json legs = Json::array();
    for (const auto& l : p.legs) legs.push_back(jsonOf(l));
    paths.push_back({{"path", p.path},
                     {"transport", p.transport},
                     {"runs", p.runs},
                     {"attempts", attempts},
                     {"legs", legs}});
  }
  return paths;
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

void member(JsonComposer& out, std::string_view key, const Json& value) {
  out.key(key);
  out.value(value);
}

void composeFigures(const ScopeSummary& scope, JsonComposer& out) {
  composeMetrics(scope, out);
  member(out, "delay_budget", budgetJson(scope));
}

void composeCall(const ScopeSummary& scope, JsonComposer& out) {
  out.openObject();
  out.key("call");
  out.text(scope.call);
  composeFigures(scope, out);
  out.close();
}

void composeStream(const ScopeSummary& scope, JsonComposer& out) {
  out.openObject();
  for (const auto& [key, text] : {std::pair("call", &scope.call), std::pair("from", &scope.from),
                                  std::pair("to", &scope.to), std::pair("medium", &scope.medium)}) {
    out.key(key);
    out.text(*text);
  }
  member(out, "paths", pathsJson(scope));
  composeFigures(scope, out);
  out.close();
}

void composeVariant(const VariantSummary& v, JsonComposer& out) {
  out.openObject();
  member(out, "variant", v.variant);
  member(out, "runs", v.runs);
  member(out, "incomplete_runs", v.incomplete);
  out.key("pooled");
  out.openObject();
  composeFigures(v.pooled(), out);
  out.close();
  out.key("calls");
  out.openArray();
  for (const ScopeSummary& scope : v.scopes) {
    if (!scope.call.empty() && scope.from.empty()) composeCall(scope, out);
  }
  out.close();
  out.key("streams");
  out.openArray();
  for (const ScopeSummary& scope : v.scopes) {
    if (!scope.from.empty()) composeStream(scope, out);
  }
  out.close();
  member(out, "failed_calls", failedJson(v));
  member(out, "drops", dropsJson(v));
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

std::string summaryJson(const Result& result, const std::vector<VariantSummary>& summary) {
  JsonComposer out;
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
  return out.take();
}

std::string summaryCsv(const Result&, const std::vector<VariantSummary>& summary) {
  const std::string schema =
      fmt::format("{}/summary {}.{}", kSchemaName, kSchemaVersion.major, kSchemaVersion.minor);
  CsvWriter csv({"schema",  "variant", "call", "from", "to",  "medium",   "metric",
                 "unit",    "better",  "n",    "mean", "sd",  "ci95_low", "ci95_high",
                 "windows", "min",     "p5",   "p50",  "p95", "max"});
  for (const VariantSummary& v : summary) {
    for (const ScopeSummary& scope : v.scopes) {
      const std::string key =
          csvFields({schema, v.variant, scope.call, scope.from, scope.to, scope.medium});
      for (const MetricSummary& row : scope.metrics) {
        const metrics::Metric& m = metrics::metric(row.metric);
        csv.begin(key);
        csv.field(m.name);
        csv.field(m.unit);
        csv.field(directionText(m.better));
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
  return csv.text();
}

}  // namespace callflow::results
