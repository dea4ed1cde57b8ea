// The logs of Azure Communication Services, of a result made by hand: names are typed from the
// documents' tables, values are those of the result in the documents' units.
#include "src/results/acs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace callflow::results {
namespace {

using metrics::MetricId;
using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

const Names kSummary{"identifier",
                     "callStartTime",
                     "callDuration",
                     "callType",
                     "teamsThreadId",
                     "participantId",
                     "participantStartTime",
                     "participantDuration",
                     "participantEndReason",
                     "endpointId",
                     "endpointType",
                     "sdkVersion",
                     "osVersion",
                     "participantTenantId",
                     "participantType",
                     "pstnParticipantCallType",
                     "ParticipantEndSubCode",
                     "ResultCategory",
                     "DiagnosticOptions",
                     "callDebuggingInfo"};
const Names kDiagnostics{"identifier",
                         "participantId",
                         "endpointId",
                         "endpointType",
                         "mediaType",
                         "streamId",
                         "transportType",
                         "roundTripTimeAvg",
                         "roundTripTimeMax",
                         "jitterAvg",
                         "jitterMax",
                         "packetLossRateAvg",
                         "packetLossRateMax",
                         "JitterBufferSizeAvg",
                         "JitterBufferSizeMax",
                         "HealedDataRatioAvg",
                         "HealedDataRatioMax",
                         "VideoFrameRateAvg",
                         "RecvResolutionHeight",
                         "RecvFreezeDurationPerMinuteInMs",
                         "PacketUtilization",
                         "VideoBitRateAvg",
                         "VideoBitRateMax",
                         "StreamDirection",
                         "CodecName"};
const Names kMediaStats{"OperationName",
                        "CallId",
                        "CallClientTimeStamp",
                        "MetricName",
                        "Count",
                        "Sum",
                        "Average",
                        "Minimum",
                        "Maximum",
                        "MediaStreamDirection",
                        "MediaStreamType",
                        "MediaStreamCodec",
                        "ParticipantId",
                        "ClientInstanceId",
                        "EndpointId",
                        "RemoteParticipantId",
                        "RemoteEndpointId",
                        "MediaStreamId",
                        "AggregationIntervalSeconds",
                        "Type"};

// 30 s of media scored from 4 s on, in windows of 10, 10 and 6 s; the second loses most.
metrics::StreamRecord stream(const std::string& call, const std::string& from,
                             const std::string& to) {
  metrics::StreamRecord s;
  s.call = call;
  s.from = from;
  s.to = to;
  s.transport = "tcp";
  s.codec = "opus";
  s.legs = {{from, "relay", "tcp", {}}, {"relay", to, "udp", {}}};
  s.totals[MetricId::audio_rtcp_round_trip] = 0.0824;
  s.totals[MetricId::audio_stun_round_trip] = 0.070;
  s.totals[MetricId::audio_jitter_mean] = 0.0016;
  s.totals[MetricId::audio_jitter] = 0.0123;
  s.totals[MetricId::audio_lost_ratio] = 0.02;
  s.totals[MetricId::audio_jitter_buffer_delay] = 0.060;
  s.totals[MetricId::audio_concealed_ratio] = 0.0125;
  s.totals[MetricId::audio_packets_sent] = 1300;
  const double lost[] = {0.01, 0.04, 0.0};
  const double sent[] = {500, 500, 300};
  for (int i = 0; i < 3; ++i) {
    metrics::Window window;
    window.start = Duration::s(10 * i);
    window.values[MetricId::audio_packets_sent] = sent[i];
    window.values[MetricId::audio_packets_lost] = sent[i] * lost[i];
    window.values[MetricId::audio_packets_received] = sent[i] * (1 - lost[i]);
    window.values[MetricId::audio_lost_ratio] = lost[i];
    window.values[MetricId::audio_jitter] = 0.0105;
    window.values[MetricId::audio_jitter_buffer_delay] = i == 1 ? 0.095 : 0.055;
    window.values[MetricId::audio_concealed_ratio] = i == 1 ? 0.03 : 0.01;
    s.windows.push_back(window);
  }
  return s;
}

metrics::CallRecord call(const std::string& name, bool group,
                         std::vector<metrics::CallParticipant> participants) {
  metrics::CallRecord made;
  made.call = name;
  made.group = group;
  if (group) made.mediaProcessor = "azure:westeurope/media-processor";
  made.start = Duration::ms(1250);
  made.mediaStart = Duration::s(2);
  made.scoredFrom = Duration::s(4);
  made.mediaEnd = Duration::s(30);
  made.participants = std::move(participants);
  return made;
}

const metrics::CallParticipant alice{"alice@hq", false, 0, 0, "westeurope", {"2'", "4"}};
const metrics::CallParticipant bob{"bob@home", false, 0, 0, "westeurope", {"3"}};
const metrics::CallParticipant carol{"carol@pstn", true, 0, 0, "", {}};
const metrics::CallParticipant dan{"dan@shut", false, 410, 3112, "westeurope", {"4"}};

Result resultOf(metrics::CallRecord made, std::vector<metrics::StreamRecord> streams) {
  Result result;
  result.scenario = "small";
  result.runs = 1;
  result.cases = {{"open", "calls: []\n"}};
  metrics::RunRecord run;
  run.variant = "open";
  run.replication = 1;
  run.calls = {std::move(made)};
  run.streams = std::move(streams);
  result.records = {std::move(run)};
  return result;
}
Result pairResult() {
  return resultOf(call("chat", false, {alice, bob}),
                  {stream("chat", alice.name, bob.name), stream("chat", bob.name, alice.name)});
}
Result groupResult() {
  return resultOf(call("huddle", true, {alice, bob, carol, dan}),
                  {stream("huddle", alice.name, bob.name), stream("huddle", alice.name, carol.name),
                   stream("huddle", bob.name, alice.name), stream("huddle", bob.name, carol.name)});
}

// The lines of one category, or of all.
std::vector<Json> lines(const Result& result, const std::string& category = {}) {
  std::string text;
  writeAcsLogs(result, [&](std::string_view piece) { text += piece; });
  std::vector<Json> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    Json json = Json::parse(line);
    if (category.empty() || json.at("category") == category) found.push_back(std::move(json));
  }
  return found;
}
std::vector<Json> properties(const Result& result, const std::string& category) {
  std::vector<Json> found;
  for (const Json& line : lines(result, category)) found.push_back(line.at("properties"));
  return found;
}

