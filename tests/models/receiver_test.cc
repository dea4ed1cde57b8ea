// Jitter buffers and what they are made of; stream_meter_test.cc has the meter.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "models/receiver/delay_histogram.h"
#include "models/receiver/delay_target.h"
#include "models/receiver/frame_store.h"
#include "models/receiver/jitter_buffer.h"

using namespace callflow;
using namespace callflow::receiver;

namespace {

constexpr Duration frame = Duration::ms(20);
TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

HeldFrame held(TimePoint sent) {
  return {.sent = sent, .stored = {}};
}

// Writes down what is heard: "P3@100" played, "C4@120+20" concealed, "D5" discarded.
class Notes final : public PlayoutListener {
 public:
  void played(std::int64_t sequence, TimePoint at, const Aim&) override {
    note("P" + std::to_string(sequence) + "@" + text(at.sinceStart()));
    lastPlayed = at;
    ++playedCount;
  }
  void concealed(std::int64_t sequence, TimePoint at, Duration length, Duration) override {
    note("C" + std::to_string(sequence) + "@" + text(at.sinceStart()) + "+" + text(length));
    concealedSum += length;
  }
  void paused(std::int64_t, TimePoint, Duration) override {}
  void stretched(std::int64_t, Duration) override {}
  void discarded(std::int64_t sequence) override {
    note("D" + std::to_string(sequence));
    ++discardedCount;
  }
  std::string take() { return std::exchange(all, {}); }

  std::string all;
  TimePoint lastPlayed;
  int playedCount = 0, discardedCount = 0;
  Duration concealedSum;

 private:
  static std::string text(Duration value) {
    return std::to_string(value / Duration::ms(1)) +
           (value.count() % 1'000'000 == 0 ? "" : "." + std::to_string(value.count() % 1'000'000));
  }
  void note(const std::string& event) { all += (all.empty() ? "" : " ") + event; }
};

// Frame k is sent at k * 20 ms.
struct Stream {
  std::unique_ptr<JitterBuffer> buffer;
  Notes heard;
  Arrival arrive(std::int64_t sequence, TimePoint received) {
    return buffer->arrived({sequence, TimePoint{} + frame * sequence, received}, heard);
  }
};

Stream fixedStream(std::int64_t delayMs) {
  return {makeJitterBuffer(FixedBuffer{frame, Duration::ms(delayMs)}), {}};
}

Stream adaptiveStream(std::int64_t initialMs = 80) {
  return {
      makeJitterBuffer(AdaptiveBuffer{frame, Duration::ms(initialMs), Duration{}, Duration::s(3)}),
      {}};
}

}  // namespace

TEST_CASE("Fixed buffer: every frame in its place, what is missing is concealed") {
  Stream stream = fixedStream(40);
  CHECK(stream.arrive(0, ms(50)) == Arrival::buffered);  // places: 90, 110, 130 ...
  CHECK(stream.arrive(1, ms(70)) == Arrival::buffered);
  CHECK(stream.arrive(3, ms(115)) == Arrival::buffered);
  CHECK(stream.heard.take() == "P0@90 P1@110");
  CHECK(stream.arrive(2, ms(131)) == Arrival::late);  // its place was at 130
  CHECK(stream.heard.take() == "C2@130+20");
  CHECK(stream.arrive(4, ms(170)) == Arrival::buffered);  // at the very instant: in time
  CHECK(stream.arrive(4, ms(170)) == Arrival::duplicate);
  stream.buffer->finish(5, stream.heard);
  CHECK(stream.heard.take() == "P3@150 P4@170 C5@190+20");
}

TEST_CASE("Fixed buffer: frames in another order are played in theirs") {
  Stream stream = fixedStream(60);
  stream.arrive(1, ms(30));  // plays at 90; frame 0 would at 70
  CHECK(stream.arrive(0, ms(35)) ==
        Arrival::buffered);  // the first to arrive is not the first sent
  stream.arrive(3, ms(72));
  stream.arrive(2, ms(80));
  stream.buffer->finish(3, stream.heard);
  CHECK(stream.heard.take() == "P0@70 P1@90 P2@110 P3@130");

  Stream tooLate = fixedStream(10);
  tooLate.arrive(1, ms(30));  // plays at 40; frame 0 would at 20
  CHECK(tooLate.arrive(0, ms(35)) == Arrival::late);
  tooLate.buffer->finish(1, tooLate.heard);
  CHECK(tooLate.heard.take() == "P1@40");
}

TEST_CASE("Adaptive buffer: a single loss costs one frame and no delay") {
  Stream stream = adaptiveStream(40);
  for (const std::int64_t k : {0, 1, 3, 4})
    stream.arrive(k, ms(10 + 20 * k));  // first played at 50
  stream.buffer->finish(4, stream.heard);
  CHECK(stream.heard.take() == "P0@50 P1@70 C2@90+20 P3@110 P4@130");
}

