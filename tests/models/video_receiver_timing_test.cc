#include <catch2/catch.hpp>

#include "models/video_receiver/key_frame_requests.h"
#include "models/video_receiver/playout.h"
#include "models/video_receiver/timing.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

TEST_CASE("The delay grows by what frames are late and falls to the target at once") {
  Timing timing(at(0));
  timing.onComplete(at(0), at(50));
  timing.setJitterDelay(Duration::ms(30));
  CHECK(timing.current() == Duration::ms(30));
  CHECK(timing.target() == Duration::ms(40));
  CHECK(timing.renderTime(at(33), at(60)) == at(113));
  CHECK(timing.latestDecode(at(113)) == at(103));
  timing.onReleased(at(113), at(102));
  CHECK(timing.current() == Duration::ms(30));
  timing.onReleased(at(113), at(107));
  CHECK(timing.current() == Duration::ms(34));
  timing.onReleased(at(113), at(153));
  CHECK(timing.current() == Duration::ms(40));
  timing.setJitterDelay(Duration::ms(10));
  CHECK(timing.current() == Duration::ms(40));
  timing.onReleased(at(113), at(103));
  CHECK(timing.current() == Duration::ms(20));
}

TEST_CASE("The decoder's time is part of the target but not of the buffer's") {
  Timing timing(at(0));
  timing.setJitterDelay(Duration::ms(30));
  timing.setDecodeTime(Duration::ms(7));
  CHECK(timing.target() == Duration::ms(47));
  CHECK(timing.bufferTarget() == Duration::ms(30));
  CHECK(timing.latestDecode(at(100)) == at(83));
  timing.setPlayoutDelay(Duration::ms(100), Duration::s(10));
  CHECK(timing.target() == Duration::ms(100));
  CHECK(timing.bufferTarget() == Duration::ms(83));
  CHECK(timing.jitterDelay() == Duration::ms(30));
}

TEST_CASE("What is shown is delayed within bounds") {
  Timing timing(at(0));
  timing.onComplete(at(0), at(50));
  timing.setJitterDelay(Duration::ms(30));
  timing.setPlayoutDelay(Duration::ms(100), Duration::s(10));
  CHECK(timing.renderTime(at(0), at(50)) == at(150));
  timing.setPlayoutDelay(Duration::ms(0), Duration::ms(20));
  CHECK(timing.renderTime(at(0), at(50)) == at(70));
}

TEST_CASE("A frame goes to the decoder just in time to be shown") {
  Timing timing(at(0));
  timing.onComplete(at(0), at(50));
  timing.setJitterDelay(Duration::ms(30));
  FrameBuffer buffer;
  CHECK_FALSE(nextTurn(buffer, timing, at(3000), at(50)));
  buffer.insert(frameOf(0, kNoFrame));
  const auto turn = nextTurn(buffer, timing, at(3000), at(50));
  REQUIRE(turn);
  CHECK(turn->frame == 0);
  CHECK(turn->shown == at(80));
  CHECK(turn->decode == at(70));
  CHECK(nextTurn(buffer, timing, at(60), at(50))->decode == at(60));
  CHECK(nextTurn(buffer, timing, at(3000), at(90))->decode == at(90));
  CHECK(nextTurn(buffer, timing, at(3000), at(90))->shown == at(80));
}

TEST_CASE("A frame that is 5 ms late gives way to a later one") {
  Timing timing(at(0));
  timing.onComplete(at(0), at(50));
  timing.setJitterDelay(Duration::ms(30));
  FrameBuffer buffer;
  buffer.insert(frameOf(0, kNoFrame));
  buffer.take();
  buffer.insert(frameOf(1, 0));  // to be decoded at 103.333 ms
  CHECK(nextTurn(buffer, timing, at(3000), at(200))->frame == 1);
  buffer.insert(frameOf(2, 0));  // 136.666
  CHECK(nextTurn(buffer, timing, at(3000), at(108.3))->frame == 1);
  CHECK(nextTurn(buffer, timing, at(3000), at(108.4))->frame == 2);
  CHECK(buffer.dropped() == 1);
  CHECK(nextTurn(buffer, timing, at(3000), at(200))->frame == 2);
}

TEST_CASE("Timing that is off by ten seconds is no good") {
  Timing timing(at(0));
  CHECK_FALSE(timingIsBroken(timing, at(20'000), at(10'000)));
  CHECK(timingIsBroken(timing, at(20'001), at(10'000)));
  CHECK_FALSE(timingIsBroken(timing, at(10'000), at(20'000)));
  CHECK(timingIsBroken(timing, at(10'000), at(20'001)));
}

TEST_CASE("Before the first frame a key frame is asked for every 200 ms") {
  KeyFrameRequests requests(at(0), Duration::s(1));
  CHECK(requests.timeout() == TimePoint::max());
  requests.onPacket(false, at(450));
  CHECK(requests.timeout() == at(600));
  CHECK(requests.onTimeout(true, at(600)).request);
  CHECK(requests.timeout() == at(800));
  // One is arriving.
  requests.onPacket(true, at(700));
  CHECK_FALSE(requests.onTimeout(true, at(800)).request);
  CHECK(requests.onTimeout(true, at(1000)).request);
  requests.onReleased(at(1100));
  CHECK(requests.timeout() == at(4100));
  CHECK_FALSE(requests.onComplete(true));
  CHECK_FALSE(requests.onComplete(false));
}

TEST_CASE("Later, after three seconds without a frame, while packets come") {
  KeyFrameRequests requests(at(0), Duration::s(1));
  requests.onPacket(true, at(0));
  requests.onReleased(at(0));
  requests.onPacket(false, at(1000));
  auto silence = requests.onTimeout(true, at(3000));
  CHECK(silence.request);
  CHECK_FALSE(silence.inactive);
  CHECK(requests.timeout() == at(6000));
  silence = requests.onTimeout(true, at(6000));
  CHECK_FALSE(silence.request);
  CHECK(silence.inactive);
  // Nobody waits while the decoder is busy.
  CHECK_FALSE(requests.onTimeout(false, at(9000)).request);
  CHECK(requests.timeout() == TimePoint::max());
  requests.onReady(at(9500));
  CHECK(requests.timeout() == at(12'500));
}

TEST_CASE("A sender that can send again for a short time only is asked sooner") {
  KeyFrameRequests requests(at(0), Duration::ms(300));
  requests.onPacket(false, at(10));
  CHECK(requests.timeout() == at(300));
  requests.onReleased(at(400));
  CHECK(requests.timeout() == at(1300));
}

TEST_CASE("A first frame that is no key frame is of no use") {
  KeyFrameRequests requests(at(0), Duration::s(1));
  CHECK(requests.onComplete(false));
  CHECK_FALSE(requests.onComplete(false));
}

TEST_CASE("A stream of which all has come again is not heard of as it was sent first") {
  KeyFrameRequests requests(at(0), Duration::s(1));
  requests.onReleased(at(100));
  CHECK(requests.onTimeout(true, at(3100)).inactive);
  requests.onPacket(false, at(3200));
  CHECK(requests.timeout() == at(6100));
}
