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

// The first packet is not counted, as the time that it took is not either. A path that stood still
// for a while and then delivers all at once should not look slow: the longest gap counts as long as
// the second longest.
struct Arrived {
  TimePoint before;
  Duration longest, second;
  DataSize size;

  void add(TimePoint received, DataSize bytes) {
    const Duration gap = received - before;
    if (gap > second) second = gap > longest ? std::exchange(longest, gap) : gap;
    before = received;
    size += bytes;
  }
  DataRate rate(Duration time) const {
    return rateOf(size, std::max(time - longest + second, kShortest));
  }
};

// The last packet is not counted: it takes until the next to send it.
struct Sent {
  TimePoint first = TimePoint::max(), last;
  DataSize size, lastSize;
  std::size_t packets = 0;

  void add(TimePoint sent, DataSize bytes) {
    if (packets == 0 || sent > last) {
      last = sent;
      lastSize = bytes;
    }
    first = std::min(first, sent);
    size += bytes;
    ++packets;
  }
  DataRate rate() const { return rateOf(size - lastSize, std::max(last - first, kShortest)); }
};

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

// What arrives, or what was sent if that is less.
std::optional<DataRate> RobustThroughput::rate() const {
  const std::span<const Packet> all = window();
  if (all.size() < kNeeded) return {};
  Arrived arrived;
  arrived.before = all.front().received;
  Sent sent;
  for (const Packet& packet : all) {
    arrived.add(packet.received, packet.size);
    // A late one, whose neighbours are forgotten, is not of what was sent.
    if (packet.sent >= forgotten_) sent.add(packet.sent, packet.size);
  }
  arrived.size = arrived.size - all.front().size;
  const DataRate arriving = arrived.rate(all.back().received - all.front().received);
  return sent.packets < kNeeded ? arriving : std::min(arriving, sent.rate());
}

}  // namespace callflow::gcc
