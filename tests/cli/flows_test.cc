// Flow numbers and Azure's logs as users get them: from the program.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace callflow::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
const std::string input = CALLFLOW_SOURCE_DIR "/tests/cli/input/";

fs::path scratch(const std::string& name) {
  return emptyDirectory(CALLFLOW_TEST_DIR, name);
}

Json parsed(const std::vector<std::string>& words, const fs::path& dir) {
  const Output output = runCallflow(words, dir);
  INFO(output.err);
  REQUIRE(output.code == 0);
  return Json::parse(output.out);
}

std::vector<Json> lines(const std::string& text) {
  std::vector<Json> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(Json::parse(line));
  return all;
}

// The records of a category in a variant, with their participant's name by their endpoint.
std::vector<Json> records(const std::vector<Json>& logs, const std::string& category,
                          const std::string& variant) {
  std::vector<std::string> calls;
  for (const Json& log : logs) {
    if (log["category"] == "CallSummary" &&
        log["properties"]["DiagnosticOptions"]["variant"] == variant)
      calls.push_back(log["correlationId"]);
  }
  std::vector<Json> found;
  for (const Json& log : logs) {
    if (log["category"] == category &&
        std::find(calls.begin(), calls.end(), log["correlationId"]) != calls.end())
      found.push_back(log["properties"]);
  }
  return found;
}

// As Azure has it: whole ms.
std::string rounded(const Json& milliseconds) {
  return std::to_string(std::lround(milliseconds.get<double>()));
}

}  // namespace

TEST_CASE("explain tells flows and candidates, and where signaling goes", "[flows]") {
  const fs::path dir = scratch("explain");
  const Json told = parsed({"explain", input + "small.yaml", "--format", "json"}, dir);
  const Json& call = told["variants"][1]["calls"][0];  // tcp-only
  CHECK(call["signaling"] == Json::parse(R"([
    {"participant": "alice@office", "region": "westeurope", "flows": ["4"], "refused": null},
    {"participant": "bob@home", "region": "westeurope", "flows": ["3"], "refused": null}])"));
  const Json& legs = call["paths"][0]["legs"];
  REQUIRE(legs.size() == 2);
  CHECK(legs[0]["flows"] == Json{"4"});
  CHECK(legs[0]["transport"] == "tcp");
  CHECK(legs[0]["connectivity_ice"] == "RELAY");
  CHECK(legs[0]["from_cdr_connectivity_type"] == "Turn");
  CHECK(legs[1]["flows"] == Json{"3"});
  CHECK(legs[1]["to_cdr_connectivity_type"] == "Stun");
  // RFC 8656 15: relays give out ports from 49152 on.
  CHECK(legs[0]["relay"].get<std::string>().find(":4915") != std::string::npos);
  CHECK(legs[1]["relay"].is_null());
  const Json blocked = parsed({"explain", input + "blocked-guest.yaml", "--format", "json"}, dir);
  CHECK(blocked["variants"][0]["calls"][0]["failures"][0]["connectivity_ice"] == "FAILED");
}

TEST_CASE("results have the flows of legs and of signaling", "[flows]") {
  const fs::path dir = scratch("results");
  const Json told =
      parsed({"run", input + "small.yaml", "-n", "1", "--no-plots", "--format", "json"}, dir);
  const Json& summary = told["results"][0]["summary"];
  CHECK(summary["schema"]["minor"] == 7);
  const Json& variant = summary["variants"][0];
  CHECK(variant["signaling"][0] ==
        Json::parse(R"({"call": "chat", "participant": "alice@office", "region": "westeurope",
                        "flows": ["4"]})"));
  const Json& legs = variant["streams"][0]["paths"][0]["legs"];
  REQUIRE(legs.size() == 2);
  CHECK(legs[0]["flows"] == Json{"4"});
  CHECK(legs[1]["flows"] == Json{"3"});
  const std::string table = contentOf(dir / told["results"][0]["directory"].get<std::string>() /
                                      "runs/udp-open-1/streams.csv");
  std::istringstream rows(table);
  std::string header, row;
  std::getline(rows, header);
  std::getline(rows, row);
  const std::string columns =
      ",flows,connectivity_ice,from_cdr_connectivity_type,to_cdr_connectivity_type,";
  CHECK(header.find(columns) != std::string::npos);
  CHECK(row.find(",4; 3,RELAY,Turn,Stun,") != std::string::npos);
}

TEST_CASE("run --format acs: the values are those of the result", "[flows]") {
  const fs::path dir = scratch("acs");
  const std::vector<std::string> words{"run", input + "small.yaml", "-n",
                                       "1",   "--no-plots",         "--format"};
  const auto with = [&](const char* format) {
    std::vector<std::string> all = words;
    all.emplace_back(format);
    return all;
  };
  const Output output = runCallflow(with("acs"), dir);
  REQUIRE(output.code == 0);
  const std::vector<Json> logs = lines(output.out);
  const Json told = parsed(with("json"), dir);
  for (const Json& variant : told["results"][0]["summary"]["variants"]) {
    const std::string name = variant["variant"];
    INFO(name);
    REQUIRE(records(logs, "CallSummary", name).size() == 2);
    const auto diagnostics = records(logs, "CallDiagnostics", name);
    REQUIRE(diagnostics.size() == variant["streams"].size());
    for (std::size_t i = 0; i < diagnostics.size(); ++i) {
      // One run: its value is the mean.
      const Json& metrics = variant["streams"][i]["metrics"];
      const Json& record = diagnostics[i];
      CHECK(record["roundTripTimeAvg"] == rounded(metrics["audio.rtcp_round_trip"]["mean"]));
      CHECK(record["jitterAvg"] == rounded(metrics["audio.jitter_mean"]["mean"]));
      CHECK(record["JitterBufferSizeAvg"] == rounded(metrics["audio.jitter_buffer_delay"]["mean"]));
      CHECK(std::stod(record["packetLossRateAvg"].get<std::string>()) * 100 ==
            Approx(metrics["audio.lost_ratio"]["mean"].get<double>()));
      CHECK(std::stod(record["packetLossRateMax"].get<std::string>()) * 100 ==
            Approx(metrics["audio.lost_ratio"]["max"].get<double>()));
      CHECK(std::stod(record["HealedDataRatioAvg"].get<std::string>()) * 100 ==
            Approx(metrics["audio.concealed_ratio"]["mean"].get<double>()));
      CHECK(record["PacketUtilization"] == rounded(metrics["audio.packets_sent"]["mean"]));
      // Alice's leg to her relay is what the firewall makes of it, bob's is plain.
      CHECK(record["transportType"] == (name == "tcp-only" && i == 0 ? "TCP" : "UDP"));
    }
  }
  // Of the stored result, the same.
  const Output again = runCallflow(with("acs"), dir);
  CHECK(again.out == output.out);
}

TEST_CASE("run --format acs: a call that nothing joins ends with 410/3112", "[flows]") {
  const Output output =
      runCallflow({"run", input + "blocked-guest.yaml", "-n", "1", "--no-plots", "--format", "acs"},
                  scratch("acs-blocked"));
  CHECK(output.code == 5);
  std::vector<std::string> told;
  for (const Json& record : records(lines(output.out), "CallSummary", "now"))
    told.push_back(record["DiagnosticOptions"]["call"].get<std::string>() + " " +
                   record["participantEndReason"].get<std::string>() + "/" +
                   record["ParticipantEndSubCode"].get<std::string>());
  CHECK(told ==
        std::vector<std::string>{"guest 410/3112", "guest 410/3112", "desk 0/0", "desk 0/0"});
}

}  // namespace callflow::test
