// NetEq as a whole: what it plays of hand-made schedules, and the sums of its playout by
// properties.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "models/receiver/jitter_buffer.h"

using namespace callflow;
using namespace callflow::receiver;

namespace {

constexpr Duration frame = Duration::ms(20);
TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

// Writes down what is heard, in ms, and checks that it follows without gap or overlap.
class Notes final : public PlayoutListener {
 public:
  void played(std::int64_t sequence, TimePoint at, const Aim& aim) override {
    follow(at);
    cursor += frame;
    note("P" + std::to_string(sequence) + "@" + std::to_string(at.sinceStart() / Duration::ms(1)));
    ++playedCount;
    lastAim = aim;
    lastAt = at;
  }
  void concealed(std::int64_t, TimePoint at, Duration length, Duration silent) override {
    follow(at);
    cursor += length;
    concealedSum += length;
    silentSum += silent;
    CHECK(length > Duration{});
    CHECK(silent >= Duration{});
    CHECK(silent <= length);
  }
  void paused(std::int64_t, TimePoint at, Duration length) override {
    follow(at);
    cursor += length;
    pausedSum += length;
  }
  void stretched(std::int64_t sequence, Duration change) override {
    cursor += change;
    (change > Duration{} ? inserted : removed) += change > Duration{} ? change : -change;
    note("S" + std::to_string(sequence) + (change > Duration{} ? "+" : "") +
         std::to_string(change / Duration::ms(1)));
  }
  void discarded(std::int64_t) override { ++discardedCount; }
  std::string take() { return std::exchange(all, {}); }

  std::string all;
  TimePoint first = TimePoint::max(), cursor, lastAt;
  int playedCount = 0, discardedCount = 0;
  Duration concealedSum, silentSum, pausedSum, inserted, removed;
  Aim lastAim{};

 private:
  void follow(TimePoint at) {
    if (first == TimePoint::max()) first = cursor = at;
    CHECK(at == cursor);
  }
  void note(const std::string& event) { all += (all.empty() ? "" : " ") + event; }
};

// A pitch period of 10 ms, stretches that succeed, ticks at whole multiples of 10 ms.
NetEqBuffer plain(std::int64_t initialMs = 80) {
  NetEqBuffer result;
  result.frame = frame;
  result.initial = Duration::ms(initialMs);
  result.sound = {Duration::ms(10), Duration::ms(10), 1};
  result.phase = Duration{};
  return result;
}

struct Stream {
  explicit Stream(const NetEqBuffer& config) : buffer(makeJitterBuffer(config)) {}
  Arrival arrive(std::int64_t sequence, TimePoint at) {
    return buffer->arrived({sequence, TimePoint{} + frame * sequence, at}, heard);
  }
  // Frames from to last, each so long after it was sent.
  void steady(std::int64_t from, std::int64_t last, std::int64_t delayMs = 3) {
    for (std::int64_t k = from; k <= last; ++k) arrive(k, ms(20 * k + delayMs));
  }
  std::unique_ptr<JitterBuffer> buffer;
  Notes heard;
};

}  // namespace

TEST_CASE("NetEq plays at once and stretches up to its target") {
  Stream stream(plain());
  stream.steady(0, 9);
  stream.buffer->finish(9, stream.heard);
  // Frame 0 came after the tick at 0 and is played at that of 10. From the sixth tick on it may
  // stretch (70): by one period, and then not for 50 ms after the next tick (130, 190).
  CHECK(stream.heard.take() ==
        "P0@10 P1@30 P2@50 P3@70 S3+10 P4@100 P5@120 P6@140 S6+10 P7@170 P8@190 S8+10 P9@220");
  CHECK(stream.heard.concealedSum == Duration{});
}

TEST_CASE("NetEq settles between its limits without jitter") {
  Stream stream(plain());
  stream.steady(0, 500);
  CHECK(stream.buffer->target() == Duration::ms(20));
  const Duration delay = stream.heard.lastAt - ms(20 * (stream.heard.playedCount - 1));
  CHECK(delay >= Duration::ms(20));  // low limit: the target; high: 20 ms above it
  CHECK(delay < Duration::ms(50));
  CHECK(stream.heard.removed > Duration{});
  CHECK(stream.heard.concealedSum == Duration{});
}

