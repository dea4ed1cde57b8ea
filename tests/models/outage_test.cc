// Outages of every length, over UDP, where what is sent in them is lost, and over TCP, where it
// comes afterwards.
#include <catch2/catch.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "models/receiver/stream_meter.h"
#include "tests/models/meter_support.h"

using namespace callflow;
using namespace callflow::receiver;

namespace {

std::vector<std::pair<std::string, MeterConfig>> buffers() {
  return {{"neteq", neteqConfig()}, {"adaptive", adaptiveConfig()}, {"fixed", fixedConfig(60)}};
}

enum class Over { udp, tcp };

// Frames take 30 to 33 ms; nothing gets through from `from` to `from + length`. Over TCP all that
// waited comes at once, then, and nothing overtakes.
std::vector<Duration> outage(Over over, Duration call, Duration from, Duration length) {
  const TimePoint begin = TimePoint::at(from), end = begin + length;
  std::vector<Duration> fates;
  TimePoint last;
  for (std::int64_t k = 0; frame * k < call; ++k) {
    const TimePoint sent = TimePoint{} + frame * k;
    TimePoint there = sent + Duration::ms(30) + Duration::us(k * 7919 % 3000);
    const bool hit = sent >= begin && sent < end;
    if (hit && over == Over::udp) {
      fates.push_back(never);
      continue;
    }
    if (hit) there = std::max(there, end + Duration::ms(30));
    if (over == Over::tcp) last = there = std::max(there, last + Duration::us(100));
    fates.push_back(there - sent);
  }
  return fates;
}

StreamReport withOutage(const MeterConfig& config, Over over, Duration call, Duration from,
                        Duration length) {
  return run(config, outage(over, call, from, length), TimePoint::at(call + Duration::s(2)));
}

const std::vector<double> kLengths{0, 0.1, 0.2, 0.3, 0.5, 0.7, 1,  1.5, 2,   3,   4,   5,   6,  7,
                                   8, 10,  12,  15,  20,  30,  50, 70,  100, 150, 200, 250, 300};

// Whose clock is how slow, in millionths.
const std::vector<MediaClocks> kClocks{
    {ClockRate(0), ClockRate(0)},    {ClockRate(0), ClockRate(1)},
    {ClockRate(0), ClockRate(-1)},   {ClockRate(-50), ClockRate(50)},
    {ClockRate(50), ClockRate(-50)}, {ClockRate(50), ClockRate(50)}};

std::string named(const MediaClocks& clocks) {
  return "clocks slow by " + std::to_string(clocks.sender.slow()) + " and " +
         std::to_string(clocks.receiver.slow()) + " ppm";
}

}  // namespace

TEST_CASE("An outage is one run of made-up sound, whoever's clock is slow") {
  // 350 of 3000 frames are lost, in a row. Clocks differ by 0.7 ms in that time, and NetEq's merge
  // takes up to a period of 15 ms away: less than a frame together.
  std::vector<Duration> fates(3000, Duration::ms(30));
  for (std::size_t k = 1000; k < 1350; ++k) fates[k] = never;
  for (auto [name, config] : buffers()) {
    for (const MediaClocks& clocks : kClocks) {
      INFO(name << ", " << named(clocks));
      config.clocks = clocks;
      const PeriodStats all = run(config, fates, std::nullopt, clocks.sender.lasts(frame)).totals;
      CHECK(all.lost == 350);
      CHECK(all.concealmentRuns == 1);
      CHECK(all.interruptions == 1);
      CHECK(all.longestInterruption == all.concealed);
      CHECK(all.longestInterruption > Duration::s(7) - frame);
      CHECK(all.longestInterruption < Duration::s(7) + frame);
      // G.107 7-30: 350 * (1 - 350 / 3000) = 309.2; a frame of 350 more or less: 0.8.
      CHECK(all.burstRatio == Approx(309.17).margin(0.8));
      // RFC 3611: one burst in which all is missing.
      CHECK(all.burstDensity == 1);
      CHECK(all.burstDuration == Approx(7).margin(0.02));
    }
  }
}

