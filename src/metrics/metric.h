// Every metric that callflow reports, declared once: name, unit, which way is better, what it
// means.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace callflow::metrics {

enum class Better { higher, lower, neither };

// Order is the order in tables and files. The row of each is in metric.cc.
enum class MetricId {
  mos,            // conversational, on the scale of the stream's codec
  mos_listening,  // the same with the delay part left out
  r_factor,
  r_factor_listening,
  mos_recency,  // as remembered at the end of the call; of whole calls only
  r_factor_recency,
  delay_impairment,      // Idd on the scale used
  equipment_impairment,  // Ie,eff
  burst_ratio,
  burst_density,  // RFC 3611, of frames lost or too late
  gap_density,
  burst_duration,          // s, mean
  gap_duration,            // s, mean
  lost_ratio,              // sent, neither received nor in flight at the end
  discarded_ratio,         // received too late to be played
  concealed_ratio,         // frames concealed over frames played and concealed
  silent_concealed_ratio,  // concealed as mere noise, of all sound
  concealment_events,      // runs of concealed sound, per window or call
  decelerated_ratio,       // inserted by stretching, of all sound
  accelerated_ratio,       // removed by stretching, of all sound
  interruptions,           // concealment runs of at least 150 ms, per window or call
  interruption_duration,   // s, of these together
  longest_interruption,    // s
  one_way_delay_mean,      // s, sent by the source to received by the receiver's media stack
  one_way_delay_p50,
  one_way_delay_p95,
  one_way_delay_p99,
  one_way_delay_max,
  jitter,       // s, RFC 3550 6.4.1, value at the end of the window or call; largest over a call
  jitter_mean,  // s, of its values after each packet
  jitter_buffer_delay,    // s, mean
  jitter_buffer_target,   // s, mean over played packets
  jitter_buffer_minimum,  // s, mean: the target without bounds that were set
  mouth_to_ear_delay,     // s, mean: the delay that the score is computed from
  packets_sent,
  packets_received,
  packets_lost,
  packets_discarded,
  packets_in_flight_at_end,
  packets_recovered,     // played from a redundant or repeated copy
  fec_packets_received,  // redundant copies that came
  retransmissions,       // TCP segments sent again on the stream's legs
  stun_round_trip,       // s, mean, as the sender's consent checks measure it
  poor_by_dashboard,     // 1 if the stream is poor, 0 if not: the mean is the poor stream rate
  poor_by_insights,
  poor_by_diagnostics,
  rtcp_round_trip,  // s, mean, as the reports about its stream tell the sender
  // Microsoft's targets for the network. `missed`: share of the windows judged that are at or over
  // the limit; `max`: the worst window.
  windows_200ms,  // windows judged: the size of the sample
  loss_200ms_missed,
  loss_200ms_max,
  windows_15s,
  loss_15s_missed,
  loss_15s_max,
  jitter_15s_missed,
  jitter_15s_max,  // s
  one_way_delay_15s_missed,
  one_way_delay_15s_max,  // s
  reordered_ratio,        // received after a packet sent later
  targets_missed,         // targets, of those judged
  count_                  // number of metrics, not a metric
};
inline constexpr std::size_t metricCount = static_cast<std::size_t>(MetricId::count_);

struct Metric {
  MetricId id;
  std::string_view name;  // "audio.mos": what users write in `expect:` and read in summary.csv
  std::string_view unit;  // as written to files and shown: "MOS", "ms", "%", "packets", ""
  double scale;           // written value = value in base units (s, ratio) * scale
  Better better;
  int decimals;             // in tables
  std::string_view help;    // one sentence
  std::string_view source;  // RFC, ITU or W3C section, or "ours"
};

const Metric& metric(MetricId id);
std::span<const Metric> allMetrics();
std::optional<MetricId> metricNamed(std::string_view name);

// One value per metric, in base units; NaN where a metric does not apply.
class Values {
 public:
  Values();  // all NaN
  double& operator[](MetricId id) { return values_[static_cast<std::size_t>(id)]; }
  double operator[](MetricId id) const { return values_[static_cast<std::size_t>(id)]; }

 private:
  std::array<double, metricCount> values_;
};

}  // namespace callflow::metrics
