#include "src/metrics/metric.h"

#include <limits>

namespace callflow::metrics {
namespace {

constexpr double toPercent = 100;
constexpr double toMs = 1000;

constexpr std::string_view networkTargets =
    "Microsoft: Media Quality and Network Connectivity Performance";

constexpr std::array<Metric, metricCount> table{{
    {MetricId::mos, "audio.mos", "MOS", 1, Better::higher, 2,
     "Conversational quality, 1 to 4.5 on the scale of the codec (fullband for Opus).",
     "ITU-T G.107.2, G.107 annex B"},
    {MetricId::mos_listening, "audio.mos_listening", "MOS", 1, Better::higher, 2,
     "Quality without the effect of delay: what loss and coding leave.",
     "ITU-T G.107.2, G.107 annex B"},
    {MetricId::r_factor, "audio.r_factor", "R", 1, Better::higher, 1,
     "Rating that audio.mos is computed from; at best 148 on the fullband scale.", "ITU-T G.107.2"},
    {MetricId::r_factor_listening, "audio.r_factor_listening", "R", 1, Better::higher, 1,
     "Rating without its delay part.", "ITU-T G.107.2"},
    {MetricId::mos_recency, "audio.mos_recency", "MOS", 1, Better::higher, 2,
     "Conversational quality as remembered at the end of the call: its last burst of loss counts "
     "for more.",
     "ETSI TS 101 329-5 annex E"},
    {MetricId::r_factor_recency, "audio.r_factor_recency", "R", 1, Better::higher, 1,
     "Rating that audio.mos_recency is computed from.", "ETSI TS 101 329-5 annex E"},
    {MetricId::delay_impairment, "audio.delay_impairment", "R", 1, Better::lower, 1,
     "What the mouth-to-ear delay takes from the rating (Idd).", "ITU-T G.107 7-27, G.107.2"},
    {MetricId::equipment_impairment, "audio.equipment_impairment", "R", 1, Better::lower, 1,
     "What codec and loss take from the rating (Ie,eff).", "ITU-T G.107 7-29, G.107.2"},
    {MetricId::burst_ratio, "audio.burst_ratio", "", 1, Better::lower, 2,
     "Mean length of concealment runs over that of random loss at the same rate; 1 is random.",
     "ITU-T G.107 7-30"},
    {MetricId::burst_density, "audio.burst_density", "%", toPercent, Better::lower, 1,
     "Share of packets that are missing within bursts: lost, or too late to be played.",
     "RFC 3611 4.7.2, Gmin 16"},
    {MetricId::gap_density, "audio.gap_density", "%", toPercent, Better::lower, 2,
     "Share of packets that are missing between bursts.", "RFC 3611 4.7.2, Gmin 16"},
    {MetricId::burst_duration, "audio.burst_duration", "ms", toMs, Better::lower, 0,
     "Mean length of a burst; 0 if there is none.", "RFC 3611 4.7.2, Gmin 16"},
    {MetricId::gap_duration, "audio.gap_duration", "ms", toMs, Better::higher, 0,
     "Mean length of the time between bursts.", "RFC 3611 4.7.2, Gmin 16"},
    {MetricId::lost_ratio, "audio.lost_ratio", "%", toPercent, Better::lower, 2,
     "Packets lost by the network, of those sent and not still on their way.", "RFC 3611 4.7.1"},
    {MetricId::discarded_ratio, "audio.discarded_ratio", "%", toPercent, Better::lower, 2,
     "Packets received too late to be played, of those sent and not still on their way.",
     "RFC 3611 4.7.1"},
    {MetricId::concealed_ratio, "audio.concealed_ratio", "%", toPercent, Better::lower, 2,
     "Sound made up because packets were missing or late, of all sound, by time; the loss that the "
     "score is computed from.",
     "W3C webrtc-stats concealedSamples"},
    {MetricId::silent_concealed_ratio, "audio.silent_concealed_ratio", "%", toPercent,
     Better::lower, 2, "Made-up sound that had faded to mere noise, of all sound, by time.",
     "W3C webrtc-stats silentConcealedSamples"},
    {MetricId::concealment_events, "audio.concealment_events", "", 1, Better::lower, 1,
     "Runs of made-up sound.", "W3C webrtc-stats concealmentEvents"},
    {MetricId::decelerated_ratio, "audio.decelerated_ratio", "%", toPercent, Better::lower, 2,
     "Sound inserted to play slower while the jitter buffer grows, of all sound.",
     "W3C webrtc-stats insertedSamplesForDeceleration"},
    {MetricId::accelerated_ratio, "audio.accelerated_ratio", "%", toPercent, Better::lower, 2,
     "Sound removed to play faster while the jitter buffer shrinks, of all sound.",
     "W3C webrtc-stats removedSamplesForAcceleration"},
    {MetricId::interruptions, "audio.interruptions", "", 1, Better::lower, 1,
     "Concealment runs of at least 150 ms.", "libwebrtc interruptionCount"},
    {MetricId::interruption_duration, "audio.interruption_duration", "ms", toMs, Better::lower, 0,
     "Length of the concealment runs of at least 150 ms together.",
     "libwebrtc totalInterruptionDuration"},
    {MetricId::longest_interruption, "audio.longest_interruption", "ms", toMs, Better::lower, 0,
     "Longest run of concealed sound, of whatever length.", "ours"},
    {MetricId::one_way_delay_mean, "audio.one_way_delay_mean", "ms", toMs, Better::lower, 1,
     "Mean delay of received packets from the sender to the receiver's jitter buffer.", "RFC 7679"},
    {MetricId::one_way_delay_p50, "audio.one_way_delay_p50", "ms", toMs, Better::lower, 1,
     "Delay that half of the received packets stay within.", "RFC 7679"},
    {MetricId::one_way_delay_p95, "audio.one_way_delay_p95", "ms", toMs, Better::lower, 1,
     "Delay that 95 % of the received packets stay within.", "RFC 7679"},
    {MetricId::one_way_delay_p99, "audio.one_way_delay_p99", "ms", toMs, Better::lower, 1,
     "Delay that 99 % of the received packets stay within.", "RFC 7679"},
    {MetricId::one_way_delay_max, "audio.one_way_delay_max", "ms", toMs, Better::lower, 1,
     "Largest delay of a received packet.", "RFC 7679"},
    {MetricId::jitter, "audio.jitter", "ms", toMs, Better::lower, 2,
     "Smoothed variation of delay between packets: at the end of a window, the largest of a call.",
     "RFC 3550 6.4.1"},
    {MetricId::jitter_mean, "audio.jitter_mean", "ms", toMs, Better::lower, 2,
     "Mean of the interarrival jitter after each packet.", "RFC 3550 6.4.1"},
    {MetricId::jitter_buffer_delay, "audio.jitter_buffer_delay", "ms", toMs, Better::lower, 1,
     "Mean time that played packets wait in the jitter buffer.",
     "W3C webrtc-stats jitterBufferDelay"},
    {MetricId::jitter_buffer_target, "audio.jitter_buffer_target", "ms", toMs, Better::lower, 1,
     "Mean delay that the jitter buffer aimed at when it let packets go.",
     "W3C webrtc-stats jitterBufferTargetDelay"},
    {MetricId::jitter_buffer_minimum, "audio.jitter_buffer_minimum", "ms", toMs, Better::lower, 1,
     "The same without bounds that were set: what the network alone asked for.",
     "W3C webrtc-stats jitterBufferMinimumDelay"},
    {MetricId::mouth_to_ear_delay, "audio.mouth_to_ear_delay", "ms", toMs, Better::lower, 1,
     "Mean delay from capture to playout; the delay that the score is computed from.",
     "ITU-T G.107 (Ta)"},
    {MetricId::packets_sent, "audio.packets_sent", "packets", 1, Better::neither, 0,
     "Packets sent in the scored time.", "W3C webrtc-stats packetsSent"},
    {MetricId::packets_received, "audio.packets_received", "packets", 1, Better::higher, 0,
     "Of these, packets received, each once.", "W3C webrtc-stats packetsReceived"},
    {MetricId::packets_lost, "audio.packets_lost", "packets", 1, Better::lower, 0,
     "Of these, packets that the network lost.", "W3C webrtc-stats packetsLost"},
    {MetricId::packets_discarded, "audio.packets_discarded", "packets", 1, Better::lower, 0,
     "Packets received too late to be played or thrown away by a full jitter buffer.",
     "W3C webrtc-stats packetsDiscarded"},
    {MetricId::packets_in_flight_at_end, "audio.packets_in_flight_at_end", "packets", 1,
     Better::neither, 0, "Packets still on their way when the simulation ended.", "ours"},
    {MetricId::packets_recovered, "audio.packets_recovered", "packets", 1, Better::neither, 0,
     "Packets played from another packet than their own: in-band FEC, RED or a repetition.",
     "ours"},
    {MetricId::fec_packets_received, "audio.fec_packets_received", "packets", 1, Better::neither, 0,
     "Redundant copies of packets that came, needed or not.",
     "W3C webrtc-stats fecPacketsReceived"},
    {MetricId::retransmissions, "audio.retransmissions", "segments", 1, Better::lower, 0,
     "TCP segments sent again on the way of the stream.", "RFC 4898 tcpEStatsPerfSegsRetrans"},
    {MetricId::stun_round_trip, "audio.stun_round_trip", "ms", toMs, Better::lower, 1,
     "Mean round trip of the sender's consent checks to the other end of its path and back.",
     "W3C webrtc-stats currentRoundTripTime"},
    {MetricId::poor_by_dashboard, "audio.poor_by_dashboard", "%", toPercent, Better::lower, 1,
     "Share of streams that are poor by the rules of the Call Quality Dashboard.",
     "Microsoft: stream classification in Call Quality Dashboard"},
    {MetricId::poor_by_insights, "audio.poor_by_insights", "%", toPercent, Better::lower, 1,
     "Share of streams that are poor by the rules of Azure's voice and video insights.",
     "Microsoft: voice and video insights of Azure Communication Services"},
    {MetricId::poor_by_diagnostics, "audio.poor_by_diagnostics", "%", toPercent, Better::lower, 1,
     "Share of streams that are poor by what Azure's call diagnostics say of the jitter buffer.",
     "Microsoft: call diagnostics log of Azure Communication Services"},
    {MetricId::rtcp_round_trip, "audio.rtcp_round_trip", "ms", toMs, Better::lower, 1,
     "Mean round trip that receiver reports tell the sender, without the time they were held.",
     "RFC 3550 6.4.1"},
    {MetricId::windows_200ms, "audio.windows_200ms", "windows", 1, Better::neither, 0,
     "Intervals of 200 ms that were judged, one after the other; each holds ten packets of 20 ms.",
     networkTargets},
    {MetricId::loss_200ms_missed, "audio.loss_200ms_missed", "%", toPercent, Better::lower, 2,
     "Share of intervals of 200 ms that lost 10 % of their packets or more: one of ten will do.",
     networkTargets},
    {MetricId::loss_200ms_max, "audio.loss_200ms_max", "%", toPercent, Better::lower, 1,
     "Share of packets lost in the worst 200 ms.", networkTargets},
    {MetricId::windows_15s, "audio.windows_15s", "windows", 1, Better::neither, 0,
     "Intervals of 15 s that were judged; one begins every 200 ms, so they overlap.",
     networkTargets},
    {MetricId::loss_15s_missed, "audio.loss_15s_missed", "%", toPercent, Better::lower, 2,
     "Share of intervals of 15 s that lost 1 % of their packets or more.", networkTargets},
    {MetricId::loss_15s_max, "audio.loss_15s_max", "%", toPercent, Better::lower, 2,
     "Share of packets lost in the worst 15 s.", networkTargets},
    {MetricId::jitter_15s_missed, "audio.jitter_15s_missed", "%", toPercent, Better::lower, 2,
     "Share of intervals of 15 s with a jitter of 30 ms or more: the mean change of delay from "
     "packet to packet.",
     networkTargets},
    {MetricId::jitter_15s_max, "audio.jitter_15s_max", "ms", toMs, Better::lower, 2,
     "Mean change of delay from packet to packet in the worst 15 s.", networkTargets},
    {MetricId::one_way_delay_15s_missed, "audio.one_way_delay_15s_missed", "%", toPercent,
     Better::lower, 2,
     "Share of intervals of 15 s with a mean one-way delay of 50 ms or more, sender to receiver.",
     networkTargets},
    {MetricId::one_way_delay_15s_max, "audio.one_way_delay_15s_max", "ms", toMs, Better::lower, 1,
     "Mean one-way delay in the worst 15 s.", networkTargets},
    {MetricId::reordered_ratio, "audio.reordered_ratio", "%", toPercent, Better::lower, 3,
     "Packets received after one that was sent later, of those received; the target is less than "
     "0.05 %.",
     "RFC 4737 4.1, Microsoft: network targets"},
    {MetricId::targets_missed, "audio.targets_missed", "targets", 1, Better::lower, 1,
     "Targets missed, of six: loss in 200 ms and in 15 s, jitter, one-way delay, round trip, "
     "reordering.",
     networkTargets},
}};

constexpr bool inEnumOrder() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].id) != i) return false;
  }
  return true;
}
static_assert(inEnumOrder());

}  // namespace

const Metric& metric(MetricId id) {
  return table[static_cast<std::size_t>(id)];
}

std::span<const Metric> allMetrics() {
  return table;
}

std::optional<MetricId> metricNamed(std::string_view name) {
  for (const Metric& row : table) {
    if (row.name == name) return row.id;
  }
  return std::nullopt;
}

Values::Values() {
  values_.fill(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace callflow::metrics
