#include "models/ice/pair.h"

#include <algorithm>
#include <vector>

#include "models/ice/timers.h"

namespace callflow::ice {

void Pair::checkSent(const stun::TransactionId& transaction, TimePoint now) {
  // An answer is waited for so long, however many have come since.
  std::erase_if(outstanding_, [&](const Check& each) { return now - each.sent > kMostRoundTrip; });
  outstanding_.push_back({transaction, now});
  unanswered_.push_back(now);
  ++checksSent_;
  lastSent_ = now;
  if (!firstSent_) firstSent_ = now;
}

std::optional<Duration> Pair::answered(const stun::TransactionId& transaction, TimePoint now) {
  const auto check = std::find_if(outstanding_.begin(), outstanding_.end(), [&](const Check& each) {
    return each.transaction == transaction;
  });
  if (check == outstanding_.end()) return std::nullopt;
  const Duration sample = now - check->sent;
  outstanding_.erase(check);
  roundTrip_ =
      answers_ == 0 ? sample : (roundTrip_ * kRoundTripWeight + sample) / (kRoundTripWeight + 1);
  ++answers_;
  // Those before it count no longer against the pair.
  unanswered_.clear();
  lastAnswer_ = now;
  writability_ = Writability::writable;
  receiving_ = true;
  return sample;
}

void Pair::checked(bool nominated, TimePoint now) {
  lastChecked_ = now;
  nominated_ = nominated_ || nominated;
  receiving_ = true;
}

void Pair::heard(TimePoint now) {
  lastHeard_ = now;
  receiving_ = true;
}

void Pair::prune() {
  pruned_ = true;
  outstanding_.clear();
  writability_ = Writability::timedOut;
}

void Pair::revive() {
  if (pruned_ || writability_ != Writability::timedOut) return;
  writability_ = Writability::unknown;
}

std::optional<TimePoint> Pair::lastReceived() const {
  return std::max({lastChecked_, lastAnswer_, lastHeard_});
}

Duration Pair::patience() const {
  const Duration estimate = answers_ == 0 ? kInitialRoundTrip : roundTrip_;
  return std::clamp(estimate * 2, kLeastRoundTrip, kMostRoundTrip);
}

bool Pair::tooManyUnanswered(TimePoint now) const {
  return unanswered_.size() >= kUnreliableChecks &&
         now > unanswered_[kUnreliableChecks - 1] + patience();
}

bool Pair::unansweredFor(Duration time, TimePoint now) const {
  return !unanswered_.empty() && now > unanswered_.front() + time;
}

void Pair::update(TimePoint now) {
  if (writability_ == Writability::writable && tooManyUnanswered(now) &&
      unansweredFor(kUnreliableTimeout, now)) {
    writability_ = Writability::unreliable;
  }
  if ((writability_ == Writability::unreliable || writability_ == Writability::unknown) &&
      unansweredFor(kInactiveTimeout, now)) {
    writability_ = Writability::timedOut;
  }
  const auto last = lastReceived();
  receiving_ = last && now <= *last + kReceivingTimeout;
}

std::optional<TimePoint> Pair::nextUpdate() const {
  // All limits are passed, not met.
  constexpr Duration kJustAfter = Duration::ns(1);
  std::optional<TimePoint> next;
  const auto note = [&](TimePoint when) { next = next ? std::min(*next, when) : when; };
  if (receiving_) note(*lastReceived() + kReceivingTimeout + kJustAfter);
  if (!unanswered_.empty()) {
    if (writability_ == Writability::writable && unanswered_.size() >= kUnreliableChecks) {
      note(std::max(unanswered_.front() + kUnreliableTimeout,
                    unanswered_[kUnreliableChecks - 1] + patience()) +
           kJustAfter);
    }
    if (writability_ == Writability::unreliable || writability_ == Writability::unknown)
      note(unanswered_.front() + kInactiveTimeout + kJustAfter);
  }
  return next;
}

bool Pair::dead(TimePoint now) const {
  if (const auto last = lastReceived()) {
    const bool waits = !unanswered_.empty() && now <= unanswered_.front() + kDeadTimeout;
    return now > *last + kDeadTimeout && !waits;
  }
  return !active() && now > created_ + kLeastLifetime;
}

TimePoint Pair::nextCheck(bool weak, TimePoint now) const {
  if (!lastSent_) return now;
  if (checksSent_ < kChecksAtWeakInterval) return *lastSent_ + kWeakInterval;
  const TimePoint soon = *lastSent_ + kUnstableInterval;
  if (weak || !stable(now)) return soon;
  const TimePoint regular = *lastSent_ + kStableInterval;
  if (unanswered_.empty()) return regular;
  return std::min(regular, std::max(soon, unanswered_.front() + patience() + Duration::ns(1)));
}

bool Pair::stable(TimePoint now) const {
  const bool missing = !unanswered_.empty() && now > unanswered_.front() + patience();
  return answers_ >= kStableAnswers && !missing;
}

}  // namespace callflow::ice