TEST_CASE("Bursts of loss have their length, whoever's clock is slow") {
  // 5 frames of every 100 are lost: 30 bursts.
  std::vector<Duration> fates(3000, Duration::ms(30));
  for (std::size_t k = 50; k < fates.size(); ++k) {
    if (k % 100 >= 50 && k % 100 < 55) fates[k] = never;
  }
  for (auto [name, config] : buffers()) {
    for (const MediaClocks& clocks : kClocks) {
      INFO(name << ", " << named(clocks));
      config.clocks = clocks;
      const PeriodStats all = run(config, fates, std::nullopt, clocks.sender.lasts(frame)).totals;
      CHECK(all.concealmentRuns == 30);
      CHECK(all.interruptions == 0);
      CHECK(all.longestInterruption > Duration::ms(100) - frame);
      CHECK(all.longestInterruption < Duration::ms(100) + frame);
      // 5 * (1 - 150 / 3000) = 4.75; of each burst the buffer may make up to a frame more or less.
      CHECK(all.burstRatio == Approx(4.75).margin(0.9));
    }
  }
}

TEST_CASE("Two outages with a pause between them are two, whoever's clock is slow") {
  // Frames of 0 to 10 s come. Those of 10 to 12 s and of 14 to 16 s are lost; between them the
  // sender is silent.
  for (auto [name, config] : buffers()) {
    for (const MediaClocks& clocks : kClocks) {
      INFO(name << ", " << named(clocks));
      config.clocks = clocks;
      StreamMeter meter{config};
      std::int64_t sequence = 0;
      for (std::int64_t k = 0; k < 800; ++k) {
        if (k >= 600 && k < 700) continue;
        meter.sent(sequence, TimePoint{} + clocks.sender.lasts(frame * k), size);
        if (k < 500) {
          meter.received(sequence, TimePoint{} + clocks.sender.lasts(frame * k),
                         propagation(Duration{}));
        } else {
          meter.dropped(sequence);
        }
        ++sequence;
      }
      const PeriodStats all = meter.finish().totals;
      CHECK(all.concealmentRuns == 2);
      CHECK(all.interruptions == 2);
      CHECK(all.longestInterruption > Duration::s(2) - frame);
      CHECK(all.longestInterruption < Duration::s(2) + frame);
    }
  }
}

