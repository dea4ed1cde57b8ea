// The rules for the target, and what the controller does at which event; numbers of libwebrtc's
// send_side_bandwidth_estimation_unittest.cc and goog_cc_network_control_unittest.cc.
#include <catch2/catch.hpp>

#include "models/gcc/controller.h"
#include "models/gcc/loss_rules.h"
#include "models/gcc/round_trip_back_off.h"
#include "models/gcc/target.h"
#include "tests/models/gcc_support.h"

using namespace callflow;
using namespace callflow::gcc;

namespace {

constexpr congestion::Demand kDemand{
    .least = DataRate{}, .most = DataRate::mbps(2), .padding = DataRate{}};

Parameters parametersOf(DataRate start, DataRate most) {
  Parameters parameters;
  parameters.start = start;
  parameters.most = most;
  return parameters;
}

congestion::Feedback feedbackOf(std::int64_t sequence, TimePoint sent, TimePoint received,
                                DataSize size) {
  congestion::Feedback feedback;
  feedback.at = received;
  congestion::PacketResult result;
  result.packet = {.sequence = sequence, .sent = sent, .size = size};
  result.received = received;
  feedback.packets.push_back(result);
  return feedback;
}

// A packet of 1000 bytes every 50 ms, each so much later than the last.
class SlowStream {
 public:
  explicit SlowStream(Controller& controller) : controller_(controller) {}
  void run(Duration time, Duration later) {
    Duration delay;
    for (const TimePoint end = now_ + time; now_ < end; now_ += Duration::ms(50)) {
      const auto feedback = feedbackOf(sequence_++, now_, now_ + delay, DataSize::bytes(1000));
      delay += later;
      controller_.onSent(feedback.packets.front().packet, DataSize::bytes(1000));
      controller_.onFeedback(feedback);
      controller_.process(now_ + Duration::ms(50));
    }
  }

 private:
  Controller& controller_;
  TimePoint now_ = atMs(123);
  std::int64_t sequence_ = 0;
};

}  // namespace

// ---- loss by the rules --------------------------------------------------------------------------

TEST_CASE("a share of losses takes twenty packets") {
  LossRules rules;
  CHECK_FALSE(rules.onReport(5, 10, atMs(0)));
  CHECK(rules.share() == 0);
  CHECK(rules.onReport(0, 10, atMs(1000)));
  CHECK(rules.share() == 0.25);
  CHECK(rules.onReport(-1, 100, atMs(2000)));
  CHECK(rules.share() == 0);
}

