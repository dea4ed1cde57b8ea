// Each target at its limit and one packet, or one nanosecond, below it.
#include "models/quality/network_targets.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <functional>

namespace callflow::quality {
namespace {

constexpr Duration packet = Duration::ms(20);

struct Fate {
  bool lost = false;
  Duration delay = Duration::ms(10);
  Duration change{};
};

// Packets 0, 1, ... every 20 ms, from 7 s on.
TargetResults of(int packets, const std::function<Fate(int)>& fate) {
  NetworkTargets targets;
  for (int i = 0; i < packets; ++i) {
    const TimePoint sent = TimePoint::at(Duration::s(7)) + packet * i;
    const Fate f = fate(i);
    if (f.lost) {
      targets.lost(sent);
    } else {
      targets.received(sent, f.delay, f.change);
    }
  }
  return targets.results(packet);
}

TargetResults losing(int packets, const std::function<bool(int)>& lost) {
  return of(packets, [&](int i) { return Fate{lost(i), Duration::ms(10), {}}; });
}

TEST_CASE("60 s of 50 packets a second: 300 intervals of 200 ms, 226 of 15 s") {
  const TargetResults clean = losing(3000, [](int) { return false; });
  const TargetResult& burst = at(clean, Target::burstLoss);
  CHECK(burst.windows == 300);
  CHECK(burst.packets == 3000);
  CHECK(burst.missed == 0);
  CHECK(burst.worst == 0);
  const TargetResult& loss = at(clean, Target::loss);
  CHECK(loss.windows == 226);
  CHECK(loss.packets == 3000);
  CHECK(loss.missedShare() == 0);
  CHECK(at(clean, Target::jitter).windows == 226);
  CHECK(at(clean, Target::oneWayDelay).packets == 3000);
}

TEST_CASE("one packet of ten within 200 ms misses the target for bursts, one of eleven does not") {
  // 10 packets of 20 ms fill an interval. The one lost is the last of the second interval.
  const TargetResults tenth = losing(30, [](int i) { return i == 19; });
  CHECK(at(tenth, Target::burstLoss).windows == 3);
  CHECK(at(tenth, Target::burstLoss).missed == 1);
  CHECK(at(tenth, Target::burstLoss).worst == 0.1);
  CHECK(at(tenth, Target::burstLoss).missedShare() == Approx(1.0 / 3));

  NetworkTargets targets;  // 20 packets of 10 ms: one lost is 5 %, two are at the limit
  for (int i = 0; i < 40; ++i) {
    const TimePoint sent = TimePoint::at(Duration::ms(10 * i));
    if (i == 3 || i == 25 || i == 26) {
      targets.lost(sent);
    } else {
      targets.received(sent, Duration::ms(10), {});
    }
  }
  const TargetResult burst = at(targets.results(Duration::ms(10)), Target::burstLoss);
  CHECK(burst.windows == 2);
  CHECK(burst.missed == 1);
  CHECK(burst.worst == 0.1);
}

TEST_CASE("of 750 packets in 15 s seven may be lost, eight not") {
  // 15 s exactly: one interval.
  const TargetResults seven = losing(750, [](int i) { return i % 100 == 50 && i < 700; });
  CHECK(at(seven, Target::loss).windows == 1);
  CHECK(at(seven, Target::loss).packets == 750);
  CHECK(at(seven, Target::loss).missed == 0);
  CHECK(at(seven, Target::loss).worst == 7.0 / 750);
  const TargetResults eight = losing(750, [](int i) { return i % 90 == 50 && i < 720; });
  CHECK(at(eight, Target::loss).missed == 1);
  CHECK(at(eight, Target::loss).worst == 8.0 / 750);
  // At 1 % to the packet: 700 in 15 s, as the stream paused for a second; 7 lost.
  NetworkTargets paused;
  for (int i = 0; i < 750; ++i) {
    if (i >= 300 && i < 350) continue;
    const TimePoint sent = TimePoint::at(packet * i);
    if (i % 100 == 50 && i < 700) {
      paused.lost(sent);
    } else {
      paused.received(sent, Duration::ms(10), {});
    }
  }
  const TargetResult loss = at(paused.results(packet), Target::loss);
  CHECK(loss.packets == 700);
  CHECK(loss.worst == 0.01);
  CHECK(loss.missed == 1);
}

TEST_CASE("any 15 s: losses to both sides of a border are found together") {
  // 60 s, with 8 packets lost around 15 s. They are all in the intervals that begin at 1 to 14.8 s.
  const TargetResults results = losing(3000, [](int i) { return i >= 745 && i < 753; });
  const TargetResult& loss = at(results, Target::loss);
  CHECK(loss.worst == 8.0 / 750);
  // The losses fall into the 75th and 76th interval of 200 ms, numbers 74 and 75. Windows begin at
  // 0 to 225 and hold 75: those with both begin at 1 to 74.
  CHECK(loss.missed == 74);
}

TEST_CASE("jitter of 30 ms and delay of 50 ms miss, a nanosecond less does not") {
  const auto with = [](Duration delay, Duration change) {
    return of(750, [=](int) { return Fate{false, delay, change}; });
  };
  const TargetResults at_limit = with(Duration::ms(50), Duration::ms(30));
  CHECK(at(at_limit, Target::jitter).missed == 1);
  CHECK(at(at_limit, Target::jitter).worst == 0.03);
  CHECK(at(at_limit, Target::oneWayDelay).missed == 1);
  CHECK(at(at_limit, Target::oneWayDelay).worst == 0.05);
  const TargetResults below =
      with(Duration::ms(50) - Duration::ns(1), Duration::ms(30) - Duration::ns(1));
  CHECK(at(below, Target::jitter).missed == 0);
  CHECK(at(below, Target::oneWayDelay).missed == 0);
  // The mean decides: every third packet 90 ms off is 30 ms in the mean.
  const TargetResults mean = of(750, [](int i) {
    return Fate{false, Duration::ms(10), i % 3 == 0 ? Duration::ms(90) : Duration{}};
  });
  CHECK(at(mean, Target::jitter).missed == 1);
}

TEST_CASE("what was not filled or has no packets is not judged") {
  // 14.98 s, and one packet short of a second interval of 200 ms.
  const TargetResults brief = losing(749, [](int) { return true; });
  CHECK(at(brief, Target::loss).windows == 0);
  CHECK(std::isnan(at(brief, Target::loss).missedShare()));
  CHECK(std::isnan(at(brief, Target::loss).worst));
  CHECK(at(brief, Target::burstLoss).windows == 74);
  CHECK(at(losing(0, [](int) { return false; }), Target::burstLoss).windows == 0);
  // All lost: there is no delay to judge.
  const TargetResults gone = losing(750, [](int) { return true; });
  CHECK(at(gone, Target::loss).worst == 1);
  CHECK(at(gone, Target::oneWayDelay).windows == 0);
  // A pause of a minute between two packets.
  NetworkTargets pause;
  pause.received(TimePoint{}, Duration::ms(10), {});
  pause.received(TimePoint::at(Duration::s(60)), Duration::ms(10), {});
  CHECK(at(pause.results(packet), Target::burstLoss).windows == 1);
  // Intervals that hold the first one: the one that begins with it. The last is not filled.
  CHECK(at(pause.results(packet), Target::loss).windows == 1);
}

TEST_CASE("round trip and reordering are judged over the call") {
  CHECK(roundTripResult(Duration::ms(100), 12).missed == 1);
  CHECK(roundTripResult(Duration::ms(100) - Duration::ns(1), 12).missed == 0);
  CHECK(roundTripResult(Duration::ms(99), 12).worst == 0.099);
  CHECK(roundTripResult(Duration::ns(-1), 0).windows == 0);
  // 0.05 %: one of 2000 is at the limit, one of 2001 below it.
  CHECK(reorderingResult(1, 2000).missed == 1);
  CHECK(reorderingResult(1, 2001).missed == 0);
  CHECK(reorderingResult(0, 10).packets == 10);
  CHECK(reorderingResult(0, 0).windows == 0);
}

}  // namespace
}  // namespace callflow::quality
