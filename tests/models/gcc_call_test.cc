// The controller as a whole on a link, with the expectations of libwebrtc's
// goog_cc_network_control_unittest.cc (its scenarios) and probing_test.cc.
#include <catch2/catch.hpp>

#include "tests/models/gcc_call.h"

using namespace callflow;
using namespace callflow::gcc;

namespace {

CallLink linkOf(DataRate capacity, Duration oneWay) {
  return {.capacity = capacity, .forward = oneWay, .back = oneWay};
}

const Parameters kScenario = {.least = DataRate::kbps(10), .most = DataRate::kbps(1500)};

}  // namespace

TEST_CASE("the target follows the link's capacity up and down") {
  LinkedCall call(kScenario, linkOf(DataRate::kbps(500), Duration::ms(100)));
  call.run(Duration::s(25));
  CHECK(call.target() == Approx(450).margin(100));
  call.setLink(linkOf(DataRate::kbps(800), Duration::ms(100)));
  call.run(Duration::s(20));
  CHECK(call.target() == Approx(750).margin(150));
  call.setLink(linkOf(DataRate::kbps(100), Duration::ms(200)));
  call.run(Duration::s(50));
  CHECK(call.target() == Approx(90).margin(25));
}

TEST_CASE("half a second after the start probes have found what a link carries") {
  LinkedCall narrow({}, {.capacity = DataRate::kbps(200), .forward = Duration::ms(10)});
  narrow.run(Duration::ms(500));
  CHECK(narrow.target() == Approx(200).margin(50));
  LinkedCall wide({}, {.capacity = DataRate::mbps(1), .forward = Duration::ms(50)});
  wide.run(Duration::ms(500));
  CHECK(wide.target() == Approx(1000).margin(300));
}

TEST_CASE(
    "a second after the start the target is three times as high, or five where nothing limits it") {
  LinkedCall call({}, linkOf(DataRate::mbps(2), Duration::ms(50)));
  call.run(Duration::s(1));
  CHECK(call.target() >= 900);
  LinkedCall unlimited({}, linkOf(DataRate::unlimited(), Duration::ms(50)));
  unlimited.run(Duration::s(1));
  CHECK(unlimited.target() >= 1500);
}

TEST_CASE("a tenth of packets lost at random costs much, but not all") {
  const auto after = [](double loss) {
    CallLink link = linkOf(DataRate::mbps(2), Duration::ms(200));
    link.loss = loss;
    LinkedCall call(kScenario, link);
    call.run(Duration::s(120));
    return call.target();
  };
  CHECK(after(0.1) > 100);
  CHECK(after(0.1) < after(0));
  CHECK(after(0) > 1300);
}