TEST_CASE("NetEq holds sound back for its picture, and lets it go") {
  // 100 ms besides the 3 on the way: between the target and a tick and a period more, as sound
  // comes in ticks of 10 ms and is stretched by periods of 10 ms.
  Stream stream(plain());
  const auto held = [&] {
    return stream.heard.lastAt - ms(20 * (stream.heard.playedCount - 1) + 3);
  };
  CHECK_FALSE(stream.buffer->delay());
  stream.steady(0, 199);
  CHECK_FALSE(stream.buffer->delay());  // nobody has asked
  stream.buffer->holdBack(Duration::ms(100));
  stream.steady(200, 999);
  CHECK(stream.buffer->target() == Duration::ms(100));
  CHECK(held() >= Duration::ms(97));
  CHECK(held() <= Duration::ms(120));
  REQUIRE(stream.buffer->delay());
  CHECK((*stream.buffer->delay() - held()).milliseconds() == Approx(0).margin(20));
  stream.buffer->holdBack({});
  stream.steady(1000, 1799);
  CHECK(stream.buffer->target() == Duration::ms(20));
  CHECK(held() < Duration::ms(50));
  CHECK((*stream.buffer->delay() - held()).milliseconds() == Approx(0).margin(20));
  CHECK(stream.heard.concealedSum == Duration{});
}

