// The meter of one stream: counts, delays and what is kept of each frame.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "models/receiver/stream_meter.h"
#include "tests/models/meter_support.h"

using namespace callflow;
using namespace callflow::receiver;

TEST_CASE("A clean stream: every figure by hand") {
  const StreamReport report = run(fixedConfig(), constant(500, Duration::ms(50)));
  const PeriodStats& all = report.totals;
  CHECK(all.sent == 500);
  CHECK(all.received == 500);
  CHECK(all.played == 500);
  CHECK(all.lost + all.inFlight + all.discarded + all.interruptions == 0);
  CHECK(all.delayMean == near(0.05));
  CHECK(all.delayP50 == near(0.05));
  CHECK(all.delayP99 == near(0.05));
  CHECK(all.delayMax == near(0.05));
  CHECK(all.jitter == 0);
  CHECK(all.jitterBufferDelay == near(0.04));
  CHECK(all.mouthToEar == near(0.1165));  // 20 + 6.5 + 50 + 40
  CHECK(all.concealedRatio == 0);
  CHECK(all.burstRatio == 1);
  // Ie at 32 kbit/s is a third of the way from 31 to 34: 16.82867498 - 2.06974462/3.
  const double r = 148 - (16.82867498 - (16.82867498 - 14.75893036) / 3);
  CHECK(all.score.rListening == Approx(r).margin(1e-9));
  CHECK(all.score.r == Approx(r - 1.48 * quality::delayImpairment(Duration::us(116'500))));
  CHECK(all.score.mos < all.score.mosListening);

  REQUIRE(report.windows.size() == 1);
  CHECK(report.windows[0].start == Duration{});
  CHECK(report.windows[0].stats.score.mos == near(all.score.mos));
  CHECK(report.parts[DelayCause::packetization] == Duration::s(10));
  CHECK(report.parts[DelayCause::lookahead] == Duration::us(6500) * 500);
  CHECK(report.parts[DelayCause::propagation] == Duration::ms(50) * 500);
  CHECK(report.parts[DelayCause::jitterBuffer] == Duration::ms(40) * 500);
  CHECK(report.totalDelay == Duration::us(116'500) * 500);
  CHECK(report.parts.sum() == report.totalDelay);
  CHECK(report.dataSent == size * 500);
  const std::vector<std::pair<std::int32_t, std::int64_t>> bins{{500, 500}};
  CHECK(report.delayHistogram == bins);
  CHECK(report.trace.empty());
}

TEST_CASE("Lost, late and in flight are kept apart") {
  auto fates = constant(50, Duration::ms(50));
  fates[10] = never;
  fates[20] = Duration::ms(95);  // 5 ms after its place
  fates[49] = stuck;
  const PeriodStats all = run(fixedConfig(), fates).totals;
  CHECK(all.sent == 50);
  CHECK(all.received == 48);
  CHECK(all.lost == 1);
  CHECK(all.inFlight == 1);
  CHECK(all.discarded == 1);
  CHECK(all.played == 47);
  CHECK(all.concealed == 2 * frame);
  CHECK(all.concealmentRuns == 2);
  CHECK(all.concealedRatio == near(2.0 / 49));  // what is in flight is no sound yet
  CHECK(all.delayMax == near(0.095));
  CHECK(all.delayMean == near((47 * 0.05 + 0.095) / 48));
  CHECK(all.jitterBufferDelay == near(0.04));
  // Jitter is largest when the late frame comes: frames 21 and 22 come at 470 and 490 ms, frame 20
  // at 495.
  CHECK(all.jitter == near((45.0 / 16 + (45.0 - 45.0 / 16) / 16) * 1e-3));
  // Frame 23, behind frame 20, makes it 45 ms once more; frames 24 to 48 do not vary.
  const double one = 45.0 / 16, two = one + (45.0 - one) / 16;
  const auto settling = [](double from, int count) {
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += from *= 15.0 / 16;
    return sum;
  };
  CHECK(all.jitterMean == near((one + two + settling(two, 25)) / 48 * 1e-3));
}

TEST_CASE("Warm-up is played but not counted") {
  auto fates = constant(600, Duration::ms(50));
  for (std::size_t k = 0; k < 105; k += 3) fates[k] = never;
  MeterConfig config = fixedConfig();
  config.scoreFrom = ms(2000);
  const StreamReport report = run(config, fates);
  CHECK(report.totals.sent == 500);
  CHECK(report.totals.lost == 1);  // frame 102
  CHECK(report.totals.played == 499);
  CHECK(report.parts.sum() == report.totalDelay);
  REQUIRE(report.windows.size() == 1);
  CHECK(report.windows[0].start == Duration{});
  CHECK(report.windows[0].stats.sent == 500);
}

TEST_CASE("What was heard, part by part: the scored frames, and those missing at the start too") {
  const auto heard = [](const StreamReport& report) {
    std::vector<std::tuple<PlayoutEventKind, std::int64_t, TimePoint>> out;
    for (const PlayoutEvent& event : report.playout) {
      CHECK(event.length == frame);
      out.emplace_back(event.kind, event.sequence, event.at);
    }
    return out;
  };
  using Kind = PlayoutEventKind;
  MeterConfig config = fixedConfig();
  config.trace = true;
  auto fates = constant(6, Duration::ms(50));
  fates[0] = fates[1] = fates[4] = never;
  // Frame 2, sent at 40 ms, comes at 90 and is played at 130.
  const std::vector<std::tuple<Kind, std::int64_t, TimePoint>> all = {
      {Kind::concealed, 0, ms(90)}, {Kind::concealed, 1, ms(110)}, {Kind::played, 2, ms(130)},
      {Kind::played, 3, ms(150)},   {Kind::concealed, 4, ms(170)}, {Kind::played, 5, ms(190)}};
  const StreamReport report = run(config, fates);
  CHECK(heard(report) == all);
  CHECK(report.totals.concealed == 3 * frame);

  config.scoreFrom = ms(60);
  CHECK(heard(run(config, fates)) ==
        std::vector<std::tuple<Kind, std::int64_t, TimePoint>>(all.begin() + 3, all.end()));
}

TEST_CASE("A packet of comfort noise is heard as a pause, not as speech") {
  MeterConfig config = fixedConfig();
  config.trace = true;
  StreamMeter meter{config};
  // Two frames, a pause that the third packet announces, at 40 ms, and that the next one ends.
  for (const auto& [sequence, sent] : {std::pair{0, 0}, {1, 20}, {2, 40}, {3, 140}}) {
    meter.sent(sequence, ms(sent), size,
               sequence == 2 ? FrameKind::comfortNoise : FrameKind::speech);
    meter.received(sequence, ms(sent + 10), propagation(Duration::ms(10)));
  }
  const StreamReport report = meter.finish();
  using Kind = PlayoutEventKind;
  std::vector<std::tuple<Kind, TimePoint, Duration>> heard;
  for (const PlayoutEvent& event : report.playout) {
    heard.emplace_back(event.kind, event.at, event.length);
  }
  CHECK(heard == std::vector<std::tuple<Kind, TimePoint, Duration>>{
                     {Kind::played, ms(50), frame},
                     {Kind::played, ms(70), frame},
                     {Kind::paused, ms(90), frame},
                     {Kind::paused, ms(110), Duration::ms(80)},
                     {Kind::played, ms(190), frame}});
  CHECK(report.totals.played == 4);
  CHECK(report.totals.comfortNoise == Duration::ms(80));
}

TEST_CASE("A stall over TCP is heard as concealment, then as delay") {
  // Frames 300 to 309 wait for a retransmission and come together 260 ms after frame 300 was sent.
  auto fates = constant(500, Duration::ms(50));
  for (std::int64_t k = 300; k < 310; ++k) {
    fates[static_cast<std::size_t>(k)] = Duration::ms(260) - frame * (k - 300);
  }
  MeterConfig config = adaptiveConfig();
  config.trace = true;
  const StreamReport report = run(config, fates);
  CHECK(report.totals.played == 500);
  CHECK(report.totals.discarded == 0);
  CHECK(report.totals.concealmentRuns == 1);
  // Frame 300 would have been played 30 ms after its arrival (see the buffer's own test): at 6080
  // ms. It came at 6260, so 18 steps of 10 ms were made up.
  CHECK(report.totals.concealed == Duration::ms(180));
  CHECK(report.totals.interruptions == 1);
  REQUIRE(report.trace.size() == 500);
  CHECK(report.trace[299].played - report.trace[299].sent == Duration::ms(80));
  CHECK(report.trace[300].played == ms(6260));
  CHECK(report.trace[310].played - report.trace[310].sent > Duration::ms(200));
  CHECK(report.parts.sum() == report.totalDelay);
}

TEST_CASE("The trace tells every frame's story") {
  auto fates = constant(10, Duration::ms(50));
  fates[3] = never;
  fates[5] = Duration::ms(120);
  fates[9] = stuck;
  MeterConfig config = fixedConfig();
  config.trace = true;
  const StreamReport report = run(config, fates);
  REQUIRE(report.trace.size() == 10);
  for (std::int64_t k = 0; k < 10; ++k) {
    const FrameStory& story = report.trace[static_cast<std::size_t>(k)];
    CHECK(story.sequence == k);
    CHECK(story.sent == ms(20 * k));
  }
  CHECK(report.trace[0].fate == FrameFate::played);
  CHECK(report.trace[0].received == ms(50));
  CHECK(report.trace[0].played == ms(90));
  CHECK(report.trace[0].network[DelayCause::propagation] == Duration::ms(50));
  CHECK(report.trace[3].fate == FrameFate::lost);
  CHECK(report.trace[3].received == TimePoint::max());
  CHECK(report.trace[5].fate == FrameFate::late);
  CHECK(report.trace[5].received == ms(220));
  CHECK(report.trace[5].played == TimePoint::max());
  CHECK(report.trace[9].fate == FrameFate::inFlight);
}

TEST_CASE("Duplicates change nothing") {
  StreamMeter meter{fixedConfig()};
  for (std::int64_t k = 0; k < 40; ++k) {
    meter.sent(k, ms(20 * k), size);
    if (k < 3) continue;
    const Duration delay = Duration::ms(60);
    meter.received(k - 3, ms(20 * k), propagation(delay));
    meter.received(k - 3, ms(20 * k), propagation(delay));
    if (k >= 20) meter.received(k - 20, ms(20 * k), propagation(frame * 20));  // long settled
  }
  const StreamReport report = meter.finish();
  CHECK(report.totals.received == 37);
  CHECK(report.totals.inFlight == 3);
  CHECK(report.totals.played == 37);
  CHECK(report.totals.discarded == 0);
}

TEST_CASE("Random networks: the causes add up, and every frame is somewhere") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random{seed};
    const auto upTo = [&](std::int64_t limitNs) {
      return Duration::ns(static_cast<std::int64_t>(random()) % (limitNs + 1));
    };
    MeterConfig config = seed % 2 == 0 ? fixedConfig(30) : adaptiveConfig();
    config.scoreFrom = ms(1000);
    config.queueingElements = 3;
    config.trace = true;
    const bool inOrder = seed % 4 < 2;  // as over TCP
    StreamMeter meter{config};
    struct Copy {
      TimePoint at;
      std::int64_t sequence;
      DelayParts parts;
      std::vector<QueueingAt> queueing;
    };
    std::vector<Copy> waiting;
    const auto deliverUpTo = [&](TimePoint now) {
      std::stable_sort(waiting.begin(), waiting.end(),
                       [](const Copy& a, const Copy& b) { return a.at < b.at; });
      std::size_t done = 0;
      for (; done < waiting.size() && waiting[done].at <= now; ++done) {
        const Copy& copy = waiting[done];
        meter.received(copy.sequence, copy.at, copy.parts, copy.queueing, 2);
      }
      waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(done));
    };
    TimePoint lastArrival;
    std::int64_t lost = 0;
    const std::int64_t frames = 2000;
    for (std::int64_t k = 0; k < frames; ++k) {
      const TimePoint now = TimePoint{} + frame * k;
      deliverUpTo(now);
      meter.sent(k, now, size);
      if (!inOrder && random() % 25 == 0) {
        meter.dropped(k);
        lost += now >= config.scoreFrom ? 1 : 0;
        continue;
      }
      Copy copy{now, k, {}, {}};
      for (const DelayCause cause :
           {DelayCause::sendWait, DelayCause::propagation, DelayCause::jitter,
            DelayCause::serialization, DelayCause::processing}) {
        copy.parts[cause] = upTo(9'000'000);
      }
      for (std::size_t element = 0; element < 3; ++element) {
        copy.queueing.push_back({element, upTo(5'000'000)});
        copy.parts[DelayCause::queueing] += copy.queueing.back().wait;
      }
      if (random() % 300 == 0) copy.parts[DelayCause::retransmission] = upTo(700'000'000);
      copy.at = now + copy.parts.sum();
      if (inOrder && copy.at < lastArrival) {
        copy.parts[DelayCause::headOfLine] = lastArrival - copy.at;
        copy.at = lastArrival;
      }
      lastArrival = std::max(lastArrival, copy.at);
      waiting.push_back(copy);
    }
    deliverUpTo(TimePoint{} + frame * frames);
    const auto onTheirWay = static_cast<std::int64_t>(waiting.size());
    const StreamReport report = meter.finish();
    const PeriodStats& all = report.totals;

    CHECK(all.sent == frames - 50);
    CHECK(all.lost == lost);
    CHECK(all.inFlight == onTheirWay);
    CHECK(all.received == all.sent - all.lost - all.inFlight);
    CHECK(all.played + all.discarded == all.received);
    CHECK(report.parts.sum() == report.totalDelay);
    CHECK(report.queueingAt[0] + report.queueingAt[1] + report.queueingAt[2] ==
          report.parts[DelayCause::queueing]);
    CHECK(all.mouthToEar == Approx(report.totalDelay.seconds() / static_cast<double>(all.played)));

    // The same once more from the trace.
    REQUIRE(report.trace.size() == static_cast<std::size_t>(frames));
    Duration total, queueing;
    std::int64_t played = 0;
    TimePoint lastPlayed;
    for (const FrameStory& story : report.trace) {
      if (story.fate != FrameFate::played) continue;
      REQUIRE(story.played >= story.received);
      REQUIRE(story.played > lastPlayed);
      lastPlayed = story.played;
      if (story.sent < config.scoreFrom) continue;
      ++played;
      total += overhead + (story.played - story.sent);
      queueing += story.network[DelayCause::queueing];
      REQUIRE(story.network.sum() == story.received - story.sent);
    }
    CHECK(played == all.played);
    CHECK(total == report.totalDelay);
    CHECK(queueing == report.parts[DelayCause::queueing]);

    std::int64_t binned = 0, sent = 0, interruptions = 0;
    Duration concealed;
    for (const auto& [bin, count] : report.delayHistogram) binned += count;
    CHECK(binned == all.received);
    for (const WindowStats& window : report.windows) {
      sent += window.stats.sent;
      interruptions += window.stats.interruptions;
      concealed += window.stats.concealed;
      CHECK(window.stats.score.mos <= window.stats.score.mosListening);
    }
    CHECK(sent == all.sent);  // 39 s: the last window has 9 s
    CHECK(interruptions == all.interruptions);
    CHECK(concealed == all.concealed);
    CHECK(all.delayP50 <= all.delayP95);
    CHECK(all.delayP95 <= all.delayP99);
    CHECK(all.delayP99 <= all.delayMax + 1e-4);
  }
}

TEST_CASE("The same frames give the same report") {
  std::mt19937 random{5};
  std::vector<Duration> fates;
  for (int k = 0; k < 3000; ++k) {
    fates.push_back(random() % 30 == 0 ? never : Duration::us(20'000 + random() % 70'000));
  }
  const StreamReport a = run(adaptiveConfig(), fates), b = run(adaptiveConfig(), fates);
  CHECK(a.totals.score.mos == b.totals.score.mos);
  CHECK(a.delayHistogram == b.delayHistogram);
  CHECK(a.totalDelay == b.totalDelay);
}

TEST_CASE("Broken rules are found out") {
  StreamMeter meter{fixedConfig()};
  meter.sent(7, ms(0), size);
  CHECK_THROWS_AS(meter.sent(9, ms(20), size), std::logic_error);
  CHECK_THROWS_AS(meter.received(8, ms(30), propagation(Duration::ms(30))), std::logic_error);
  CHECK_THROWS_AS(meter.received(7, ms(30), propagation(Duration::ms(29))), std::logic_error);
  DelayParts foreign = propagation(Duration::ms(20));
  foreign[DelayCause::jitterBuffer] = Duration::ms(10);
  CHECK_THROWS_AS(meter.received(7, ms(30), foreign), std::logic_error);
  const std::vector<QueueingAt> unknown{{0, Duration{}}};
  CHECK_THROWS_AS(meter.received(7, ms(30), propagation(Duration::ms(30)), unknown),
                  std::logic_error);
  meter.dropped(7);
  CHECK_THROWS_AS(meter.dropped(7), std::logic_error);
  MeterConfig noFrame = fixedConfig();
  noFrame.frame = Duration{};
  CHECK_THROWS_AS(StreamMeter{noFrame}, std::invalid_argument);
}

TEST_CASE("getStats' counters of a stream by hand") {
  MeterConfig config;
  config.bitrate = DataRate::kbps(32);
  config.frame = frame;
  NetEqBuffer neteq;
  neteq.initial = Duration::ms(20);
  neteq.sound = {Duration::ms(10), Duration::ms(10), 1};
  neteq.phase = Duration{};
  config.buffer = neteq;
  config.trace = true;
  StreamMeter meter(config);
  DelayParts network;
  network[DelayCause::propagation] = Duration::ms(3);
  // 10 s; frames 100 to 109 are lost: 200 ms, one interruption. Frame 300 is lost and comes with
  // the next packet.
  for (std::int64_t k = 0; k < 500; ++k) {
    meter.sent(k, TimePoint{} + frame * k, size);
    const TimePoint at = ms(20 * k + 3);
    if ((k >= 100 && k < 110) || k == 300) {
      meter.dropped(k);
      continue;
    }
    if (k == 301) meter.receivedWithin(k, 300, at, network);
    if (k == 350) meter.receivedWithin(k, 349, at, network);  // not needed
    meter.received(k, at, network);
  }
  const StreamReport report = meter.finish();
  const PeriodStats& stats = report.totals;
  CHECK(stats.sent == 500);
  CHECK(stats.received == 489);
  CHECK(stats.lost == 11);
  CHECK(stats.recovered == 1);
  CHECK(stats.redundantReceived == 2);
  CHECK(stats.played == 490);
  CHECK(stats.discarded == 0);
  CHECK(stats.interruptions == 1);
  CHECK(stats.concealmentRuns >= 1);
  CHECK(stats.concealmentRuns <= 2);  // the recovered frame may have come after its time
  // The next frame may be laid over what the buffer keeps for its cross-fade, 5 samples at 8 kHz.
  CHECK(stats.concealed >= Duration::us(200'000 - 625));
  CHECK(stats.concealed <= Duration::ms(240));
  CHECK(stats.interruptionDuration == stats.longestInterruption);
  CHECK(stats.silentConcealed == Duration{});
  CHECK(stats.soundPlayed == frame * 490 + stats.concealed + stats.inserted - stats.removed);
  // The record of the playout is the same sound, moment by moment.
  TimePoint cursor = report.playout.front().at;
  Duration concealed;
  int played = 0, fromRedundant = 0;
  for (const PlayoutEvent& event : report.playout) {
    if (event.kind != PlayoutEventKind::stretched) CHECK(event.at == cursor);
    cursor += event.length;
    if (event.kind == PlayoutEventKind::concealed) concealed += event.length;
    if (event.kind == PlayoutEventKind::played) {
      ++played;
      fromRedundant += event.copy == FrameCopy::redundant ? 1 : 0;
    }
  }
  CHECK(concealed == stats.concealed);
  CHECK(played == 490);
  CHECK(fromRedundant == 1);
  CHECK(cursor - report.playout.front().at == stats.soundPlayed);
  CHECK(stats.jitterBufferTarget >= 0.020);
  CHECK(stats.jitterBufferTarget <= 0.040);
}
