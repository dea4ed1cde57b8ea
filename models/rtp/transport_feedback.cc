#include "models/rtp/transport_feedback.h"

#include <algorithm>
#include <iterator>

#include "models/rtp/rtcp_sizes.h"

namespace callflow::rtp {

namespace {

// libwebrtc: transport_sequence_number_feedback_generator.cc. A message is taken to have 68 B:
// headers of IP, UDP and SRTP, and 30 B of its own.
constexpr double kMessageBits = 68 * 8, kShare = 0.05;
constexpr Duration kShortest = Duration::ms(50), kLongest = Duration::ms(250);
// A delta of one byte, in steps of 0.25 ms.
constexpr Duration kShortDelta = Duration::us(63'750);
// How far back a message reaches for packets that come late.
constexpr std::int64_t kReach = 1 << 10;

}  // namespace

Duration feedbackInterval(DataRate available) {
  const double share = kShare * static_cast<double>(available.count());
  if (share <= kMessageBits / kLongest.seconds()) return kLongest;
  return std::max(kShortest, Duration::fromSeconds(kMessageBits / share));
}

void FeedbackCollector::onPacket(std::int64_t sequence, TimePoint now) {
  if (sequence + kReach < next_) return;
  auto place = pending_.end();
  while (place != pending_.begin() && std::prev(place)->sequence > sequence) --place;
  pending_.insert(place, {sequence, now});
}

void FeedbackCollector::fill(TransportFeedback& message) {
  message.first = std::min(next_, pending_.front().sequence);
  const std::int64_t last = pending_.back().sequence;
  message.received.assign(static_cast<std::size_t>(last + 1 - message.first), TimePoint::max());
  std::int64_t late = 0;
  TimePoint before = pending_.front().at;
  for (const Arrival& arrival : pending_) {
    message.received[static_cast<std::size_t>(arrival.sequence - message.first)] = arrival.at;
    if (arrival.at < before || arrival.at - before > kShortDelta) ++late;
    before = arrival.at;
  }
  message.size = transportFeedbackSize(static_cast<std::int64_t>(message.received.size()),
                                       static_cast<std::int64_t>(pending_.size()), late);
  next_ = std::max(next_, last + 1);
  pending_.clear();
}

}  // namespace callflow::rtp
