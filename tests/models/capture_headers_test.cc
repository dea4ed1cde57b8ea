// The bytes that owners of packets write, worked out by hand from the RFCs.
#include <catch2/catch.hpp>

#include <string>

#include "models/client/rtcp_report.h"
#include "models/client/stun_check.h"
#include "models/media/rtp_bytes.h"
#include "models/transport/segment_bytes.h"
#include "models/transport/tls.h"
#include "models/transport/tls_bytes.h"
#include "models/vpn/outer_bytes.h"
#include "tests/models/capture_support.h"

namespace callflow {
namespace {

using capture::testing::hex;
using transport::ByteRange;
using transport::End;
using transport::MessageToken;
using transport::TcpSegment;
using wire::Bytes;

// Says of a message its token, in two bytes, and no more.
struct Teller : transport::StreamHandler {
  void onArrival(End, MessageToken, fabric::PacketId, const fabric::Packet&) override {}
  void onDelivery(End, const transport::Delivery&) override {}
  void writeMessage(End, MessageToken token, DataSize, Bytes& bytes) const override {
    bytes.u16(token);
  }
  bool endsStream(MessageToken token) const override { return token == 0xffff; }
};

TimePoint at(Duration time) {
  return TimePoint::at(time);
}

Bytes segmentBytes(const TcpSegment& segment, const transport::SegmentPlace& place,
                   const transport::StreamContents& contents, std::int64_t size) {
  Bytes bytes;
  transport::writeSegment(segment, place, contents, DataSize::bytes(size), bytes);
  return bytes;
}

std::string number(std::uint32_t value) {
  Bytes bytes;
  bytes.u32(value);
  return hex(bytes);
}

}  // namespace

TEST_CASE("an RTP packet of Opus has the header and the extensions that its size counts") {
  Bytes bytes;
  media::writeRtpHeader({.codec = media::AudioCodec::opus,
                         .marker = true,
                         .sequence = 0x0102,
                         .timestamp = 960,
                         .ssrc = 0xaabbccdd,
                         .sent = at(Duration::ms(1500)),
                         .extensions = wire::kRtpExtensions},
                        bytes);
  // RFC 3550 5.1: version 2 with an extension, marker and 111 (6f), sequence, 960 = 3c0, SSRC.
  CHECK(hex(bytes, 0, 12) == "90 ef 01 02 00 00 03 c0 aa bb cc dd");
  // RFC 8285 4.2: bede, three words; level with voice at -26; 1.5 s in 2^-18 s is 060000; 0102;
  // "0"; one byte of padding.
  CHECK(hex(bytes, 12) == "be de 00 03 10 9a 22 06 00 00 31 01 02 40 30 00");

  Bytes plain;
  media::writeRtpHeader(
      {.codec = media::AudioCodec::pcma, .voice = false, .sent = {}, .extensions = {}}, plain);
  CHECK(hex(plain) == "80 08 00 00 00 00 00 00 00 00 00 00");
  Bytes quiet;
  media::writeRtpHeader({.codec = media::AudioCodec::pcmu,
                         .voice = false,
                         .sent = {},
                         .extensions = DataSize::bytes(8)},
                        quiet);
  CHECK(hex(quiet) == "90 00 00 00 00 00 00 00 00 00 00 00 be de 00 01 00 00 00 00");
  CHECK(media::payloadType(media::AudioCodec::g722, false) == 9);
  CHECK(media::payloadType(media::AudioCodec::opus, true) == 63);
}

TEST_CASE("checks are STUN of their sizes") {
  Bytes request, other, response;
  client::StunCheck check{0x1122334455667788, 5, true};
  client::writeRequest(check, request);
  check.controlling = false;
  client::writeRequest(check, other);
  client::writeResponse(check, {wire::Ipv4::of(192, 0, 2, 1), 32853}, response);
  CHECK(request.dataSize() == client::kCheckRequestSize);
  CHECK(other.dataSize() == client::kCheckRequestSize);
  CHECK(response.dataSize() == client::kCheckResponseSize);
  // RFC 8489 5: type, 80 B behind the header, cookie, transaction.
  CHECK(hex(request, 0, 20) == "00 01 00 50 21 12 a4 42 11 22 33 44 55 66 77 88 00 00 00 05");
  CHECK(hex(response, 0, 4) == "01 01 00 2c");
  CHECK(hex(response, 8, 12) == hex(request, 8, 12));
  // RFC 5769 2.2 has this address: family 1, a147, e112a643.
  CHECK(hex(response, 20, 12) == "00 20 00 08 00 01 a1 47 e1 12 a6 43");
  // USERNAME of nine characters in twelve bytes.
  CHECK(hex(request, 20, 4) == "00 06 00 09");
  CHECK(hex(request, 33, 3) == "00 00 00");
  CHECK(hex(request, 44, 4) == "80 2a 00 08");  // ICE-CONTROLLING behind GOOG-NETWORK-INFO
  CHECK(hex(request, 56, 4) == "00 25 00 00");  // USE-CANDIDATE
  CHECK(hex(other, 20, 4) == "00 06 00 0d");
  CHECK(hex(other, 48, 4) == "80 29 00 08");  // ICE-CONTROLLED
  CHECK(hex(request, 92, 4) == "80 28 00 04");
}

TEST_CASE("a sender report has the lengths that SRTCP's packet counts") {
  client::RtcpReport report;
  report.ssrc = 0x01020304;
  report.number = 9;
  report.sent = at(Duration::ms(1500));
  report.sender = client::SenderInfo{960, 2, 100};
  report.lastReport = at(Duration::s(1));
  report.since = Duration::ms(250);
  report.streams.push_back({0x0a0b0c0d, 1, 4, 3, 0x10005});
  Bytes bytes;
  client::writeReport(report, bytes);
  REQUIRE(bytes.size() == 28 + 24 + 28 + 14);
  // RFC 3550 6.4.1: one block, 200, 12 words beyond the first.
  CHECK(hex(bytes, 0, 8) == "81 c8 00 0c 01 02 03 04");
  // 2208988801.5 s since 1900: 83aa7e81.8.
  CHECK(hex(bytes, 8, 20) == "83 aa 7e 81 80 00 00 00 00 00 03 c0 00 00 00 02 00 00 00 64");
  // A quarter lost is 64 of 256; 3 in all; to 1.0005 by sequence; LSR of 83aa7e81.0; a quarter of a
  // second in 1/65536 s.
  CHECK(hex(bytes, 28, 24) ==
        "0a 0b 0c 0d 40 00 00 03 00 01 00 05 00 00 00 00 7e 81 00 00 00 00 40 00");
  CHECK(hex(bytes, 52, 10) == "81 ca 00 06 01 02 03 04 01 10");
  CHECK(hex(bytes, 80, 4) == "00 00 00 09");  // not encrypted, the tenth

  report.sender.reset();
  report.streams.clear();
  Bytes receiver;
  client::writeReport(report, receiver);
  CHECK(receiver.size() == 8 + 28 + 14);
  CHECK(hex(receiver, 0, 4) == "80 c9 00 01");
}

TEST_CASE("a SYN and its answer have the options that Linux sends") {
  const transport::StreamContents none;
  TcpSegment syn;
  syn.kind = TcpSegment::Kind::syn;
  syn.sent = at(Duration::ms(10));
  const transport::SegmentPlace client{3, End::client, TimePoint::max(), 1448, {}};
  const Bytes first = segmentBytes(syn, client, none, 40);
  REQUIRE(first.size() == 40);
  CHECK(hex(first, 4, 4) == number(transport::initialSequence(3, End::client)));
  // Nothing acknowledged; ten words, SYN, the largest window without a scale.
  CHECK(hex(first, 8, 8) == "00 00 00 00 a0 02 ff ff");
  // 1460; SACK; timestamps of 1,000,010 = f424a and none; a scale of 7, as 6 MiB need it.
  CHECK(hex(first, 20) == "02 04 05 b4 04 02 08 0a 00 0f 42 4a 00 00 00 00 01 03 03 07");

  syn.kind = TcpSegment::Kind::synAck;
  syn.sent = at(Duration::ms(30));
  const transport::SegmentPlace server{3, End::server, at(Duration::ms(10)), 1448, {}};
  const Bytes second = segmentBytes(syn, server, none, 40);
  CHECK(hex(second, 4, 8) == number(transport::initialSequence(3, End::server)) + " " +
                                 number(transport::initialSequence(3, End::client) + 1));
  CHECK(hex(second, 12, 2) == "a0 12");
  CHECK(hex(second, 26, 10) == "08 0a 00 0f 42 5e 00 0f 42 4a");
  CHECK(transport::windowScale(DataSize::bytes(8 << 20)) == 8);  // 2^23 >> 7 is one too many
}

TEST_CASE("a segment has the bytes of its messages, and SACK blocks as far as they fit") {
  const Teller teller;
  transport::StreamContents contents;
  contents.written(teller, End::client, 0x0a0b, DataSize::bytes(4));
  contents.written(teller, End::client, 0x0c0d, DataSize::bytes(3));
  TcpSegment segment;
  segment.bytes = {1, 7};
  segment.acknowledged = 100;
  segment.window = 0x10000;
  segment.push = true;
  segment.sent = at(Duration::ms(1));
  segment.echoed = at(Duration::ms(2));
  segment.selective.count = 2;
  segment.selective.blocks[0] = {110, 120};
  segment.selective.blocks[1] = {130, 140};
  const transport::SegmentPlace place{0, End::client, at(Duration{}), 1448, {}};
  const std::uint32_t mine = transport::initialSequence(0, End::client);
  const std::uint32_t others = transport::initialSequence(0, End::server);

  const Bytes bytes = segmentBytes(segment, place, contents, 20 + 12 + 20 + 6);
  REQUIRE(bytes.size() == 58);
  CHECK(hex(bytes, 4, 8) == number(mine + 2) + " " + number(others + 101));
  // 13 words, PSH and ACK, 65536 >> 7 = 512.
  CHECK(hex(bytes, 12, 4) == "d0 18 02 00");
  CHECK(hex(bytes, 20, 12) == "01 01 08 0a 00 0f 42 41 00 0f 42 42");
  CHECK(hex(bytes, 32, 4) == "01 01 05 12");
  CHECK(hex(bytes, 36, 8) == number(others + 111) + " " + number(others + 121));
  // From the second byte on: 0b, two that nobody knows, 0c 0d, one that nobody knows.
  CHECK(hex(bytes, 52) == "0b 00 00 0c 0d 00");

  // The fabric counts no options of what is sent again: one block fits into 12 B.
  const Bytes tight = segmentBytes(segment, place, contents, 20 + 12 + 12 + 6);
  CHECK(tight.size() == 50);
  CHECK(hex(tight, 32, 4) == "01 01 05 0a");
  const Bytes none = segmentBytes(segment, place, contents, 20 + 12 + 6);
  CHECK(none.size() == 38);
  CHECK(hex(none, 12, 1) == "80");
}

TEST_CASE("a FIN takes a number and no byte") {
  const Teller teller;
  transport::StreamContents contents;
  contents.written(teller, End::client, 0x0a0b, DataSize::bytes(2));
  contents.written(teller, End::client, 0xffff, DataSize::bytes(1));
  TcpSegment segment;
  segment.bytes = {0, 3};
  const transport::SegmentPlace place{0, End::client, at(Duration{}), 1448, {}};
  const Bytes both = segmentBytes(segment, place, contents, 35);
  CHECK(hex(both, 13, 1) == "11");
  CHECK(hex(both, 32) == "0a 0b");
  segment.bytes = {2, 3};
  const Bytes alone = segmentBytes(segment, place, contents, 33);
  CHECK(alone.size() == 32);
  CHECK(hex(alone, 4, 4) == number(transport::initialSequence(0, End::client) + 3));
  segment.bytes = {0, 2};
  CHECK(hex(segmentBytes(segment, place, contents, 34), 13, 1) == "10");
}

TEST_CASE("handshakes have the sizes of their flights, cut into whole records") {
  using transport::Security;
  for (const Security security : {Security::pseudo, Security::tls12, Security::tls13}) {
    const auto flights = transport::handshake(security);
    for (std::size_t i = 0; i < flights.size(); ++i) {
      Bytes bytes;
      transport::writeHandshakeFlight(security, i, bytes);
      INFO("security " << static_cast<int>(security) << ", flight " << i);
      CHECK(bytes.dataSize() == flights[i].size);
      // A hello of SSL 2 has its length in 15 bits.
      if (security == Security::pseudo && i == 0) {
        CHECK(hex(bytes, 0, 5) == "80 46 01 03 01");
        continue;
      }
      std::size_t at = 0;
      while (at + 5 <= bytes.size()) at += 5 + (std::size_t{bytes[at + 3]} << 8 | bytes[at + 4]);
      CHECK(at == bytes.size());
    }
  }
  for (const int challenges : {0, 1, 2}) {
    const auto flights = transport::tunnelHandshake(challenges);
    for (std::size_t i = 0; i < flights.size(); ++i) {
      Bytes bytes;
      transport::writeTunnelFlight(challenges, i, bytes);
      CHECK(bytes.dataSize() == flights[i].size);
      CHECK(hex(bytes, 0, 4) == (flights[i].from == End::client ? "43 4f 4e 4e" : "48 54 54 50"));
    }
  }
  Bytes record;
  transport::writeApplicationRecord(DataSize::bytes(0x105), record);
  CHECK(hex(record) == "17 03 03 01 00");
}

TEST_CASE("a tunnel's packets look as their port says") {
  const auto outer = [](std::uint16_t port, std::int64_t ipPacket) {
    Bytes bytes;
    vpn::writeOuter(port, DataSize::bytes(ipPacket), 0xc0ffee, 5, bytes);
    return hex(bytes);
  };
  CHECK(outer(4500, 200) == "00 c0 ff ee 00 00 00 05");
  CHECK(outer(4500, 29) == "ff");  // RFC 3948 2.3
  CHECK(outer(51820, 200) == "04 00 00 00 00 c0 ff ee 05 00 00 00 00 00 00 00");
  CHECK(outer(1194, 200) == "48 c0 ff ee 00 00 00 05");
  // 200 - 28 = 172 B, of which 13 are the header: 9f.
  CHECK(outer(443, 200) == "17 fe fd 00 01 00 00 00 00 00 05 00 9f");
  CHECK(outer(12345, 200).empty());
  Bytes openVpn, tls;
  vpn::writeInStream(DataSize::bytes(26), DataSize::bytes(126), 0xc0ffee, openVpn);
  vpn::writeInStream(DataSize::bytes(37), DataSize::bytes(137), 0, tls);
  CHECK(hex(openVpn) == "00 7c 48 c0 ff ee");
  CHECK(hex(tls) == "17 03 03 00 84");
}

}  // namespace callflow