Names namesOf(const Json& object) {
  Names names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("Azure's logs have the documents' names, in their case and all of them", "[acs]") {
  for (const Result& result : {pairResult(), groupResult()}) {
    for (const Json& line : lines(result)) {
      CHECK(namesOf(line) == Names{"time", "correlationId", "operationName", "operationVersion",
                                   "category", "properties"});
      CHECK(line.at("operationVersion") == "1.0");
      CHECK(line.at("operationName") == line.at("category"));
      const Names& names = line.at("category") == "CallSummary"       ? kSummary
                           : line.at("category") == "CallDiagnostics" ? kDiagnostics
                                                                      : kMediaStats;
      CHECK(namesOf(line.at("properties")) == names);
    }
  }
}

TEST_CASE("a call summary for each participant, of a P2P call without participant ids", "[acs]") {
  const auto summaries = properties(pairResult(), "CallSummary");
  REQUIRE(summaries.size() == 2);
  const Json& first = summaries[0];
  CHECK(first.at("callType") == "P2P");
  CHECK(first.at("participantId").is_null());
  CHECK(first.at("callStartTime") == "2000-01-01T00:00:01.250Z");
  CHECK(first.at("callDuration") == 29);  // 28.75 s
  CHECK(first.at("participantDuration") == "29");
  CHECK(first.at("participantEndReason") == "0");
  CHECK(first.at("ParticipantEndSubCode") == "0");
  CHECK(first.at("ResultCategory") == "Success");
  CHECK(first.at("endpointType") == "VOIP");
  for (const char* unknown : {"teamsThreadId", "sdkVersion", "osVersion", "participantTenantId",
                              "participantType", "callDebuggingInfo"})
    CHECK(first.at(unknown).is_null());
  const Json& tags = first.at("DiagnosticOptions");
  CHECK(tags.at("variant") == "open");
  CHECK(tags.at("run") == "1");
  CHECK(tags.at("participant") == "alice@hq");
  CHECK(tags.at("signalingRegion") == "westeurope");
  CHECK(tags.at("signalingFlow") == "2' + 4");
  CHECK(first.at("endpointId") != summaries[1].at("endpointId"));
  CHECK(first.at("identifier") != summaries[1].at("identifier"));
}

TEST_CASE("who did not join a call ended with 410/3112", "[acs]") {
  const auto summaries = properties(groupResult(), "CallSummary");
  REQUIRE(summaries.size() == 4);
  CHECK(summaries[0].at("callType") == "Group");
  CHECK(summaries[0].at("participantId").is_string());
  CHECK(summaries[2].at("endpointType") == "PSTN");
  CHECK(summaries[2].at("identifier").is_null());
  const Json& failed = summaries[3];
  CHECK(failed.at("participantEndReason") == "410");
  CHECK(failed.at("ParticipantEndSubCode") == "3112");
  CHECK(failed.at("ResultCategory") == "ExpectedError");
  CHECK(failed.at("participantDuration") == "0");
  CHECK(failed.at("callDuration") == 29);

  metrics::CallRecord nobody = call("chat", false, {dan, dan});
  nobody.mediaStart = nobody.scoredFrom = nobody.mediaEnd = Duration{};
  const auto none = lines(resultOf(nobody, {}));
  REQUIRE(none.size() == 2);
  CHECK(none[0].at("time") == "2000-01-01T00:00:01.250Z");
  CHECK(none[0].at("properties").at("callDuration") == 0);
}

TEST_CASE("call diagnostics of a P2P call: what each endpoint sends", "[acs]") {
  const auto records = properties(pairResult(), "CallDiagnostics");
  REQUIRE(records.size() == 2);
  const Json& first = records[0];
  CHECK(first.at("participantId").is_null());
  CHECK(first.at("endpointId") == properties(pairResult(), "CallSummary")[0].at("endpointId"));
  CHECK(first.at("mediaType") == "Audio");
  CHECK(first.at("streamId") == "1");
  CHECK(records[1].at("streamId") == "2");
  CHECK(first.at("transportType") == "TCP");  // to its relay
  CHECK(first.at("roundTripTimeAvg") == "82");
  CHECK(first.at("roundTripTimeMax").is_null());
  CHECK(first.at("jitterAvg") == "2");   // 1.6 ms
  CHECK(first.at("jitterMax") == "12");  // 12.3 ms
  CHECK(first.at("packetLossRateAvg") == "0.02");
  CHECK(first.at("packetLossRateMax") == "0.04");
  CHECK(first.at("JitterBufferSizeAvg") == "60");
  CHECK(first.at("JitterBufferSizeMax") == "95");
  CHECK(first.at("HealedDataRatioAvg") == "0.0125");
  CHECK(first.at("HealedDataRatioMax") == "0.03");
  CHECK(first.at("PacketUtilization") == "1300");
  CHECK(first.at("StreamDirection") == "Outbound");
  CHECK(first.at("CodecName") == "OPUS");
  CHECK(first.at("VideoFrameRateAvg").is_null());
}

TEST_CASE("call diagnostics of a group call: to the server, and from it to each", "[acs]") {
  const auto records = properties(groupResult(), "CallDiagnostics");
  const auto summaries = properties(groupResult(), "CallSummary");
  // Alice's and bob's own, one of the server to each of them, two to carol.
  REQUIRE(records.size() == 6);
  std::vector<std::string> told;
  for (const Json& record : records) {
    std::size_t who = 0;
    while (summaries[who].at("participantId") != record.at("participantId")) ++who;
    told.push_back(std::to_string(who) + " " + record.at("endpointType").get<std::string>() + " " +
                   record.at("streamId").get<std::string>() + " " +
                   record.at("transportType").get<std::string>() + " " +
                   (record.at("jitterAvg").is_null() ? "-" : "jitter") + " " +
                   (record.at("roundTripTimeAvg").is_null() ? "-" : "rtt"));
  }
  CHECK(told == Names{"0 VOIP 1 TCP - rtt", "0 Server 2 UDP jitter rtt", "1 VOIP 1 TCP - rtt",
                      "1 Server 2 UDP jitter rtt", "2 Server 2 UDP jitter -",
                      "2 Server 3 UDP jitter -"});
  CHECK(records[1].at("identifier").is_null());
  CHECK(records[1].at("endpointId").is_null());
  CHECK(records[0].at("PacketUtilization") == "1300");
}

TEST_CASE("media statistics: one value a window, in the client's direction", "[acs]") {
  std::vector<std::string> told;
  for (const Json& line : lines(pairResult(), "CallClientMediaStatsTimeSeries")) {
    const Json& record = line.at("properties");
    CHECK(record.at("CallId") == line.at("correlationId"));
    CHECK(record.at("CallClientTimeStamp") == line.at("time"));
    CHECK(record.at("Count") == "1");
    CHECK(record.at("AggregationIntervalSeconds") == "10");
    CHECK(record.at("Type") == "ACSCallClientMediaStatsTimeSeries");
    CHECK(record.at("MediaStreamType") == "audio");
    CHECK(record.at("MediaStreamCodec") == "OPUS");
    for (const char* same : {"Average", "Minimum", "Maximum"})
      CHECK(record.at(same) == record.at("Sum"));
    if (record.at("MediaStreamId") != "1") continue;
    const auto time = record.at("CallClientTimeStamp").get<std::string>();
    told.push_back(time.substr(17, 2) + " " + record.at("MediaStreamDirection").get<std::string>() +
                   " " + record.at("MetricName").get<std::string>() + " " +
                   record.at("Sum").get<std::string>());
  }
  // The last window is 6 s long: media ends at 30 s.
  CHECK(told == Names{"14 send PacketsPerSecond 50", "24 send PacketsPerSecond 50",
                      "30 send PacketsPerSecond 50", "14 receive PacketsPerSecond 49.5",
                      "14 receive PacketsLostPerSecond 0.5", "14 receive JitterInMs 10.5",
                      "14 receive JitterBufferInMs 55", "14 receive HealedRatio 0.01",
                      "24 receive PacketsPerSecond 48", "24 receive PacketsLostPerSecond 2",
                      "24 receive JitterInMs 10.5", "24 receive JitterBufferInMs 95",
                      "24 receive HealedRatio 0.03", "30 receive PacketsPerSecond 50",
                      "30 receive PacketsLostPerSecond 0", "30 receive JitterInMs 10.5",
                      "30 receive JitterBufferInMs 55", "30 receive HealedRatio 0.01"});
}

// Windows of 1 s: 12 of them, so one interval of ten and one of two.
metrics::StreamRecord videoStream(const std::string& call, const std::string& from,
                                  const std::string& to) {
  metrics::StreamRecord s;
  s.call = call;
  s.from = from;
  s.to = to;
  s.medium = "video";
  s.transport = "udp";
  s.codec = "vp8";
  s.legs = {{from, to, "udp", {}}};
  s.totals[MetricId::video_rtcp_round_trip] = 0.050;
  s.totals[MetricId::video_lost_ratio] = 0.01;
  s.totals[MetricId::video_frame_rate] = 24;
  s.totals[MetricId::video_frame_height] = 360;
  s.totals[MetricId::video_freeze_ratio] = 0.02;
  s.totals[MetricId::video_received_rate] = 1.1e6;
  s.totals[MetricId::video_packets_sent] = 4000;
  for (int i = 0; i < 12; ++i) {
    metrics::Window window;
    window.start = Duration::s(i);
    window.values[MetricId::video_received_rate] = 1e6 + 1e5 * i;
    window.values[MetricId::video_packets_received] = 100;
    s.windows.push_back(window);
  }
  return s;
}

TEST_CASE("call diagnostics of video have what is of video, and the rest is null", "[acs]") {
  Result result = pairResult();
  result.records[0].streams.push_back(videoStream("chat", alice.name, bob.name));
  const auto records = properties(result, "CallDiagnostics");
  REQUIRE(records.size() == 3);
  CHECK(records[0].at("mediaType") == "Audio");
  CHECK(records[0].at("VideoBitRateAvg").is_null());
  const Json& video = records[2];
  CHECK(video.at("mediaType") == "Video");
  CHECK(video.at("streamId") == "3");
  CHECK(video.at("roundTripTimeAvg") == "50");
  CHECK(video.at("packetLossRateAvg") == "0.01");
  CHECK(video.at("jitterAvg").is_null());
  CHECK(video.at("HealedDataRatioAvg").is_null());
  CHECK(video.at("VideoFrameRateAvg") == "24");
  CHECK(video.at("RecvResolutionHeight") == "360");
  CHECK(video.at("RecvFreezeDurationPerMinuteInMs") == "1200");  // 2 % of 60 s
  CHECK(video.at("VideoBitRateAvg") == "1100000");
  CHECK(video.at("VideoBitRateMax") == "2100000");
  CHECK(video.at("PacketUtilization") == "4000");
  CHECK(video.at("CodecName") == "VP8");
}

TEST_CASE("in a group, a sender's video is its second stream, and the server's round trip its own",
          "[acs]") {
  Result result = groupResult();
  for (const auto& [from, to] : {std::pair(alice.name, bob.name), std::pair(bob.name, alice.name)})
    result.records[0].streams.push_back(videoStream("huddle", from, to));
  std::vector<std::string> told;
  for (const Json& record : properties(result, "CallDiagnostics"))
    if (record.at("mediaType") == "Video")
      told.push_back(record.at("endpointType").get<std::string>() + " " +
                     record.at("streamId").get<std::string>() + " " +
                     (record.at("VideoFrameRateAvg").is_null() ? "-" : "frames"));
  // Each sends sound as 1 and video as 2, and gets sound as 3 and video as 4.
  CHECK(told == Names{"VOIP 2 -", "Server 4 frames", "VOIP 2 -", "Server 4 frames"});
}

TEST_CASE("media statistics of video: a value a second, together each ten", "[acs]") {
  Result result = pairResult();
  result.records[0].streams = {videoStream("chat", alice.name, bob.name)};
  std::vector<std::string> told;
  for (const Json& record : properties(result, "CallClientMediaStatsTimeSeries")) {
    CHECK(record.at("MediaStreamType") == "video");
    if (record.at("MediaStreamDirection") == "send") continue;
    std::string line = record.at("CallClientTimeStamp").get<std::string>().substr(17, 2);
    for (const char* name : {"MetricName", "Count", "Average", "Minimum", "Maximum"})
      line += " " + record.at(name).get<std::string>();
    told.push_back(line);
  }
  // Scored from 4 s on. 1.0 to 1.9 Mbit/s, then 2.0 and 2.1.
  CHECK(told == Names{"14 Bitrate 10 1450000 1000000 1900000", "14 PacketsPerSecond 10 100 100 100",
                      "16 Bitrate 2 2050000 2000000 2100000", "16 PacketsPerSecond 2 100 100 100"});
}

TEST_CASE("a telephone has no client that tells media statistics, a server is no participant",
          "[acs]") {
  std::set<std::string> clients;
  std::size_t sends = 0;
  for (const Json& record : properties(groupResult(), "CallClientMediaStatsTimeSeries")) {
    clients.insert(record.at("ClientInstanceId").get<std::string>());
    if (record.at("MediaStreamDirection") != "send") continue;
    ++sends;
    CHECK(record.at("RemoteParticipantId").is_null());
  }
  CHECK(clients.size() == 2);
  CHECK(sends == 6);  // three windows each of alice and bob
}

TEST_CASE("identifiers are the same for the same input and tell runs and calls apart", "[acs]") {
  const Result first = pairResult();
  CHECK(lines(first) == lines(pairResult()));
  Result second = first;
  second.records[0].replication = 2;
  Result copy = first;
  copy.records[0].calls[0].copy = 1;
  const auto ids = [](const Result& result) {
    const Json line = lines(result, "CallSummary").front();
    return std::pair(line.at("correlationId"), line.at("properties").at("endpointId"));
  };
  CHECK(ids(first).first != ids(second).first);
  CHECK(ids(first).first != ids(copy).first);
  CHECK(ids(first).second != ids(second).second);
  // A user is the same one in all.
  CHECK(properties(first, "CallSummary")[0].at("identifier") ==
        properties(second, "CallSummary")[0].at("identifier"));
  const auto id = ids(first).first.get<std::string>();
  REQUIRE(id.size() == 36);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) CHECK(id[at] == '-');
}

TEST_CASE("copies of a call have their own streams", "[acs]") {
  Result result = pairResult();
  metrics::CallRecord copy = result.records[0].calls[0];
  copy.copy = 1;
  for (auto& who : copy.participants) who.name += "-2";
  result.records[0].calls.push_back(copy);
  result.records[0].streams.push_back(stream("chat", "alice@hq-2", "bob@home-2"));
  CHECK(properties(result, "CallDiagnostics").size() == 3);
}

TEST_CASE("a result that does not say who took part in calls has no such logs", "[acs]") {
  Result result = pairResult();
  result.records[0].calls.clear();
  CHECK_THROWS_WITH(lines(result), Catch::Contains("run it again with --force"));
  result.records[0].complete = false;
  CHECK(lines(result).empty());
}

}  // namespace callflow::results
