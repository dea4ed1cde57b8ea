#include "src/results/call_json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace callflow::results {

namespace {

void composeFlows(const std::vector<std::string>& flows, JsonComposer& out) {
  out.key("flows");
  out.openArray(JsonComposer::Layout::oneLine);
  for (const std::string& flow : flows) out.text(flow);
  out.close();
}

void boolean(std::string_view key, bool value, JsonComposer& out) {
  out.key(key);
  out.boolean(value);
}

// Seconds, for whoever reads a time line. A double holds the nanoseconds of a run of a week.
constexpr const char* kAt = "at_s";

Duration timeOf(const Json& json) {
  return Duration::fromSeconds(json.at(kAt).get<double>());
}

void composeSteps(const std::vector<metrics::SetUpStep>& steps, JsonComposer& out) {
  out.openArray(JsonComposer::Layout::oneLine);
  for (const metrics::SetUpStep& step : steps) {
    out.openObject(JsonComposer::Layout::oneLine);
    out.text("step", step.step);
    out.exact(kAt, step.at.seconds());
    out.close();
  }
  out.close();
}

void composeEvents(const std::vector<metrics::CallEvent>& events, JsonComposer& out) {
  out.openArray();
  for (const metrics::CallEvent& event : events) {
    out.openObject(JsonComposer::Layout::oneLine);
    out.exact(kAt, event.at.seconds());
    out.text("participant", event.participant);
    out.text("event", metrics::name(event.kind));
    out.text("detail", event.detail);
    out.close();
  }
  out.close();
}

std::optional<metrics::CallEventKind> kindFrom(std::string_view name) {
  for (std::uint8_t i = 0;; ++i) {
    const auto kind = static_cast<metrics::CallEventKind>(i);
    if (metrics::name(kind).empty()) return std::nullopt;
    if (metrics::name(kind) == name) return kind;
  }
}

// None where the writer did not know of them. A kind that is not known here is of a later minor
// version, and left out.
std::vector<metrics::CallEvent> eventsFrom(const Json& call) {
  std::vector<metrics::CallEvent> events;
  for (const Json& json : call.value("events", Json::array())) {
    const auto kind = kindFrom(json.at("event").get<std::string>());
    if (!kind) continue;
    events.push_back({timeOf(json), json.at("participant").get<std::string>(), *kind,
                      json.at("detail").get<std::string>()});
  }
  return events;
}

std::vector<metrics::SetUpStep> stepsFrom(const Json& participant) {
  std::vector<metrics::SetUpStep> steps;
  for (const Json& json : participant.value("set_up", Json::array()))
    steps.push_back({json.at("step").get<std::string>(), timeOf(json)});
  return steps;
}

}  // namespace

void composeCalls(const std::vector<metrics::CallRecord>& calls, JsonComposer& out) {
  out.openArray();
  for (const metrics::CallRecord& call : calls) {
    out.openObject();
    out.text("call", call.call);
    out.integer("copy", call.copy);
    boolean("group", call.group, out);
    out.text("media_processor", call.mediaProcessor);
    out.integer("start_ns", call.start.count());
    out.integer("media_start_ns", call.mediaStart.count());
    out.integer("scored_from_ns", call.scoredFrom.count());
    out.integer("media_end_ns", call.mediaEnd.count());
    out.key("participants");
    out.openArray();
    for (const metrics::CallParticipant& who : call.participants) {
      out.openObject(JsonComposer::Layout::oneLine);
      out.text("participant", who.name);
      boolean("pstn", who.pstn, out);
      out.integer("end_code", who.code);
      out.integer("end_subcode", who.subcode);
      out.text("signaling_region", who.region);
      composeFlows(who.flows, out);
      out.key("set_up");
      composeSteps(who.steps, out);
      out.close();
    }
    out.close();
    out.key("events");
    composeEvents(call.events, out);
    out.close();
  }
  out.close();
}

std::vector<metrics::CallRecord> callsFrom(const Json& list) {
  std::vector<metrics::CallRecord> calls;
  const auto time = [](const Json& json, const char* key) {
    return Duration::ns(json.at(key).get<std::int64_t>());
  };
  for (const Json& json : list) {
    metrics::CallRecord call;
    call.call = json.at("call").get<std::string>();
    call.copy = json.at("copy").get<int>();
    call.group = json.at("group").get<bool>();
    call.mediaProcessor = json.at("media_processor").get<std::string>();
    call.start = time(json, "start_ns");
    call.mediaStart = time(json, "media_start_ns");
    call.scoredFrom = time(json, "scored_from_ns");
    call.mediaEnd = time(json, "media_end_ns");
    for (const Json& who : json.at("participants")) {
      call.participants.push_back(
          {who.at("participant").get<std::string>(), who.at("pstn").get<bool>(),
           who.at("end_code").get<int>(), who.at("end_subcode").get<int>(),
           who.at("signaling_region").get<std::string>(),
           who.at("flows").get<std::vector<std::string>>(), stepsFrom(who)});
    }
    call.events = eventsFrom(json);
    calls.push_back(std::move(call));
  }
  return calls;
}

void composeSignaling(const std::vector<metrics::CallRecord>& calls, JsonComposer& out) {
  out.openArray();
  for (const metrics::CallRecord& call : calls) {
    for (const metrics::CallParticipant& who : call.participants) {
      if (who.region.empty()) continue;
      out.openObject(JsonComposer::Layout::oneLine);
      out.text("call", call.call);
      out.text("participant", who.name);
      out.text("region", who.region);
      composeFlows(who.flows, out);
      out.close();
    }
  }
  out.close();
}

void composeSetUp(const std::vector<SetUpSummary>& steps, JsonComposer& out) {
  out.openArray();
  for (const SetUpSummary& sum : steps) {
    out.openObject(JsonComposer::Layout::oneLine);
    out.text("call", sum.call);
    out.integer("copy", sum.copy);
    out.text("participant", sum.participant);
    out.text("step", sum.step);
    out.integer("runs", sum.runs);
    out.exact("mean_s", sum.mean.seconds());
    out.exact("min_s", sum.least.seconds());
    out.exact("max_s", sum.most.seconds());
    out.close();
  }
  out.close();
}

void composeStories(const std::vector<CallStory>& stories, JsonComposer& out) {
  out.openArray();
  for (const CallStory& story : stories) {
    out.openObject();
    out.text("call", story.call);
    out.integer("copy", story.copy);
    out.integer("runs", story.runs);
    out.integer("replication", story.replication);
    out.key("moments");
    out.openArray();
    for (const Moment& moment : story.moments) {
      out.openObject(JsonComposer::Layout::oneLine);
      out.exact(kAt, moment.at.seconds());
      out.key("participants");
      out.openArray(JsonComposer::Layout::oneLine);
      for (const std::string& who : moment.who) out.text(who);
      out.close();
      out.text("event", metrics::name(moment.kind));
      out.text("detail", moment.detail);
      out.close();
    }
    out.close();
    out.close();
  }
  out.close();
}

void composeEnds(const std::vector<EndSummary>& ends, JsonComposer& out) {
  out.openArray();
  for (const EndSummary& end : ends) {
    out.openObject(JsonComposer::Layout::oneLine);
    out.text("call", end.call);
    out.integer("copy", end.copy);
    out.text("participant", end.participant);
    out.integer("code", end.code);
    out.integer("subcode", end.subcode);
    out.integer("runs", end.runs);
    out.close();
  }
  out.close();
}

}  // namespace callflow::results
