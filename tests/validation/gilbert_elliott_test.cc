// Gilbert-Elliott losses against theory: share of lost packets, and mean length of a run of losses.
//
// Of a chain that leaves the good state with probability a and the bad one with b a step, the share
// of bad steps is a / (a + b), runs of bad steps are geometric with mean 1 / b, and the share seen
// in n steps has the variance p (1 - p) / n * (1 + r) / (1 - r) with r = 1 - a - b. The chain in
// time, looked at every h, is such a chain with a = p (1 - e), b = (1 - p) (1 - e), e = exp(-(la +
// mu) h), la and mu being the rates of leaving bad and good.
#include <ns3/rng-seed-manager.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <tuple>
#include <vector>

#include "models/fabric/link.h"

using namespace callflow;
using namespace callflow::fabric;

namespace {

struct Seen {
  double share = 0;
  double mean_run = 0;
  double runs = 0;
};

// Puts `packets` packets on a link without delay, one every `interval`.
Seen cross(const LossParameters& loss, int packets, Duration interval) {
  ns3::RngSeedManager::SetSeed(11);
  ns3::RngSeedManager::SetRun(1);
  LinkParameters parameters;
  parameters.loss = loss;
  Link link("validation", parameters);
  Packet packet;
  packet.size = 200;
  packet.flags = packet_flag::kMedia | packet_flag::kNewData;
  std::int64_t lost = 0;
  std::int64_t runs = 0;
  bool before = false;
  for (int i = 0; i < packets; ++i) {
    const bool now = link.offer(packet, TimePoint::at(interval * i)).verdict == LinkVerdict::lost;
    lost += now ? 1 : 0;
    runs += now && !before ? 1 : 0;
    before = now;
  }
  CHECK(link.counters().lost == lost);
  return {static_cast<double>(lost) / packets,
          static_cast<double>(lost) / static_cast<double>(runs), static_cast<double>(runs)};
}

void compare(const Seen& seen, double p, double a, double b, int packets) {
  const double r = 1 - a - b;
  const double share_sigma = std::sqrt(p * (1 - p) / packets * (1 + r) / (1 - r));
  CHECK(seen.share == Approx(p).margin(4 * share_sigma));
  // A geometric run of mean 1/b has the variance (1 - b) / b^2.
  const double run_sigma = std::sqrt((1 - b) / (b * b) / seen.runs);
  CHECK(seen.mean_run == Approx(1 / b).margin(4 * run_sigma));
  // The bounds above are tight enough to mean something.
  CHECK(share_sigma < 0.02 * p);
  CHECK(run_sigma < 0.02 / b);
}

}  // namespace

TEST_CASE("Gilbert-Elliott by packets: mean loss and mean burst are those asked for") {
  const auto [percent, burst] = GENERATE(table<int, int>({{2, 3}, {1, 1}, {10, 8}, {40, 2}}));
  constexpr int packets = 4'000'000;
  LossParameters loss;
  loss.mean = Ratio::percent(percent);
  loss.burst = PacketCount{burst};
  const double p = percent / 100.0;
  const double b = 1.0 / burst;
  const double a = b * p / (1 - p);
  compare(cross(loss, packets, Duration::ms(20)), p, a, b, packets);
}

TEST_CASE(
    "Gilbert-Elliott by packets: a burst too short for the mean becomes the shortest possible") {
  // 75 % lost in bursts of one packet cannot be; with every good state left at once they are of
  // three.
  LossParameters loss;
  loss.mean = Ratio::percent(75);
  loss.burst = PacketCount{1};
  const Seen seen = cross(loss, 1'000'000, Duration::ms(20));
  CHECK(seen.share == Approx(0.75).margin(0.005));
  CHECK(seen.mean_run == Approx(3).margin(0.03));
}

TEST_CASE("Gilbert-Elliott in time: the same chain at whatever rate it is looked at") {
  const auto [percent, bad_ms, interval_ms] = GENERATE(
      table<int, int, int>({{2, 60, 20}, {2, 60, 2}, {10, 60, 20}, {5, 200, 20}, {1, 10, 20}}));
  const int packets = interval_ms == 2 ? 40'000'000 : 6'000'000;
  LossParameters loss;
  loss.mean = Ratio::percent(percent);
  loss.burst = Duration::ms(bad_ms);
  const double p = percent / 100.0;
  const double leave_bad = 1.0 / bad_ms;
  const double leave_good = leave_bad * p / (1 - p);
  const double turned = 1 - std::exp(-(leave_bad + leave_good) * interval_ms);
  compare(cross(loss, packets, Duration::ms(interval_ms)), p, p * turned, (1 - p) * turned,
          packets);
}

TEST_CASE("Gilbert-Elliott in time: what is lost does not depend on who else looks") {
  LossParameters loss;
  loss.mean = Ratio::percent(5);
  loss.burst = Duration::ms(60);
  LinkParameters parameters;
  parameters.loss = loss;
  Link often("validation", parameters);
  Link seldom("validation", parameters);
  Packet packet;
  packet.size = 200;
  int lost = 0;
  bool same = true;
  for (int i = 0; i < 100'000; ++i) {
    const bool a = often.offer(packet, TimePoint::at(Duration::ms(i))).verdict == LinkVerdict::lost;
    if (i % 20 != 0) continue;
    const bool b =
        seldom.offer(packet, TimePoint::at(Duration::ms(i))).verdict == LinkVerdict::lost;
    same = same && a == b;
    lost += b ? 1 : 0;
  }
  CHECK(same);
  CHECK(lost > 100);
}

TEST_CASE(
    "Gilbert-Elliott in time: a packet that waits may be asked about before others that do not") {
  // The same chain twice: once in the order of times, once always 300 ms ahead and then now.
  const auto chain = [] {
    ns3::RngSeedManager::SetSeed(5);
    ns3::RngSeedManager::SetRun(1);
    return GilbertElliottInTime(Ratio::percent(30), Duration::ms(20), RandomStream("ahead"));
  };
  GilbertElliottInTime plain = chain();
  std::vector<bool> states;
  for (int i = 0; i < 10'000; ++i) {
    const TimePoint at = TimePoint::at(Duration::ms(5) * i);
    states.push_back(plain.isBad(at, at));
  }
  GilbertElliottInTime ahead = chain();
  int different = 0;
  for (std::size_t i = 0; i + 60 < states.size(); ++i) {
    const TimePoint now = TimePoint::at(Duration::ms(5) * static_cast<std::int64_t>(i));
    different += ahead.isBad(now + Duration::ms(300), now) == states[i + 60] ? 0 : 1;
    different += ahead.isBad(now, now) == states[i] ? 0 : 1;
  }
  CHECK(different == 0);
}

TEST_CASE("Gilbert-Elliott in time: no burst is so short that a link draws for ever") {
  // Stays of a nanosecond would be 10^10 draws in these ten seconds; of 100 us they are 10^5.
  LossParameters loss;
  loss.mean = Ratio::percent(50);
  loss.burst = Duration{};
  const Seen seen = cross(loss, 1000, Duration::ms(10));
  CHECK(seen.share == Approx(0.5).margin(4 * std::sqrt(0.25 / 1000)));
}