TEST_CASE("while nothing comes back encoders hold back, and the target stays") {
  Parameters parameters = kScenario;
  parameters.most = DataRate::kbps(2000);
  LinkedCall call(parameters, linkOf(DataRate::mbps(1), Duration::ms(100)));
  call.run(Duration::s(10));
  call.pause(Duration::s(10));
  call.run(Duration::ms(2'500));
  CHECK(call.target() > 300);
  CHECK(call.target() * call.controller().targets().encoderShare < 40);
}

TEST_CASE("after three seconds of silence the target falls by a fifth each second") {
  LinkedCall call(kScenario, linkOf(DataRate::mbps(1), Duration::ms(100)));
  call.run(Duration::s(10));
  call.pause(Duration::s(100));
  call.run(Duration::s(5));
  const double before = call.target();
  call.run(Duration::s(5));
  CHECK(call.target() == Approx(before * 0.8 * 0.8 * 0.8 * 0.8 * 0.8).epsilon(0.01));
}

TEST_CASE("who sends nothing hears nothing, and keeps the target") {
  Parameters parameters;
  parameters.start = DataRate::mbps(1);
  LinkedCall call(parameters, linkOf(DataRate::mbps(2), Duration::ms(100)));
  call.run(Duration::s(1));
  const double before = call.target();
  call.stopVideo();
  call.run(Duration::s(6));
  CHECK(before > 1000);
  CHECK(call.target() >= before);
}

TEST_CASE("without feedback of packets the losses that RTCP reports count") {
  // A report of 15 % leaves 92.5 %; of twenty reports of 100 packets and less some are below 10 %
  // and change nothing. libwebrtc's receiver limits the target to what comes (REMB), here the
  // parameters do.
  Parameters parameters;
  parameters.start = parameters.most = DataRate::mbps(1);
  CallLink link = linkOf(DataRate::mbps(2), Duration::ms(100));
  LinkedCall call(parameters, link);
  call.useOnlyRtcp();
  call.run(Duration::s(20));
  CHECK(call.target() >= 500);
  link.loss = 0.15;
  call.setLink(link);
  call.run(Duration::s(20));
  CHECK(call.target() >= 210);  // 0.925^20
  CHECK(call.target() <= 460);  // 0.925^10
}

TEST_CASE("what is lost caps the target: the balance over what is above 5 %") {
  // One in seven are 14.3 %: 100 / 0.093 = 1077, 75 / 0.093 = 808.
  const auto withLoss = [](Version version) {
    Parameters parameters;
    parameters.version = version;
    CallLink link = linkOf(DataRate::mbps(6), Duration::ms(50));
    link.loseEvery = 7;
    LinkedCall call(parameters, link);
    call.run(Duration::s(30));
    return call.target();
  };
  // What the likelihood prefers may be less.
  CHECK(withLoss(Version::chrome2026) < 1090);
  CHECK(withLoss(Version::chrome2026) > 810);
  CHECK(withLoss(Version::chrome2024) < 820);
  CHECK(withLoss(Version::chrome2024) > 500);
}

TEST_CASE("in 2020 one packet in 25 lost held the rate where it was, one in 200 let it grow") {
  const auto growth = [](Version version, int loseEvery) {
    Parameters parameters;
    parameters.version = version;
    LinkedCall call(parameters, linkOf(DataRate::mbps(4), Duration::ms(50)), DataRate::mbps(2));
    call.run(Duration::s(5));
    CallLink link = linkOf(DataRate::mbps(4), Duration::ms(50));
    link.loseEvery = loseEvery;
    call.setLink(link);
    call.run(Duration::s(2));
    const double before = call.target();
    call.run(Duration::s(5));
    return call.target() / before;
  };
  CHECK(growth(Version::chrome2020, 25) == Approx(1));
  CHECK(growth(Version::chrome2020, 200) >= 1);
  // One in five: three of four reports or more are above 10 %, each leaves 90 %.
  CHECK(growth(Version::chrome2020, 5) == Approx(0.59).margin(0.1));
}

TEST_CASE("a queue that something else fills is waited for, and does not starve the sender") {
  LinkedCall call(kScenario, linkOf(DataRate::mbps(1), Duration::ms(50)));
  call.run(Duration::s(20));
  call.occupy(DataSize::bytes(60'000));  // half a second of it
  call.run(Duration::s(2));
  CHECK(call.target() < 850);
  CHECK(call.target() > 300);
  call.run(Duration::s(30));
  CHECK(call.target() == Approx(900).margin(200));
}

TEST_CASE("delay stays low on a link that the sender alone uses") {
  LinkedCall call(kScenario, linkOf(DataRate::mbps(1), Duration::ms(50)));
  call.run(Duration::s(5));
  Duration longest;
  const DataSize before = call.received();
  for (int i = 0; i < 6'000; ++i) {
    call.run(Duration::ms(10));
    longest = std::max(longest, call.queueing());
  }
  // By 8 ms/s a growth of 2.5 % is seen at 20 deltas; the 40 ms bursts of the pacer come on top.
  CHECK(longest < Duration::ms(250));
  const DataRate used = rateOf(call.received() - before, Duration::s(60));
  CHECK(LinkedCall::kilobits(used) > 800);
}

TEST_CASE("next to a transfer over TCP the sender backs off, and comes back when it is over") {
  // The transfer fills a queue of a second again and again.
  CallLink link = linkOf(DataRate::mbps(1), Duration::ms(50));
  link.queue = DataSize::bytes(125'000);
  Parameters parameters;
  parameters.start = DataRate::mbps(1);
  LinkedCall call(parameters, link);
  Transfer transfer;
  call.setTransfer(&transfer);
  call.run(Duration::s(10));
  CHECK(call.target() < 750);
  call.run(Duration::s(50));
  CHECK(call.target() > 60);
  CHECK(call.target() < 750);
  call.setTransfer(nullptr);
  call.run(Duration::s(60));
  CHECK(call.target() > 700);
}

TEST_CASE("who sends little learns by a probe that more can be sent when it is wanted") {
  Parameters parameters;
  parameters.start = DataRate::kbps(100);
  LinkedCall call(parameters, linkOf(DataRate::mbps(4), Duration::ms(50)), DataRate::kbps(100));
  call.run(Duration::s(10));
  const double before = call.target();
  CHECK(before < 1300);
  call.setEncoderMost(DataRate::mbps(3));
  call.run(Duration::s(1));
  // Twice what is known, and from there as far as it goes.
  CHECK(call.target() >= 1500);
  CHECK(call.target() > 1.8 * before);
}

TEST_CASE("on another path all begins anew, at what arrived at most") {
  LinkedCall call({}, linkOf(DataRate::mbps(1), Duration::ms(50)));
  call.run(Duration::s(10));
  CHECK(call.target() > 700);
  call.controller().onPathChanged(call.now());
  CHECK(call.target() == 300);
  LinkedCall slow({}, linkOf(DataRate::kbps(200), Duration::ms(50)));
  slow.run(Duration::s(10));
  const double before = slow.target();
  slow.controller().onPathChanged(slow.now());
  CHECK(slow.target() == Approx(before).margin(50));
}
