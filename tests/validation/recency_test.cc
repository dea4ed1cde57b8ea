// The recency model against values of an independent computation, which for the longer traces
// integrates the perceived Ie numerically.
#include "models/quality/recency.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace callflow::quality {
namespace {

Approx near(double value) {
  return Approx(value).margin(1e-6).epsilon(0);
}

const std::vector<Segment> twoBursts{{0, Duration::s(10), 30, Duration::s(2)},
                                     {0, Duration::s(20), 30, Duration::s(5)}};

TEST_CASE("two bursts, judged at the end of the second and half a minute later") {
  const Recency now = recency(twoBursts);
  CHECK(now.average == near(4.951882));
  CHECK(now.exit == near(19.922708));
  CHECK(now.end == near(15.431460));
  CHECK(recency(twoBursts, Duration::s(30)).end == near(8.807103));
}

TEST_CASE("a gap at the end counts in the mean, and lets the last burst fade") {
  auto segments = twoBursts;
  segments.push_back({0, Duration::s(30), 0, {}});
  const Recency whole = recency(segments);
  CHECK(whole.average == near(6.591292));
  CHECK(whole.exit == near(19.922708));
  CHECK(whole.end == near(10.024340));
}

TEST_CASE("losses in the gaps and another level in each") {
  const Recency whole = recency(
      std::vector<Segment>{{5, Duration::s(10), 40, Duration::s(3)}, {8, Duration::s(40), 0, {}}});
  CHECK(whole.average == near(11.124224));
  CHECK(whole.exit == near(20.791593));
  CHECK(whole.end == near(12.908027));
}

TEST_CASE("without a burst the call is judged by its mean") {
  const Recency whole = recency(std::vector<Segment>{{7, Duration::s(60), 0, {}}});
  CHECK(whole.average == near(7));
  CHECK(whole.end == near(7));
  CHECK(recency({}).end == 0);
}

TEST_CASE("a burst weighs the more the later it comes") {
  double before = 0;
  for (int start = 0; start <= 55; start += 5) {
    const Recency whole = recency(std::vector<Segment>{{0, Duration::s(start), 40, Duration::s(5)},
                                                       {0, Duration::s(55 - start), 0, {}}});
    CHECK(whole.end > before);
    before = whole.end;
  }
}

TEST_CASE("segments come out of the sequence of packets, to the last one") {
  // L missing, R received; Gmin 4. A gap of 6 with one missing, a burst of 4 with 3, a gap of 7.
  const std::string trace = "RLRRRRLRLLRRRRRRR";
  BurstGapCounter counter(4);
  std::vector<GapAndBurst> found;
  for (const char packet : trace) {
    if (counter.add(packet == 'L')) found.push_back(counter.lastBurst());
  }
  REQUIRE(found.size() == 1);
  CHECK(found[0].gap == 6);
  CHECK(found[0].gapMissing == 1);
  CHECK(found[0].burst == 4);
  CHECK(found[0].burstMissing == 3);
  CHECK(counter.rest().burst.burst == 0);
  CHECK(counter.rest().gap.gap == 7);

  // Two more missing: a burst that is not over yet, nothing after it.
  CHECK_FALSE(counter.add(true));
  CHECK_FALSE(counter.add(true));
  CHECK(counter.rest().burst.gap == 7);
  CHECK(counter.rest().burst.burst == 2);
  CHECK(counter.rest().gap.gap == 0);
  // A lone one belongs to the gap at the end.
  BurstGapCounter lone(4);
  for (const char packet : std::string("RRRRRLR")) lone.add(packet == 'L');
  CHECK(lone.rest().burst.burst == 0);
  CHECK(lone.rest().gap.gap == 7);
  CHECK(lone.rest().gap.gapMissing == 1);
}

TEST_CASE("gap and burst get the Ie of random loss at their own density") {
  // G.711 with concealment, Bpl 25.1: 95 * 2 / 27.1 and 95 * 50 / 75.1.
  const CodecParameters codec = parameters(Codec::g711Plc, DataRate::kbps(64));
  const Segment segment = segmentOf({100, 2, 10, 5}, Duration::ms(20), Scale::narrowband, codec);
  CHECK(segment.gapIe == near(95 * 2 / 27.1));
  CHECK(segment.burstIe == near(95 * 50 / 75.1));
  CHECK(segment.gap == Duration::s(2));
  CHECK(segment.burst == Duration::ms(200));
}

}  // namespace
}  // namespace callflow::quality
