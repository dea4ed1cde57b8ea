#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/fec/blocks.h"
#include "models/fec/loss_filter.h"
#include "models/fec/parity.h"
#include "models/fec/protection.h"
#include "models/fec/protector.h"
#include "models/fec/recovery.h"

using namespace callflow;
using namespace callflow::fec;

namespace {

TimePoint at(std::int64_t ms) {
  return TimePoint::at(Duration::ms(ms));
}

// 500 kbit/s, 30 frames of 640 x 360 a second, round trip 100 ms.
ProtectedStream usual() {
  ProtectedStream stream;
  stream.rate = DataRate::kbps(500);
  stream.width = 640;
  stream.height = 360;
  stream.packetsPerFrame = 2;
  stream.packetsPerKeyFrame = 7;
  stream.roundTrip = Duration::ms(100);
  return stream;
}

// What comes back of a block, whose packets are numbered from 0 on, if `missing` of it is lost.
Packets givenBack(const Masks& masks, int media, Packets missing, Packets parityLost = 0) {
  Recovery recovery;
  Packets back = 0;
  const auto note = [&back](const std::vector<std::int64_t>& sequences) {
    for (const std::int64_t sequence : sequences) back |= Packets{1} << sequence;
  };
  for (int i = 0; i < media; ++i)
    if ((missing >> i & 1) == 0) note(recovery.onMedia(i));
  for (int i = 0; i < masks.count; ++i)
    if ((parityLost >> i & 1) == 0)
      note(recovery.onParity({0, masks.over[static_cast<std::size_t>(i)], DataSize{}}));
  return back;
}

// The share of losses of so many media packets that are mended whole if all parity comes.
double mended(int media, int parity, int lost) {
  const Masks masks = masksOf(media, parity);
  int all = 0;
  int whole = 0;
  for (Packets missing = 0; missing < Packets{1} << media; ++missing) {
    if (std::popcount(missing) != lost) continue;
    ++all;
    whole += givenBack(masks, media, missing) == missing;
  }
  return static_cast<double>(whole) / all;
}

}  // namespace

