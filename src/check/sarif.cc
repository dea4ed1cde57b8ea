// Static Analysis Results Interchange Format 2.1.0 (OASIS, 2020), which editors and code hosts show
// beside the lines of a file.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/check/rules.h"
#include "src/check/writers.h"

namespace callflow::check {
namespace {

using Json = nlohmann::ordered_json;

// 3.27.10: none, note, warning or error.
std::string_view levelOf(Severity severity) {
  return severity == Severity::info ? "note" : name(severity);
}

// RFC 3986: what may stand in a path as it is; all else as %XX.
std::string uriOf(const std::string& path) {
  static constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char each : path) {
    const auto byte = static_cast<unsigned char>(each);
    if (kPlain.find(each) != std::string_view::npos)
      uri += each;
    else
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return uri;
}

Json ruleJson(const Rule& rule) {
  return {
      {"id", rule.id},
      {"shortDescription", {{"text", rule.summary}}},
      {"help", {{"text", std::string(rule.summary) + ". Source: " + std::string(rule.document)}}}};
}

Json resultJson(const Report& report, const Finding& finding) {
  const auto all = rules();
  const auto rule = std::find_if(all.begin(), all.end(),
                                 [&](const Rule& each) { return each.id == finding.rule; });
  Json place = {
      {"artifactLocation", {{"uri", uriOf(finding.pos.file ? *finding.pos.file : report.file)}}}};
  // 3.30.5: lines count from 1; without one the whole file is meant.
  if (finding.pos.line > 0) {
    place["region"] = {{"startLine", finding.pos.line}};
    if (finding.pos.column > 0) place["region"]["startColumn"] = finding.pos.column;
  }
  Json json = {
      {"ruleId", finding.rule},
      {"ruleIndex", rule - all.begin()},
      {"level", levelOf(finding.severity)},
      {"message",
       {{"text", finding.problem + ". Breaks: " + finding.effect + ". Write: " + finding.advice +
                     ". Source: " + std::string(finding.document) + "."}}},
      {"locations", Json::array({{{"physicalLocation", std::move(place)}}})}};
  if (!finding.variants.empty()) json["properties"] = {{"variants", finding.variants}};
  return json;
}

}  // namespace

std::string toSarif(const Report& report, const std::string& version) {
  Json ruleList = Json::array();
  for (const Rule& rule : rules()) ruleList.push_back(ruleJson(rule));
  Json results = Json::array();
  for (const Finding& finding : report.findings) results.push_back(resultJson(report, finding));
  const Json json{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array(
           {{{"tool",
              {{"driver",
                {{"name", "callflow"}, {"version", version}, {"rules", std::move(ruleList)}}}}},
             {"columnKind", "unicodeCodePoints"},
             {"results", std::move(results)}}})}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace callflow::check
