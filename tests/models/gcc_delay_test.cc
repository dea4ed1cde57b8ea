// From the packets' times to the rate that their delay allows. The numbers of rates are libwebrtc's
// (aimd_rate_control_unittest.cc, trendline_estimator_unittest.cc).
#include <catch2/catch.hpp>

#include <optional>

#include "models/gcc/link_capacity.h"
#include "models/gcc/packet_groups.h"
#include "models/gcc/rate_control.h"
#include "models/gcc/trendline.h"
#include "tests/models/gcc_support.h"

using namespace callflow;
using namespace callflow::gcc;

namespace {

TimePoint at(double milliseconds) {
  return TimePoint::at(Duration::fromSeconds(milliseconds / 1e3));
}

// Groups leave every 20 ms and arrive so much more apart. At which of them the state is first
// `usage`, or nothing.
std::optional<int> firstAt(Usage usage, double growth, int deltas = 1000) {
  Trendline trendline;
  for (int i = 1; i <= deltas; ++i) {
    const GroupDelta delta{.sent = Duration::ms(20),
                           .received = Duration::fromSeconds(0.02 * (1 + growth))};
    trendline.add(delta, TimePoint::at(delta.received * i));
    if (trendline.usage() == usage) return i;
  }
  return {};
}

RateControl controlAt(DataRate rate) {
  RateControl control;
  control.set(rate, at(0));
  return control;
}

}  // namespace

// ---- groups -------------------------------------------------------------------------------------

TEST_CASE("two groups are compared when a third begins, by the last packets of each") {
  PacketGroups groups;
  CHECK_FALSE(groups.add(at(0), at(100), at(150)));
  CHECK_FALSE(groups.add(at(5), at(108), at(150)));  // 5 ms after the first: the same group
  CHECK_FALSE(groups.add(at(20), at(130), at(150)));
  const auto delta = groups.add(at(40), at(150), at(150));
  REQUIRE(delta);
  CHECK(delta->sent == Duration::ms(15));
  CHECK(delta->received == Duration::ms(22));
}

TEST_CASE("what leaves more than 5 ms after a group's first packet is a new group") {
  PacketGroups groups;
  groups.add(at(0), at(100), at(150));
  groups.add(at(5.1), at(110), at(150));
  CHECK(groups.add(at(20), at(120), at(150)));
}

TEST_CASE("packets that queued and are let go together are one group, for 100 ms at most") {
  PacketGroups groups;
  groups.add(at(0), at(100), at(300));
  groups.add(at(20), at(121), at(300));
  // Sent 10 ms apart, arrived 4 ms apart: they stood somewhere. 24 of them are within 100 ms of
  // the first of the group, at 121 ms; the 25th is not.
  int packets = 0;
  std::optional<GroupDelta> delta;
  while (!delta && packets < 100) {
    ++packets;
    delta = groups.add(at(20 + 10 * packets), at(121 + 4 * packets), at(300));
  }
  CHECK(packets == 25);
  REQUIRE(delta);
  CHECK(delta->sent == Duration::ms(20 + 240));
  CHECK(delta->received == Duration::ms(21 + 96));
}

TEST_CASE("packets that queued but arrive more than 5 ms apart are groups of their own") {
  PacketGroups groups;
  groups.add(at(0), at(100), at(300));
  groups.add(at(20), at(120), at(300));
  CHECK(groups.add(at(30), at(126), at(300)));
}

TEST_CASE("a packet that left before its group's first is not looked at") {
  PacketGroups groups;
  groups.add(at(0), at(100), at(300));
  groups.add(at(20), at(120), at(300));
  CHECK_FALSE(groups.add(at(10), at(139), at(300)));
  const auto delta = groups.add(at(40), at(140), at(300));
  REQUIRE(delta);
  CHECK(delta->received == Duration::ms(20));
}

