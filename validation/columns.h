// The columns of a measurement that are numbers; see validation/data/README.md for what they mean.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace callflow::validation {

enum class Column : std::uint8_t {
  n_sent,
  n_recv,
  loss_frac,
  delay_mean,
  delay_p50,
  delay_p90,
  delay_p95,
  delay_p99,
  delay_p999,
  delay_max,
  late40,
  late60,
  late100,
  late200,
  stalls_per_min,
  stall_mean,
  stall_p50,
  stall_p90,
  stall_max,
  gap_max,
  frames,
  frames_complete,
  frame_p50,
  frame_p95,
  frame_p99,
  net_lost,
  net_qdrop,
  data_segs,
  retx_segs,
  pure_acks_back,
  RetransSegs,
  RTOs,
  TLP_probes,
  FastRetrans,
  lost_segs,
  first_retx_p50,
  first_retx_p90,
  recov_p50,
  recov_p90,
  recov_p99,
  cwnd_p10,
  cwnd_p50,
  srtt_p50_ms,
  rto_p50_ms,
  notsent_max,
  // Computed from the others (derive()): what repaired lost segments, as shares of all repairs and
  // by lost segment.
  mix_fast,
  mix_tlp,
  mix_rto,
  fast_per_loss,
  tlp_per_loss,
  rto_per_loss,
};
inline constexpr auto firstDerived = Column::mix_fast;

inline constexpr std::array<std::string_view, 51> columnNames = {
    "n_sent",         "n_recv",          "loss_frac",      "delay_mean",
    "delay_p50",      "delay_p90",       "delay_p95",      "delay_p99",
    "delay_p999",     "delay_max",       "late40",         "late60",
    "late100",        "late200",         "stalls_per_min", "stall_mean",
    "stall_p50",      "stall_p90",       "stall_max",      "gap_max",
    "frames",         "frames_complete", "frame_p50",      "frame_p95",
    "frame_p99",      "net_lost",        "net_qdrop",      "data_segs",
    "retx_segs",      "pure_acks_back",  "RetransSegs",    "RTOs",
    "TLP_probes",     "FastRetrans",     "lost_segs",      "first_retx_p50",
    "first_retx_p90", "recov_p50",       "recov_p90",      "recov_p99",
    "cwnd_p10",       "cwnd_p50",        "srtt_p50_ms",    "rto_p50_ms",
    "notsent_max",    "mix_fast",        "mix_tlp",        "mix_rto",
    "fast_per_loss",  "tlp_per_loss",    "rto_per_loss"};
inline constexpr std::size_t columnCount = columnNames.size();
static_assert(static_cast<std::size_t>(Column::rto_per_loss) + 1 == columnCount);

constexpr std::string_view name(Column column) {
  return columnNames[static_cast<std::size_t>(column)];
}

// One value a column; NaN where there is none.
class Values {
 public:
  Values() { values_.fill(std::numeric_limits<double>::quiet_NaN()); }
  double& operator[](Column column) { return values_[static_cast<std::size_t>(column)]; }
  double operator[](Column column) const { return values_[static_cast<std::size_t>(column)]; }

 private:
  std::array<double, columnCount> values_{};
};

// Fills in the columns from `firstDerived` on.
void derive(Values& values);

}  // namespace callflow::validation
