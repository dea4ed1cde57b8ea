#include "models/gcc/probe_estimate.h"

#include <algorithm>
#include <cstddef>

namespace callflow::gcc {
namespace {

// libwebrtc, goog_cc/probe_bitrate_estimator.cc.
constexpr double kLeastShare = 0.8;  // of packets and of bytes that must have come
constexpr double kMostFaster = 2;    // received faster than sent: something is wrong
// Received slower than this: that was all that the path carries, and a little less is right.
constexpr double kUnsaturated = 0.9;
constexpr double kOfCapacity = 0.95;
constexpr Duration kLongest = Duration::s(1);  // a probe, on either side
constexpr Duration kHistory = Duration::s(1);
// Probes that were never sent leave nothing behind to go by; the pacer holds six at most.
constexpr std::size_t kMostClusters = 16;

bool valid(Duration interval) {
  return interval > Duration{} && interval <= kLongest;
}

}  // namespace

void ProbeEstimate::expect(const congestion::Probe& probe) {
  if (clusters_.size() == kMostClusters) clusters_.erase(clusters_.begin());
  Cluster cluster;
  cluster.number = probe.cluster;
  cluster.leastPackets = static_cast<int>(probe.packets * kLeastShare);
  cluster.leastSize = DataSize::bytes(
      static_cast<std::int64_t>(static_cast<double>(probe.size.count()) * kLeastShare));
  clusters_.push_back(cluster);
}

std::optional<DataRate> ProbeEstimate::onPacket(const congestion::PacketResult& result) {
  forgetBefore(result.received - kHistory);
  const auto cluster = std::find_if(clusters_.begin(), clusters_.end(), [&](const Cluster& each) {
    return each.number == result.packet.cluster;
  });
  if (cluster == clusters_.end()) return std::nullopt;
  add(*cluster, result);
  if (cluster->packets < cluster->leastPackets || cluster->size < cluster->leastSize) {
    return std::nullopt;
  }
  const std::optional<DataRate> rate = rateOfCluster(*cluster);
  if (rate) last_ = rate;
  return rate;
}

void ProbeEstimate::add(Cluster& cluster, const congestion::PacketResult& result) {
  const congestion::SentPacket& packet = result.packet;
  cluster.firstSent = std::min(cluster.firstSent, packet.sent);
  if (cluster.packets == 0 || packet.sent > cluster.lastSent) {
    cluster.lastSent = packet.sent;
    cluster.lastSentSize = packet.size;
  }
  if (result.received < cluster.firstCame) {
    cluster.firstCame = result.received;
    cluster.firstCameSize = packet.size;
  }
  cluster.lastCame =
      cluster.packets == 0 ? result.received : std::max(cluster.lastCame, result.received);
  cluster.size += packet.size;
  ++cluster.packets;
}

// The time from the first packet to the last is too short to hold the last that was sent, or the
// first that came.
std::optional<DataRate> ProbeEstimate::rateOfCluster(const Cluster& cluster) {
  const Duration sending = cluster.lastSent - cluster.firstSent;
  const Duration receiving = cluster.lastCame - cluster.firstCame;
  if (!valid(sending) || !valid(receiving)) return std::nullopt;
  const DataRate sent = rateOf(cluster.size - cluster.lastSentSize, sending);
  const DataRate received = rateOf(cluster.size - cluster.firstCameSize, receiving);
  if (received > scaled(sent, kMostFaster)) return std::nullopt;
  if (received < scaled(sent, kUnsaturated)) return scaled(received, kOfCapacity);
  return std::min(sent, received);
}

void ProbeEstimate::forgetBefore(TimePoint now) {
  std::erase_if(clusters_, [&](const Cluster& cluster) {
    return cluster.packets > 0 && cluster.lastCame < now;
  });
}

std::optional<DataRate> ProbeEstimate::take() {
  const std::optional<DataRate> rate = last_;
  last_.reset();
  return rate;
}

}  // namespace callflow::gcc