TEST_CASE("if the receiver's clock jumps by three seconds all begins anew") {
  PacketGroups groups;
  groups.add(at(0), at(100), at(150));
  groups.add(at(20), at(120), at(170));
  CHECK(groups.add(at(40), at(3140), at(190)));        // 20 ms apart by the clock before it jumped
  CHECK_FALSE(groups.add(at(60), at(3160), at(210)));  // 3020 ms, while 20 ms passed here
  CHECK_FALSE(groups.add(at(80), at(3180), at(230)));
  CHECK_FALSE(groups.add(at(100), at(3200), at(250)));
  const auto delta = groups.add(at(120), at(3220), at(270));
  REQUIRE(delta);
  CHECK(delta->received == Duration::ms(20));
}

TEST_CASE("after three groups that seem to arrive backwards all begins anew") {
  PacketGroups groups;
  groups.add(at(0), at(1000), at(150));
  groups.add(at(20), at(1020), at(150));
  CHECK_FALSE(groups.add(at(40), at(100), at(150)));  // taken for a burst with the one before
  for (const double sent : {60, 80, 100}) CHECK_FALSE(groups.add(at(sent), at(60 + sent), at(150)));
  CHECK_FALSE(groups.add(at(120), at(180), at(150)));
  CHECK_FALSE(groups.add(at(140), at(200), at(150)));
  CHECK(groups.add(at(160), at(220), at(150)));
}

// ---- the trend ----------------------------------------------------------------------------------

TEST_CASE("on a clean path the threshold is at its floor after three groups") {
  // A step is 0.039 * (0 - threshold) * 20 ms: each leaves 22 % of it, but not less than 6. The
  // first group is not judged, the second has no time before it to adapt for.
  Trendline trendline;
  for (int i = 1; i <= 2; ++i) {
    trendline.add({.sent = Duration::ms(20), .received = Duration::ms(20)}, atMs(20 * i));
    CHECK(trendline.threshold() == 12.5);
  }
  trendline.add({.sent = Duration::ms(20), .received = Duration::ms(20)}, atMs(60));
  CHECK(trendline.threshold() == 6);
}

TEST_CASE("how soon a queue that grows is noticed") {
  // By hand from the constants: the line needs twenty points, and the gain grows to 60 * 4, so that
  // 6 / 240 = 2.5 % is the least growth that is ever seen.
  CHECK_FALSE(firstAt(Usage::overusing, 0.024));
  CHECK(firstAt(Usage::overusing, 0.026) == 61);
  CHECK(firstAt(Usage::overusing, 0.03) == 54);
  CHECK(firstAt(Usage::overusing, 0.04) == 42);
  CHECK(firstAt(Usage::overusing, 0.05) == 36);
  CHECK(firstAt(Usage::overusing, 0.07) == 29);
  CHECK(firstAt(Usage::overusing, 0.1) == 24);
  CHECK(firstAt(Usage::overusing, 0.15) == 21);
  CHECK(firstAt(Usage::overusing, 0.5) == 21);
}

TEST_CASE("how soon a queue that empties is noticed") {
  CHECK_FALSE(firstAt(Usage::underusing, -0.024));
  CHECK(firstAt(Usage::underusing, -0.05) == 32);
  CHECK(firstAt(Usage::underusing, -0.1) == 21);
  CHECK(firstAt(Usage::underusing, -0.15) == 20);
}

TEST_CASE("a tenth slower is too much, 15 % faster empties queues, the same is normal") {
  // Within 24 groups; libwebrtc rounds the times of its test down to milliseconds.
  CHECK(firstAt(Usage::overusing, 0.1, 24));
  CHECK(firstAt(Usage::underusing, -0.15, 24));
  CHECK_FALSE(firstAt(Usage::overusing, 0, 24));
  CHECK_FALSE(firstAt(Usage::underusing, 0, 24));
}

TEST_CASE("a trend a little above the threshold raises it, a spike does not") {
  Trendline queue;
  const GroupDelta slower{.sent = Duration::ms(20), .received = Duration::ms(21)};
  for (int i = 1; i <= 60; ++i) queue.add(slower, atMs(21 * i));
  // 1/21 * 240 = 11.4, which is less than 6 + 15.
  CHECK(queue.threshold() > 7);
  CHECK(queue.threshold() < 11.4);

  Trendline spike;
  const GroupDelta same{.sent = Duration::ms(20), .received = Duration::ms(20)};
  for (int i = 1; i <= 60; ++i) spike.add(same, atMs(20 * i));
  spike.add({.sent = Duration::ms(20), .received = Duration::ms(5020)}, atMs(1200 + 5020));
  // A tenth of 5000 ms, after some 5200: 0.095 * 240 = 23.
  CHECK(spike.threshold() == 6);
}

