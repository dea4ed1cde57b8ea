// One "Call summary" record for each participant.
#include <cmath>

#include "src/results/acs_call.h"
#include "src/results/number.h"

namespace callflow::results {

namespace {

// From the first attempt to connect until the end.
Duration lengthOf(const metrics::CallRecord& call) {
  return call.mediaEnd > call.start ? call.mediaEnd - call.start : Duration{};
}

double wholeSeconds(Duration length) {
  return std::round(length.seconds());
}

// Microsoft: "Troubleshooting calling end codes and subcodes".
std::string_view categoryOf(const metrics::CallParticipant& who) {
  constexpr int kMediaLost = 301005;  // 3112 is ExpectedError
  if (who.code == 0) return "Success";
  return who.subcode == kMediaLost ? "UnexpectedClientError" : "ExpectedError";
}

// Of a client that was removed, until then; of one that never joined, nothing.
Duration lengthOf(const metrics::CallRecord& call, const metrics::CallParticipant& who) {
  if (who.code == 0) return lengthOf(call);
  bool joined = false;
  for (const metrics::CallEvent& event : call.events) {
    if (event.participant != who.name) continue;
    joined = joined || event.kind == metrics::CallEventKind::media;
    if (joined && event.kind == metrics::CallEventKind::ended) return event.at - call.start;
  }
  return {};
}

// Tags of whoever makes the call: which of callflow's calls this is.
Json tagsOf(const AcsCall& call, const metrics::CallParticipant& who) {
  Json tags = {{"scenario", call.result().scenario},
               {"variant", call.run().variant},
               {"run", std::to_string(call.run().replication)},
               {"call", call.call().call},
               {"copy", std::to_string(call.call().copy)},
               {"participant", who.name}};
  if (who.region.empty()) return tags;
  tags["signalingRegion"] = who.region;
  std::string flows;
  for (const std::string& flow : who.flows) flows += (flows.empty() ? "" : " + ") + flow;
  tags["signalingFlow"] = flows;
  return tags;
}

}  // namespace

Json acsSummary(const AcsCall& call, const metrics::CallParticipant& who) {
  const Duration length = lengthOf(call.call());
  const std::string start = acsTime(call.call().start);
  return {{"identifier", call.identifier(who)},
          {"callStartTime", start},
          {"callDuration", static_cast<std::int64_t>(wholeSeconds(length))},
          {"callType", call.isP2P() ? "P2P" : "Group"},
          {"teamsThreadId", nullptr},
          {"participantId", call.participantIdOrNull(who.name)},
          {"participantStartTime", start},
          {"participantDuration", acsNumber(wholeSeconds(lengthOf(call.call(), who)))},
          {"participantEndReason", std::to_string(who.code)},
          {"endpointId", call.endpointId(who.name)},
          {"endpointType", acsEndpointType(who)},
          {"sdkVersion", nullptr},
          {"osVersion", nullptr},
          {"participantTenantId", nullptr},
          {"participantType", nullptr},
          {"pstnParticipantCallType", nullptr},
          {"ParticipantEndSubCode", std::to_string(who.subcode)},
          {"ResultCategory", categoryOf(who)},
          {"DiagnosticOptions", tagsOf(call, who)},
          {"callDebuggingInfo", nullptr}};
}

}  // namespace callflow::results
