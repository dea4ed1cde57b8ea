// The window that Linux offers, by hand from net/ipv4/tcp_input.c's rules.
#include "models/transport/receive_window.h"

#include <catch2/catch.hpp>

namespace callflow::transport {
namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}

// How many segments in a row let the window grow.
int growing(ReceiveWindow& window, std::int64_t length, std::int64_t fullSize) {
  int count = 0;
  while (window.queued(length, fullSize)) ++count;
  return count;
}

}  // namespace

TEST_CASE("Receive window: a size that was set is reached segment by segment, and stays") {
  ReceiveWindow window(DataSize::bytes(131'072));
  CHECK(window.offer(0) == 65'160);  // 45 segments of 1448 bytes, the most below 64 KiB
  // Two full segments, of 536 bytes until larger ones come, for each one that is queued:
  // (131072 - 65160) / 1072 = 61.5.
  CHECK(growing(window, 174, 536) == 62);
  CHECK(window.offer(0) == 131'072);
  // However much is read.
  window.roundTripByWindow(174, at(0));
  window.roundTripByWindow(174 + 65'160 + 131'072, at(100));
  window.read(1'000'000, at(1000));
  CHECK_FALSE(window.queued(174, 536));
}

TEST_CASE("Receive window: a size below what a connection begins with") {
  ReceiveWindow window(DataSize::bytes(2048));
  CHECK(window.offer(0) == 2048);
  CHECK_FALSE(window.queued(1448, 1448));
}

TEST_CASE("Receive window: of its own it grows when a round trip is known and much was read") {
  ReceiveWindow window(std::nullopt);
  // Half of 128 KiB less a segment, in units of 128 bytes: 64088 -> 64128.
  CHECK(window.offer(0) == 64'128);
  CHECK_FALSE(window.queued(174, 536));
  window.read(60'000, at(7000));  // no round trip yet: nothing
  CHECK_FALSE(window.queued(174, 536));

  // 50 packets of 174 bytes a second: a window's worth is there after 7.4 s.
  window.roundTripByWindow(174, at(0));
  window.roundTripByWindow(64'301, at(7300));
  CHECK(window.roundTrip() == Duration{});
  window.roundTripByWindow(64'302, at(7400));
  CHECK(window.roundTrip() == Duration::ms(7400));
  window.read(64'302, at(7400));
  // More than enough for 2 * 64302 + 16 * 1448 bytes and twice the growth over ten segments: the
  // limit is that small packets waste memory. One of 2304 bytes with 174 of data may let the window
  // grow to an eighth of the largest buffer and half of that: 393216 bytes.
  // (393216 - 64088) / 1072 = 307.02, and the step past it.
  CHECK(growing(window, 174, 536) == 308);
  CHECK(window.offer(64'302) == (64'088 + 308 * 1072 + 127) / 128 * 128);
}

TEST_CASE("Receive window: what was offered is not taken back") {
  ReceiveWindow window(DataSize::bytes(65'536));
  CHECK(window.offer(0) == 65'160);
  CHECK(window.offer(100) == 65'160);
  growing(window, 1448, 1448);
  CHECK(window.offer(100) == 65'536);
  CHECK(window.offered() == 65'536);
}

TEST_CASE("Receive window: round trips from echoes are of full segments, and smoothed") {
  ReceiveWindow window(std::nullopt);
  window.roundTripEchoed(535, 536, Duration::ms(50));
  CHECK(window.roundTrip() == Duration{});
  window.roundTripEchoed(536, 536, Duration::us(50'900));  // the clock of echoes has milliseconds
  CHECK(window.roundTrip() == Duration::ms(50));
  window.roundTripEchoed(1448, 1448, Duration::ms(58));
  CHECK(window.roundTrip() == Duration::ms(51));
  // A shorter one by the window counts as it is, a longer one not at all.
  window.offer(0);
  window.roundTripByWindow(0, at(0));
  window.roundTripByWindow(100'000, at(40));
  CHECK(window.roundTrip() == Duration::ms(40));
  window.roundTripByWindow(200'000, at(340));
  CHECK(window.roundTrip() == Duration::ms(40));
}

}  // namespace callflow::transport
