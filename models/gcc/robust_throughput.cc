#include <algorithm>
#include <utility>

#include "models/gcc/throughput.h"

namespace callflow::gcc {

namespace {

// acknowledged_bitrate_estimator_interface.h: the defaults of its settings.
constexpr std::size_t kLeastPackets = 20, kMostPackets = 500;
constexpr std::size_t kNeeded = 10;
constexpr Duration kLeastTime = Duration::s(1), kMostTime = Duration::s(5);
// robust_throughput_estimator.cc.
constexpr Duration kMostReordered = Duration::s(1);
constexpr Duration kShortest = Duration::ms(1);

}  // namespace

void RobustThroughput::add(std::span<const congestion::PacketResult> arrived) {
  for (const congestion::PacketResult& result : arrived) {
    insert({.sent = result.packet.sent, .received = result.received, .size = result.packet.size});
  }
  forgetOld();
}

void RobustThroughput::insert(const Packet& packet) {
  packets_.push_back(packet);
  // Feedback may be overtaken by later feedback.
  for (std::size_t i = packets_.size() - 1;
       i > first_ && packets_[i].received < packets_[i - 1].received; --i) {
    std::swap(packets_[i], packets_[i - 1]);
  }
  if (packets_.back().received - packet.received > kMostReordered) {
    // The receiver's clock was set.
    packets_.clear();
    first_ = 0;
    forgotten_ = {};
  }
}

bool RobustThroughput::firstIsOld() const {
  const std::span<const Packet> all = window();
  if (all.empty()) return false;
  const Duration length = all.back().received - all.front().received;
  return all.size() > kMostPackets || length > kMostTime ||
         (all.size() > kLeastPackets && length > kLeastTime);
}

void RobustThroughput::forgetOld() {
  while (firstIsOld()) {
    forgotten_ = std::max(forgotten_, packets_[first_].sent);
    ++first_;
  }
  // Erased when they are as many as what stays, so that each is moved once.
  if (first_ * 2 > packets_.size()) {
    packets_.erase(packets_.begin(), packets_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

std::span<const RobustThroughput::Packet> RobustThroughput::window() const {
  return std::span(packets_).subspan(first_);
}

std::optional<DataRate> RobustThroughput::rate() const {
  if (window().size() < kNeeded) return {};
  const DataRate arriving = received();
  return std::min(arriving, sent().value_or(arriving));
}

// The first packet is not counted, as the time that it took is not either. A path that stood still
// for a while and then delivers all at once should not look slow: the longest gap counts as long as
// the second longest.
DataRate RobustThroughput::received() const {
  const std::span<const Packet> all = window();
  Duration longest, second;
  DataSize size;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Duration gap = all[i].received - all[i - 1].received;
    if (gap > longest) {
      second = std::exchange(longest, gap);
    } else {
      second = std::max(second, gap);
    }
    size += all[i].size;
  }
  const Duration time = all.back().received - all.front().received - longest + second;
  return rateOf(size, std::max(time, kShortest));
}

// The last packet is not counted: it takes until the next to send it.
std::optional<DataRate> RobustThroughput::sent() const {
  TimePoint first = TimePoint::max(), last;
  DataSize size, lastSize;
  std::size_t packets = 0;
  for (const Packet& packet : window()) {
    // A late one, whose neighbours are forgotten.
    if (packet.sent < forgotten_) continue;
    if (packets == 0 || packet.sent > last) {
      last = packet.sent;
      lastSize = packet.size;
    }
    first = std::min(first, packet.sent);
    size += packet.size;
    ++packets;
  }
  if (packets < kNeeded) return {};
  return rateOf(size - lastSize, std::max(last - first, kShortest));
}

}  // namespace callflow::gcc
