// What a receiver reports to a sender of the packets that it missed (RFC 3550 6.4.1, A.3).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace callflow::client {

struct LossReport {
  std::int64_t lost = 0;  // of these expected; below zero after what came late
  std::int64_t expected = 0;
};

// One stream at its receiver, which knows of a loss by what came after it.
class LossReporter {
 public:
  // Each packet once, in whatever order.
  void received(std::int64_t sequence) {
    if (received_ == 0) first_ = sequence;
    highest_ = std::max(highest_, sequence);
    ++received_;
  }
  bool heard() const { return received_ > 0; }

  // Since the report before.
  LossReport next() {
    if (received_ == 0) return {};
    const std::int64_t expected = highest_ - first_ + 1;
    const LossReport result{(expected - reportedExpected_) - (received_ - reportedReceived_),
                            expected - reportedExpected_};
    reportedExpected_ = expected;
    reportedReceived_ = received_;
    return result;
  }

 private:
  std::int64_t first_ = 0;
  std::int64_t highest_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t received_ = 0;
  std::int64_t reportedExpected_ = 0, reportedReceived_ = 0;
};

}  // namespace callflow::client
