// "Call client operations log": of what clients do it has the User Facing Diagnostics that their
// network gives rise to.
#include <optional>
#include <string>

#include "src/results/acs_call.h"

namespace callflow::results {

namespace {

using metrics::CallEvent;
using metrics::CallEventKind;

// As the calling SDK tells a diagnostic; nothing of another event. Flags are true or false,
// qualities Bad, Poor or Good.
std::optional<Json> payloadOf(const CallEvent& event) {
  switch (event.kind) {
    case CallEventKind::noNetwork:
    case CallEventKind::networkRelaysNotReachable:
      return Json{{"diagnostic", metrics::name(event.kind)},
                  {"value", event.detail == "true"},
                  {"valueType", "DiagnosticFlag"}};
    case CallEventKind::networkReconnect:
    case CallEventKind::networkReceiveQuality:
    case CallEventKind::networkSendQuality: {
      const char* const value = event.detail == "bad"    ? "Bad"
                                : event.detail == "poor" ? "Poor"
                                                         : "Good";
      return Json{{"diagnostic", metrics::name(event.kind)},
                  {"value", value},
                  {"valueType", "DiagnosticQuality"}};
    }
    default:
      return std::nullopt;
  }
}

Json record(const AcsCall& call, const CallEvent& event, const Json& payload, std::size_t number) {
  return {{"CallClientTimeStamp", acsTime(event.at)},
          {"OperationName", metrics::name(event.kind)},
          {"CallId", call.correlationId()},
          {"ParticipantId", call.participantId(event.participant)},
          {"OperationType", nullptr},
          {"OperationId", call.operationId(number)},
          {"DurationMs", nullptr},
          {"ResultType", nullptr},
          {"ResultSignature", nullptr},
          {"SdkVersion", nullptr},
          {"UserAgent", nullptr},
          {"ClientInstanceId", call.clientInstanceId(event.participant)},
          {"EndpointId", call.endpointId(event.participant)},
          // A text, as in Microsoft's example.
          {"OperationPayload", payload.dump()},
          {"Type", "ACSCallClientOperations"}};
}

}  // namespace

std::vector<Json> acsOperations(const AcsCall& call) {
  std::vector<Json> records;
  for (const CallEvent& event : call.call().events) {
    if (const auto payload = payloadOf(event))
      records.push_back(record(call, event, *payload, records.size()));
  }
  return records;
}

}  // namespace callflow::results
