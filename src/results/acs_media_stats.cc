// "Call client media statistics time series": what a client says of its streams every ten seconds.
#include <algorithm>
#include <cmath>
#include <set>

#include "src/results/acs_call.h"

namespace callflow::results {

namespace {

using metrics::MetricId;
using metrics::StreamRecord;

constexpr int kIntervalSeconds = 10;
constexpr Duration kInterval = Duration::s(kIntervalSeconds);

// A client's end of a stream.
struct Side {
  std::string client;
  Json remote;  // participant; null: the server
  bool sends = false;
  int streamId = 0;
};

class Writer {
 public:
  Writer(const AcsCall& call, const StreamRecord& stream, const Side& side)
      : call_(call), stream_(stream), side_(side) {}

  void add(std::vector<Json>& records) const {
    for (const metrics::Window& window : stream_.windows) {
      const Duration from = call_.call().scoredFrom + window.start;
      const Duration length =
          std::max(Duration::ms(1), std::min(kInterval, call_.call().mediaEnd - from));
      const std::string time = acsTime(from + length);
      const auto say = [&](const char* name, double value) {
        if (std::isfinite(value)) records.push_back(record(time, name, value));
      };
      const auto perSecond = [&](MetricId id) { return window.values[id] / length.seconds(); };
      if (side_.sends) {
        say("PacketsPerSecond", perSecond(MetricId::audio_packets_sent));
        continue;
      }
      say("PacketsPerSecond", perSecond(MetricId::audio_packets_received));
      say("PacketsLostPerSecond", perSecond(MetricId::audio_packets_lost));
      say("JitterInMs", window.values[MetricId::audio_jitter] * 1000);
      say("JitterBufferInMs", window.values[MetricId::audio_jitter_buffer_delay] * 1000);
      say("HealedRatio", window.values[MetricId::audio_concealed_ratio]);
    }
  }

 private:
  // A window is one value here, where clients have one a second.
  Json record(const std::string& time, const char* name, double value) const {
    return {
        {"OperationName", "CallClientMediaStatsTimeSeries"},
        {"CallId", call_.correlationId()},
        {"CallClientTimeStamp", time},
        {"MetricName", name},
        {"Count", "1"},
        {"Sum", acsNumber(value)},
        {"Average", acsNumber(value)},
        {"Minimum", acsNumber(value)},
        {"Maximum", acsNumber(value)},
        {"MediaStreamDirection", side_.sends ? "send" : "receive"},
        {"MediaStreamType", "audio"},
        {"MediaStreamCodec", acsCodec(stream_)},
        {"ParticipantId", call_.participantId(side_.client)},
        {"ClientInstanceId", call_.clientInstanceId(side_.client)},
        {"EndpointId", call_.endpointId(side_.client)},
        {"RemoteParticipantId",
         side_.remote.is_null() ? Json() : Json(call_.participantId(remote()))},
        {"RemoteEndpointId", side_.remote.is_null() ? Json() : Json(call_.endpointId(remote()))},
        {"MediaStreamId", std::to_string(side_.streamId)},
        {"AggregationIntervalSeconds", std::to_string(kIntervalSeconds)},
        {"Type", "ACSCallClientMediaStatsTimeSeries"}};
  }
  std::string remote() const { return side_.remote.get<std::string>(); }

  const AcsCall& call_;
  const StreamRecord& stream_;
  const Side& side_;
};

}  // namespace

std::vector<Json> acsMediaStats(const AcsCall& call) {
  std::vector<Json> records;
  std::set<std::string> sent;
  for (const StreamRecord* const stream : call.streams()) {
    // A server gets it once, whoever hears it.
    if (!call.participant(stream->from).pstn && sent.insert(stream->from).second) {
      const Side sender{stream->from, call.isP2P() ? Json(stream->to) : Json(), true,
                        call.sentStreamId(stream->from)};
      Writer(call, *stream, sender).add(records);
    }
    if (call.participant(stream->to).pstn) continue;
    const Side receiver{stream->to, stream->from, false, call.receivedStreamId(*stream)};
    Writer(call, *stream, receiver).add(records);
  }
  return records;
}

}  // namespace callflow::results
