#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "models/video_receiver/receiver.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

namespace {

const Duration kInterval = Duration::us(33'333);
const Duration kOneWay = Duration::ms(50);

struct Seen : Listener {
  void onFrame(const SeenFrame& frame) override { frames.push_back(frame); }
  void onFreeze(TimePoint from, TimePoint to) override { freezes.emplace_back(from, to); }
  std::vector<SeenFrame> frames;
  std::vector<std::pair<TimePoint, TimePoint>> freezes;
};

// A sender of frames of two packets, the second 1 ms after the first, none of which takes time in
// the decoder, so that all numbers can be worked out.
struct Call {
  Call() : receiver(parameters(), TimePoint{}, &seen) {}
  static Parameters parameters() {
    Parameters parameters;
    parameters.decodeTime = Duration{};
    parameters.decodeTimeOfMegapixel = Duration{};
    return parameters;
  }
  TimePoint arrival(std::int64_t frame) const { return TimePoint::at(kInterval * frame + kOneWay); }

  // All of it but the packets that are lost.
  void frame(std::int64_t number, std::int64_t dependsOn, bool firstLost = false,
             bool secondLost = false) {
    const auto packets = packetsOf(number, 2 * number, 2, dependsOn);
    if (!firstLost) deliver(packets[0], arrival(number));
    if (!secondLost) deliver(packets[1], arrival(number) + Duration::ms(1));
  }
  void frames(std::int64_t from, std::int64_t to) {
    for (std::int64_t number = from; number < to; ++number) frame(number, number - 1);
  }
  void deliver(const Packet& packet, TimePoint now) {
    wait(now);
    note(receiver.onPacket(packet, now), now);
  }
  void wait(TimePoint until) {
    for (TimePoint due = receiver.nextWakeUp(); due <= until; due = receiver.nextWakeUp())
      note(receiver.process(due), due);
  }
  void note(const Requests& requests, TimePoint now) {
    for (const std::int64_t sequence : requests.nack) nacks.emplace_back(sequence, now);
    if (requests.keyFrame) keyFrameRequests.push_back(now);
  }

  Seen seen;
  Receiver receiver;
  std::vector<std::pair<std::int64_t, TimePoint>> nacks;
  std::vector<TimePoint> keyFrameRequests;
};

}  // namespace

TEST_CASE("On a quiet line each frame waits 11 ms and is seen 10 ms after that") {
  Call call;
  call.frames(0, 300);
  call.wait(call.arrival(300));
  const Statistics all = call.receiver.statistics();
  CHECK(all.framesReceived == 300);
  CHECK(all.framesDecoded == 300);
  CHECK(all.keyFramesDecoded == 1);
  CHECK(all.framesDropped == 0);
  CHECK(all.packetsReceived == 600);
  CHECK(all.packetsLost == 0);
  CHECK(all.freezeCount == 0);
  CHECK(all.nackCount == 0);
  CHECK(all.pliCount == 0);
  CHECK(all.jitterBufferEmittedCount == 300);
  CHECK(all.framesAssembledFromMultiplePackets == 300);
  CHECK(all.totalAssemblyTime == Duration::ms(300));
  CHECK(all.frameWidth == 640);
  CHECK(all.frameHeight == 360);
  CHECK(call.receiver.sizes().size() == 1);
  CHECK(all.harmonicFrameRate == Approx(30).epsilon(0.01));
  const SeenFrame& last = call.seen.frames.back();
  CHECK(last.frame.number == 299);
  // Frames are complete 51 ms after their capture, which is when they are expected; then 21 ms.
  const Duration late = last.shown - (last.frame.captured + Duration::ms(51 + 21));
  CHECK(late.milliseconds() == Approx(0).margin(0.1));
  CHECK((last.shown - last.decoded).milliseconds() == Approx(10).margin(0.1));
  CHECK(call.receiver.targetDelay().milliseconds() == Approx(21).margin(0.1));
}

TEST_CASE("The first frame goes to the decoder at once") {
  Call call;
  call.frame(0, kNoFrame);
  REQUIRE(call.seen.frames.size() == 1);
  CHECK(call.seen.frames[0].decoded == at(51));
  CHECK(call.keyFrameRequests.empty());
}

TEST_CASE("A first frame that needs another makes for a request, and more every 200 ms") {
  Call call;
  call.frames(5, 20);
  // Complete at 5 * 33.333 + 51 ms; timeouts are counted from the start of the receiver.
  REQUIRE(call.keyFrameRequests.size() == 3);
  CHECK(call.keyFrameRequests[0] == call.arrival(5) + Duration::ms(1));
  CHECK(call.keyFrameRequests[1] == at(400));
  CHECK(call.keyFrameRequests[2] == at(600));
  call.frame(20, kNoFrame);
  REQUIRE(call.seen.frames.size() == 1);
  CHECK(call.seen.frames[0].frame.number == 20);
  const Statistics all = call.receiver.statistics();
  CHECK(all.framesDropped == 15);
  CHECK(all.pliCount == 3);
}

TEST_CASE("A packet that is sent again comes in time for its frame and those behind it") {
  Call call;
  call.receiver.onRoundTrip(2 * kOneWay, TimePoint{});
  call.frames(0, 100);
  call.frame(100, 99, false, true);
  call.frame(101, 100);
  // 201 is missed when 202 comes, and asked for again at the looks after a round trip.
  REQUIRE(call.nacks.size() == 1);
  CHECK(call.nacks[0] == std::pair{std::int64_t{201}, call.arrival(101)});
  call.frame(102, 101);
  call.frame(103, 102);
  const auto before = call.seen.frames.size();
  CHECK(before == 100);
  Packet again = packetsOf(100, 200, 2, 99)[1];
  again.retransmitted = true;
  const TimePoint repaired = call.arrival(101) + 2 * kOneWay + Duration::ms(1);
  call.deliver(again, repaired);
  // All are late and decoded at once, each when the one before it was.
  REQUIRE(call.seen.frames.size() >= before + 3);
  for (std::size_t i = before; i < before + 3; ++i) CHECK(call.seen.frames[i].decoded == repaired);
  CHECK(call.seen.frames[before].frame.retransmitted);
  CHECK_FALSE(call.seen.frames[before + 1].frame.retransmitted);
  call.frames(104, 120);
  const Statistics all = call.receiver.statistics();
  CHECK(all.retransmittedPacketsReceived == 1);
  CHECK(all.packetsLost == 1);
  CHECK(all.framesDropped == 0);
  CHECK(all.nackCount == 1);
  CHECK(call.keyFrameRequests.empty());
  // Seen 32 + 1 + 100 ms late at 30 a second: shorter than a freeze, which takes 183 ms.
  CHECK(all.freezeCount == 0);
}

TEST_CASE("Three frames that needed a second sending make later ones wait for a round trip") {
  Call call;
  call.receiver.onRoundTrip(2 * kOneWay, TimePoint{});
  call.frames(0, 100);
  for (std::int64_t frame = 100; frame < 400; ++frame) {
    const bool lost = frame % 50 == 0;
    call.frame(frame, frame - 1, lost, false);
    if (!lost) continue;
    Packet again = packetsOf(frame, 2 * frame, 2, frame - 1)[0];
    again.retransmitted = true;
    // The next three frames come before it.
    for (std::int64_t next = frame + 1; next <= frame + 3; ++next) call.frame(next, next - 1);
    call.deliver(again, call.arrival(frame) + Duration::ms(101));
    frame += 3;
  }
  CHECK(call.receiver.targetDelay().milliseconds() == Approx(21 + 90).margin(1));
  // The first frame behind the third of them leaves 50 + 101 - 33.333 ms after its capture instead
  // of 51 + 21 - 10; the delay grows by as much, and the next ones are in time.
  CHECK(call.receiver.currentDelay().milliseconds() == Approx(21 + 55.667).margin(0.1));
}

TEST_CASE("A frame that is lost for good is followed by a key frame three seconds later") {
  Call call;
  call.frames(0, 100);
  call.frame(100, 99, true, true);
  const TimePoint lastSeen = call.seen.frames.back().decoded;
  std::int64_t next = 101;
  for (; call.keyFrameRequests.empty(); ++next) call.frame(next, next - 1);
  // The wait begins when the last frame goes to the decoder.
  CHECK(call.keyFrameRequests[0] - call.seen.frames.back().released == Duration::s(3));
  CHECK(call.seen.frames.back().frame.number == 99);
  CHECK(call.seen.frames.back().decoded >= lastSeen);
  call.frame(next, kNoFrame);
  call.frames(next + 1, next + 10);
  const Statistics all = call.receiver.statistics();
  CHECK(all.freezeCount == 1);
  REQUIRE(call.seen.freezes.size() == 1);
  CHECK(call.seen.freezes[0].second - call.seen.freezes[0].first == all.totalFreezesDuration);
  CHECK(all.totalFreezesDuration > Duration::s(3));
  CHECK(all.framesDropped == next - 101);
  CHECK(all.keyFramesDecoded == 2);
  // 200 and 201 were asked for every 100 ms at 20 ms looks, as long as they were of use.
  CHECK(all.packetsAskedFor >= 2 * 29);
}

TEST_CASE("A sender that pauses does not freeze") {
  Call call;
  call.frames(0, 100);
  call.wait(at(20'000));
  CHECK(call.keyFrameRequests.size() == 1);  // after 3 s; 6 s after the last packet no more
  call.frames(600, 601);
  call.frame(601, kNoFrame);
  call.wait(at(21'000));
  const Statistics all = call.receiver.statistics();
  CHECK(all.pauseCount == 1);
  CHECK(all.freezeCount == 0);
  CHECK(all.totalPausesDuration > Duration::s(16));
}

TEST_CASE("What becomes due between packets is made up for, each at its time") {
  Call exact;
  Call lazy;
  for (std::int64_t number = 0; number < 200; ++number) {
    exact.frame(number, number - 1, number % 37 == 5);
    for (const Packet& packet : packetsOf(number, 2 * number, 2, number - 1)) {
      if (number % 37 == 5 && packet.first) continue;
      lazy.receiver.onPacket(packet, lazy.arrival(number) + Duration::ms(packet.first ? 0 : 1));
    }
  }
  exact.wait(at(7000));
  lazy.receiver.process(at(7000));
  REQUIRE(exact.seen.frames.size() == lazy.seen.frames.size());
  for (std::size_t i = 0; i < exact.seen.frames.size(); ++i)
    CHECK(exact.seen.frames[i].decoded == lazy.seen.frames[i].decoded);
}

TEST_CASE("Synchronization holds frames back") {
  Call call;
  call.receiver.setMinimumDelay(Duration::ms(150));
  call.frames(0, 100);
  call.wait(at(4000));
  const SeenFrame& last = call.seen.frames.back();
  CHECK((last.shown - last.frame.captured).milliseconds() == Approx(51 + 150).margin(0.1));
  CHECK((last.shown - last.decoded).milliseconds() == Approx(10).margin(0.1));
  const Statistics all = call.receiver.statistics();
  CHECK(all.jitterBufferTargetDelay.milliseconds() / 100 == Approx(140).margin(1));
  CHECK(all.jitterBufferMinimumDelay.milliseconds() / 100 == Approx(11).margin(1));
}

TEST_CASE("The decoder takes its time") {
  Parameters parameters;
  parameters.decodeTime = Duration::ms(2);
  parameters.decodeTimeOfMegapixel = Duration::ms(10);
  Seen seen;
  Receiver receiver(parameters, TimePoint{}, &seen);
  for (std::int64_t number = 0; number < 100; ++number)
    receiver.onPacket(packetsOf(number, number, 1, number - 1)[0],
                      TimePoint::at(kInterval * number + kOneWay));
  receiver.process(at(4000));
  REQUIRE(seen.frames.size() == 100);
  // 640 x 360 is 0.2304 of a megapixel.
  const SeenFrame& last = seen.frames.back();
  CHECK(last.decoded - last.released == Duration::us(4304));
  CHECK((last.shown - last.decoded).milliseconds() == Approx(10).margin(0.1));
  CHECK(receiver.targetDelay().milliseconds() == Approx(11 + 4.304 + 10).margin(0.1));
  CHECK(receiver.statistics().totalDecodeTime == Duration::us(430'400));
}
