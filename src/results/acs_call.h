// A call as Azure's logs see it. For .cc files only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/metrics/run_record.h"
#include "src/results/json.h"
#include "src/results/result.h"

namespace callflow::results {

// Identifiers are hashes of names: the same input gives the same ones.
class AcsCall {
 public:
  AcsCall(const Result& result, const metrics::RunRecord& run, const metrics::CallRecord& call);

  const Result& result() const { return *result_; }
  const metrics::RunRecord& run() const { return *run_; }
  const metrics::CallRecord& call() const { return *call_; }
  const std::vector<const metrics::StreamRecord*>& streams() const { return streams_; }
  // "a direct 1:1 connection between only two, nonserver endpoints"
  bool isP2P() const { return !call_->group && call_->mediaProcessor.empty(); }
  const metrics::CallParticipant& participant(std::string_view name) const;

  std::string correlationId() const { return id("call", {}); }
  Json identifier(const metrics::CallParticipant& who) const;  // null for a telephone
  std::string participantId(std::string_view name) const { return id("participant", name); }
  // In the logs that have none of a P2P call.
  Json participantIdOrNull(std::string_view name) const;
  std::string endpointId(std::string_view name) const { return id("endpoint", name); }
  std::string clientInstanceId(std::string_view name) const { return id("client", name); }
  // Of what a client does, by its number among the call's records of such.
  std::string operationId(std::size_t number) const {
    return id("operation", std::to_string(number));
  }

  // Of what a participant sends, and of what one gets of another: numbers among the streams of one
  // participant, or of the call if it is P2P.
  int sentStreamId(const metrics::StreamRecord& stream) const;
  int receivedStreamId(const metrics::StreamRecord& stream) const;

 private:
  // Media that a participant sends, in the order of the call's streams.
  std::vector<std::string_view> mediaOf(std::string_view from) const;
  std::string id(std::string_view kind, std::string_view name) const;

  const Result* result_;
  const metrics::RunRecord* run_;
  const metrics::CallRecord* call_;
  std::vector<const metrics::StreamRecord*> streams_;
};

// "2000-01-01T00:00:01.250Z" after 1.25 s: simulated time has no date, and this stands for its
// beginning.
std::string acsTime(Duration sinceStart);

// Numbers are texts in Azure's records; null where there is none.
Json acsNumber(double value);
Json acsMilliseconds(double value);  // of a metric of time: whole ones
std::string_view acsEndpointType(const metrics::CallParticipant& who);
std::string acsCodec(const metrics::StreamRecord& stream);
bool isAcsVideo(const metrics::StreamRecord& stream);

// ---- the records of one call, without what frames them

Json acsSummary(const AcsCall& call, const metrics::CallParticipant& who);
std::vector<Json> acsDiagnostics(const AcsCall& call);
std::vector<Json> acsMediaStats(const AcsCall& call);
std::vector<Json> acsOperations(const AcsCall& call);

}  // namespace callflow::results