TEST_CASE("NetEq conceals a single loss by about a frame, and merges") {
  Stream stream(plain(20));
  stream.steady(0, 49);
  const Duration before = stream.heard.cursor - ms(20 * stream.heard.playedCount);
  stream.steady(51, 70);
  stream.buffer->finish(70, stream.heard);
  CHECK(stream.heard.playedCount == 70);
  // Two ticks, less the overlap of 0.625 ms that the next frame may be laid over, and up to a pitch
  // period more: where it fits best.
  CHECK(stream.heard.concealedSum >= Duration::us(20'000 - 625));
  CHECK(stream.heard.concealedSum <= Duration::ms(30));
  CHECK(stream.heard.silentSum == Duration{});
  CHECK(before > Duration{});
}

TEST_CASE("NetEq makes up less between words, and comes forward") {
  // Frames 0 and 1 come at 33, so that frame k is played at 20 k + 40, when it has been there for
  // 30 ms. Ticks are at multiples of 10: nothing is left to play at 1040, where frame 50 is missed.
  // Two ticks are made up, and frame 51 is laid over them as early as it may.
  NetEqBuffer config = plain(20);
  config.sound.stretchSuccess = 0;
  const auto buffer = makeJitterBuffer(config);
  Notes heard;
  const auto arrive = [&](std::int64_t k) {
    const TimePoint at = ms(std::max<std::int64_t>(33, 20 * k + 3));
    buffer->arrived({k, TimePoint{} + frame * k, at, FrameKind::quiet}, heard);
  };
  for (std::int64_t k = 0; k <= 70; ++k) {
    if (k != 50) arrive(k);
  }
  CHECK(heard.concealedSum == Duration::us(20'000 - 625));
  // From there on 9.375 ms are left to play where the next frame is taken; of the two ticks that
  // are made up for frame 71 only what is beyond them is heard, again less the overlap.
  for (std::int64_t k = 72; k <= 90; ++k) arrive(k);
  CHECK(heard.concealedSum == Duration::us(20'000 - 625 + 20'000 - 9'375 - 625));
}

TEST_CASE("NetEq waits for a late frame and plays it; the wait becomes delay and is shortened") {
  Stream stream(plain(20));
  stream.steady(0, 99);
  stream.heard.take();
  stream.arrive(100, ms(2303));  // a stall
  CHECK(stream.heard.playedCount == 100);
  for (std::int64_t k = 101; k <= 115; ++k) stream.arrive(k, ms(2304));
  stream.steady(116, 116);
  CHECK(stream.heard.concealedSum > Duration::ms(250));
  stream.steady(116, 400);
  CHECK(stream.heard.playedCount > 380);
  CHECK(stream.heard.removed > Duration::ms(150));
  CHECK(stream.heard.concealedSum < Duration::ms(330));
}

TEST_CASE("NetEq shortens at most one period in 60 ms") {
  Stream stream(plain(20));
  stream.steady(0, 2999);  // a minute: one stall more or less does not move the target
  const Duration before = stream.heard.removed;
  for (std::int64_t k = 3000; k <= 3015; ++k) stream.arrive(k, ms(60'303));
  // The stall holds the high limit up for as long as it is among the arrivals of the last 2 s.
  stream.steady(3016, 3099);
  CHECK(stream.buffer->target() == Duration::ms(20));
  CHECK(stream.heard.removed == before);
  stream.steady(3100, 3119);
  const Duration begun = stream.heard.removed;
  stream.steady(3120, 3169);
  CHECK(stream.heard.removed - begun > Duration::ms(120));
  CHECK(stream.heard.removed - begun <= Duration::ms(1000 / 60 * 10 + 10));
}

TEST_CASE("A long gap ends in silence and starts again with half the target in hand") {
  Stream stream(plain(20));
  stream.steady(0, 99);
  CHECK(stream.heard.silentSum == Duration{});
  stream.steady(200, 230);
  stream.buffer->finish(230, stream.heard);
  CHECK(stream.heard.playedCount == 131);
  CHECK(stream.heard.concealedSum > Duration::ms(1990));
  CHECK(stream.heard.concealedSum < Duration::ms(2060));
  CHECK(stream.heard.silentSum > Duration::ms(1300));  // faded after half a second
  CHECK(stream.heard.silentSum < Duration::ms(1650));
}

TEST_CASE("NetEq: late, repeated and redundant frames") {
  Stream stream(plain(20));
  stream.steady(0, 20);
  CHECK(stream.arrive(22, ms(443)) == Arrival::buffered);
  CHECK(stream.arrive(22, ms(444)) == Arrival::duplicate);
  // Frame 21 is recovered from the packet of 22: in time, and its own packet comes too late.
  CHECK(stream.buffer->arrived({21, ms(420), ms(444), FrameKind::speech, FrameCopy::redundant},
                               stream.heard) == Arrival::buffered);
  CHECK(stream.arrive(21, ms(445)) == Arrival::replaced);
  CHECK(stream.arrive(21, ms(446)) == Arrival::duplicate);
  stream.steady(23, 30);
  CHECK(stream.arrive(5, ms(604)) == Arrival::late);
  stream.buffer->finish(30, stream.heard);
  CHECK(stream.heard.playedCount == 31);
}

TEST_CASE("A frame recovered from the next packet asks for 40 ms") {
  // Each third frame is lost and recovered 20 ms later: in order, for the packet's own frame comes
  // after it. Chromium's target stands at 40 ms under loss with in-band FEC.
  Stream stream(plain(20));
  for (std::int64_t k = 0; k < 300; ++k) {
    if (k % 3 == 1) continue;
    if (k % 3 == 2) {
      stream.buffer->arrived(
          {k - 1, ms(20 * (k - 1)), ms(20 * k + 3), FrameKind::speech, FrameCopy::redundant},
          stream.heard);
    }
    stream.arrive(k, ms(20 * k + 3));
  }
  CHECK(stream.buffer->target() == Duration::ms(40));
}

TEST_CASE("A full buffer is thrown away and playout starts anew") {
  Stream stream(plain(20));
  stream.steady(0, 9);
  for (std::int64_t k = 10; k < 260; ++k) stream.arrive(k, ms(193));
  CHECK(stream.heard.discardedCount == 200);
  stream.buffer->finish(259, stream.heard);
  CHECK(stream.heard.playedCount + stream.heard.discardedCount == 260);
}

TEST_CASE("A pause of the sender is comfort noise, not concealment") {
  Stream stream(plain(20));
  const auto arrive = [&](std::int64_t sequence, std::int64_t sentMs, FrameKind kind) {
    stream.buffer->arrived({sequence, ms(sentMs), ms(sentMs + 3), kind}, stream.heard);
  };
  for (std::int64_t k = 0; k < 50; ++k) arrive(k, 20 * k, FrameKind::speech);
  for (std::int64_t k = 0; k < 5; ++k) arrive(50 + k, 1000 + 400 * k, FrameKind::comfortNoise);
  for (std::int64_t k = 0; k < 50; ++k) arrive(55 + k, 2800 + 20 * k, FrameKind::speech);
  stream.buffer->finish(104, stream.heard);
  CHECK(stream.heard.playedCount == 105);
  CHECK(stream.heard.concealedSum == Duration{});
  CHECK(stream.heard.pausedSum > Duration::ms(1600));
  CHECK(stream.heard.pausedSum < Duration::ms(1800));
}

TEST_CASE("The simpler buffers keep to the media clock over a pause as well") {
  for (const bool fixed : {true, false}) {
    CAPTURE(fixed);
    const auto buffer =
        fixed ? makeJitterBuffer(FixedBuffer{frame, Duration::ms(40)})
              : makeJitterBuffer(AdaptiveBuffer{frame, Duration::ms(40), {}, Duration::s(3)});
    Notes heard;
    const auto arrive = [&](std::int64_t sequence, std::int64_t sentMs, FrameKind kind) {
      return buffer->arrived({sequence, ms(sentMs), ms(sentMs + 3), kind}, heard);
    };
    for (std::int64_t k = 0; k < 10; ++k) arrive(k, 20 * k, FrameKind::speech);
    for (std::int64_t k = 0; k < 5; ++k) arrive(10 + k, 200 + 400 * k, FrameKind::comfortNoise);
    for (std::int64_t k = 0; k < 50; ++k) {
      CHECK(arrive(15 + k, 2000 + 20 * k, FrameKind::speech) == Arrival::buffered);
    }
    buffer->finish(64, heard);
    CHECK(heard.playedCount == 65);
    CHECK(heard.concealedSum == Duration{});
    CHECK(heard.pausedSum > Duration::ms(1600));  // 4 x 380 and 180 ms
    CHECK(heard.pausedSum < Duration::ms(1720));
  }
}

TEST_CASE("The target stays within bounds that are set") {
  NetEqBuffer config = plain();
  config.minimum = Duration::ms(60);
  Stream stream(config);
  stream.steady(0, 200);
  CHECK(stream.buffer->target() == Duration::ms(60));
  CHECK(stream.heard.lastAim.target == Duration::ms(60));
  CHECK(stream.heard.lastAim.minimum == Duration::ms(20));
  config.minimum = {};
  config.maximum = Duration::ms(50);
  Stream bounded(config);
  bounded.arrive(0, ms(3));
  CHECK(bounded.buffer->target() == Duration::ms(50));
}

TEST_CASE("2020's rules follow every packet and the fill of the buffer") {
  NetEqBuffer config = plain();
  config.parameters.quantile = 0.97;
  config.parameters.forgetFactor = 0.9993;
  config.parameters.resampleInterval = {};
  config.parameters.reorderOptimizer = false;
  config.parameters.stretch = StretchRule::bufferLevel;
  Stream stream(config);
  stream.steady(0, 500);
  CHECK(stream.buffer->target() == Duration::ms(20));
  CHECK(stream.heard.concealedSum == Duration{});
  CHECK(stream.heard.playedCount > 490);
}

// Whatever comes whenever: sound follows without gap or overlap (Notes checks that), every frame is
// played at most once, and the sums are the time that passed.
TEST_CASE("Every moment of playout is played, made up, a pause or stretched") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::exponential_distribution<double> jitter(1 / (1.0 + seed % 7 * 12));
    std::bernoulli_distribution lost(0.02 * (seed % 5)), stall(0.004), again(0.1), pause(0.01);
    NetEqBuffer config;
    config.frame = frame;
    config.draws = seed;
    if (seed % 4 == 0) config.parameters.stretch = StretchRule::bufferLevel;
    struct Packet {
      std::int64_t sequence;
      TimePoint sent, at;
      FrameKind kind;
      FrameCopy copy;
    };
    std::vector<Packet> packets;
    TimePoint sent;
    TimePoint behind;
    for (std::int64_t k = 0; k < 1500; ++k) {
      const FrameKind kind = pause(random) ? FrameKind::comfortNoise : FrameKind::speech;
      TimePoint at = sent + Duration::us(static_cast<std::int64_t>(1000 * (20 + jitter(random))));
      if (stall(random)) behind = at + Duration::ms(300);
      at = std::max(at, behind);
      if (!lost(random)) packets.push_back({k, sent, at, kind, FrameCopy::primary});
      if (again(random)) {
        packets.push_back({k, sent, at + frame, kind, FrameCopy::redundant});
      }
      sent += kind == FrameKind::comfortNoise ? Duration::ms(400) : frame;
    }
    std::stable_sort(packets.begin(), packets.end(),
                     [](const Packet& a, const Packet& b) { return a.at < b.at; });
    const auto buffer = makeJitterBuffer(config);
    Notes heard;
    int kept = 0;
    for (const Packet& p : packets) {
      const Arrival arrival = buffer->arrived({p.sequence, p.sent, p.at, p.kind, p.copy}, heard);
      kept += arrival == Arrival::buffered ? 1 : 0;
    }
    buffer->finish(1499, heard);
    CHECK(heard.playedCount + heard.discardedCount == kept);
    CHECK(heard.cursor - heard.first == frame * heard.playedCount + heard.concealedSum +
                                            heard.pausedSum + heard.inserted - heard.removed);
  }
}