TEST_CASE("The worst loss of ten seconds counts") {
  LossFilter filter;
  CHECK(filter.onReport(Ratio::percent(1), at(0)) == Ratio::percent(1));
  CHECK(filter.onReport(Ratio::percent(8), at(500)) == Ratio::percent(8));
  CHECK(filter.onReport(Ratio::percent(2), at(1000)) == Ratio::percent(8));
  // It is in the bin that was closed at 1 s, and there are nine more.
  for (int second = 2; second <= 10; ++second)
    CHECK(filter.onReport(Ratio::percent(2), at(1000 * second)) == Ratio::percent(8));
  CHECK(filter.onReport(Ratio::percent(2), at(11'000)) == Ratio::percent(2));
  for (int second = 12; second <= 20; ++second)
    CHECK(filter.onReport(Ratio{}, at(1000 * second)) == Ratio::percent(2));
  CHECK(filter.onReport(Ratio{}, at(21'000)) == Ratio{});
}

TEST_CASE("A video call's protection") {
  // 16 kbit a frame (16.7, whole) times (405504 / 230400)^0.3 = 1.185: 18.96, the table's row
  // of 15. 3 and 12 % are 7 and 30 of 255: 0, and 23 + 4/12 * 21 = 30; the least is 51, a fifth. As
  // of media: 255 * 51 / 204 + 0.5 = 64. At 25 % (63) 68 + 12/13 * 17 = 83.7, so 84: 125.
  struct Row {
    int loss;
    Share share;
  };
  for (const Row& row : {Row{0, 0}, Row{3, 64}, Row{12, 64}, Row{25, 125}})
    CHECK(protectionFor(usual(), Ratio::percent(row.loss)).deltaFrames == row.share);
  // Two frames' round trips: 2 * 30 * 0.1.
  CHECK(protectionFor(usual(), Ratio::percent(3)).frames == 6);
}

TEST_CASE("Key frames are protected twice as well, but not more than by half") {
  // 2 * 51 = 102 against the row for 7/2 = 3 times 18, index 10 (55): 45 or so at 3 %.
  CHECK(protectionFor(usual(), Ratio::percent(3)).keyFrames ==
        static_cast<int>(0.5 + 255.0 * 102 / 153));
  // 128 of 255 is 128/127 of media.
  CHECK(protectionFor(usual(), Ratio::percent(25)).keyFrames == 255);
}

TEST_CASE("Protection depends on round trip, size and layers") {
  ProtectedStream stream = usual();
  const Ratio loss = Ratio::percent(3);
  SECTION("what is lost is sent again within 20 ms") {
    stream.roundTrip = Duration::ms(19);
    CHECK(protectionFor(stream, loss).deltaFrames == 0);
    CHECK(protectionFor(stream, loss).keyFrames > 0);
    CHECK(protectionFor(stream, loss).frames == 1);
    stream.roundTrip = Duration::ms(20);
    CHECK(protectionFor(stream, loss).deltaFrames == 64);
  }
  SECTION("frames of few bytes are not worth it") {
    // 700 bytes: 5.6 kbit; whole ones count, so 6 * 30 kbit/s.
    stream.rate = DataRate::kbps(179);
    CHECK(protectionFor(stream, loss).deltaFrames == 0);
    CHECK(protectionFor(stream, loss).keyFrames == 0);
    stream.rate = DataRate::kbps(181);
    CHECK(protectionFor(stream, loss).deltaFrames == 64);
    // Unless the round trip is long.
    stream.rate = DataRate::kbps(150);
    stream.roundTrip = Duration::ms(200);
    CHECK(protectionFor(stream, Ratio::percent(20)).deltaFrames > 0);
  }
  SECTION("of two layers the lower one has 60 % of the rate and half of the frames") {
    stream.temporalLayers = 2;
    // 20 kbit times 1.185: the row of 20; 3 %: the least share.
    CHECK(protectionFor(stream, loss).deltaFrames == 64);
    CHECK(protectionFor(stream, loss).frames == 3);
    stream.temporalLayers = 3;
    CHECK(protectionFor(stream, loss).frames == 1);
  }
}

TEST_CASE("So many parity packets for so many media packets") {
  CHECK(parityPackets(10, 0) == 0);
  CHECK(parityPackets(1, 1) == 1);
  CHECK(parityPackets(10, 64) == 3);  // 2.5
  CHECK(parityPackets(5, 64) == 1);
  CHECK(parityPackets(6, 64) == 2);  // 1.5
  CHECK(parityPackets(10, 255) == 10);
}

TEST_CASE("One parity packet gives back any one media packet") {
  for (int media = 1; media <= kMostMediaPackets; ++media) {
    const Masks masks = masksOf(media, 1);
    for (int lost = 0; lost < media; ++lost) {
      const Packets missing = Packets{1} << lost;
      CHECK(givenBack(masks, media, missing) == missing);
      CHECK(givenBack(masks, media, missing, 1) == 0);
    }
    if (media > 1) CHECK(givenBack(masks, media, 3) == 0);
  }
}

TEST_CASE("Small blocks are mended as libwebrtc's are") {
  // By libwebrtc's tables for random losses, where all parity comes; ours are no worse, and the
  // same where no two losses can hide each other.
  CHECK(mended(2, 2, 2) == 1);
  CHECK(mended(3, 2, 2) == 1);
  CHECK(mended(4, 2, 2) == Approx(5.0 / 6));
  CHECK(mended(4, 3, 2) == 1);
  CHECK(mended(4, 3, 3) == 0.75);
  CHECK(mended(5, 2, 2) == 0.8);
  CHECK(mended(6, 3, 2) == 1);
  CHECK(mended(6, 3, 3) == 0.8);
  CHECK(mended(6, 4, 2) == 1);
  CHECK(mended(8, 3, 2) >= 0.92);
  CHECK(mended(12, 5, 2) == 1);
}

TEST_CASE("Large blocks are interleaved") {
  const Masks masks = masksOf(13, 3);
  CHECK(masks.count == 3);
  CHECK(masks.over[0] == 0b1001001001001);
  CHECK(masks.over[1] == 0b0010010010010);
  CHECK(masks.over[2] == 0b0100100100100);
  // Any three in a row come back, the first and the fourth do not.
  CHECK(givenBack(masks, 13, 0b1110000) == 0b1110000);
  CHECK(givenBack(masks, 13, 0b1001) == 0);
}

TEST_CASE("Parity may help other parity") {
  Masks masks;
  masks.count = 2;
  masks.over = {0b0011, 0b0110};
  // The second gives back 2, if the first has given back 1.
  CHECK(givenBack(masks, 3, 0b110) == 0b110);
  CHECK(givenBack(masks, 3, 0b110, 0b01) == 0);
}

TEST_CASE("A block ends with a frame, when there is enough of it") {
  constexpr DataSize kSize = DataSize::bytes(1000);
  Blocks blocks;
  CHECK(blocks.onPacket(0, kSize, true, true).empty());  // no protection
  SECTION("as many frames as it may have") {
    blocks.setProtection({64, 128, 2});
    // One packet: 256 - 64 is too much parity; two: 128 - 64 too.
    CHECK(blocks.onPacket(1, kSize, false, true).empty());
    const std::vector<Parity> parity = blocks.onPacket(3, DataSize::bytes(1100), false, true);
    REQUIRE(parity.size() == 1);
    CHECK(parity[0].first == 1);
    CHECK(parity[0].over == 0b101);  // 2 is not protected
    CHECK(parity[0].longest == DataSize::bytes(1100));
  }
  SECTION("rounding adds less than 50 of 256") {
    blocks.setProtection({64, 128, 6});
    CHECK(blocks.onPacket(1, kSize, false, false).empty());
    // 128 - 64.
    CHECK(blocks.onPacket(2, kSize, false, true).empty());
    CHECK(blocks.onPacket(3, kSize, false, false).empty());
    // 64 - 64.
    const std::vector<Parity> parity = blocks.onPacket(4, kSize, false, true);
    REQUIRE(parity.size() == 1);
    CHECK(parity[0].over == 0b1111);
  }
  SECTION("with a key frame the key frames' share holds") {
    blocks.setProtection({64, 128, 1});
    for (std::int64_t sequence = 1; sequence < 8; ++sequence)
      CHECK(blocks.onPacket(sequence, kSize, true, false).empty());
    CHECK(blocks.onPacket(8, kSize, true, true).size() == 4);
    CHECK(blocks.onPacket(9, kSize, false, true).size() == 1);
  }
  SECTION("48 packets are protected") {
    blocks.setProtection({64, 128, 1});
    for (std::int64_t sequence = 1; sequence < 60; ++sequence)
      blocks.onPacket(sequence, kSize, false, false);
    const std::vector<Parity> parity = blocks.onPacket(60, kSize, false, true);
    CHECK(parity.size() == 12);
    Packets all = 0;
    for (const Parity& one : parity) all |= one.over;
    CHECK(all == (Packets{1} << 48) - 1);
  }
  SECTION("what is too far apart for a mask of 48 bits goes without") {
    blocks.setProtection({64, 128, 1});
    blocks.onPacket(1, kSize, false, false);
    CHECK(blocks.onPacket(49, kSize, false, true).empty());
    blocks.onPacket(51, kSize, false, false);
    CHECK(blocks.onPacket(98, kSize, false, true).size() == 1);
  }
}

TEST_CASE("A receiver gets back what it can, in whatever order things come") {
  // Over 10, 11 and 13, the first of them in both.
  const Parity first{10, 0b0011, DataSize{}}, second{10, 0b1001, DataSize{}};
  using Sequences = std::vector<std::int64_t>;
  Recovery recovery;
  SECTION("media, then parity") {
    CHECK(recovery.onMedia(10).empty());
    CHECK(recovery.onMedia(11).empty());
    CHECK(recovery.onParity(first).empty());
    CHECK(recovery.onParity(second) == Sequences{13});
  }
  SECTION("two lost: one gives back the first, the other the second") {
    recovery.onMedia(11);
    CHECK(recovery.onParity(first) == Sequences{10});
    CHECK(recovery.onParity(second) == Sequences{13});
  }
  SECTION("parity, then what was sent again") {
    CHECK(recovery.onParity(first).empty());
    CHECK(recovery.onParity(second).empty());
    CHECK(recovery.onMedia(10) == Sequences{11, 13});
    CHECK(recovery.onMedia(11).empty());
  }
  SECTION("what came long ago is not known any more") {
    recovery.onMedia(10);
    recovery.onMedia(11);
    recovery.onMedia(11 + 192);
    CHECK(recovery.onParity(first).empty());
    CHECK(recovery.onParity(second).empty());
  }
  SECTION("48 parity packets are held") {
    recovery.onParity(first);
    for (std::int64_t i = 0; i < 48; ++i) recovery.onParity({100 + 3 * i, 0b11, DataSize{}});
    CHECK(recovery.onMedia(10).empty());
    CHECK(recovery.onMedia(100) == Sequences{101});
  }
}

TEST_CASE("Repair gets the share that it had in the last second") {
  Protector protector;
  ProtectedStream stream = usual();
  CHECK(protector.mediaRate(stream, Ratio::percent(3), at(0)) == stream.rate);
  protector.onSent(DataSize::bytes(3000), false, at(0));
  protector.onSent(DataSize::bytes(1000), true, at(500));
  CHECK(protector.mediaRate(stream, Ratio::percent(3), at(999)) == DataRate::kbps(375));
  // What was sent at 0 is out of it, and half is the most.
  CHECK(protector.mediaRate(stream, Ratio::percent(3), at(1000)) == DataRate::kbps(250));
  CHECK(protector.mediaRate(stream, Ratio::percent(3), at(1500)) == stream.rate);
}

TEST_CASE("A sender protects what it sends as the loss asks for it") {
  Protector protector;
  // 25 %: 125 of 256 (above), and a block of 6 frames at most; from 4 packets on, as it is much.
  for (int frame = 0; frame < 30; ++frame) protector.onFrame(2, false, at(1000 + 33 * frame));
  protector.mediaRate(usual(), Ratio::percent(25), at(1990));
  std::int64_t parity = 0;
  for (std::int64_t sequence = 0; sequence < 40; ++sequence)
    parity += static_cast<std::int64_t>(
        protector.onProtected(sequence, DataSize::bytes(1000), false, sequence % 2 == 1).size());
  // Blocks of 6 (5 or more, as there are two a frame): 6 * 125 / 256 = 2.9; the last 4 wait.
  CHECK(parity == 6 * 3);
}
