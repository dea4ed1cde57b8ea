#include <catch2/catch.hpp>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "models/media/wire.h"
#include "models/video/packetizer.h"

using namespace callflow;
using namespace callflow::video;

namespace {

std::vector<std::int64_t> counts(const std::vector<DataSize>& sizes) {
  std::vector<std::int64_t> out;
  for (const DataSize size : sizes) out.push_back(size.count());
  return out;
}

std::vector<std::int64_t> payloads(std::int64_t bytes, bool key, const Packetization& format) {
  std::vector<std::int64_t> out;
  for (const VideoPacket& packet : packetize(DataSize::bytes(bytes), key, format)) {
    CHECK(packet.srtp == media::srtpSize(packet.payload, format.extensions));
    out.push_back(packet.payload.count());
  }
  return out;
}

using Bytes = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("Pieces are the fewest there can be, near-equal, the later ones longer") {
  const DataSize ten = DataSize::bytes(10);
  CHECK(counts(nearEqualPieces(ten, ten)) == Bytes{10});
  CHECK(counts(nearEqualPieces(DataSize::bytes(11), ten)) == Bytes{5, 6});
  CHECK(counts(nearEqualPieces(DataSize::bytes(20), ten)) == Bytes{10, 10});
  CHECK(counts(nearEqualPieces(DataSize::bytes(23), ten)) == Bytes{7, 8, 8});
  // A first piece that must leave 4 free: 23 + 4 = 27 in three of 9, the first 4 less.
  CHECK(counts(nearEqualPieces(DataSize::bytes(23), ten, DataSize::bytes(4))) == Bytes{5, 9, 9});
  // 7 would fit into one of 10, but not beside these 4: 11 in 5 and 6, less 4.
  CHECK(counts(nearEqualPieces(DataSize::bytes(7), ten, DataSize::bytes(4))) == Bytes{1, 6});
  CHECK(counts(nearEqualPieces(DataSize::bytes(6), ten, DataSize::bytes(4))) == Bytes{6});
  CHECK_THROWS_AS(nearEqualPieces(DataSize{}, ten), std::invalid_argument);
  CHECK_THROWS_AS(nearEqualPieces(ten, DataSize{}), std::invalid_argument);
}

TEST_CASE("VP8 packets keep to 1200 B of RTP, and keep room for RTX") {
  // 1200 - 12 of RTP - 20 of extensions - 2 of RTX = 1166, less 4 of descriptor: 1162.
  const Packetization format;
  CHECK(payloads(1162, false, format) == Bytes{1166});
  CHECK(payloads(1163, false, format) == Bytes{585, 586});
  CHECK(payloads(1164, true, format) == Bytes{586, 586});
  // 3487 = 3 x 1162 + 1: four of 871 or 872.
  CHECK(payloads(3487, false, format) == Bytes{875, 876, 876, 876});
  // With layers the descriptor has 6, without RTX there is room for 2 more: 1168 - 6 = 1162.
  CHECK(payloads(1162, false, {.layered = true, .retransmitted = false}) == Bytes{1168});
  CHECK(payloads(1163, false, {.layered = true, .retransmitted = false}) == Bytes{587, 588});
  // The largest on the wire: 1198 of RTP and the tag.
  CHECK(packetize(DataSize::bytes(1162), false, format).front().srtp.count() == 1208);
}

TEST_CASE("Packets that are protected leave room for parity over them") {
  // 1166 - 71 = 1095 less 4; each is a byte longer on the wire.
  const Packetization ulpfec{.fec = Fec::ulpfec};
  const auto one = packetize(DataSize::bytes(1091), false, ulpfec);
  REQUIRE(one.size() == 1);
  CHECK(one.front().payload.count() == 1095);
  CHECK(one.front().srtp.count() == 12 + 20 + 1 + 1095 + 10);
  CHECK(packetize(DataSize::bytes(1092), false, ulpfec).size() == 2);
  // Parity: 12 + 20 of its own headers, 1, 14 or 18, then 20 + 1095, then 10.
  CHECK(parityPacket(one.front().srtp, 16, ulpfec).count() == 12 + 20 + 1 + 14 + 20 + 1095 + 10);
  CHECK(parityPacket(one.front().srtp, 17, ulpfec).count() == 12 + 20 + 1 + 18 + 20 + 1095 + 10);
  // 1166 - 32 = 1134 less 4.
  const Packetization flexfec{.fec = Fec::flexfec};
  CHECK(packetize(DataSize::bytes(1130), false, flexfec).size() == 1);
  CHECK(packetize(DataSize::bytes(1131), false, flexfec).size() == 2);
  const DataSize media = DataSize::bytes(12 + 20 + 1000 + 10);
  CHECK(parityPacket(media, 15, flexfec).count() == 12 + 20 + 20 + 20 + 1000 + 10);
  CHECK(parityPacket(media, 16, flexfec).count() == 12 + 20 + 24 + 20 + 1000 + 10);
  CHECK(parityPacket(media, 47, flexfec).count() == 12 + 20 + 32 + 20 + 1000 + 10);
}

TEST_CASE("Only a frame's last packet has the marker") {
  const std::vector<VideoPacket> packets = packetize(DataSize::bytes(3000), false, {});
  REQUIRE(packets.size() == 3);
  CHECK_FALSE(packets[0].marker);
  CHECK_FALSE(packets[1].marker);
  CHECK(packets[2].marker);
}

TEST_CASE("VP9 names its structure in the first packet of a key frame") {
  const Packetization format{.codec = Codec::vp9};
  // 1166 - 3 of descriptor = 1163; the structure takes 8 of the first.
  CHECK(payloads(1163, false, format) == Bytes{1166});
  CHECK(payloads(1155, true, format) == Bytes{1166});
  // 1156 + 8 = 1164: two of 582, so 3 + 8 + 574 and 3 + 582.
  CHECK(payloads(1156, true, format) == Bytes{585, 585});
  CHECK(payloads(1000, false, {.codec = Codec::vp9, .layered = true}) == Bytes{1005});
}

TEST_CASE("H.264: single NAL units, STAP-A of parameter sets, FU-A of what is large") {
  const Packetization format{.codec = Codec::h264};
  CHECK(payloads(1166, false, format) == Bytes{1166});
  // 1167: its header of 1 is left out, 1166 in pieces of at most 1164, each with 2 of headers.
  CHECK(payloads(1167, false, format) == Bytes{585, 585});
  // A small key frame: 1 + (2 + 16) + (2 + 4) + (2 + 480), all in one.
  CHECK(payloads(500, true, format) == Bytes{507});
  // A large one: the sets in 1 + 18 + 6 = 25; the picture of 2980, less 1, in 3 x 993.
  CHECK(payloads(3000, true, format) == Bytes{25, 995, 995, 995});
}

TEST_CASE("AV1: an aggregation header a packet, and the length of a key frame's first element") {
  const Packetization format{.codec = Codec::av1};
  CHECK(payloads(1165, false, format) == Bytes{1166});
  CHECK(payloads(1166, false, format) == Bytes{584, 584});
  // 2000 + 1 = 2001: 1000 and 1001.
  CHECK(payloads(2000, true, format) == Bytes{1001, 1002});
}
