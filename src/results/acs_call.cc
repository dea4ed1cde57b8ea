#include "src/results/acs_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>

#include "src/results/hash.h"
#include "src/results/number.h"

namespace callflow::results {

namespace {

// As UUIDs are written; names end with a byte that none of them holds.
std::string uuidOf(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) (all += name) += '\0';
  const std::string hex = hashHex(all);
  const std::string_view digits = hex;
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(12, 4), digits.substr(16, 4), digits.substr(20, 12));
}

}  // namespace

AcsCall::AcsCall(const Result& result, const metrics::RunRecord& run,
                 const metrics::CallRecord& call)
    : result_(&result), run_(&run), call_(&call) {
  const auto takesPart = [&](const std::string& name) {
    return std::any_of(call.participants.begin(), call.participants.end(),
                       [&](const auto& who) { return who.name == name; });
  };
  for (const metrics::StreamRecord& stream : run.streams) {
    if (stream.call == call.call && takesPart(stream.from) && takesPart(stream.to))
      streams_.push_back(&stream);
  }
}

const metrics::CallParticipant& AcsCall::participant(std::string_view name) const {
  return *std::find_if(call_->participants.begin(), call_->participants.end(),
                       [&](const auto& who) { return who.name == name; });
}

std::string AcsCall::id(std::string_view kind, std::string_view name) const {
  return uuidOf({std::string(kind), result_->scenario, run_->variant, call_->call,
                 std::to_string(call_->copy), std::to_string(run_->replication),
                 std::string(name)});
}

// The same user in all calls, variants and runs of a scenario.
Json AcsCall::identifier(const metrics::CallParticipant& who) const {
  if (who.pstn) return nullptr;
  return "acs:" + uuidOf({"resource", result_->scenario}) + "_" +
         uuidOf({"user", result_->scenario, who.name});
}

Json AcsCall::participantIdOrNull(std::string_view name) const {
  return isP2P() ? Json() : Json(participantId(name));
}

std::vector<std::string_view> AcsCall::mediaOf(std::string_view from) const {
  std::vector<std::string_view> media;
  for (const metrics::StreamRecord* const stream : streams_) {
    if (stream->from == from &&
        std::find(media.begin(), media.end(), stream->medium) == media.end())
      media.push_back(stream->medium);
  }
  return media;
}

int AcsCall::sentStreamId(const metrics::StreamRecord& stream) const {
  if (isP2P())
    return 1 + static_cast<int>(std::find(streams_.begin(), streams_.end(), &stream) -
                                streams_.begin());
  const auto media = mediaOf(stream.from);
  return 1 + static_cast<int>(std::find(media.begin(), media.end(), stream.medium) - media.begin());
}

int AcsCall::receivedStreamId(const metrics::StreamRecord& stream) const {
  if (isP2P()) return sentStreamId(stream);
  // After what it sends itself; who sends nothing leaves a number free for its sound.
  int number = std::max(1, static_cast<int>(mediaOf(stream.to).size()));
  for (const metrics::StreamRecord* const each : streams_) {
    if (each->to != stream.to) continue;
    ++number;
    if (each == &stream) break;
  }
  return number;
}

std::string acsTime(Duration sinceStart) {
  using namespace std::chrono;
  constexpr std::int64_t kNsPerMs = 1'000'000;
  const sys_time<milliseconds> time =
      sys_days{year{2000} / January / 1} + milliseconds{sinceStart.count() / kNsPerMs};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Json acsNumber(double value) {
  return std::isfinite(value) ? Json(numberText(value)) : Json();
}

Json acsMilliseconds(double value) {
  return acsNumber(std::round(value * 1000));
}

std::string_view acsEndpointType(const metrics::CallParticipant& who) {
  return who.pstn ? "PSTN" : "VOIP";
}

std::string acsCodec(const metrics::StreamRecord& stream) {
  std::string name = stream.codec;
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

bool isAcsVideo(const metrics::StreamRecord& stream) {
  return stream.medium == "video";
}

}  // namespace callflow::results
