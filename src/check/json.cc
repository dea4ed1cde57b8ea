#include <nlohmann/json.hpp>

#include "src/check/writers.h"

namespace callflow::check {
namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const Report& report, const Finding& finding) {
  return {{"severity", name(finding.severity)},
          {"rule", finding.rule},
          {"file", finding.pos.file ? *finding.pos.file : report.file},
          {"line", finding.pos.line},
          {"column", finding.pos.column},
          {"subject", finding.subject},
          {"problem", finding.problem},
          {"effect", finding.effect},
          {"advice", finding.advice},
          {"document", finding.document},
          {"variants", finding.variants}};
}

Json jsonOf(const LoadRow& row) {
  return {{"line", row.load.name},
          {"streams", row.load.streams},
          {"needed_bps", row.load.needed.count()},
          {"allowed_bps", row.load.allowed.count()},
          {"capacity_bps", row.load.capacity.count()},
          {"variants", row.variants}};
}

}  // namespace

std::string toJson(const Report& report) {
  Json findings = Json::array();
  for (const Finding& finding : report.findings) findings.push_back(jsonOf(report, finding));
  Json lines = Json::array();
  for (const LoadRow& row : report.lines) lines.push_back(jsonOf(row));
  const Json json{{"file", report.file},
                  {"errors", report.count(Severity::error)},
                  {"warnings", report.count(Severity::warning)},
                  {"notes", report.count(Severity::info)},
                  {"share", report.share.value()},
                  {"findings", std::move(findings)},
                  {"lines", std::move(lines)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace callflow::check