// ---- the capacity -------------------------------------------------------------------------------

TEST_CASE("the capacity is a slow mean, with bounds of three deviations") {
  LinkCapacity capacity;
  CHECK(capacity.upper().isUnlimited());
  CHECK(capacity.lower() == DataRate{});
  capacity.onOveruse(DataRate::kbps(500));
  CHECK(capacity.estimate() == DataRate::kbps(500));
  // sqrt(0.4 * 500) = 14.14.
  CHECK(capacity.upper().count() == Approx(542'426).margin(2));
  CHECK(capacity.lower().count() == Approx(457'574).margin(2));
  capacity.onOveruse(DataRate::kbps(400));
  CHECK(capacity.estimate() == DataRate::kbps(495));
  // 0.95 * 0.4 + 0.05 * 95^2 / 495 = 1.2916; sqrt(1.2916 * 495) = 25.285.
  CHECK(capacity.upper().count() == Approx(570'856).margin(50));
  capacity.reset();
  CHECK_FALSE(capacity.known());
}

// ---- the rate -----------------------------------------------------------------------------------

TEST_CASE("near the capacity a packet is added each response time") {
  CHECK(controlAt(DataRate::kbps(30)).growth() == DataRate::kbps(4));
  CHECK(controlAt(DataRate::kbps(90)).growth() == DataRate::kbps(5));
  RateControl faster = controlAt(DataRate::kbps(60));
  faster.setRoundTrip(Duration::ms(100));
  CHECK(faster.growth() == DataRate::kbps(5));
  RateControl reduced = controlAt(DataRate::kbps(300));
  reduced.update(Usage::overusing, DataRate::kbps(300), at(0));
  CHECK(reduced.estimate() == DataRate::kbps(250));
  CHECK(reduced.growth().count() == Approx(14'000).margin(1'000));
  // 500 kbit/s: 16,667 bits a frame, two packets of 8,333 bits; 400 ms.
  RateControl wide = controlAt(DataRate::kbps(500));
  wide.setRoundTrip(Duration::ms(100));
  CHECK(wide.growth().count() == Approx(20'833).margin(1));
}

TEST_CASE(
    "the rate grows to one and a half times what arrives and 10 kbit/s, and is not lowered by it") {
  RateControl control = controlAt(DataRate::kbps(10));
  for (int i = 0; i < 200; ++i) control.update(Usage::normal, DataRate::kbps(10), at(100 * i));
  CHECK(control.estimate() == DataRate::kbps(25));
  control.update(Usage::normal, DataRate::kbps(5), at(20'000));
  CHECK(control.estimate() == DataRate::kbps(25));
}

TEST_CASE("without a capacity the rate doubles in nine seconds") {
  // ln 2 / ln 1.08 = 9.006 s; the first step is 1 kbit/s: 1001 * 1.08^9 = 2001.0.
  RateControl control = controlAt(DataRate::mbps(1));
  for (int i = 0; i <= 180; ++i) control.update(Usage::normal, DataRate::mbps(2), at(50 * i));
  CHECK(control.estimate().count() == Approx(2'001'003).margin(100));
}

TEST_CASE("however long nothing was updated, the rate grows by 8 % at most") {
  RateControl control = controlAt(DataRate::kbps(500));
  control.update(Usage::normal, DataRate::kbps(500), at(0));
  control.update(Usage::normal, DataRate::kbps(500), at(10'000));
  CHECK(control.estimate().count() == 541'080);  // (500 + 1) * 1.08
}

TEST_CASE("too much leaves 85 % of what arrives, less 5 kbit/s, and then the rate grows slowly") {
  RateControl control = controlAt(DataRate::kbps(264));
  control.update(Usage::overusing, DataRate::kbps(260), at(100));
  CHECK(control.estimate() == DataRate::kbps(216));
  CHECK(control.growth() == DataRate::kbps(12));
  // Held while queues empty.
  control.update(Usage::underusing, DataRate::kbps(216), at(1'100));
  CHECK(control.estimate() == DataRate::kbps(216));
  control.update(Usage::normal, DataRate::kbps(250), at(2'000));
  CHECK(control.estimate() == DataRate::kbps(216));
  control.update(Usage::normal, DataRate::kbps(250), at(2'500));
  CHECK(control.estimate() == DataRate::kbps(222));
}

TEST_CASE("if more arrives than the capacity was taken for, it counts no more") {
  RateControl control = controlAt(DataRate::kbps(264));
  control.update(Usage::overusing, DataRate::kbps(260), at(100));
  control.update(Usage::normal, DataRate::kbps(300), at(200));
  // 260 + 3 * sqrt(0.4 * 260) = 290.6 < 300: 1 kbit/s at once, then 8 % in a second.
  control.update(Usage::normal, DataRate::kbps(300), at(1'200));
  CHECK(control.estimate().count() == 234'360);
}

TEST_CASE("too much never raises the rate") {
  RateControl control = controlAt(DataRate::kbps(200));
  control.update(Usage::overusing, DataRate::kbps(400), at(0));
  CHECK(control.estimate() == DataRate::kbps(200));
  // 0.85 * 400 is again above it; the capacity is known to be 400, which is too.
  control.update(Usage::overusing, DataRate::kbps(400), at(300));
  CHECK(control.estimate() == DataRate::kbps(200));
  // What arrives says 0.85 * 410 - 5 = 343.5, which is more; the capacity of 400 says 340.
  control.set(DataRate::kbps(342), at(600));
  control.update(Usage::overusing, DataRate::kbps(410), at(900));
  CHECK(control.estimate() == DataRate::kbps(340));
}

TEST_CASE("a rate is reduced again after a round trip of 10 to 200 ms, or if half of it arrives") {
  RateControl control = controlAt(DataRate::kbps(300));
  control.update(Usage::overusing, DataRate::kbps(300), at(1'000));
  CHECK_FALSE(control.mayReduce(DataRate::kbps(125), at(1'199)));
  CHECK(control.mayReduce(DataRate::kbps(125), at(1'200)));
  CHECK(control.mayReduce(DataRate::kbps(124), at(1'001)));
  control.setRoundTrip(Duration::ms(50));
  CHECK(control.mayReduce(DataRate::kbps(200), at(1'050)));
  control.setRoundTrip(Duration::ms(1));
  CHECK_FALSE(control.mayReduce(DataRate::kbps(200), at(1'009)));
  control.setRoundTrip(Duration::s(5));
  CHECK(control.mayReduce(DataRate::kbps(200), at(1'200)));
}

TEST_CASE("if nobody says what to start with, what arrives after five seconds is the estimate") {
  RateControl control;
  CHECK_FALSE(control.known());
  control.update(Usage::normal, DataRate::kbps(123), at(0));
  control.update(Usage::normal, DataRate::kbps(123), at(5'000));
  CHECK_FALSE(control.known());
  control.update(Usage::normal, DataRate::kbps(123), at(5'001));
  CHECK(control.known());
  for (int i = 0; i < 100; ++i) control.update(Usage::normal, {}, at(5'001 + 100 * i));
  CHECK(control.estimate().count() == 123'000 * 3 / 2 + 10'000);
}

TEST_CASE("too much makes an estimate at once") {
  RateControl control;
  control.update(Usage::overusing, DataRate::kbps(100), at(0));
  CHECK(control.known());
  CHECK(control.estimate() == DataRate::kbps(80));
}

TEST_CASE("no rate is below the least") {
  RateControl control = controlAt(DataRate::kbps(300));
  control.setLeast(DataRate::kbps(100));
  control.update(Usage::overusing, DataRate::kbps(50), at(0));
  CHECK(control.estimate() == DataRate::kbps(100));
  control.set(DataRate::kbps(20), at(0));
  CHECK(control.estimate() == DataRate::kbps(100));
}