TEST_CASE("up to 2 % lost the rate grows by 8 % of the least of the last second, and 1 kbit/s") {
  LossRules rules;
  rules.onReport(2, 100, atMs(0));  // 5 of 256
  rules.remember(DataRate::kbps(100), atMs(0));
  CHECK(rules.next(DataRate::kbps(100), atMs(0)) == DataRate::kbps(109));
  rules.remember(DataRate::kbps(109), atMs(500));
  CHECK(rules.next(DataRate::kbps(109), atMs(500)) == DataRate::kbps(109));
  rules.remember(DataRate::kbps(109), atMs(1000));
  CHECK(rules.next(DataRate::kbps(109), atMs(1000)) == DataRate::bitsPerSecond(118'720));
}

TEST_CASE(
    "from 2 to 10 % lost the rate stays, above that it falls by half of the share, once a report") {
  LossRules rules;
  rules.setRoundTrip(Duration::ms(50));
  rules.onReport(5, 100, atMs(0));
  CHECK_FALSE(rules.next(DataRate::kbps(1000), atMs(0)));
  rules.onReport(50, 100, atMs(1000));
  CHECK(rules.next(DataRate::kbps(1000), atMs(1000)) == DataRate::kbps(750));
  CHECK_FALSE(rules.next(DataRate::kbps(750), atMs(2000)));
  rules.onReport(50, 100, atMs(2000));
  CHECK(rules.next(DataRate::kbps(800), atMs(2000)) == DataRate::kbps(600));
  // 300 ms and a round trip later at the soonest.
  rules.onReport(50, 100, atMs(2349));
  CHECK_FALSE(rules.next(DataRate::kbps(600), atMs(2349)));
  CHECK(rules.next(DataRate::kbps(600), atMs(2350)) == DataRate::kbps(450));
}

TEST_CASE("a report that is six seconds old says nothing") {
  LossRules rules;
  rules.onReport(0, 100, atMs(0));
  rules.remember(DataRate::kbps(100), atMs(5999));
  CHECK(rules.next(DataRate::kbps(100), atMs(5999)));
  CHECK_FALSE(rules.next(DataRate::kbps(100), atMs(6000)));
}

// ---- the target ---------------------------------------------------------------------------------

TEST_CASE("for two seconds of reports delay alone decides, so that probes count at once") {
  Target target;
  target.setLimits(DataRate::kbps(100), DataRate::kbps(1500));
  target.set(DataRate::kbps(200));
  target.onLossReport(0, 1, atMs(0));
  target.setDelayBased(DataRate::kbps(1000));
  target.update(atMs(0));
  CHECK(target.rate() == DataRate::kbps(1000));
  target.setDelayBased(DataRate::kbps(1500));
  target.update(atMs(2001));
  CHECK(target.rate() == DataRate::kbps(1000));
}

TEST_CASE("half of the packets lost lower the target once, until the next report") {
  Target target;
  target.setLimits(DataRate::kbps(100), DataRate::kbps(1500));
  target.set(DataRate::kbps(1000));
  target.setRoundTrip(Duration::ms(50));
  target.onLossReport(50, 100, atMs(11'000));
  CHECK(target.rate() == DataRate::kbps(750));
  CHECK(target.loss() == 0.5);
  target.update(atMs(12'000));
  target.update(atMs(13'000));
  CHECK(target.rate() == DataRate::kbps(750));
}

TEST_CASE("a rate that is set is not held down by the delay of before") {
  Target target;
  target.setLimits(DataRate::kbps(10), DataRate::mbps(10));
  target.set(DataRate::kbps(300));
  target.setDelayBased(DataRate::kbps(350));
  target.update(atMs(0));
  CHECK(target.rate() == DataRate::kbps(350));
  target.set(DataRate::kbps(2500));
  CHECK(target.rate() == DataRate::kbps(2500));
  target.setDelayBased(DataRate::kbps(200));
  CHECK(target.rate() == DataRate::kbps(200));
}

TEST_CASE("what losses say is limited by delay, and by what was set") {
  Target target;
  target.setLimits(DataRate::kbps(50), DataRate::kbps(800));
  target.set(DataRate::kbps(300));
  target.setDelayBased(DataRate::kbps(600));
  target.setLossBased({DataRate::kbps(400), LossState::decreasing});
  target.update(atMs(0));
  CHECK(target.rate() == DataRate::kbps(400));
  CHECK(target.lossState() == LossState::decreasing);
  target.setLossBased({DataRate::kbps(700), LossState::delayBased});
  target.update(atMs(0));
  CHECK(target.rate() == DataRate::kbps(600));
  target.setDelayBased(DataRate::kbps(900));
  target.setLossBased({DataRate::kbps(900), LossState::delayBased});
  target.update(atMs(0));
  CHECK(target.rate() == DataRate::kbps(800));
  target.setLossBased({DataRate::kbps(20), LossState::decreasing});
  target.update(atMs(0));
  CHECK(target.rate() == DataRate::kbps(50));
}

TEST_CASE("a round trip of more than three seconds takes a fifth each second") {
  Target target;
  target.setLimits(DataRate::kbps(5), DataRate::mbps(10));
  target.set(DataRate::kbps(1000));
  target.onSent(atMs(0));
  target.onFeedback(Duration::ms(3000), atMs(100));
  CHECK_FALSE(target.roundTripTooLong());
  target.onFeedback(Duration::ms(5000), atMs(100));
  CHECK(target.roundTripTooLong());
  target.update(atMs(200));
  CHECK(target.rate() == DataRate::kbps(800));
  target.update(atMs(1199));
  CHECK(target.rate() == DataRate::kbps(800));
  target.update(atMs(1200));
  CHECK(target.rate() == DataRate::kbps(640));
  for (int i = 2; i < 60; ++i) target.update(atMs(200 + 1000 * i));
  CHECK(target.rate() == DataRate::kbps(5));
}

TEST_CASE("silence counts only while something is sent") {
  RoundTripBackOff backOff;
  CHECK_FALSE(backOff.tooLong());
  backOff.onSent(atMs(1000));
  CHECK_FALSE(backOff.tooLong());
  backOff.onFeedback(Duration::ms(100), atMs(1100));
  backOff.onSent(atMs(4000));
  CHECK_FALSE(backOff.tooLong());  // 2900 + 100
  backOff.onSent(atMs(4001));
  CHECK(backOff.tooLong());
}

// ---- the controller -----------------------------------------------------------------------------

TEST_CASE("the target starts as set, with a pacer of 2.5 times it and two probes") {
  Controller controller(parametersOf(DataRate::kbps(60), DataRate::kbps(300)));
  controller.onDemand(kDemand, atMs(123'456));
  CHECK(controller.targets().target == DataRate::kbps(60));
  CHECK(controller.targets().pacing == DataRate::kbps(150));
  const auto probes = controller.takeProbes();
  REQUIRE(probes.size() == 2);
  CHECK(probes[0].rate == DataRate::kbps(180));
  CHECK(probes[1].rate == DataRate::kbps(300));
  CHECK(controller.takeProbes().empty());
}

TEST_CASE("from the first feedback on packets are paced at 1.1 times the target") {
  Controller controller(parametersOf(DataRate::kbps(60), DataRate::kbps(300)));
  controller.onDemand(kDemand, atMs(123'456));
  controller.onFeedback(feedbackOf(0, atMs(123'457), atMs(123'457), DataSize::bytes(100)));
  CHECK(controller.targets().pacing >= DataRate::kbps(66));
  CHECK(controller.targets().pacing < scaled(DataRate::kbps(65), 1.1));
}

TEST_CASE("what streams need at least is the least target and pacing") {
  Controller controller(parametersOf(DataRate::kbps(60), DataRate::kbps(300)));
  controller.onDemand(
      {.least = DataRate::kbps(80), .most = DataRate::mbps(2), .padding = DataRate::kbps(70)},
      atMs(0));
  CHECK(controller.targets().target == DataRate::kbps(80));
  CHECK(controller.targets().pacing == DataRate::kbps(200));
  CHECK(controller.targets().padding == DataRate::kbps(70));
}

TEST_CASE("delay that grows lowers the target") {
  Controller controller(parametersOf(DataRate::kbps(60), DataRate::kbps(300)));
  controller.onDemand(kDemand, atMs(123));
  SlowStream stream(controller);
  stream.run(Duration::s(6), {});
  const DataRate before = controller.targets().target;
  stream.run(Duration::s(6), Duration::ms(50));
  CHECK(controller.targets().target < before);
}

TEST_CASE("on another path probes begin anew") {
  Controller controller(parametersOf(DataRate::kbps(120), DataRate::kbps(1200)));
  controller.onDemand(kDemand, atMs(123));
  controller.takeProbes();
  controller.onPathChanged(atMs(3123));
  CHECK(controller.targets().target == DataRate::kbps(120));
  const auto probes = controller.takeProbes();
  REQUIRE(probes.size() == 2);
  CHECK(probes[0].rate == DataRate::kbps(360));
  CHECK(probes[1].rate == DataRate::kbps(720));
}

TEST_CASE("if the application asks for it, little that is sent is probed every five seconds") {
  const auto probes = [](bool asked) {
    Parameters parameters = parametersOf(DataRate::mbps(1), DataRate::mbps(8));
    parameters.probesWhileLimited = asked;
    Controller controller(parameters);
    controller.onDemand(kDemand, atMs(123));
    controller.takeProbes();
    SlowStream stream(controller);  // 160 kbit/s
    stream.run(Duration::s(13), {});
    return controller.takeProbes().size();
  };
  CHECK(probes(false) == 0);
  CHECK(probes(true) == 2);
}

TEST_CASE("too much in flight lowers what encoders get, not the target") {
  Controller controller(parametersOf(DataRate::kbps(300), DataRate::kbps(300)));
  controller.onDemand(kDemand, atMs(0));
  auto feedback = feedbackOf(0, atMs(0), atMs(50), DataSize::bytes(1000));
  feedback.at = atMs(100);
  controller.onFeedback(feedback);
  CHECK(controller.targets().encoderShare == 1);
  // 300 kbit/s in 100 + 350 ms are 16,875 bytes.
  const congestion::SentPacket packet{
      .sequence = 1, .sent = atMs(120), .size = DataSize::bytes(1000)};
  controller.onSent(packet, DataSize::bytes(18'000));
  CHECK(controller.targets().encoderShare == Approx(0.95));
  controller.onSent(packet, DataSize::bytes(26'000));
  CHECK(controller.targets().encoderShare == Approx(0.95 * 0.9));
  CHECK(controller.targets().target == DataRate::kbps(300));
  CHECK(controller.targets().pacing == DataRate::kbps(330));
  for (int i = 0; i < 200; ++i) controller.onSent(packet, DataSize::bytes(26'000));
  CHECK(controller.targets().encoderShare == Approx(0.1));  // 30 kbit/s are left to them
  controller.onSent(packet, DataSize::bytes(1'000));
  CHECK(controller.targets().encoderShare == 1);
}

TEST_CASE("feedback in which nothing has come tells the controller no round trip") {
  Controller controller(parametersOf(DataRate::kbps(300), DataRate::kbps(300)));
  controller.onDemand(kDemand, atMs(0));
  auto feedback = feedbackOf(0, atMs(0), TimePoint::max(), DataSize::bytes(1000));
  feedback.at = atMs(100);
  controller.onFeedback(feedback);
  controller.process(atMs(125));
  CHECK(controller.targets().target == DataRate::kbps(300));
  CHECK(controller.targets().encoderShare == 1);
}
