// What happened to calls in mid-call, of calls made by hand.
#include "src/results/call_story.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "src/results/acs.h"
#include "src/results/pack.h"
#include "src/results/store.h"
#include "src/results/summary.h"
#include "tests/unit/result_files.h"
#include "tests/unit/sample_calls.h"

namespace callflow::results {
namespace {

using metrics::CallEventKind;
using metrics::CallRecord;
using Json = nlohmann::ordered_json;
using test::freshRoot;
using test::lostCall;
using test::quietCall;
using test::refusedCall;
using test::restartedCall;

std::string words(const CallRecord& call, std::size_t most = 0) {
  return wordsOf(midCall(call), call.participants.size(), most);
}

TEST_CASE("a call tells what happened once it stood, and a quiet one nothing", "[story]") {
  CHECK(midCall(quietCall()).empty());
  CHECK(words(restartedCall()) ==
        "15.3 s both disconnected, 16.2 s ann@home restarted ICE, 16.6 s both moved to relay udp, "
        "16.7 s both connected again");
  CHECK(words(restartedCall(), 2) ==
        "15.3 s both disconnected, 2 more, 16.7 s both connected again");
  CHECK(words(lostCall()) ==
        "15.3 s both disconnected, 31.0 s both failed, 31.0 s both ended with 410/301005");
}

TEST_CASE("a client that tries again and again is told to once, until it is connected", "[story]") {
  CallRecord call = quietCall();
  const auto cycle = [&](int from) {
    for (const int s : {from, from + 15}) {
      call.events.push_back({Duration::s(s), "ann@home", CallEventKind::disconnected, {}});
      call.events.push_back({Duration::s(s), "ann@home", CallEventKind::restart, {}});
      call.events.push_back({Duration::s(s + 14), "ann@home", CallEventKind::failed, {}});
    }
  };
  cycle(10);
  call.events.push_back({Duration::s(40), "ann@home", CallEventKind::connected, {}});
  cycle(50);
  CHECK(words(call) ==
        "10.0 s ann@home disconnected, 10.0 s ann@home restarted ICE, 24.0 s ann@home failed, "
        "40.0 s ann@home connected again, 50.0 s ann@home disconnected, 50.0 s ann@home restarted "
        "ICE, 64.0 s ann@home failed");
}

TEST_CASE("that a call was never set up is for others to tell", "[story]") {
  CHECK(midCall(refusedCall()).empty());
}

TEST_CASE("clients who meet the same more than 3 s apart are told one by one", "[story]") {
  CallRecord call = quietCall();
  call.events.push_back({Duration::s(10), "ann@home", CallEventKind::disconnected, {}});
  call.events.push_back({Duration::ms(13'001), "ben@peer", CallEventKind::disconnected, {}});
  CHECK(words(call) == "10.0 s ann@home disconnected, 13.0 s ben@peer disconnected");
  call.events.back().at = Duration::s(13);
  CHECK(words(call) == "10.0 s both disconnected");
}

TEST_CASE("another pair before the first sound counts is how the call was set up", "[story]") {
  CallRecord call = quietCall();
  const std::string better = "host 10.0.0.2:50000 - host 10.0.0.3:50000";
  call.events.push_back({Duration::ms(2999), "ann@home", CallEventKind::selected, better});
  CHECK(midCall(call).empty());
  call.events.back().at = Duration::ms(3000);
  CHECK(words(call) == "3.0 s ann@home moved to host");
  // A better one within a second: the client moved to that one.
  call.events.push_back({Duration::ms(3999), "ann@home", CallEventKind::selected,
                         "relay 20.202.0.1:50001 by tcp - srflx 198.51.100.2:60000"});
  CHECK(words(call) == "4.0 s ann@home moved to relay tcp");
}

TEST_CASE("a pair says how media goes by it", "[story]") {
  CHECK(pathOf("host 10.0.0.2:50000 - host 10.0.0.3:50000") == "host");
  CHECK(pathOf("host 10.0.0.2:50000 - srflx 198.51.100.2:60000") == "srflx");
  CHECK(pathOf("host 10.0.0.2:50000 - prflx 198.51.100.2:60000") == "prflx");
  CHECK(pathOf("relay 20.202.0.1:50001 by tls - host 10.0.0.3:50000") == "relay tls");
  CHECK(pathOf("relay 20.202.0.1:50001 by udp - relay 20.202.0.2:50001") == "relay udp");
  CHECK(pathOf("host 10.0.0.3:50000 - relay 20.202.0.1:50001") == "peer's relay");
}

TEST_CASE("stories, steps and ends are summed over the runs", "[story]") {
  Result result = test::resultOf({{"v", quietCall()}, {"v", lostCall()}, {"v", lostCall()}});
  result.cases.resize(1);
  for (int run = 0; run < 3; ++run)
    result.records[static_cast<std::size_t>(run)].replication = run + 1;
  // Of ann alone there are steps; they come 0, 30 and 60 ms later.
  for (int run = 1; run < 3; ++run)
    for (auto& step : result.records[static_cast<std::size_t>(run)].calls[0].participants[0].steps)
      step.at += Duration::ms(30 * run);
  const auto summaries = summarize(result);
  REQUIRE(summaries.size() == 1);
  const VariantSummary& v = summaries.front();
  REQUIRE(v.stories.size() == 1);
  CHECK(v.stories[0].runs == 2);
  CHECK(v.stories[0].replication == 2);
  REQUIRE(v.setUp.size() == 4);
  CHECK(v.setUp[1].participant == "ann@home");
  CHECK(v.setUp[1].step == "ice");
  CHECK(v.setUp[1].runs == 3);
  CHECK(v.setUp[1].least == Duration::ms(200));
  CHECK(v.setUp[1].mean == Duration::ms(230));
  CHECK(v.setUp[1].most == Duration::ms(260));
  REQUIRE(v.ends.size() == 2);
  CHECK(v.ends[1].participant == "ben@peer");
  CHECK(v.ends[1].code == 410);
  CHECK(v.ends[1].subcode == 301005);
  CHECK(v.ends[1].runs == 2);
}

TEST_CASE("events and steps go through processes and files", "[story]") {
  const Result result = test::resultOf({{"open", restartedCall()}, {"shut", refusedCall()}});
  const auto check = [&](const CallRecord& read, const CallRecord& made) {
    REQUIRE(read.events.size() == made.events.size());
    for (std::size_t i = 0; i < made.events.size(); ++i) {
      CHECK(read.events[i].at == made.events[i].at);
      CHECK(read.events[i].participant == made.events[i].participant);
      CHECK(read.events[i].kind == made.events[i].kind);
      CHECK(read.events[i].detail == made.events[i].detail);
    }
    for (std::size_t i = 0; i < made.participants.size(); ++i) {
      const auto& steps = made.participants[i].steps;
      REQUIRE(read.participants[i].steps.size() == steps.size());
      for (std::size_t k = 0; k < steps.size(); ++k) {
        CHECK(read.participants[i].steps[k].step == steps[k].step);
        CHECK(read.participants[i].steps[k].at == steps[k].at);
      }
    }
  };
  const Result read = loadResult(writeResult(result, {}, {freshRoot("story"), false}));
  REQUIRE(read.records.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    check(unpack(pack(result.records[i])).calls.front(), result.records[i].calls.front());
    check(read.records[i].calls.front(), result.records[i].calls.front());
  }
}

TEST_CASE("a run's JSON has each event of a call, in the order of time", "[story]") {
  const Result result = test::resultOf({{"open", restartedCall()}});
  const auto directory = writeResult(result, {}, {freshRoot("story-json"), false});
  const Json run = Json::parse(test::textOf(directory / "runs/open-1/run.json"));
  const Json& call = run["calls"][0];
  REQUIRE(call["events"].size() == 24);
  CHECK(call["events"][3] == Json::parse(R"({"at_s": 0.2, "participant": "ann@home",
      "event": "selected", "detail": "host 10.0.0.2:50000 - srflx 198.51.100.2:60000"})"));
  CHECK(call["events"][12] == Json::parse(R"({"at_s": 15.3, "participant": "ann@home",
      "event": "networkReconnect", "detail": "bad"})"));
  CHECK(call["participants"][0]["set_up"][2] == Json::parse(R"({"step": "dtls", "at_s": 0.4})"));
  CHECK(call["participants"][1]["set_up"].empty());
  const Json summary = Json::parse(test::textOf(directory / "summary.json"));
  CHECK(summary["variants"][0]["mid_call"] == Json::parse(R"([{"call": "talk", "copy": 0,
    "runs": 1, "replication": 1, "moments": [
      {"at_s": 15.3, "participants": ["ann@home", "ben@peer"], "event": "disconnected",
       "detail": ""},
      {"at_s": 16.2, "participants": ["ann@home"], "event": "restart", "detail": ""},
      {"at_s": 16.6, "participants": ["ben@peer", "ann@home"], "event": "selected",
       "detail": "relay 20.202.0.1:50001 by udp - srflx 198.51.100.2:60000"},
      {"at_s": 16.7, "participants": ["ben@peer", "ann@home"], "event": "connected",
       "detail": ""}]}])"));
}

// ---- Azure's logs

std::vector<Json> properties(const CallRecord& call, const std::string& category) {
  std::string text;
  writeAcsLogs(test::resultOf({{"open", call}}), [&](std::string_view piece) { text += piece; });
  std::vector<Json> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line);
    if (json.at("category") != category) continue;
    CHECK(json.at("time") ==
          json.at("properties").value("CallClientTimeStamp", json.at("time").get<std::string>()));
    found.push_back(json.at("properties"));
  }
  return found;
}

TEST_CASE("what an SDK tells its user of the network is in the operations log", "[story][acs]") {
  const auto told = properties(restartedCall(), "CallClientOperations");
  REQUIRE(told.size() == 4);
  const Json& first = told[0];
  std::vector<std::string> names;
  for (const auto& [name, value] : first.items()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"CallClientTimeStamp", "OperationName", "CallId",
                                          "ParticipantId", "OperationType", "OperationId",
                                          "DurationMs", "ResultType", "ResultSignature",
                                          "SdkVersion", "UserAgent", "ClientInstanceId",
                                          "EndpointId", "OperationPayload", "Type"});
  CHECK(first["CallClientTimeStamp"] == "2000-01-01T00:00:15.300Z");
  CHECK(first["OperationName"] == "networkReconnect");
  CHECK(first["Type"] == "ACSCallClientOperations");
  CHECK(Json::parse(first["OperationPayload"].get<std::string>()) ==
        Json::parse(R"({"diagnostic": "networkReconnect", "value": "Bad",
                        "valueType": "DiagnosticQuality"})"));
  CHECK(told[1]["CallClientTimeStamp"] == "2000-01-01T00:00:16.100Z");
  CHECK(told[1]["OperationId"] != first["OperationId"]);
  CHECK(told[1]["EndpointId"] == properties(restartedCall(), "CallSummary")[1]["endpointId"]);
  for (const std::size_t i : {2U, 3U})
    CHECK(Json::parse(told[i]["OperationPayload"].get<std::string>())["value"] == "Good");
  CHECK(properties(quietCall(), "CallClientOperations").empty());
}

TEST_CASE("who lost its media for good was removed with 410/301005", "[story][acs]") {
  const auto summaries = properties(lostCall(), "CallSummary");
  REQUIRE(summaries.size() == 2);
  for (const Json& summary : summaries) {
    CHECK(summary["participantEndReason"] == "410");
    CHECK(summary["ParticipantEndSubCode"] == "301005");
    CHECK(summary["ResultCategory"] == "UnexpectedClientError");
    CHECK(summary["participantDuration"] == "31");
    CHECK(summary["callDuration"] == 40);
  }
}

TEST_CASE("who has no relay and no other path ends with 410/3112", "[story][acs]") {
  const auto told = properties(refusedCall(), "CallClientOperations");
  REQUIRE(told.size() == 1);
  CHECK(told[0]["OperationName"] == "networkRelaysNotReachable");
  CHECK(Json::parse(told[0]["OperationPayload"].get<std::string>()) ==
        Json::parse(R"({"diagnostic": "networkRelaysNotReachable", "value": true,
                        "valueType": "DiagnosticFlag"})"));
  const auto summaries = properties(refusedCall(), "CallSummary");
  CHECK(summaries[0]["ParticipantEndSubCode"] == "3112");
  CHECK(summaries[0]["ResultCategory"] == "ExpectedError");
  CHECK(summaries[0]["participantDuration"] == "0");
}

}  // namespace
}  // namespace callflow::results
