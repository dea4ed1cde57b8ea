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

Json variantJson(const VariantSummary& v) {
  Json calls = Json::array();
  Json streams = Json::array();
  for (const ScopeSummary& scope : v.scopes) {
    if (scope.call.empty()) continue;
    if (scope.from.empty()) {
      calls.push_back({{"call", scope.call},
                       {"metrics", metricsJson(scope)},
                       {"delay_budget", budgetJson(scope)}});
    } else {
      streams.push_back({{"call", scope.call},
                         {"from", scope.from},
                         {"to", scope.to},
                         {"medium", scope.medium},
                         {"paths", pathsJson(scope)},
                         {"metrics", metricsJson(scope)},
                         {"delay_budget", budgetJson(scope)}});
    }
  }
  Json failed = Json::array();
  for (const FailedCallSummary& f : v.failed_calls) {
    failed.push_back({{"call", f.call.call},
                      {"code", f.call.code},
                      {"subcode", f.call.subcode},
                      {"reasons", f.call.reasons},
                      {"runs", f.runs}});
  }
  Json links = Json::array();
  for (const auto& l : v.links) {
    links.push_back({{"link", l.link},
                     {"packets_sent", l.sent},
                     {"packets_lost", l.lost},
                     {"queue_drops", l.queue_drops},
                     {"busy_ns", l.busy.count()}});
  }
  Json drops = Json::array();
  for (const auto& d : v.drops) {
    drops.push_back({{"element", d.element}, {"reason", d.reason}, {"packets", d.packets}});
  }
  return {
      {"variant", v.variant},
      {"runs", v.runs},
      {"incomplete_runs", v.incomplete},
      {"pooled", {{"metrics", metricsJson(v.pooled())}, {"delay_budget", budgetJson(v.pooled())}}},
      {"calls", calls},
      {"streams", streams},
      {"failed_calls", failed},
      {"drops", drops},
      {"links", links}};
}

}  // namespace

std::string summaryJson(const Result& result, const std::vector<VariantSummary>& summary) {
  Json variants = Json::array();
  for (const VariantSummary& v : summary) variants.push_back(variantJson(v));
  return jsonText({{"schema", schemaJson("summary")},
                   {"id", resultId(result)},
                   {"scenario", result.scenario},
                   {"title", result.title},
                   {"version", result.version},
                   {"seed", result.seed},
                   {"runs", result.runs},
                   {"complete", result.complete()},
                   {"metrics", metricTable()},
                   {"variants", variants}});
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
