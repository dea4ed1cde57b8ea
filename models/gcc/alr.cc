#include "models/gcc/alr.h"

namespace callflow::gcc {
namespace {

// libwebrtc, goog_cc/alr_detector.h.
constexpr double kUse = 0.65;  // of the estimate: who sends more is not limited
constexpr double kBeginsAbove = 0.8;
constexpr double kEndsBelow = 0.5;

}  // namespace

void AlrDetector::setEstimate(DataRate rate) {
  budget_.setRate(scaled(rate, kUse));
}

void AlrDetector::onSent(DataSize size, TimePoint now) {
  if (lastSent_) {
    budget_.use(size);
    budget_.refill(now - *lastSent_);
    if (!since_ && budget_.level() > kBeginsAbove) {
      since_ = now;
    } else if (since_ && budget_.level() < kEndsBelow) {
      since_.reset();
    }
  }
  lastSent_ = now;
}

}  // namespace callflow::gcc