TEST_CASE("Adaptive buffer: a stall is bridged and becomes delay") {
  Stream stream = adaptiveStream(40);
  stream.arrive(0, ms(10));   // played at 50
  stream.arrive(1, ms(30));   // played at 70, ends at 90
  stream.arrive(2, ms(135));  // after 45 ms of nothing
  stream.arrive(3, ms(135));
  stream.buffer->finish(3, stream.heard);
  // Steps of 10 ms from 90: the first decision at or after 135 is at 140. All 50 ms are wait for
  // frame 2.
  CHECK(stream.heard.take() == "P0@50 P1@70 C2@90+50 P2@140 P3@160");
}

TEST_CASE("Adaptive buffer: of a stall with a loss, one frame is given up and the rest is wait") {
  Stream stream = adaptiveStream(40);
  stream.arrive(0, ms(10));  // played at 50, ends at 70
  stream.arrive(2, ms(125));
  stream.buffer->finish(2, stream.heard);
  CHECK(stream.heard.take() == "P0@50 C1@70+20 C2@90+40 P2@130");
}

TEST_CASE("Adaptive buffer: a frame that is waited for is played, one given up is late") {
  Stream stream = adaptiveStream(40);
  stream.arrive(0, ms(10));                               // played at 50, ends at 70
  stream.arrive(2, ms(60));                               // 1 is missing
  CHECK(stream.arrive(1, ms(75)) == Arrival::buffered);   // 10 ms have been made up, 20 are not yet
  CHECK(stream.arrive(4, ms(110)) == Arrival::buffered);  // 1 from 80, 2 from 100
  CHECK(stream.arrive(3, ms(145)) == Arrival::late);      // its 20 ms from 120 were made up
  stream.buffer->finish(4, stream.heard);
  CHECK(stream.heard.take() == "P0@50 C1@70+10 P1@80 P2@100 C3@120+20 P4@140");
}

TEST_CASE("Adaptive buffer: without jitter the delay goes to 30 ms, 10 ms in 100") {
  Stream stream = adaptiveStream(80);
  TimePoint last;
  for (std::int64_t k = 0; k < 250; ++k) {
    stream.arrive(k, ms(50 + 20 * k));
    const TimePoint played = stream.heard.lastPlayed;
    // Frames end 20 ms after they start, or 10 after when shortened.
    if (stream.heard.playedCount > 1 && played != last) CHECK(played - last >= Duration::ms(10));
    last = played;
  }
  CHECK(stream.buffer->target() == Duration::ms(20));
  stream.buffer->finish(249, stream.heard);
  CHECK(stream.heard.playedCount == 250);
  CHECK(stream.heard.concealedSum == Duration{});
  // Shortened while at or above 20 + 0 + 20: 80, 70, ... 40 and so to 30. The last was sent at
  // 4980, came at 5030.
  CHECK(stream.heard.lastPlayed == ms(5030 + 30));
}

TEST_CASE("Adaptive buffer: stretching never passes 100 ms in a second") {
  // Transit falls by 400 ms at once, so that there is much to catch up.
  Stream stream = adaptiveStream(40);
  std::vector<TimePoint> played;
  for (std::int64_t k = 0; k < 600; ++k) {
    stream.arrive(k, std::max(ms(20 * k + 30), ms(430)));
    if (played.empty() || stream.heard.lastPlayed != played.back()) {
      played.push_back(stream.heard.lastPlayed);
    }
  }
  stream.buffer->finish(599, stream.heard);
  CHECK(stream.heard.playedCount == 600);
  std::size_t from = 0;
  for (std::size_t to = 0; to < played.size(); ++to) {
    while (played[to] - played[from] > Duration::s(1)) ++from;
    const auto frames = static_cast<std::int64_t>(to - from);
    REQUIRE(frame * frames - (played[to] - played[from]) <= Duration::ms(110));
  }
  // And it does catch up: high is 20 + 0 + 20 long after the stall.
  CHECK(stream.heard.lastPlayed - ms(20 * 599 + 30) < Duration::ms(40));
}

TEST_CASE("Adaptive buffer: never more than 200 frames") {
  Stream stream = adaptiveStream(40);
  stream.arrive(0, ms(10));
  for (std::int64_t k = 1; k <= 201; ++k) stream.arrive(k, ms(5000));
  CHECK(stream.heard.discardedCount == 200);
  stream.buffer->finish(201, stream.heard);
  CHECK(stream.heard.playedCount == 2);
  CHECK(stream.heard.lastPlayed == ms(5000));
  CHECK(stream.heard.concealedSum == ms(5000) - ms(70));
}

namespace {

// The target after so many seconds, frame k taking delayOf(k).
template <class DelayOf>
std::vector<std::int64_t> targetsAfter(const std::vector<int>& seconds, DelayOf delayOf) {
  DelayTarget target{Duration::ms(80), Duration{}, Duration::s(3)};
  std::vector<std::pair<TimePoint, TimePoint>> arrivals;  // received, sent
  for (std::int64_t k = 0; k < 50 * (seconds.back() + 3); ++k) {
    const TimePoint sent = TimePoint{} + frame * k;
    arrivals.emplace_back(sent + delayOf(k), sent);
  }
  std::stable_sort(arrivals.begin(), arrivals.end());
  std::vector<std::int64_t> out;
  for (const auto& [received, sent] : arrivals) {
    while (out.size() < seconds.size() &&
           received > TimePoint::at(Duration::s(seconds[out.size()]))) {
      out.push_back(target.target() / Duration::ms(1));
    }
    target.observe(sent, received);
  }
  return out;
}

// 200 ms of nothing from the start of every period on: what is sent then comes at its end.
auto stallEvery(Duration period) {
  return [period](std::int64_t k) {
    const Duration sent = frame * k;
    const Duration into = Duration::ns((sent.count() + 1) % period.count());
    const Duration stall = Duration::ms(200);
    return Duration::ms(30) + (sent > Duration::s(1) && into < stall ? stall - into : Duration{});
  };
}

}  // namespace

