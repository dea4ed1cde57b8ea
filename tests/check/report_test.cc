// What is told of several variants, and the forms of a report.
#include <nlohmann/json.hpp>
#include <set>

#include "src/check/rules.h"
#include "tests/check/support.h"

namespace callflow::check::testing {
namespace {

using Catch::Contains;

constexpr const char* kVariants =
    "topology:\n"
    "  sites: {hq: {subnets: [10.1.0.0/16], perimeter: [fw]}}\n"
    "  remote: {home: {nat: router}}\n"
    "  devices:\n"
    "    router: {kind: nat, udp-timeout: 30 s}\n"
    "    fw:\n"
    "      kind: firewall\n"
    "      nat: {}\n"
    "  azure: {regions: [westeurope]}\n"
    "calls: [{name: chat, participants: [ann@hq, bob@home]}]\n"
    "variants:\n"
    "  open: {}\n"
    "  shut: {change: {devices.fw.rules: [{allow: tcp, ports: 443}, {deny: any}]}}\n";

TEST_CASE("what all variants share is told once, and what one has with its name", "[check]") {
  const Report report = checked(kVariants);
  CHECK(report.variants == 2);
  CHECK(only(report, "udp-timer").variants.empty());
  const Finding shut = only(report, "required-ports");
  CHECK(shut.variants == std::vector<std::string>{"shut"});
  CHECK(shut.pos.line == 13);
  // Errors come first.
  CHECK(report.findings.front().rule == "required-ports");
  CHECK(report.count(Severity::error) == 1);
  CHECK(report.count(Severity::warning) == 1);
  // Both take the same of each line.
  for (const LoadRow& row : report.lines) CHECK(row.variants.empty());
}

TEST_CASE("cells of a sweep count with their variant", "[check]") {
  const Report report = checked(
      "topology:\n"
      "  sites: {hq: {subnets: [10.0.0.0/8], uplink: {rate: 1 Mbit/s}}}\n"
      "  azure: {regions: [westeurope]}\n"
      "calls: [{name: all, kind: group, participants: [a@hq x 9]}]\n"
      "sweep:\n"
      "  rate: {key: sites.hq.uplink.rate, values: [1 Mbit/s, 1.1 Mbit/s, 9 Mbit/s]}\n");
  // 9 x 40 kbit/s are more than 30 % of the first two.
  const Finding found = only(report, "bandwidth");
  CHECK(found.variants.empty());
  CHECK_THAT(found.problem, Contains("30% of its 1 Mbit/s"));
}

TEST_CASE("rules have names of their own and a document", "[check]") {
  std::set<std::string_view> names;
  for (const Rule& rule : rules()) {
    CHECK(names.insert(rule.id).second);
    CHECK(!rule.summary.empty());
    CHECK(!rule.document.empty());
  }
}

TEST_CASE("JSON has all of a finding", "[check]") {
  const auto json = nlohmann::json::parse(toJson(checked(kVariants)));
  CHECK(json["errors"] == 1);
  CHECK(json["warnings"] == 1);
  CHECK(json["share"] == 0.3);
  const auto& finding = json["findings"][0];
  for (const char* key : {"severity", "rule", "file", "line", "column", "subject", "problem",
                          "effect", "advice", "document", "variants"})
    CHECK(finding.contains(key));
  CHECK(finding["line"] == 13);
  CHECK(json["lines"][0]["needed_bps"] == 40'000);
}

TEST_CASE("SARIF 2.1.0 has its required members", "[check]") {
  const auto json = nlohmann::json::parse(toSarif(checked(kVariants), "0.1.0"));
  CHECK(json["version"] == "2.1.0");  // 3.13.2
  REQUIRE(json["runs"].size() == 1);  // 3.13.4
  const auto& run = json["runs"][0];
  const auto& driver = run["tool"]["driver"];  // 3.14.6, 3.18.2
  CHECK(driver["name"] == "callflow");         // 3.19.8
  REQUIRE(driver["rules"].size() == rules().size());
  for (const auto& rule : driver["rules"]) CHECK(rule["id"].is_string());  // 3.49.3
  REQUIRE(run["results"].size() == 2);                                     // 3.14.23
  for (const auto& result : run["results"]) {
    CHECK(result["message"]["text"].is_string());  // 3.27.11
    CHECK(driver["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
    const auto& place = result["locations"][0]["physicalLocation"];
    CHECK_THAT(place["artifactLocation"]["uri"].get<std::string>(), Catch::EndsWith("net.yaml"));
    CHECK(place["region"]["startLine"].get<int>() >= 1);  // 3.30.5
    CHECK(place["region"]["startColumn"].get<int>() >= 1);
  }
  CHECK(run["results"][0]["level"] == "error");  // 3.27.10
  CHECK(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 13);
  CHECK(run["results"][1]["level"] == "warning");
  CHECK(run["results"][0]["properties"]["variants"][0] == "shut");
}

TEST_CASE("the text says where, what breaks, what to write and who says so", "[check]") {
  const std::string text = toText(checked(kVariants));
  CHECK_THAT(text, Contains("net.yaml:13:"));
  CHECK_THAT(text, Contains(": error: fw shuts UDP 3478-3481"));
  CHECK_THAT(text, Contains("[required-ports]\n    breaks: media falls back to TCP 443\n"));
  CHECK_THAT(text, Contains("    in:     variant shut\n"));
  CHECK_THAT(text, Contains("  hq.uplink up            1  40 kbit/s   60 Mbit/s  200 Mbit/s\n"));
  CHECK_THAT(text, Catch::EndsWith("net.yaml: 1 error, 1 warning, 0 notes\n"));
}

}  // namespace
}  // namespace callflow::check::testing
