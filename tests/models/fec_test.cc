#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "models/fec/blocks.h"
#include "models/fec/loss_filter.h"
#include "models/fec/parity.h"
#include "models/fec/protection.h"
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

// The share of losses of so many media packets that are mended whole if all parity comes.
double mended(int media, int parity, int lost) {
  const Masks masks = masksOf(media, parity);
  int all = 0;
  int whole = 0;
  for (Packets missing = 0; missing < Packets{1} << media; ++missing) {
    if (std::popcount(missing) != lost) continue;
    ++all;
    whole += recoverable(masks, ~missing, ~Packets{0}, media) == missing;
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
      CHECK(recoverable(masks, ~missing, 1, media) == missing);
      CHECK(recoverable(masks, ~missing, 0, media) == 0);
    }
    if (media > 1) CHECK(recoverable(masks, ~Packets{3}, 1, media) == 0);
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
  CHECK(recoverable(masks, ~Packets{0b1110000}, 0b111, 13) == 0b1110000);
  CHECK(recoverable(masks, ~Packets{0b1001}, 0b111, 13) == 0);
}

TEST_CASE("Parity may help other parity") {
  Masks masks;
  masks.count = 2;
  masks.over = {0b0011, 0b0110};
  // The second gives back 2, if the first has given back 1.
  CHECK(recoverable(masks, 0b0001, 0b11, 3) == 0b0110);
  CHECK(recoverable(masks, 0b0001, 0b10, 3) == 0);
}

TEST_CASE("A block ends with a frame, when there is enough of it") {
  Blocks blocks;
  CHECK(blocks.onPacket(0, true, true) == nullptr);  // no protection
  SECTION("as many frames as it may have") {
    blocks.setProtection({64, 128, 2});
    // One packet: 256 - 64 is too much parity; two: 128 - 64 too.
    CHECK(blocks.onPacket(1, false, true) == nullptr);
    const Block* const block = blocks.onPacket(3, false, true);
    REQUIRE(block != nullptr);
    CHECK(block->mediaPackets == 2);
    CHECK(block->media[0] == 1);
    CHECK(block->media[1] == 3);
    CHECK(block->parityPackets == 1);
  }
  SECTION("rounding adds less than 50 of 256") {
    blocks.setProtection({64, 128, 6});
    CHECK(blocks.onPacket(1, false, false) == nullptr);
    // 128 - 64.
    CHECK(blocks.onPacket(2, false, true) == nullptr);
    CHECK(blocks.onPacket(3, false, false) == nullptr);
    // 64 - 64.
    const Block* const block = blocks.onPacket(4, false, true);
    REQUIRE(block != nullptr);
    CHECK(block->mediaPackets == 4);
    CHECK(block->parityPackets == 1);
  }
  SECTION("with a key frame the key frames' share holds") {
    blocks.setProtection({64, 128, 1});
    for (std::int64_t sequence = 1; sequence < 8; ++sequence)
      CHECK(blocks.onPacket(sequence, true, false) == nullptr);
    CHECK(blocks.onPacket(8, true, true)->parityPackets == 4);
    CHECK(blocks.onPacket(9, false, true)->parityPackets == 1);
  }
  SECTION("48 packets are protected") {
    blocks.setProtection({64, 128, 1});
    for (std::int64_t sequence = 1; sequence < 60; ++sequence)
      blocks.onPacket(sequence, false, false);
    const Block* const block = blocks.onPacket(60, false, true);
    REQUIRE(block != nullptr);
    CHECK(block->mediaPackets == 48);
    CHECK(block->parityPackets == 12);
  }
}

TEST_CASE("A receiver gets back what it can, in whatever order things come") {
  Block block;
  block.mediaPackets = 3;
  block.parityPackets = 2;
  block.media[0] = 10;
  block.media[1] = 11;
  block.media[2] = 13;  // 12 is not protected
  using Sequences = std::vector<std::int64_t>;
  // The first packet is in both parity packets, each other one in one.
  const Masks masks = masksOf(3, 2);
  REQUIRE(masks.over[0] + masks.over[1] == 0b001 + 0b001 + 0b010 + 0b100);
  Recovery recovery;
  SECTION("media, then parity") {
    CHECK(recovery.onMedia(10).empty());
    CHECK(recovery.onMedia(11).empty());
    // One of the two is over the packet that is missing.
    const Sequences first = recovery.onParity(block, 0);
    const Sequences second = recovery.onParity(block, 1);
    CHECK(first.size() + second.size() == 1);
    CHECK((first.empty() ? second : first) == Sequences{13});
  }
  SECTION("two lost: one gives back the first, the other the second") {
    recovery.onMedia(11);
    const Sequences first = recovery.onParity(block, 0);
    Sequences all = recovery.onParity(block, 1);
    all.insert(all.begin(), first.begin(), first.end());
    CHECK(all == Sequences{10, 13});
  }
  SECTION("parity, then what was sent again") {
    CHECK(recovery.onParity(block, 0).empty());
    CHECK(recovery.onParity(block, 1).empty());
    CHECK(recovery.onMedia(10) == Sequences{11, 13});
    CHECK(recovery.onMedia(11).empty());
  }
  SECTION("what came long ago is not known any more") {
    recovery.onMedia(10);
    recovery.onMedia(11);
    recovery.onMedia(11 + 1024);
    CHECK(recovery.onParity(block, 0).empty());
    CHECK(recovery.onParity(block, 1).empty());
  }
}
