#include "models/video_receiver/nack_requester.h"

#include <algorithm>

namespace callflow::video_receiver {
namespace {

// libwebrtc, modules/video_coding/nack_requester.cc.
constexpr std::int64_t kOldest = 10'000;  // packets
constexpr std::int64_t kMostMissing = 1000;
constexpr Duration kLookInterval = Duration::ms(20);

}  // namespace

NackRequester::NackRequester(TimePoint start, int tries) : start_(start), tries_(tries) {}

int NackRequester::onPacket(std::int64_t sequence, bool repaired, TimePoint now,
                            Requests& requests) {
  if (newest_ < 0) {
    newest_ = sequence;
    return 0;
  }
  if (sequence == newest_) return 0;
  if (sequence < newest_) {
    const std::size_t index = missing_.below(sequence);
    if (index == missing_.size() || missing_[index].number != sequence) return 0;
    const int times = missing_[index].times;
    missing_.erase(index);
    return times;
  }
  if (repaired) {
    if (repaired_.find(sequence) == nullptr) repaired_.insert({sequence});
    repaired_.eraseFront(repaired_.below(sequence - kOldest));
    return 0;
  }
  ask(newest_ + 1, sequence, now, requests);
  newest_ = sequence;
  return 0;
}

void NackRequester::ask(std::int64_t from, std::int64_t to, TimePoint now, Requests& requests) {
  missing_.eraseFront(missing_.below(to - kOldest));
  if (static_cast<std::int64_t>(missing_.size()) + to - from > kMostMissing) {
    // So much is missing that a key frame is the shorter way.
    missing_.clear();
    requests.keyFrame = true;
    return;
  }
  if (from == to) return;
  const bool none = missing_.empty();
  for (std::int64_t sequence = from; sequence < to; ++sequence) {
    if (repaired_.find(sequence) != nullptr) continue;
    requests.nack.push_back(sequence);
    if (tries_ > 1) missing_.insert({sequence, now, 1});
  }
  // What was missing before was asked for earlier and is due earlier.
  if (none) scheduleLook(now);
}

void NackRequester::onRoundTrip(Duration roundTrip, TimePoint now) {
  roundTrip_ = roundTrip;
  scheduleLook(now);
}

void NackRequester::scheduleLook(TimePoint now) {
  TimePoint oldest = now;
  for (std::size_t i = 0; i < missing_.size(); ++i) oldest = std::min(oldest, missing_[i].asked);
  nextLook_ = std::max(lookFrom(now + Duration::ns(1)), lookFrom(oldest + roundTrip_));
}

void NackRequester::clearUpTo(std::int64_t sequence) {
  missing_.eraseFront(missing_.below(sequence));
  repaired_.eraseFront(repaired_.below(sequence));
}

void NackRequester::look(TimePoint now, Requests& requests) {
  if (now < nextLook()) return;
  for (std::size_t i = 0; i < missing_.size();) {
    Missing& missing = missing_[i];
    if (now - missing.asked >= roundTrip_) {
      requests.nack.push_back(missing.number);
      missing.asked = now;
      if (++missing.times >= tries_) {
        missing_.erase(i);
        continue;
      }
    }
    ++i;
  }
  scheduleLook(now);
}

TimePoint NackRequester::lookFrom(TimePoint time) const {
  const Duration since = std::max(time - start_, Duration{});
  return start_ + kLookInterval * ((since + kLookInterval - Duration::ns(1)) / kLookInterval);
}

}  // namespace callflow::video_receiver
