#include "models/transport/rate_sample.h"

#include <algorithm>

namespace callflow::transport {

RateSampler::Snapshot RateSampler::snapshot() const {
  return {firstSent_, deliveredAt_, delivered_, limited(), false};
}

void RateSampler::sent(TimePoint now) {
  // With nothing in flight the network is not busy from the last acknowledgement on, but from now.
  if (queue_.empty()) firstSent_ = deliveredAt_ = now;
  queue_.push_back(snapshot());
}

void RateSampler::resent(std::size_t index) {
  queue_[index] = snapshot();
}

void RateSampler::merged(std::size_t index) {
  queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(index));
}

void RateSampler::begin() {
  chosen_ = {};
  chosenEnd_ = 0;
  sending_ = {};
}

void RateSampler::choose(Snapshot& packet, TimePoint sentAt, std::int64_t end) {
  if (packet.used) return;
  const bool younger = sentAt > firstSent_ || (sentAt == firstSent_ && end > chosenEnd_);
  if (chosen_.delivered != 0 && !younger) return;
  chosen_ = packet;
  chosenEnd_ = end;
  sending_ = sentAt - packet.firstSent;
  firstSent_ = sentAt;
}

void RateSampler::arrived(std::size_t index, TimePoint sentAt, std::int64_t end) {
  choose(queue_[index], sentAt, end);
  queue_[index].used = true;
  ++delivered_;
}

void RateSampler::leaves(TimePoint sentAt, std::int64_t end, bool delivered) {
  if (delivered) ++delivered_;
  choose(queue_.front(), sentAt, end);
  queue_.pop_front();
}

RateSample RateSampler::finish(std::int32_t acknowledged, Duration smallestRtt, TimePoint now) {
  if (limited() && delivered_ > limitedUntil_) limitedUntil_ = 0;
  if (acknowledged > 0) deliveredAt_ = now;
  RateSample sample;
  sample.acknowledged = acknowledged;
  if (chosen_.delivered == 0) return sample;
  sample.priorDelivered = chosen_.delivered;
  sample.applicationLimited = chosen_.limited;
  sample.delivered = delivered_ - chosen_.delivered;
  // Whichever phase was longer: acknowledgements may be compressed on their way, sending is not.
  sample.interval = std::max(sending_, now - chosen_.deliveredAt);
  // A copy sent needlessly makes it look shorter than the path can be.
  if (sample.interval < smallestRtt) sample.interval = {};
  return sample;
}

void RateSampler::limit(std::int32_t inFlight) {
  limitedUntil_ = delivered_ + inFlight;
}

}  // namespace callflow::transport
