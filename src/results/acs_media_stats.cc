// "Call client media statistics time series": what a client says of its streams every ten seconds.
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

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

// What a client has counted of one metric in an interval.
struct Values {
  int count = 0;
  double sum = 0, least = 0, most = 0;

  void add(double value) {
    if (!std::isfinite(value)) return;
    least = count == 0 ? value : std::min(least, value);
    most = count == 0 ? value : std::max(most, value);
    sum += value;
    ++count;
  }
};

class Writer {
 public:
  Writer(const AcsCall& call, const StreamRecord& stream, const Side& side)
      : call_(call), stream_(stream), side_(side) {}

  // Windows of sound are as long as an interval, those of video a tenth of it.
  void add(std::vector<Json>& records) const {
    const auto& windows = stream_.windows;
    const Duration length =
        windows.size() > 1 ? std::min(kInterval, windows[1].start - windows[0].start) : kInterval;
    const Duration scored = call_.call().mediaEnd - call_.call().scoredFrom;
    for (std::size_t from = 0; from < windows.size();) {
      const Duration start = windows[from].start;
      std::size_t to = from;
      while (to < windows.size() && windows[to].start < start + kInterval) ++to;
      const Duration last = windows[to - 1].start;
      addInterval(from, to, std::max(last + Duration::ms(1), std::min(last + length, scored)),
                  records);
      from = to;
    }
  }

 private:
  // Windows from `from` to before `to`, of which the last ends at `end`.
  void addInterval(std::size_t from, std::size_t to, Duration end,
                   std::vector<Json>& records) const {
    const std::string time = acsTime(call_.call().scoredFrom + end);
    // `per`: the metric's value over the length of its window.
    const auto say = [&](const char* name, MetricId id, double factor = 1, bool per = false) {
      Values all;
      for (std::size_t i = from; i < to; ++i) {
        const metrics::Window& window = stream_.windows[i];
        const Duration until = i + 1 < to ? stream_.windows[i + 1].start : end;
        const double length = per ? (until - window.start).seconds() : 1;
        all.add(window.values[id] * factor / length);
      }
      if (all.count > 0) records.push_back(record(time, name, all));
    };
    const auto perSecond = [&](const char* name, MetricId id) { say(name, id, 1, true); };
    if (isAcsVideo(stream_)) {
      if (side_.sends) {
        say("Bitrate", MetricId::video_sent_rate);
        perSecond("PacketsPerSecond", MetricId::video_packets_sent);
        perSecond("FrameRateSent", MetricId::video_frames_sent);
        if (call_.isP2P()) say("AvailableBitrate", MetricId::video_available_rate);
        return;
      }
      say("Bitrate", MetricId::video_received_rate);
      perSecond("PacketsPerSecond", MetricId::video_packets_received);
      perSecond("PacketsLostPerSecond", MetricId::video_packets_lost);
      say("JitterBufferInMs", MetricId::video_jitter_buffer_delay, 1000);
      say("FrameRateDecoded", MetricId::video_frame_rate);
      say("FrameHeightReceived", MetricId::video_frame_height);
      say("TotalFreezeDurationInMs", MetricId::video_freeze_duration, 1000);
      return;
    }
    if (side_.sends) {
      perSecond("PacketsPerSecond", MetricId::audio_packets_sent);
      return;
    }
    perSecond("PacketsPerSecond", MetricId::audio_packets_received);
    perSecond("PacketsLostPerSecond", MetricId::audio_packets_lost);
    say("JitterInMs", MetricId::audio_jitter, 1000);
    say("JitterBufferInMs", MetricId::audio_jitter_buffer_delay, 1000);
    say("HealedRatio", MetricId::audio_concealed_ratio);
  }

  // Of sound, an interval is one value here, where clients have one a second.
  Json record(const std::string& time, const char* name, const Values& values) const {
    return {
        {"OperationName", "CallClientMediaStatsTimeSeries"},
        {"CallId", call_.correlationId()},
        {"CallClientTimeStamp", time},
        {"MetricName", name},
        {"Count", std::to_string(values.count)},
        {"Sum", acsNumber(values.sum)},
        {"Average", acsNumber(values.sum / values.count)},
        {"Minimum", acsNumber(values.least)},
        {"Maximum", acsNumber(values.most)},
        {"MediaStreamDirection", side_.sends ? "send" : "receive"},
        {"MediaStreamType", isAcsVideo(stream_) ? "video" : "audio"},
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
  std::set<std::pair<std::string, std::string>> sent;  // by whom, of which medium
  for (const StreamRecord* const stream : call.streams()) {
    // A server gets it once, whoever hears it.
    if (!call.participant(stream->from).pstn &&
        sent.insert({stream->from, stream->medium}).second) {
      const Side sender{stream->from, call.isP2P() ? Json(stream->to) : Json(), true,
                        call.sentStreamId(*stream)};
      Writer(call, *stream, sender).add(records);
    }
    if (call.participant(stream->to).pstn) continue;
    const Side receiver{stream->to, stream->from, false, call.receivedStreamId(*stream)};
    Writer(call, *stream, receiver).add(records);
  }
  return records;
}

}  // namespace callflow::results
