// The estimate by losses: what libwebrtc's own tests of it expect
// (goog_cc/loss_based_bwe_v2_test.cc of 2026), the table of its ceiling, and its parts worked out
// by hand.
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "models/gcc/loss_based.h"
#include "models/gcc/loss_model.h"
#include "models/gcc/loss_observations.h"

using namespace callflow;
using namespace callflow::gcc;
using congestion::PacketResult;

namespace {

constexpr Duration kSpan = Duration::ms(250);
constexpr DataSize kSize = DataSize::bytes(15'000);
constexpr DataRate kNone = DataRate::unlimited();  // no delay-based estimate

TimePoint at(Duration since) {
  return TimePoint::at(since);
}

PacketResult packet(std::int64_t sequence, TimePoint sent, bool arrives, DataSize size = kSize) {
  PacketResult result;
  result.packet.sequence = sequence;
  result.packet.sent = sent;
  result.packet.size = size;
  if (arrives) result.received = sent + Duration::ms(10);
  return result;
}

// Feedback after feedback, each of them an observation.
class Reports {
 public:
  // Two packets, the second a quarter of a second after the first, of which so many are lost.
  std::vector<PacketResult> twoPackets(TimePoint from, int lost) {
    return {packet(next_++, from, lost < 2), packet(next_++, from + kSpan, lost < 1)};
  }
  // Ten, a quarter of a second apart, of which the last is lost.
  std::vector<PacketResult> tenPackets(TimePoint from, DataSize lostSize = kSize) {
    std::vector<PacketResult> packets;
    for (int i = 0; i < 9; ++i) packets.push_back(packet(next_++, from + i * kSpan, true));
    packets.push_back(packet(next_++, from + 9 * kSpan, false, lostSize));
    return packets;
  }
  // All lost: all but the last at the beginning, 10 ms apart.
  std::vector<PacketResult> burst(TimePoint from, int count) {
    std::vector<PacketResult> packets;
    for (int i = 0; i + 1 < count; ++i) {
      packets.push_back(packet(next_++, from + i * Duration::ms(10), false));
    }
    packets.push_back(packet(next_++, from + kSpan, false));
    return packets;
  }

 private:
  std::int64_t next_ = 0;
};

// Says something from the first observation on, and forgets all but two.
LossParameters shortSighted() {
  LossParameters parameters;
  parameters.window = 2;
  parameters.leastObservations = 1;
  return parameters;
}

// Without a ceiling to speak of.
LossParameters uncapped() {
  LossParameters parameters = shortSighted();
  parameters.balance = DataRate::mbps(10);
  return parameters;
}

void checkEstimate(const LossBased& estimator, DataRate rate, LossState state) {
  CHECK(estimator.estimate().rate == rate);
  CHECK(estimator.estimate().state == state);
}

// Nothing is lost until it rises, but for `most` observations; which one that was.
int recover(LossBased& estimator, Reports& reports, int from, DataRate delayBased,
            bool applicationLimited = false, int most = 200) {
  int i = from;
  while (estimator.estimate().state != LossState::increasingWithPadding && i < from + most) {
    estimator.onFeedback(reports.twoPackets(at(i++ * kSpan), 0), delayBased, applicationLimited);
  }
  REQUIRE(estimator.estimate().state == LossState::increasingWithPadding);
  return i;
}

// `observations` in a row of ten packets of 1000 bytes, of which so many are lost.
LossObservations steady(int observations, int lost) {
  LossObservations all(15);
  std::int64_t sequence = 0;
  all.add({packet(sequence++, at({}), true, DataSize{})});  // from here on
  for (int i = 0; i < observations; ++i) {
    std::vector<PacketResult> packets;
    for (int j = 1; j <= 10; ++j) {
      packets.push_back(packet(sequence++, at(i * kSpan + j * Duration::ms(25)), j > lost,
                               DataSize::bytes(1000)));
    }
    all.add(packets);
  }
  return all;
}

}  // namespace

TEST_CASE("An observation is a quarter of a second of sending") {
  LossObservations observations(15);
  // From the first packet on, 240 ms: not yet. Then 260 ms: 3 packets of 1000 bytes in it.
  CHECK_FALSE(observations.add({packet(0, at(Duration::ms(10)), true, DataSize::bytes(1000)),
                                packet(1, at(Duration::ms(250)), true, DataSize::bytes(1000))}));
  CHECK(observations.add({packet(2, at(Duration::ms(270)), false, DataSize::bytes(1000))}));
  CHECK(observations.count() == 1);
  CHECK(observations.end() == at(Duration::ms(270)));
  CHECK(observations.averageLoss() == Approx(1.0 / 3));
  observations.forEach([](const LossObservation& observation, double weight) {
    CHECK(weight == 1);
    // 24000 bit in 260 ms
    CHECK(observation.rate == DataRate::bitsPerSecond(92'307));
    CHECK(observation.sent == Approx(3));
    CHECK(observation.lost == Approx(1));
  });
}

TEST_CASE("What comes after it was reported lost is not lost, within an observation") {
  LossObservations observations(15);
  const TimePoint late = at(Duration::ms(260));
  CHECK_FALSE(observations.add({packet(1, at({}), true), packet(2, at({}), false),
                                packet(3, at({}), false), packet(4, at({}), true)}));
  CHECK_FALSE(observations.add({packet(2, at({}), true), packet(3, at({}), false)}));
  CHECK(observations.add({packet(5, late, true)}));
  // Of four and two and one, though two are the same: libwebrtc counts them as sent twice.
  CHECK(observations.averageLoss() == Approx(1.0 / 7));
  // In the next observation it is too late.
  CHECK(observations.add({packet(3, at({}), true), packet(6, late + kSpan, true)}));
  CHECK(observations.averageLoss() == Approx(0.9 * 1 / (2 + 0.9 * 7)));
}

TEST_CASE("Of more than three observations the worst and the best do not count") {
  const auto observe = [](LossObservations& all, int i, int sent, int lost) {
    std::vector<PacketResult> packets;
    for (int j = 1; j <= sent; ++j) {
      packets.push_back(
          packet(i * 100 + j, at(i * kSpan + j * kSpan / sent), j > lost, DataSize::bytes(1000)));
    }
    all.add(packets);
  };
  LossObservations all(15);
  all.add({packet(0, at({}), true, DataSize{})});
  observe(all, 0, 10, 1);
  observe(all, 1, 10, 0);
  observe(all, 2, 10, 5);
  // (5 + 0.9 x 0 + 0.81 x 1) / (10 x 2.71)
  CHECK(all.averageLoss() == Approx(5.81 / 27.1));
  observe(all, 3, 10, 2);
  // Of 2 + 0.9 x 5 + 0.81 x 0 + 0.729 x 1 the second and the third are left out.
  CHECK(all.averageLoss() == Approx(2.729 / 17.29));

  // Sent at twice the median, the worst counts: (20 + 0.9 x 2 + 0.81 x 5 + 0.6561) of
  // 20 + 10 (0.9 + 0.81 + 0.729 + 0.6561).
  observe(all, 4, 20, 20);
  CHECK(all.averageLoss() == Approx(26.5061 / 50.951));
}

TEST_CASE("The ceiling is the balance over what is lost beyond 5 %") {
  struct Row {
    double loss;
    int lost;  // of 100 packets
    double kbps;
  };
  const Row row = GENERATE(Row{0.06, 6, 10'000}, Row{0.08, 8, 3'333.333}, Row{0.10, 10, 2'000},
                           Row{0.15, 15, 1'000}, Row{0.20, 20, 666.667}, Row{0.30, 30, 400},
                           Row{0.50, 50, 222.222});
  const bool of2024 = GENERATE(false, true);
  INFO(row.loss << (of2024 ? ", 2024" : ", 2026"));
  LossParameters parameters = shortSighted();
  parameters.candidates = {1, 1, 1};
  if (of2024) parameters.balance = DataRate::kbps(75);
  LossBased estimator(parameters);
  estimator.setEstimate(DataRate::mbps(50));
  std::vector<PacketResult> packets;
  for (int i = 0; i < 100; ++i) {
    packets.push_back(packet(i, at(i * Duration::ms(3)), i >= row.lost, DataSize::bytes(100)));
  }
  estimator.onFeedback(packets, kNone, false);
  const double expected = row.kbps * (of2024 ? 0.75 : 1) * 1000;
  CHECK(static_cast<double>(estimator.estimate().rate.count()) == Approx(expected).epsilon(1e-5));
  CHECK(estimator.estimate().state == LossState::decreasing);
}

TEST_CASE("Up to 5 % of loss there is no ceiling") {
  LossParameters parameters = shortSighted();
  parameters.candidates = {1, 1, 1};
  LossBased estimator(parameters);
  estimator.setEstimate(DataRate::mbps(50));
  std::vector<PacketResult> packets;
  for (int i = 0; i < 100; ++i) {
    packets.push_back(packet(i, at(i * Duration::ms(3)), i >= 5, DataSize::bytes(100)));
  }
  estimator.onFeedback(packets, DataRate::mbps(50), false);
  checkEstimate(estimator, DataRate::mbps(50), LossState::delayBased);
}

TEST_CASE("One step of Newton's method finds the inherent loss of a path with room") {
  const LossModel model(DataRate::kbps(100), 0.2);
  // Sent at 320 kbit/s on what carries 1 Mbit/s: all loss is inherent. From p = 0.01, with 1 kB of
  // 10 lost: d1 = 1 / 0.01 - 9 / 0.99 = 90.909, d2 = -(1 / 0.0001 + 9 / 0.9801) = -10009.18.
  const LossObservations observations = steady(1, 1);
  const LossChannel refined = model.refined({DataRate::mbps(1), 0.01}, observations);
  CHECK(refined.inherentLoss == Approx(0.01 + 0.75 * 90.90909 / 10'009.1827));
  // And no more than 5 % and 100 kbit/s of the bandwidth: 0.15.
  LossChannel channel{DataRate::mbps(1), 0.01};
  const LossObservations heavy = steady(1, 9);
  for (int i = 0; i < 100; ++i) channel = model.refined(channel, heavy);
  CHECK(channel.inherentLoss == Approx(0.15));
  CHECK(model.feasible({DataRate::kbps(50), 2}).inherentLoss == 1);
  CHECK(model.feasible({DataRate::kbps(50), 0}).inherentLoss == 0.001);
}

TEST_CASE("The likelihood of an observation, worked out by hand") {
  // 320 kbit/s over 160 kbit/s: 0.1 + 0.9 x 0.5 = 0.55 are lost; 2 kB of 10 were.
  const LossObservations observations = steady(1, 2);
  const LossChannel channel{DataRate::kbps(160), 0.1};
  const double likelihood = 2 * std::log(0.55) + 8 * std::log(0.45);
  // At the preferred loss no bandwidth is preferred.
  CHECK(LossModel(DataRate::kbps(100), 0.2).likelihood(channel, observations) ==
        Approx(likelihood));
  const double preference = 0.2 / 0.202 * (0.0002 * 160 + 0.02 * std::log(161));
  CHECK(LossModel(DataRate::kbps(100), 0.4).likelihood(channel, observations) ==
        Approx(likelihood + 10 * preference));
  CHECK(LossModel(DataRate::kbps(100), 0).likelihood(channel, observations) ==
        Approx(likelihood - 10 * preference));
}

TEST_CASE("Losses of all packets back off to what arrives") {
  Reports reports;
  LossBased estimator(shortSighted());
  estimator.setLimits(DataRate::kbps(10), DataRate::mbps(1000));
  estimator.setEstimate(DataRate::kbps(600));
  SECTION("BoundEstimateByAckedRate") {
    estimator.setAcknowledged(DataRate::kbps(500));
    estimator.onFeedback(reports.twoPackets(at({}), 2), kNone, false);
    CHECK(estimator.estimate().rate == DataRate::kbps(500));
  }
  SECTION("BackOffToAckedRateIfNotInAlr") {
    estimator.setAcknowledged(DataRate::kbps(100));
    estimator.onFeedback(reports.twoPackets(at({}), 2), DataRate::mbps(5), false);
    CHECK(estimator.estimate().rate == DataRate::kbps(100));
  }
  SECTION("NotBackOffToAckedRateInAlr") {
    estimator.setAcknowledged(DataRate::kbps(100));
    estimator.onFeedback(reports.twoPackets(at({}), 2), DataRate::mbps(5), true);
    CHECK(estimator.estimate().rate > DataRate::kbps(100));
    CHECK(estimator.estimate().rate < DataRate::kbps(600));
  }
}

TEST_CASE("HasDecreaseStateBecauseOfUpperBound: 10 kbit/s over 10 % less 5 %") {
  Reports reports;
  LossParameters parameters = shortSighted();
  parameters.candidates = {1, 1, 1};
  parameters.balance = DataRate::kbps(10);
  LossBased estimator(parameters);
  estimator.setLimits(DataRate::kbps(10), DataRate::mbps(1000));
  estimator.setEstimate(DataRate::kbps(500));
  estimator.setAcknowledged(DataRate::kbps(100));
  estimator.onFeedback(reports.tenPackets(at({})), kNone, false);
  checkEstimate(estimator, DataRate::kbps(200), LossState::decreasing);
}

TEST_CASE("NotIncreaseIfInherentLossLessThanAverageLoss") {
  Reports reports;
  LossParameters parameters = shortSighted();
  parameters.candidates = {1.2, 1.2, 1.2};
  LossBased estimator(parameters);
  estimator.setEstimate(DataRate::kbps(600));
  estimator.onFeedback(reports.tenPackets(at({})), kNone, false);
  estimator.onFeedback(reports.tenPackets(at(kSpan)), kNone, false);
  CHECK(estimator.estimate().rate == DataRate::kbps(600));
}

TEST_CASE("SelectLowBandwidthCandidateIfLossRateIsHigherThanThreshold") {
  Reports reports;
  LossParameters parameters = shortSighted();
  parameters.preferredLoss = 0.05;
  LossBased estimator(parameters);
  estimator.setEstimate(DataRate::kbps(600));
  estimator.onFeedback(reports.tenPackets(at({})), DataRate::mbps(5), false);
  estimator.onFeedback(reports.tenPackets(at(kSpan)), DataRate::mbps(5), false);
  CHECK(estimator.estimate().rate < DataRate::kbps(600));
}

TEST_CASE("UseByteLossRate: one packet of ten, but most of the bytes") {
  Reports reports;
  LossBased estimator(shortSighted());
  estimator.setEstimate(DataRate::kbps(500));
  estimator.onFeedback(reports.tenPackets(at({}), DataSize::bytes(20 * 15'000)), kNone, false);
  CHECK(estimator.estimate().state == LossState::decreasing);
  // 20 of 29 parts: 100 kbit/s / (0.6897 - 0.05) = 156.3 kbit/s
  CHECK(estimator.estimate().rate < DataRate::kbps(160));
  CHECK(estimator.estimate().rate > DataRate::kbps(156));
}

TEST_CASE("UseByteLossRateIgnoreLossSpike, unless what is sent rose") {
  Reports reports;
  LossParameters parameters;
  parameters.window = 5;
  LossBased estimator(parameters);
  constexpr DataRate kDelayBased = DataRate::kbps(500);
  estimator.setEstimate(kDelayBased);
  for (int i = 0; i < 5; ++i) {
    estimator.onFeedback(reports.twoPackets(at(i * kSpan), 0), kDelayBased, false);
  }
  SECTION("a spike, and another") {
    estimator.onFeedback(reports.twoPackets(at(5 * kSpan), 2), kDelayBased, false);
    estimator.onFeedback(reports.twoPackets(at(6 * kSpan), 0), kDelayBased, false);
    checkEstimate(estimator, kDelayBased, LossState::delayBased);
    estimator.onFeedback(reports.twoPackets(at(7 * kSpan), 2), kDelayBased, false);
    CHECK(estimator.estimate().state == LossState::decreasing);
    CHECK(estimator.estimate().rate < kDelayBased);
  }
  SECTION("five packets in a burst") {
    estimator.onFeedback(reports.burst(at(5 * kSpan), 5), kDelayBased, false);
    CHECK(estimator.estimate().state == LossState::decreasing);
    CHECK(estimator.estimate().rate <= kDelayBased);
  }
}

TEST_CASE("EstimateDoesNotBackOffDueToPacketReorderingBetweenFeedback") {
  LossBased estimator(shortSighted());
  constexpr DataRate kStart = DataRate::kbps(2500);
  estimator.setEstimate(kStart);
  estimator.onFeedback({packet(1, at({}), true), packet(2, at({}), false), packet(3, at({}), true)},
                       kStart, false);
  estimator.onFeedback(
      {packet(2, at({}), true), packet(4, at(kSpan), true), packet(5, at({}), true)}, kStart,
      false);
  CHECK(estimator.estimate().rate == kStart);
}

TEST_CASE("IncreaseByHoldFactorAfterLossBasedBweBacksOff") {
  Reports reports;
  LossBased estimator(shortSighted());
  estimator.setEstimate(DataRate::kbps(600));
  estimator.setAcknowledged(DataRate::kbps(100));
  estimator.onFeedback(reports.twoPackets(at({}), 2), DataRate::mbps(5), false);
  REQUIRE(estimator.estimate().rate == DataRate::kbps(100));
  recover(estimator, reports, 2, DataRate::mbps(5));
  CHECK(estimator.estimate().rate == DataRate::kbps(120));
}

TEST_CASE("IncreaseByFactorOfAckedBitrateAfterLossBasedBweBacksOff, and by a bit at least") {
  Reports reports;
  LossParameters parameters = uncapped();
  parameters.preferredLoss = 0.99;
  parameters.rampUp = 1.2;
  LossBased estimator(parameters);
  constexpr DataRate kDelayBased = DataRate::mbps(5);
  estimator.setEstimate(DataRate::kbps(600));
  estimator.setAcknowledged(DataRate::kbps(300));
  estimator.onFeedback(reports.twoPackets(at({}), 2), kDelayBased, false);
  REQUIRE(estimator.estimate().state == LossState::decreasing);
  const DataRate fallen = estimator.estimate().rate;
  REQUIRE(fallen < DataRate::kbps(600));
  SECTION("1.2 times what arrives, and no less when less arrives") {
    estimator.setAcknowledged(scaled(fallen, 0.9));
    const int next = recover(estimator, reports, 1, kDelayBased);
    const DataRate risen = estimator.estimate().rate;
    CHECK(risen == scaled(scaled(fallen, 0.9), 1.2));
    estimator.setAcknowledged(scaled(fallen, 0.9));
    estimator.onFeedback(reports.twoPackets(at(next * kSpan), 0), kDelayBased, false);
    CHECK(estimator.estimate().rate == risen);
  }
  SECTION("EnsureIncreaseEvenIfAckedBitrateBound") {
    estimator.setAcknowledged(scaled(fallen, 0.5));
    recover(estimator, reports, 1, kDelayBased);
    CHECK(estimator.estimate().rate == fallen + DataRate::bitsPerSecond(1));
  }
}

TEST_CASE("HasDelayBasedStateIfLossBasedBweIsMax") {
  Reports reports;
  LossBased estimator(shortSighted());
  constexpr DataRate kDelayBased = DataRate::mbps(2);
  estimator.setLimits(DataRate::kbps(10), DataRate::mbps(1));
  CHECK_FALSE(estimator.ready());
  estimator.onFeedback(reports.twoPackets(at({}), 0), kDelayBased, false);
  CHECK(estimator.ready());
  checkEstimate(estimator, DataRate::mbps(1), LossState::delayBased);
  estimator.onFeedback(reports.twoPackets(at(kSpan), 1), kDelayBased, false);
  CHECK(estimator.estimate().state == LossState::decreasing);
  CHECK(estimator.estimate().rate < DataRate::mbps(1));
  for (int i = 2; i < 200 && estimator.estimate().state != LossState::delayBased; ++i) {
    estimator.onFeedback(reports.twoPackets(at(i * kSpan), 0), kDelayBased, false);
  }
  checkEstimate(estimator, DataRate::mbps(1), LossState::delayBased);
}

TEST_CASE("DecreaseToAckedCandidateIfPaddingInAlr") {
  Reports reports;
  LossParameters parameters = uncapped();
  parameters.padding = Duration::s(1);
  LossBased estimator(parameters);
  estimator.setEstimate(DataRate::mbps(1));
  int i = 0;
  while (estimator.estimate().state != LossState::decreasing && i < 50) {
    estimator.onFeedback(reports.twoPackets(at(i++ * kSpan), 2), kNone, true);
  }
  i = recover(estimator, reports, i, kNone, true);
  REQUIRE(estimator.estimate().rate > DataRate::kbps(900));
  estimator.setAcknowledged(DataRate::kbps(100));
  estimator.onFeedback(reports.twoPackets(at(i * kSpan), 2), kNone, true);
  checkEstimate(estimator, DataRate::kbps(100), LossState::decreasing);
}

TEST_CASE("DecreaseAfterPadding: padding ends after its time, if nothing is won by it") {
  Reports reports;
  LossParameters parameters = shortSighted();
  parameters.padding = Duration::s(1);
  parameters.rampUp = 2;
  LossBased estimator(parameters);
  estimator.setEstimate(DataRate::kbps(2500));
  estimator.setAcknowledged(DataRate::kbps(51));
  estimator.onFeedback(reports.twoPackets(at({}), 1), kNone, false);
  checkEstimate(estimator, DataRate::kbps(51), LossState::decreasing);
  estimator.setAcknowledged(DataRate::kbps(26));
  const int risen = recover(estimator, reports, 1, kNone);
  int i = risen;
  while (estimator.estimate().state == LossState::increasingWithPadding && i < risen + 50) {
    estimator.onFeedback(reports.twoPackets(at(i++ * kSpan), 0), kNone, false);
  }
  CHECK(estimator.estimate().state == LossState::decreasing);
  CHECK((i - 1 - risen) * kSpan == Duration::s(1));
}

TEST_CASE("HoldRateNotLowerThanAckedRate, EstimateNotLowerThanAckedRate") {
  Reports reports;
  LossBased estimator(shortSighted());
  estimator.setEstimate(DataRate::kbps(2500));
  const int lost = GENERATE(1, 2);
  estimator.onFeedback(reports.twoPackets(at({}), lost), kNone, false);
  CHECK(estimator.estimate().state == LossState::decreasing);
  CHECK(estimator.estimate().rate < DataRate::mbps(1));
  estimator.setAcknowledged(DataRate::mbps(1));
  estimator.onFeedback(reports.twoPackets(at(kSpan), lost), kNone, false);
  checkEstimate(estimator, DataRate::mbps(1), LossState::decreasing);
  if (lost < 2) return;
  for (int i = 2; i < 4; ++i) {
    estimator.onFeedback(reports.twoPackets(at(i * kSpan), 0), kNone, false);
  }
  CHECK(estimator.estimate().rate > DataRate::mbps(1));
}

TEST_CASE("EndHoldDurationIfDelayBasedEstimateWorks") {
  Reports reports;
  LossBased estimator(shortSighted());
  estimator.setEstimate(DataRate::kbps(2500));
  estimator.onFeedback(reports.twoPackets(at({}), 1), kNone, false);
  REQUIRE(estimator.estimate().state == LossState::decreasing);
  const DataRate delayBased = estimator.estimate().rate + DataRate::kbps(10);
  estimator.onFeedback(reports.twoPackets(at(kSpan), 0), delayBased, false);
  estimator.onFeedback(reports.twoPackets(at(2 * kSpan), 0), delayBased, false);
  checkEstimate(estimator, delayBased, LossState::delayBased);
}

TEST_CASE("SelectHigherCandidateIfHavingSameObjective") {
  Reports reports;
  LossBased estimator(shortSighted());
  constexpr DataRate kStart = DataRate::mbps(1);
  estimator.setEstimate(kStart);
  estimator.onFeedback(reports.twoPackets(at({}), 0), kStart, false);
  const DataRate delayBased = scaled(kStart, 1.02) + DataRate::bitsPerSecond(8);
  estimator.onFeedback(reports.twoPackets(at(kSpan), 0), delayBased, false);
  CHECK(estimator.estimate().rate == delayBased);
}

TEST_CASE("Three observations are needed, and until then it is the delay-based estimate") {
  Reports reports;
  LossBased estimator;
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(estimator.ready());
    estimator.onFeedback(reports.twoPackets(at(i * kSpan), 1), DataRate::kbps(600), false);
    if (i < 2) checkEstimate(estimator, DataRate::kbps(600), LossState::delayBased);
  }
  CHECK(estimator.ready());
  CHECK(estimator.estimate().state == LossState::decreasing);
}
