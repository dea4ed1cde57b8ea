// Which packets a receiver of video asks to be sent again, and when: libwebrtc's NackRequester.
#pragma once

#include <cstdint>

#include "models/video_receiver/numbered_ring.h"
#include "models/video_receiver/requests.h"
#include "src/units/units.h"

namespace callflow::video_receiver {

// How often a packet is asked for at most. libwebrtc has done so 100 times since July 2024 (M128),
// and 10 times before.
inline constexpr int kNackTries = 100;
inline constexpr int kEarlierNackTries = 10;

class NackRequester {
 public:
  // The list is looked at every 20 ms from `start`.
  explicit NackRequester(TimePoint start, int tries = kNackTries);

  // Tells how often the packet was asked for. What is missing before it is asked for at once, as
  // libwebrtc never learns how far packets overtake each other. `repaired`: it says nothing of what
  // was sent before it.
  int onPacket(std::int64_t sequence, bool repaired, TimePoint now, Requests& requests);
  void onRoundTrip(Duration roundTrip, TimePoint now);
  // Nothing before this packet is of use any more.
  void clearUpTo(std::int64_t sequence);

  // Asks again for what was last asked for a round trip ago. Does nothing before nextLook().
  void look(TimePoint now, Requests& requests);
  // max() if nothing is missing.
  TimePoint nextLook() const { return missing_.empty() ? TimePoint::max() : nextLook_; }

 private:
  struct Missing {
    std::int64_t number = 0;
    TimePoint asked;
    int times = 0;
  };
  struct Repaired {
    std::int64_t number = 0;
  };

  void ask(std::int64_t from, std::int64_t to, TimePoint now, Requests& requests);
  // The first look at `time` or after it.
  TimePoint lookFrom(TimePoint time) const;
  void scheduleLook(TimePoint now);

  TimePoint start_;
  int tries_;
  Duration roundTrip_ = Duration::ms(100);  // until one was measured
  std::int64_t newest_ = -1;                // that has come as it was sent first
  TimePoint nextLook_ = TimePoint::max();
  NumberedRing<Missing> missing_;
  NumberedRing<Repaired> repaired_;  // newer than newest_ when they came
};

}  // namespace callflow::video_receiver
