#include "models/rtp/sent_packets.h"

#include <algorithm>

namespace callflow::rtp {

namespace {

// libwebrtc: transport_feedback_adapter.cc (kSendTimeHistoryWindow).
constexpr Duration kRemembered = Duration::s(60);
// It keeps times of sending in whole ms, and those of arrivals after the message's base too.
constexpr Duration kGrain = Duration::ms(1);

TimePoint rounded(TimePoint time) {
  return TimePoint::at(kGrain * (time.sinceStart() / kGrain));
}

}  // namespace

const congestion::SentPacket& SentPackets::add(DataSize size, int cluster, bool audio,
                                               TimePoint now) {
  while (!packets_.empty() && packets_.front().packet.sent + kRemembered < now) {
    const Entry& oldest = packets_.front();
    if (!oldest.settled && oldest.packet.sequence > told_)
      inFlight_ = inFlight_ - oldest.packet.size;
    packets_.pop_front();
    ++first_;
  }
  packets_.push_back({{next(), rounded(now), size, cluster, audio}, false});
  inFlight_ += size;
  return packets_.back().packet;
}

void SentPackets::withdraw(std::int64_t sequence) {
  if (sequence < first_) return;
  Entry& entry = packets_[static_cast<std::size_t>(sequence - first_)];
  if (entry.settled) return;
  entry.settled = true;
  if (sequence > told_) inFlight_ = inFlight_ - entry.packet.size;
}

void SentPackets::apply(const TransportFeedback& message, TimePoint now,
                        congestion::Feedback& result) {
  result.at = now;
  result.packets.clear();
  const auto count = static_cast<std::int64_t>(message.received.size());
  const std::int64_t last = std::min(message.first + count, next()) - 1;
  // What messages that were lost would have told of is no longer taken to be on its way.
  for (std::int64_t sequence = std::max(told_ + 1, first_); sequence <= last; ++sequence) {
    const Entry& entry = packets_[static_cast<std::size_t>(sequence - first_)];
    if (!entry.settled) inFlight_ = inFlight_ - entry.packet.size;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t sequence = message.first + i;
    if (sequence < first_ || sequence >= next()) continue;
    Entry& entry = packets_[static_cast<std::size_t>(sequence - first_)];
    if (entry.settled) continue;
    const TimePoint received = message.received[static_cast<std::size_t>(i)];
    entry.settled = received != TimePoint::max();
    result.packets.push_back({entry.packet, entry.settled ? rounded(received) : received});
  }
  told_ = std::max(told_, last);
  result.inFlight = inFlight_;
  // Only what may still be told of is kept.
  while (!packets_.empty() && packets_.front().settled) {
    packets_.pop_front();
    ++first_;
  }
}

}  // namespace callflow::rtp
