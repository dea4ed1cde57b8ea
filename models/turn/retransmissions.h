// When a request that has no answer is sent again (RFC 8489 6.2.1, with libwebrtc's times: 250 ms,
// doubled up to 8 s, 9 times in all; over TCP once, and given up after 39.5 s).
#pragma once

#include <cstdint>
#include <optional>

#include "src/units/units.h"

namespace callflow::turn {

class Retransmissions {
 public:
  Retransmissions() = default;
  explicit Retransmissions(bool reliable) : reliable_(reliable) {}
  // The first has left now.
  void start(TimePoint now);
  // It is answered, or nobody waits any more.
  void stop();
  // What is to be done next, when; nothing if it does not run.
  std::optional<TimePoint> next() const;
  // To be called at that time.
  enum class Due : std::uint8_t { nothing, sendAgain, giveUp };
  Due onTimer(TimePoint now);

 private:
  bool reliable_ = false;
  bool running_ = false;
  int sent_ = 0;
  Duration interval_;
  TimePoint next_;
};

}  // namespace callflow::turn
