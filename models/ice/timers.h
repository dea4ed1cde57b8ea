// The times that libwebrtc's agents keep (M150: p2p/base/p2p_constants.h, p2p_transport_channel.cc
// and connection.cc), which meet those of RFC 8445 14 and RFC 7675.
#pragma once

#include "src/units/units.h"

namespace callflow::ice {

// A browser's timers. Chromium wakes libwebrtc's threads for delayed tasks 64 times a second only
// (components/webrtc/thread_wrapper.cc, timer_based_tick_provider.h), so that one of 48 ms that is
// set on a tick comes 62.5 ms later, one of 250 ms 265.6. They are counted from when the clock of
// the machine begins, so that those of two clients lie anyhow to each other.
inline constexpr Duration kTick = Duration::ns(15'625'000);
struct Ticks {
  Duration phase;  // less than kTick
  constexpr TimePoint after(TimePoint time) const {
    return TimePoint::at(phase + kTick * ((time.sinceStart() + kTick - phase) / kTick));
  }
};

// Between any two checks: of 60 bytes at 10 and at 1 kbit/s.
inline constexpr Duration kWeakInterval = Duration::ms(48);
inline constexpr Duration kStrongInterval = Duration::ms(480);
// While the strong one holds, it is looked so often whether a check is due: a tenth of
// kReceivingTimeout.
inline constexpr Duration kLookInterval = Duration::ms(250);
// Of the first checks of a pair, which are made at the weak interval.
inline constexpr int kChecksAtWeakInterval = 3;
// Between two checks of a writable pair.
inline constexpr Duration kUnstableInterval = Duration::ms(900);
inline constexpr Duration kStableInterval = Duration::ms(2500);
inline constexpr Duration kBackupInterval = Duration::s(25);

inline constexpr Duration kReceivingTimeout = Duration::ms(2500);
// A writable pair becomes unreliable when so many checks, the first of them so old, have no answer.
inline constexpr int kUnreliableChecks = 5;
inline constexpr Duration kUnreliableTimeout = Duration::s(5);
// A pair that is not writable times out when its first check without an answer is so old.
inline constexpr Duration kInactiveTimeout = Duration::s(15);
// A pair is forgotten when nothing has come for so long; one that never heard anything and is not
// checked any more, when it is so old.
inline constexpr Duration kDeadTimeout = Duration::s(30);
inline constexpr Duration kLeastLifetime = Duration::s(10);
// RFC 7675 5.1: nothing is sent any more so long after the last answer.
inline constexpr Duration kConsentTimeout = Duration::s(30);

inline constexpr Duration kInitialRoundTrip = Duration::s(3);
inline constexpr Duration kLeastRoundTrip = Duration::ms(100);
inline constexpr Duration kMostRoundTrip = Duration::s(60);
// The old estimate counts so often against one new sample.
inline constexpr std::int64_t kRoundTripWeight = 3;
// Answers after which a pair is checked at the stable interval: more than kRoundTripWeight + 1.
inline constexpr int kStableAnswers = 5;
// Of two pairs that are equal in all else, the faster one is worth a change if it is faster by so
// much.
inline constexpr Duration kRoundTripGain = Duration::ms(10);

// Each step of gathering begins so long after the one before, on a tick: sockets, servers. By
// libwebrtc's code STUN servers are asked with the first; what Chromium was measured to do
// (validation/data, chromium_ice.csv) is as if with the second: behind a NAT that both see alike, a
// peer 80 ms away tells it of its address before a STUN server 40 ms away does.
inline constexpr Duration kGatherStep = Duration::ms(50);
// Until a browser has its sockets. chromium_ice.csv: a check that is answered after 80 ms leaves as
// soon as the one who answers the call has a socket, and connects it 111 to 123 ms after the offer.
inline constexpr Duration kSocketOpening = Duration::ms(12);
// To a STUN server, so that the NAT keeps its mapping.
inline constexpr Duration kServerKeepalive = Duration::s(10);

}  // namespace callflow::ice
