#include "models/video_receiver/reception.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, receive_statistics_impl.cc: a larger change is a new clock.
constexpr Duration kMostChange = Duration::s(5);

}  // namespace

bool Reception::count(std::int64_t sequence) {
  const bool first = received_ == 0;
  ++received_;
  if (first) first_ = sequence;
  if (!first && sequence <= newest_) return false;
  newest_ = sequence;
  return true;
}

void Reception::onPacket(const Packet& packet, TimePoint now) {
  if (packet.recovered) return;
  size_ += packet.size;
  if (packet.retransmitted) {
    ++retransmitted_;
    return;
  }
  if (!count(packet.sequence)) return;
  // Packets of one frame have one time of capture: only the first of each says something.
  if (anyInOrder_ && packet.captured != captured_) {
    const Duration change = (now - arrived_) - (packet.captured - captured_);
    const Duration size = std::max(change, -change);
    if (size < kMostChange) jitterNs_ += (static_cast<double>(size.count()) - jitterNs_) / 16;
  }
  anyInOrder_ = true;
  captured_ = packet.captured;
  arrived_ = now;
}

Reception::Report Reception::takeReport() {
  const Report report{expected() - reportedExpected_, lost() - reportedLost_};
  reportedExpected_ += report.expected;
  reportedLost_ += report.lost;
  return report;
}

}  // namespace callflow::video_receiver
