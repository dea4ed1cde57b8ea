#include "models/turn/retransmissions.h"

#include <algorithm>

namespace callflow::turn {
namespace {

// libwebrtc M150, p2p/base/stun_request.cc.
constexpr Duration kFirst = Duration::ms(250);
constexpr Duration kMost = Duration::s(8);
constexpr int kTimes = 9;
// RFC 8489 6.2.2: Ti.
constexpr Duration kReliable = Duration::ms(39500);

}  // namespace

void Retransmissions::start(TimePoint now) {
  running_ = true;
  sent_ = 1;
  interval_ = reliable_ ? kReliable : kFirst;
  next_ = now + interval_;
}

void Retransmissions::stop() {
  running_ = false;
}

std::optional<TimePoint> Retransmissions::next() const {
  return running_ ? std::optional(next_) : std::nullopt;
}

Retransmissions::Due Retransmissions::onTimer(TimePoint now) {
  if (!running_ || now < next_) return Due::nothing;
  if (reliable_ || sent_ >= kTimes) {
    running_ = false;
    return Due::giveUp;
  }
  ++sent_;
  interval_ = std::min(interval_ * 2, kMost);
  next_ = now + interval_;
  return Due::sendAgain;
}

}  // namespace callflow::turn
