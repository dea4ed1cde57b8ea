#include "src/results/call_json.h"

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
      out.close();
    }
    out.close();
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
      call.participants.push_back({who.at("participant").get<std::string>(),
                                   who.at("pstn").get<bool>(), who.at("end_code").get<int>(),
                                   who.at("end_subcode").get<int>(),
                                   who.at("signaling_region").get<std::string>(),
                                   who.at("flows").get<std::vector<std::string>>()});
    }
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

}  // namespace callflow::results
