// "Call diagnostics": a record for each stream that an endpoint sends, the server being one.
#include <algorithm>
#include <cmath>
#include <limits>

#include "src/results/acs_call.h"

namespace callflow::results {

namespace {

using metrics::MetricId;
using metrics::StreamRecord;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Of the windows' means; of a stream without windows, its own.
double worstWindow(const StreamRecord& stream, MetricId id) {
  double worst = stream.totals[id];
  for (const metrics::Window& window : stream.windows) {
    const double value = window.values[id];
    if (std::isnan(worst) || value > worst) worst = value;
  }
  return worst;
}

// As RTCP has measured it, else STUN.
double roundTrip(const StreamRecord& stream) {
  if (isAcsVideo(stream)) return stream.totals[MetricId::video_rtcp_round_trip];
  const double rtcp = stream.totals[MetricId::audio_rtcp_round_trip];
  return std::isnan(rtcp) ? stream.totals[MetricId::audio_stun_round_trip] : rtcp;
}

std::string transportOf(const metrics::Leg* leg) {
  if (leg == nullptr) return "Unrecognized";
  return leg->transport == "tcp" ? "TCP" : "UDP";
}

struct Sender {
  Json identifier, participantId, endpointId;
  std::string_view type;
  int streamId = 0;
  const metrics::Leg* leg = nullptr;  // the participant's own
  double roundTrip = kUnknown;
};

// `heard`: what became of the stream on the way that it is judged by; null: it is not known of this
// part of its way.
Json record(const Sender& sender, const StreamRecord& stream, const StreamRecord* heard) {
  const bool video = isAcsVideo(stream);
  const auto total = [&](MetricId id) { return heard ? heard->totals[id] : kUnknown; };
  const auto worst = [&](MetricId id) { return heard ? worstWindow(*heard, id) : kUnknown; };
  const MetricId lost = video ? MetricId::video_lost_ratio : MetricId::audio_lost_ratio;
  const MetricId waited =
      video ? MetricId::video_jitter_buffer_delay : MetricId::audio_jitter_buffer_delay;
  const MetricId packets = video ? MetricId::video_packets_sent : MetricId::audio_packets_sent;
  constexpr double kMsPerMinute = 60'000;
  // A stream of one medium has no values of the other's metrics: they are null.
  return {{"identifier", sender.identifier},
          {"participantId", sender.participantId},
          {"endpointId", sender.endpointId},
          {"endpointType", sender.type},
          {"mediaType", video ? "Video" : "Audio"},
          {"streamId", std::to_string(sender.streamId)},
          {"transportType", transportOf(sender.leg)},
          {"roundTripTimeAvg", acsMilliseconds(sender.roundTrip)},
          {"roundTripTimeMax", nullptr},
          {"jitterAvg", acsMilliseconds(total(MetricId::audio_jitter_mean))},
          {"jitterMax", acsMilliseconds(total(MetricId::audio_jitter))},
          {"packetLossRateAvg", acsNumber(total(lost))},
          {"packetLossRateMax", acsNumber(worst(lost))},
          {"JitterBufferSizeAvg", acsMilliseconds(total(waited))},
          {"JitterBufferSizeMax", acsMilliseconds(worst(waited))},
          {"HealedDataRatioAvg", acsNumber(total(MetricId::audio_concealed_ratio))},
          {"HealedDataRatioMax", acsNumber(worst(MetricId::audio_concealed_ratio))},
          {"VideoFrameRateAvg", acsNumber(total(MetricId::video_frame_rate))},
          {"RecvResolutionHeight", acsNumber(total(MetricId::video_frame_height))},
          {"RecvFreezeDurationPerMinuteInMs",
           acsNumber(std::round(total(MetricId::video_freeze_ratio) * kMsPerMinute))},
          {"PacketUtilization", acsNumber(stream.totals[packets])},
          {"VideoBitRateAvg", acsNumber(std::round(total(MetricId::video_received_rate)))},
          {"VideoBitRateMax", acsNumber(std::round(worst(MetricId::video_received_rate)))},
          {"StreamDirection", "Outbound"},
          {"CodecName", acsCodec(stream)}};
}

// What a participant sends of a medium, or null; to everybody it is the same.
const StreamRecord* sentBy(const AcsCall& call, std::string_view name, std::string_view medium) {
  const auto& streams = call.streams();
  const auto found = std::find_if(streams.begin(), streams.end(), [&](const auto* stream) {
    return stream->from == name && stream->medium == medium;
  });
  return found == streams.end() ? nullptr : *found;
}

// Of the way between a participant and the server, which both measure: a sender of sound from its
// reports on what it sends, and the server, of video, from those on what it sends on.
double roundTripOf(const AcsCall& call, std::string_view name, const StreamRecord& stream) {
  if (!isAcsVideo(stream)) {
    const StreamRecord* const sent = sentBy(call, name, stream.medium);
    return sent == nullptr ? kUnknown : roundTrip(*sent);
  }
  for (const StreamRecord* const each : call.streams())
    if (each->to == name && isAcsVideo(*each)) return roundTrip(*each);
  return kUnknown;
}

Sender participantAs(const AcsCall& call, const StreamRecord& stream) {
  const metrics::CallParticipant& who = call.participant(stream.from);
  return {.identifier = call.identifier(who),
          .participantId = call.participantIdOrNull(who.name),
          .endpointId = call.endpointId(who.name),
          .type = acsEndpointType(who),
          .streamId = call.sentStreamId(stream),
          .leg = stream.legs.empty() ? nullptr : &stream.legs.front(),
          .roundTrip = call.isP2P() ? roundTrip(stream) : roundTripOf(call, stream.from, stream)};
}

// Its way to the participant ends at that one's own leg.
Sender serverAs(const AcsCall& call, const StreamRecord& stream) {
  return {.identifier = nullptr,
          .participantId = call.participantIdOrNull(stream.to),
          .endpointId = nullptr,
          .type = "Server",
          .streamId = call.receivedStreamId(stream),
          .leg = stream.legs.empty() ? nullptr : &stream.legs.back(),
          .roundTrip = roundTripOf(call, stream.to, stream)};
}

}  // namespace

std::vector<Json> acsDiagnostics(const AcsCall& call) {
  std::vector<Json> records;
  if (call.isP2P()) {
    for (const StreamRecord* const stream : call.streams())
      records.push_back(record(participantAs(call, *stream), *stream, stream));
    return records;
  }
  // Streams are measured from sender to receiver: what their way to the server makes of them is in
  // what the server sends on, and not known apart.
  for (const metrics::CallParticipant& who : call.call().participants) {
    for (const char* const medium : {"audio", "video"})
      if (const StreamRecord* const sent = sentBy(call, who.name, medium))
        records.push_back(record(participantAs(call, *sent), *sent, nullptr));
    for (const StreamRecord* const stream : call.streams())
      if (stream->to == who.name)
        records.push_back(record(serverAs(call, *stream), *stream, stream));
  }
  return records;
}

}  // namespace callflow::results
