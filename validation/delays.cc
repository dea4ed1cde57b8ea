#include "validation/delays.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace callflow::validation {
namespace {

constexpr Duration stallThreshold = Duration::ms(5);

double meanOf(std::span<const double> values) {
  return values.empty() ? std::numeric_limits<double>::quiet_NaN()
                        : std::accumulate(values.begin(), values.end(), 0.0) /
                              static_cast<double>(values.size());
}

}  // namespace

double rankPercentile(std::span<const double> sorted, double share) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(rank, sorted.size() - 1)];
}

std::vector<double> stallLengths(std::span<const PacketFate> packets, Duration oneWayDelay) {
  std::vector<double> lengths;
  Duration largest;
  const auto close = [&] {
    if (largest > Duration{}) lengths.push_back(largest.milliseconds());
    largest = Duration{};
  };
  for (const PacketFate& packet : packets) {
    const Duration excess =
        packet.delivered ? *packet.delivered - packet.sent - oneWayDelay : Duration{};
    if (excess > stallThreshold) {
      largest = std::max(largest, excess);
    } else {
      close();
    }
  }
  close();
  return lengths;
}

double lateShare(std::span<const PacketFate> packets, Duration oneWayDelay, Duration late) {
  const auto count = std::count_if(packets.begin(), packets.end(), [&](const PacketFate& packet) {
    return packet.delivered && *packet.delivered - packet.sent > oneWayDelay + late;
  });
  return static_cast<double>(count) / static_cast<double>(packets.size());
}

void summarizeDelays(std::span<const PacketFate> packets, Duration oneWayDelay, Duration length,
                     Values& values) {
  std::vector<double> delays;
  std::vector<double> frames;
  std::vector<double> deliveries;
  std::int64_t frameCount = 0;
  bool whole = true;  // no packet of the frame is missing so far
  for (const PacketFate& packet : packets) {
    whole = whole && packet.delivered;
    if (packet.delivered) {
      delays.push_back((*packet.delivered - packet.sent).milliseconds());
      deliveries.push_back(packet.delivered->milliseconds());
    }
    if (!packet.endsFrame) continue;
    ++frameCount;
    if (whole) frames.push_back((*packet.delivered - packet.frameStart).milliseconds());
    whole = true;
  }
  const auto sent = static_cast<double>(packets.size());
  values[Column::n_sent] = sent;
  values[Column::n_recv] = static_cast<double>(delays.size());
  values[Column::loss_frac] = 1 - static_cast<double>(delays.size()) / sent;

  std::sort(delays.begin(), delays.end());
  values[Column::delay_mean] = meanOf(delays);
  values[Column::delay_p50] = rankPercentile(delays, 0.5);
  values[Column::delay_p90] = rankPercentile(delays, 0.9);
  values[Column::delay_p95] = rankPercentile(delays, 0.95);
  values[Column::delay_p99] = rankPercentile(delays, 0.99);
  values[Column::delay_p999] = rankPercentile(delays, 0.999);
  values[Column::delay_max] = rankPercentile(delays, 1);
  values[Column::late40] = lateShare(packets, oneWayDelay, Duration::ms(40));
  values[Column::late60] = lateShare(packets, oneWayDelay, Duration::ms(60));
  values[Column::late100] = lateShare(packets, oneWayDelay, Duration::ms(100));
  values[Column::late200] = lateShare(packets, oneWayDelay, Duration::ms(200));

  std::vector<double> stalls = stallLengths(packets, oneWayDelay);
  std::sort(stalls.begin(), stalls.end());
  values[Column::stalls_per_min] = static_cast<double>(stalls.size()) / (length.seconds() / 60);
  values[Column::stall_mean] = meanOf(stalls);
  values[Column::stall_p50] = rankPercentile(stalls, 0.5);
  values[Column::stall_p90] = rankPercentile(stalls, 0.9);
  values[Column::stall_max] = stalls.empty() ? 0 : stalls.back();

  std::sort(deliveries.begin(), deliveries.end());
  double gap = 0;
  for (std::size_t i = 1; i < deliveries.size(); ++i) {
    gap = std::max(gap, deliveries[i] - deliveries[i - 1]);
  }
  values[Column::gap_max] = gap;

  values[Column::frames] = static_cast<double>(frameCount);
  values[Column::frames_complete] = static_cast<double>(frames.size());
  std::sort(frames.begin(), frames.end());
  values[Column::frame_p50] = rankPercentile(frames, 0.5);
  values[Column::frame_p95] = rankPercentile(frames, 0.95);
  values[Column::frame_p99] = rankPercentile(frames, 0.99);
}

void summarizeLosses(std::span<const LostSegment> losses, Values& values) {
  std::vector<double> first;
  std::vector<double> recovered;
  for (const LostSegment& loss : losses) {
    first.push_back(loss.firstRetransmission.milliseconds());
    recovered.push_back(loss.recovered.milliseconds());
  }
  std::sort(first.begin(), first.end());
  std::sort(recovered.begin(), recovered.end());
  values[Column::lost_segs] = static_cast<double>(losses.size());
  values[Column::first_retx_p50] = rankPercentile(first, 0.5);
  values[Column::first_retx_p90] = rankPercentile(first, 0.9);
  values[Column::recov_p50] = rankPercentile(recovered, 0.5);
  values[Column::recov_p90] = rankPercentile(recovered, 0.9);
  values[Column::recov_p99] = rankPercentile(recovered, 0.99);
}

}  // namespace callflow::validation