TEST_CASE("Delay target: as NetEq's would be") {
  using List = std::vector<std::int64_t>;
  const std::vector<int> at{1, 5, 10, 59};
  std::mt19937 random{3};
  CHECK(targetsAfter(at, [](std::int64_t) { return Duration::ms(50); }) == List{20, 20, 20, 20});
  CHECK(targetsAfter(at, [&](std::int64_t) { return Duration::us(random() % 60'000); }) ==
        List{60, 60, 60, 60});
  // Stalls in 1 of 40 intervals of 500 ms weigh less than 5 %, in 1 of 10 more.
  CHECK(targetsAfter(at, stallEvery(Duration::s(20))) == List{20, 20, 20, 20});
  const List often = targetsAfter(at, stallEvery(Duration::s(5)));
  CHECK(often[0] == 20);
  CHECK(often[2] >= 200);
  CHECK(often[3] >= 200);
}

TEST_CASE("Delay target: start and bounds") {
  DelayTarget target{Duration::ms(80), Duration::ms(60), Duration::ms(100)};
  CHECK(target.target() == Duration::ms(80));
  for (std::int64_t k = 0; k < 26; ++k) target.observe(TimePoint{} + frame * k, ms(20 * k + 30));
  CHECK(target.target() == Duration::ms(80));  // 500 ms have passed, not more
  target.observe(ms(520), ms(550));
  CHECK(target.target() == Duration::ms(60));  // 20, held at the minimum
  CHECK(target.smallestTransit() == Duration::ms(30));
  for (std::int64_t k = 27; k < 200; ++k) {
    target.observe(TimePoint{} + frame * k, ms(20 * k + (k % 10 == 0 ? 350 : 30)));
  }
  CHECK(target.target() == Duration::ms(100));
  CHECK(target.largestRelative() == Duration::ms(320));
  // A first second of nothing but one delay, whatever it is, is a relative delay of nothing.
  DelayTarget far{Duration::ms(500), Duration{}, Duration::s(3)};
  for (std::int64_t k = 0; k < 30; ++k) far.observe(TimePoint{} + frame * k, ms(20 * k + 400));
  CHECK(far.target() == Duration::ms(20));
}

TEST_CASE("Frames wait by sequence, across gaps and growth") {
  FrameStore store;
  CHECK(store.empty());
  CHECK(store.insert(5, held(ms(5))) == Arrival::buffered);
  CHECK(store.insert(3, held(ms(3))) == Arrival::buffered);
  CHECK(store.insert(5, held(ms(6))) == Arrival::duplicate);
  CHECK(store.head() == 3);
  CHECK(store.insert(1003, held(ms(1003))) ==
        Arrival::buffered);  // far beyond what it holds at first
  CHECK(store.count() == 3);
  CHECK(store.takeHead().sent == ms(3));
  CHECK(store.head() == 5);
  CHECK(store.takeHead().sent == ms(5));
  CHECK(store.head() == 1003);
  CHECK(store.insert(1000, held(ms(1000))) == Arrival::buffered);
  CHECK(store.takeHead().sent == ms(1000));
  CHECK(store.takeHead().sent == ms(1003));
  CHECK(store.empty());
  CHECK(store.insert(-7, held(ms(1))) == Arrival::buffered);
  CHECK(store.head() == -7);
}

TEST_CASE("Delay histogram: percentiles by nearest rank") {
  DelayHistogram histogram;
  CHECK(histogram.percentile(0.5) == Duration{});
  for (int i = 0; i < 100; ++i) histogram.add(Duration::ms(25));
  CHECK(histogram.percentile(0.99) == Duration::ms(25));  // exact, not the bin's middle
  histogram.add(Duration::us(25'060));                    // the same bin of 0.1 ms
  CHECK(histogram.percentile(0.5) == Duration::ms(25) + Duration::ns(60'000 / 101));
  for (int i = 0; i < 99; ++i) histogram.add(Duration::us(300'050));
  CHECK(histogram.count() == 200);
  CHECK(histogram.percentile(101.0 / 200) < Duration::ms(26));
  CHECK(histogram.percentile(102.0 / 200) == Duration::us(300'050));
  CHECK(histogram.max() == Duration::us(300'050));
  CHECK(histogram.sum() == Duration::ms(2500) + Duration::us(25'060) + 99 * Duration::us(300'050));
  const std::vector<std::pair<std::int32_t, std::int64_t>> bins{{250, 101}, {3000, 99}};
  CHECK(histogram.bins() == bins);
}
