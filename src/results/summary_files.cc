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

Json metricsJson(const ScopeSummary& scope) {
  Json all = Json::object();
  for (const MetricSummary& row : scope.metrics) {
    const metrics::Metric& m = metrics::metric(row.metric);
    all[std::string{m.name}] = {{"unit", m.unit},
                                {"better", directionText(m.better)},
                                {"n", row.n},
                                {"mean", numberJson(row.mean * m.scale)},
                                {"sd", numberJson(row.sd * m.scale)},
                                {"ci95_low", numberJson(row.ci_low * m.scale)},
                                {"ci95_high", numberJson(row.ci_high * m.scale)},
                                {"windows", row.windows},
                                {"min", numberJson(row.min * m.scale)},
                                {"p5", numberJson(row.p5 * m.scale)},
                                {"p50", numberJson(row.p50 * m.scale)},
                                {"p95", numberJson(row.p95 * m.scale)},
                                {"max", numberJson(row.max * m.scale)}};
  }
  return all;
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
      {"frames_played", scope.played}, {"total_ns", scope.total_delay.count()}, {"parts", parts}};
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

Json callJson(const ScopeSummary& scope) {
  return {
      {"call", scope.call}, {"metrics", metricsJson(scope)}, {"delay_budget", budgetJson(scope)}};
}

Json streamJson(const ScopeSummary& scope) {
  return {{"call", scope.call},
          {"from", scope.from},
          {"to", scope.to},
          {"medium", scope.medium},
          {"paths", pathsJson(scope)},
          {"metrics", metricsJson(scope)},
          {"delay_budget", budgetJson(scope)}};
}

Json failedJson(const VariantSummary& v) {
  Json failed = Json::array();
  for (const FailedCallSummary& f : v.failed_calls) {
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

void composeVariant(const VariantSummary& v, JsonComposer& out) {
  out.openObject();
  member(out, "variant", v.variant);
  member(out, "runs", v.runs);
  member(out, "incomplete_runs", v.incomplete);
  member(out, "pooled",
         {{"metrics", metricsJson(v.pooled())}, {"delay_budget", budgetJson(v.pooled())}});
  out.key("calls");
  out.openArray();
  for (const ScopeSummary& scope : v.scopes) {
    if (!scope.call.empty() && scope.from.empty()) out.value(callJson(scope));
  }
  out.close();
  out.key("streams");
  out.openArray();
  for (const ScopeSummary& scope : v.scopes) {
    if (!scope.from.empty()) out.value(streamJson(scope));
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
               {"queue_drops", l.queue_drops},
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
      fmt::format("{}/summary {}.{}", schemaName, schemaVersion.major, schemaVersion.minor);
  CsvWriter csv({"schema",  "variant", "call", "from", "to",  "medium",   "metric",
                 "unit",    "better",  "n",    "mean", "sd",  "ci95_low", "ci95_high",
                 "windows", "min",     "p5",   "p50",  "p95", "max"});
  for (const VariantSummary& v : summary) {
    for (const ScopeSummary& scope : v.scopes) {
      for (const MetricSummary& row : scope.metrics) {
        const metrics::Metric& m = metrics::metric(row.metric);
        const auto value = [&](double x) { return numberText(x * m.scale); };
        csv.row({schema,
                 v.variant,
                 scope.call,
                 scope.from,
                 scope.to,
                 scope.medium,
                 std::string{m.name},
                 std::string{m.unit},
                 std::string{directionText(m.better)},
                 std::to_string(row.n),
                 value(row.mean),
                 value(row.sd),
                 value(row.ci_low),
                 value(row.ci_high),
                 std::to_string(row.windows),
                 value(row.min),
                 value(row.p5),
                 value(row.p50),
                 value(row.p95),
                 value(row.max)});
      }
    }
  }
  return csv.text();
}

}  // namespace callflow::results
