#include "src/results/acs.h"

#include <algorithm>

#include "src/results/acs_call.h"

namespace callflow::results {

namespace {

class Lines {
 public:
  explicit Lines(const TextSink& sink) : sink_(sink) {}

  void add(const std::string& time, const Json& correlationId, const char* category,
           Json properties) {
    const Json line = {{"time", time},
                       {"correlationId", correlationId},
                       {"operationName", category},
                       {"operationVersion", "1.0"},
                       {"category", category},
                       {"properties", std::move(properties)}};
    sink_(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  }

 private:
  const TextSink& sink_;
};

void writeCall(const AcsCall& call, Lines& lines) {
  const std::string id = call.correlationId();
  // A log is written when the call is over.
  const std::string time = acsTime(std::max(call.call().start, call.call().mediaEnd));
  for (const metrics::CallParticipant& who : call.call().participants)
    lines.add(time, id, "CallSummary", acsSummary(call, who));
  for (Json& record : acsDiagnostics(call))
    lines.add(time, id, "CallDiagnostics", std::move(record));
  for (Json& record : acsMediaStats(call)) {
    const auto said = record.at("CallClientTimeStamp").get<std::string>();
    lines.add(said, id, "CallClientMediaStatsTimeSeries", std::move(record));
  }
  for (Json& record : acsOperations(call)) {
    const auto said = record.at("CallClientTimeStamp").get<std::string>();
    lines.add(said, id, "CallClientOperations", std::move(record));
  }
}

}  // namespace

void writeAcsLogs(const Result& result, const TextSink& sink) {
  Lines lines(sink);
  for (const CaseInput& one : result.cases) {
    for (const metrics::RunRecord* const run : recordsOf(result, one.variant)) {
      if (!run->complete) continue;
      if (run->calls.empty())
        throw ResultError(result.scenario +
                          ": its result is of a callflow that did not note who took part in calls; "
                          "run it again with --force");
      for (const metrics::CallRecord& call : run->calls)
        writeCall(AcsCall(result, *run, call), lines);
    }
  }
}

}  // namespace callflow::results