TEST_CASE("Of the windows that an outage fills, each is silence") {
  for (const auto& [name, config] : buffers()) {
    for (const Over over : {Over::udp, Over::tcp}) {
      INFO(name << (over == Over::udp ? " over UDP" : " over TCP"));
      const StreamReport report =
          withOutage(config, over, Duration::s(80), Duration::s(20), Duration::s(35));
      REQUIRE(report.windows.size() == 8);
      const auto window = [&](std::size_t i) { return report.windows[i].stats; };
      // What was sent before it is heard until 20.1 s or so.
      CHECK(window(2).concealed > Duration::ms(9800));
      CHECK(window(2).score.mos < 1.2);
      for (const std::size_t i : {3U, 4U}) {
        CHECK(window(i).played == 0);
        CHECK(window(i).concealed == Duration::s(10));
        CHECK(window(i).concealedRatio == 1);
        CHECK(window(i).longestInterruption == Duration::s(10));
        CHECK(window(i).score.mos == 1);
        CHECK(window(i).score.mosListening == 1);
        CHECK(window(i).sent == 500);
      }
      // Five seconds of it, and over TCP up to a second more until the fixed buffer has caught up.
      CHECK(window(5).concealed > Duration::ms(4900));
      CHECK(window(5).concealed < Duration::ms(5400));
      CHECK(window(7).score.mos > 4.2);
      CHECK(report.totals.interruptions == 1);
      CHECK(report.totals.longestInterruption > Duration::ms(34'900));
    }
  }
}

TEST_CASE("The longer an outage, the worse the score, from 0.1 to 300 s") {
  for (const auto& [name, config] : buffers()) {
    for (const Over over : {Over::udp, Over::tcp}) {
      for (const Duration from : {Duration::s(20), Duration::ms(23'700)}) {
        double listening = 5, mos = 5;
        Duration concealed = Duration::ns(-1);
        for (const double length : kLengths) {
          INFO(name << (over == Over::udp ? " over UDP, " : " over TCP, ") << length << " s from "
                    << from.seconds() << " s");
          const StreamReport report =
              withOutage(config, over, Duration::s(360), from, Duration::fromSeconds(length));
          const PeriodStats& all = report.totals;
          CHECK(all.concealed > concealed);
          CHECK(all.score.mosListening < listening);
          // Over TCP a backlog of up to 4 s is heard late and played faster; one more frame, and
          // the adapting buffers throw all of it away, as NetEq does: the delay is gone, at once.
          // So beyond 4 s, where delay counts, a longer outage may score better again: by less than
          // what makes a difference (0.05 of 360 s).
          const bool flushes = over == Over::tcp && name != "fixed" && length > 3;
          CHECK(all.score.mos <= mos + (flushes ? 0.05 : 0));
          concealed = all.concealed;
          listening = all.score.mosListening;
          mos = std::min(mos, all.score.mos);
        }
      }
    }
  }
}

TEST_CASE("TCP does not make an outage better") {
  // What UDP loses, TCP plays late, or not at all. Below a second it may save a frame or two.
  for (const auto& [name, config] : buffers()) {
    for (const double length : {1, 3, 10, 30, 100, 220, 300}) {
      INFO(name << ", " << length << " s");
      const auto mos = [&, &config = config](Over over) {
        return withOutage(config, over, Duration::s(360), Duration::s(20),
                          Duration::fromSeconds(length))
            .totals.score.mos;
      };
      CHECK(mos(Over::tcp) < mos(Over::udp) + 0.002);
    }
  }
}

TEST_CASE("An outage at the end of a call is heard, whether its frames are lost or on their way") {
  for (const auto& [name, config] : buffers()) {
    for (const Over over : {Over::udp, Over::tcp}) {
      INFO(name << (over == Over::udp ? " over UDP" : " over TCP"));
      const StreamReport report =
          withOutage(config, over, Duration::s(60), Duration::s(45), Duration::s(30));
      CHECK((over == Over::udp ? report.totals.lost : report.totals.inFlight) == 750);
      CHECK(report.totals.discarded == 0);
      CHECK(report.totals.concealed > Duration::ms(14'900));
      CHECK(report.totals.concealed < Duration::ms(15'100));
      CHECK(report.totals.longestInterruption > Duration::ms(14'900));
      REQUIRE(report.windows.size() == 6);
      CHECK(report.windows[5].stats.score.mos == 1);
    }
  }
}

TEST_CASE("An outage at the end is one interruption, whatever the sender's clock is off") {
  // 50 parts in a million slow: 1 us more between frames.
  constexpr Duration kPeriod = Duration::us(20'001);
  std::vector<Duration> fates(3000, Duration::ms(30));
  for (std::size_t k = 2250; k < fates.size(); ++k) fates[k] = never;
  for (const auto& [name, config] : buffers()) {
    INFO(name);
    const StreamReport report = run(config, fates, TimePoint::at(Duration::s(62)), kPeriod);
    CHECK(report.totals.longestInterruption > Duration::ms(14'900));
    CHECK(report.totals.interruptions == 1);
  }
}

TEST_CASE("An outage at the beginning of a call is heard") {
  for (const auto& [name, config] : buffers()) {
    for (const Over over : {Over::udp, Over::tcp}) {
      INFO(name << (over == Over::udp ? " over UDP" : " over TCP"));
      const StreamReport report =
          withOutage(config, over, Duration::s(60), Duration{}, Duration::s(15));
      CHECK(report.totals.concealed > Duration::ms(14'900));
      CHECK(report.totals.concealed < Duration::ms(15'100));
      CHECK(report.totals.interruptions == 1);
      REQUIRE(report.windows.size() == 6);
      CHECK(report.windows[0].stats.score.mos == 1);
      CHECK(report.windows[1].stats.concealed > Duration::ms(4900));
      CHECK(report.windows[1].stats.concealed < Duration::ms(5200));
    }
  }
}

TEST_CASE("An outage that begins in a pause is no pause") {
  // Speech up to 10 s, then comfort noise. From 10.1 s on nothing gets through for 30 s, in which
  // the sender speaks from 12 to 14 s and from 20 to 38 s; at 41 s he goes on, to 60 s.
  struct Sent {
    TimePoint at;
    FrameKind kind;
  };
  std::vector<Sent> frames;
  const auto speak = [&](std::int64_t from, std::int64_t to, std::int64_t silentTo) {
    for (std::int64_t at = from; at < to; at += 20) frames.push_back({ms(at), FrameKind::speech});
    for (std::int64_t at = to; at < silentTo; at += 400) {
      frames.push_back({ms(at), FrameKind::comfortNoise});
    }
  };
  speak(0, 10'000, 12'000);
  speak(12'000, 14'000, 20'000);
  speak(20'000, 38'000, 41'000);
  speak(41'000, 60'000, 60'000);
  for (const auto& [name, config] : buffers()) {
    for (const Over over : {Over::udp, Over::tcp}) {
      INFO(name << (over == Over::udp ? " over UDP" : " over TCP"));
      StreamMeter meter{config};
      std::vector<std::int64_t> waiting;
      std::int64_t sequence = 0;
      const auto deliver = [&](std::int64_t which, TimePoint at) {
        meter.received(which, at, propagation(at - frames[static_cast<std::size_t>(which)].at));
      };
      for (const auto& [at, kind] : frames) {
        if (at > ms(40'100)) {
          for (const std::int64_t which : waiting) deliver(which, ms(40'130));
          waiting.clear();
        }
        meter.sent(sequence, at, size, kind);
        if (at < ms(10'100) || at > ms(40'100)) {
          deliver(sequence, at);
        } else if (over == Over::udp) {
          meter.dropped(sequence);
        } else {
          waiting.push_back(sequence);
        }
        ++sequence;
      }
      const StreamReport report = meter.finish();
      REQUIRE(report.windows.size() == 6);
      if (name == "neteq") {
        // Its noise lasts 1 s without news of the pause; then it makes up sound for all the rest.
        CHECK(report.totals.concealed > Duration::ms(28'000));
      } else if (over == Over::udp) {
        // 20 s of speech were lost. The fixed buffer cannot tell noise that was lost from speech:
        // some 20 packets of 20 ms.
        CHECK(report.totals.concealed > Duration::ms(19'800));
        CHECK(report.totals.concealed < Duration::ms(name == "fixed" ? 20'600 : 20'200));
      } else if (name == "adaptive") {
        // The last 4 s of it, at most, are in the buffer when it is over, and are heard.
        CHECK(report.totals.concealed > Duration::ms(15'800));
      }
      if (name == "fixed") continue;  // takes what is missing to stand right before what comes
      CHECK(report.windows[2].stats.score.mos < 1.2);
      CHECK(report.windows[0].stats.concealed == Duration{});
    }
  }
}

TEST_CASE("Pauses without an outage are pauses") {
  for (const auto& [name, config] : buffers()) {
    INFO(name);
    StreamMeter meter{config};
    std::int64_t sequence = 0;
    const auto send = [&](std::int64_t at, FrameKind kind) {
      meter.sent(sequence, ms(at), size, kind);
      meter.received(sequence, ms(at), propagation(Duration{}));
      ++sequence;
    };
    for (std::int64_t from = 0; from < 60'000; from += 2400) {
      for (std::int64_t at = from; at < from + 1200; at += 20) send(at, FrameKind::speech);
      for (std::int64_t at = 1200; at < 2400; at += 400) {
        send(from + at, FrameKind::comfortNoise);
      }
    }
    const StreamReport report = meter.finish();
    CHECK(report.totals.concealed < Duration::ms(150));
    CHECK(report.totals.score.mos > 4.2);
  }
}
