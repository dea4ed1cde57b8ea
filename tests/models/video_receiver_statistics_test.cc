#include <catch2/catch.hpp>

#include "models/video_receiver/freezes.h"
#include "models/video_receiver/reception.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

namespace {

// So many frames, this far apart; the time of the last.
double smooth(Freezes& freezes, double from, int frames, double interval) {
  for (int i = 0; i < frames; ++i) freezes.onFrame(at(from + interval * i));
  return from + interval * (frames - 1);
}

Packet packet(std::int64_t sequence, double capturedMs) {
  Packet packet;
  packet.sequence = sequence;
  packet.captured = at(capturedMs);
  packet.size = DataSize::bytes(100);
  return packet;
}

}  // namespace

TEST_CASE("Two freezes among frames of 30 a second") {
  // 400 ms: mean (29 * 33.333 + 400) / 30 = 45.6, 195.6 at least. 733.3 ms: 218.9. In all
  // 59 * 33.333 + 1233.3 = 3199.947 ms. Squares, in s squared: 59 * 0.00111109 + 0.16 + 2 *
  // 0.00110889 + 0.00111556 + 0.53772889 = 0.76661653.
  Freezes freezes;
  double now = smooth(freezes, 1000, 60, 33.333);
  CHECK(freezes.onFrame(at(now += 400)) == Duration::ms(400));
  CHECK_FALSE(freezes.onFrame(at(now += 33.3)));
  CHECK_FALSE(freezes.onFrame(at(now += 33.4)));
  CHECK(freezes.onFrame(at(now += 733.3)) == Duration::us(733'300));
  CHECK_FALSE(freezes.onFrame(at(now += 33.3)));
  CHECK(freezes.freezes() == 2);
  CHECK(freezes.frozen() == Duration::us(1'133'300));
  CHECK(freezes.longestFreeze() == Duration::us(733'300));
  CHECK(freezes.total() == Duration::us(3'199'947));
  CHECK(freezes.frozen().seconds() / freezes.total().seconds() == Approx(0.354162).epsilon(1e-5));
  CHECK(freezes.squares() == Approx(0.76661653).epsilon(1e-6));
  CHECK(freezes.harmonicRate() == Approx(4.1741).epsilon(1e-4));
  // (59 * 33.333 + 66.7) / 2.
  CHECK(freezes.meanBetween().milliseconds() == Approx(1016.673).epsilon(1e-6));
}

TEST_CASE("A freeze is 150 ms longer than the mean, and three times as long") {
  struct Row {
    double interval, notYet, freeze;
  };
  // With x in the mean of 30: x >= (29 i + x) / 30 + 150, or x >= 3 (29 i + x) / 30 = 29 i / 9.
  for (const Row& row : {Row{40, 195.1, 195.3}, Row{100, 322.1, 322.3}}) {
    for (const bool frozen : {false, true}) {
      Freezes freezes;
      const double last = smooth(freezes, 0, 60, row.interval);
      const double next = last + (frozen ? row.freeze : row.notYet);
      CHECK(freezes.onFrame(at(next)).has_value() == frozen);
    }
  }
}

TEST_CASE("Five intervals are needed to know a freeze") {
  Freezes early;
  double now = smooth(early, 0, 4, 30);
  CHECK_FALSE(early.onFrame(at(now + 1000)));
  Freezes late;
  now = smooth(late, 0, 5, 30);
  CHECK(late.onFrame(at(now + 1000)));
}

TEST_CASE("A pause is no freeze") {
  Freezes freezes;
  const double now = smooth(freezes, 0, 31, 100);
  freezes.onInactive();
  CHECK_FALSE(freezes.onFrame(at(now + 9000)));
  CHECK(freezes.freezes() == 0);
  CHECK(freezes.pauses() == 1);
  CHECK(freezes.paused() == Duration::s(9));
  CHECK(freezes.total() == Duration::s(12));
  CHECK(freezes.squares() == Approx(30 * 0.01 + 81));
  CHECK(freezes.meanBetween() == Duration::s(3));
}

TEST_CASE("Nothing was seen before the first frame") {
  Freezes freezes;
  CHECK(freezes.harmonicRate() == 0);
  freezes.onInactive();
  CHECK_FALSE(freezes.onFrame(at(7000)));
  CHECK(freezes.pauses() == 0);
  CHECK(freezes.total() == Duration{});
  CHECK(freezes.meanBetween() == Duration{});
}

TEST_CASE("Jitter is taken from the first packet of each frame") {
  Reception reception;
  reception.onPacket(packet(0, 0), at(50));
  reception.onPacket(packet(1, 0), at(60));
  CHECK(reception.jitter() == Duration{});
  // 26 ms after the last packet of a frame captured 33 ms before: 7 ms / 16.
  reception.onPacket(packet(2, 33), at(86));
  CHECK(reception.jitter() == Duration::us(437) + Duration::ns(500));
  // Out of order.
  reception.onPacket(packet(5, 66), at(119));
  CHECK(reception.jitter().milliseconds() == Approx(0.4375 * 15 / 16));
  reception.onPacket(packet(4, 50), at(300));
  CHECK(reception.jitter().milliseconds() == Approx(0.4375 * 15 / 16));
}

TEST_CASE("What is sent again does not undo a loss") {
  Reception reception;
  for (const int sequence : {10, 11, 14, 16}) reception.onPacket(packet(sequence, 0), at(0));
  CHECK(reception.received() == 4);
  CHECK(reception.lost() == 3);
  Packet again = packet(12, 0);
  again.retransmitted = true;
  reception.onPacket(again, at(1));
  CHECK(reception.received() == 5);
  CHECK(reception.retransmitted() == 1);
  CHECK(reception.lost() == 3);
  CHECK(reception.size() == DataSize::bytes(500));
  auto report = reception.takeReport();
  CHECK(report.expected == 7);
  CHECK(report.lost == 3);
  reception.onPacket(packet(15, 0), at(2));  // has only come late
  reception.onPadding(17);
  report = reception.takeReport();
  CHECK(report.expected == 1);
  CHECK(report.lost == -1);
  Packet recovered = packet(13, 0);
  recovered.recovered = true;
  reception.onPacket(recovered, at(3));
  CHECK(reception.received() == 7);
}
