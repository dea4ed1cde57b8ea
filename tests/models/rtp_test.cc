#include <catch2/catch.hpp>

#include "models/rtp/history.h"
#include "models/rtp/rtcp_sizes.h"
#include "models/rtp/sent_packets.h"
#include "models/rtp/transport_feedback.h"

using namespace callflow;
using rtp::FeedbackCollector;
using rtp::History;
using rtp::SentPackets;
using rtp::TransportFeedback;

namespace {

TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}

TimePoint us(std::int64_t value) {
  return TimePoint::at(Duration::us(value));
}

DataSize bytes(std::int64_t value) {
  return DataSize::bytes(value);
}

rtp::Packet videoPacket(std::int64_t sequence, std::int64_t size = 1200) {
  rtp::Packet packet;
  packet.size = bytes(size);
  packet.video.sequence = sequence;
  return packet;
}

// `count` packets of 1000 B, one a millisecond from 0 on.
SentPackets sentEachMs(int count) {
  SentPackets sent;
  for (int i = 0; i < count; ++i) sent.add(bytes(1000), -1, false, ms(i));
  return sent;
}

}  // namespace

TEST_CASE("RTCP messages have the sizes of their formats", "[rtp]") {
  // 20 of header, two chunks of 2, ten deltas of 1: 34, in words 36; SRTCP 14.
  CHECK(rtp::transportFeedbackSize(10, 10, 0) == bytes(50));
  // One of the ten did not come, one came late: 20 + 4 + 9 + 1.
  CHECK(rtp::transportFeedbackSize(10, 9, 1) == bytes(50));
  CHECK(rtp::nackSize(1) == bytes(12 + 4 + 14));
  CHECK(rtp::pictureLossSize() == bytes(26));
}

TEST_CASE("messages of 68 B take 5 % of the rate, every 50 to 250 ms", "[rtp]") {
  CHECK(rtp::feedbackInterval(DataRate::kbps(100)) ==
        Duration::us(108'800));  // 544 bit of 5 kbit/s
  CHECK(rtp::feedbackInterval(DataRate::mbps(2)) == Duration::ms(50));
  CHECK(rtp::feedbackInterval(DataRate::kbps(30)) == Duration::ms(250));
  CHECK(rtp::feedbackInterval(DataRate{}) == Duration::ms(250));
}

TEST_CASE("a message tells of all packets up to the last that came", "[rtp]") {
  FeedbackCollector collector;
  TransportFeedback message;
  CHECK(collector.empty());
  collector.onPacket(0, ms(10));
  collector.onPacket(3, ms(12));
  collector.onPacket(1, ms(13));
  collector.fill(message);
  CHECK(message.first == 0);
  REQUIRE(message.received.size() == 4);
  CHECK(message.received[0] == ms(10));
  CHECK(message.received[1] == ms(13));
  CHECK(message.received[2] == TimePoint::max());
  CHECK(message.received[3] == ms(12));
  // 3 came before 1 did: a delta of two bytes. 20 + 2 + 3 + 1 = 26, 28 in words.
  CHECK(message.size == bytes(28 + 14));
  CHECK(collector.empty());

  SECTION("the next goes on behind it") {
    collector.onPacket(6, ms(20));
    collector.fill(message);
    CHECK(message.first == 4);
    CHECK(message.received.size() == 3);
  }
  SECTION("one that comes late is told of by itself") {
    collector.onPacket(2, ms(21));
    collector.fill(message);
    CHECK(message.first == 2);
    REQUIRE(message.received.size() == 1);
    CHECK(message.received[0] == ms(21));
  }
}

TEST_CASE("a sender's controller is told of each packet once", "[rtp]") {
  SentPackets sent = sentEachMs(5);
  congestion::Feedback told;
  CHECK(sent.inFlight() == bytes(5000));
  sent.apply({0, {us(20'900), TimePoint::max(), ms(23)}, {}}, ms(40), told);
  CHECK(told.at == ms(40));
  REQUIRE(told.packets.size() == 3);
  CHECK(told.packets[0].received == ms(20));  // in whole ms, as libwebrtc has them
  CHECK_FALSE(told.packets[1].arrived());
  CHECK(told.inFlight == bytes(2000));

  SECTION("and once more of one that came after all") {
    sent.apply({1, {ms(50)}, {}}, ms(60), told);
    REQUIRE(told.packets.size() == 1);
    CHECK(told.packets[0].packet.sequence == 1);
    CHECK(told.packets[0].received == ms(50));
    CHECK(told.inFlight == bytes(2000));  // it was taken off when it was lost
    sent.apply({1, {ms(50)}, {}}, ms(70), told);
    CHECK(told.packets.empty());
  }
  SECTION("what a lost message would have told is not in flight any more") {
    sent.apply({4, {ms(30)}, {}}, ms(60), told);
    CHECK(told.packets.size() == 1);
    CHECK(told.inFlight == DataSize{});
  }
}

TEST_CASE("a packet that has never left is not told of", "[rtp]") {
  SentPackets sent = sentEachMs(3);
  sent.withdraw(1);
  CHECK(sent.inFlight() == bytes(2000));
  congestion::Feedback told;
  sent.apply({0, {ms(20), TimePoint::max(), ms(22)}, {}}, ms(40), told);
  CHECK(told.packets.size() == 2);
  CHECK(told.inFlight == DataSize{});
}

TEST_CASE("packets are forgotten after a minute", "[rtp]") {
  SentPackets sent = sentEachMs(2);
  sent.add(bytes(1000), -1, false, ms(60'002));
  CHECK(sent.inFlight() == bytes(1000));
  congestion::Feedback told;
  sent.apply({0, {ms(20), ms(21), ms(60'040)}, {}}, ms(60'060), told);
  REQUIRE(told.packets.size() == 1);
  CHECK(told.packets[0].packet.sequence == 2);
}

TEST_CASE("what was sent again less than a round trip ago is not sent once more", "[rtp]") {
  History history;
  history.add(videoPacket(0), ms(0));
  history.add(videoPacket(1), ms(1));
  history.onRoundTrip(Duration::ms(100));
  const auto first = history.again(1, ms(150));
  REQUIRE(first.has_value());
  CHECK(first->kind == rtp::PacketKind::retransmission);
  CHECK(first->size == bytes(1202));  // RFC 4588: with the original number
  CHECK(first->video.retransmitted);
  CHECK_FALSE(history.again(1, ms(254)).has_value());  // 100 ms and 5 more
  CHECK(history.again(1, ms(255)).has_value());
  CHECK_FALSE(history.again(2, ms(255)).has_value());
}

TEST_CASE("parity is numbered with media, and not sent again", "[rtp]") {
  History history;
  history.add(videoPacket(0), ms(0));
  rtp::Packet parity = videoPacket(1, 1300);
  parity.kind = rtp::PacketKind::fec;
  history.add(parity, ms(1));
  history.add(videoPacket(2), ms(2));
  CHECK(history.find(0) != nullptr);
  CHECK(history.find(1) == nullptr);
  CHECK(history.find(3) == nullptr);
  CHECK_FALSE(history.again(1, ms(50)).has_value());
  CHECK(history.again(2, ms(50))->video.sequence == 2);
  CHECK(history.forPadding(bytes(5000))->size == bytes(1202));
}

TEST_CASE("packets are kept for three seconds, or nine round trips", "[rtp]") {
  History history;
  history.add(videoPacket(0), ms(0));
  SECTION("at first") {
    history.add(videoPacket(1), ms(3001));
    CHECK_FALSE(history.again(0, ms(3001)).has_value());
  }
  SECTION("on a long way") {
    history.onRoundTrip(Duration::ms(500));
    history.add(videoPacket(1), ms(4500));
    CHECK(history.again(0, ms(4500)).has_value());  // and from then on anew
    history.add(videoPacket(2), ms(9001));
    CHECK_FALSE(history.again(0, ms(9001)).has_value());
  }
}

TEST_CASE("padding is made of a recent large packet", "[rtp]") {
  History history;
  CHECK_FALSE(history.forPadding(bytes(5000)).has_value());
  history.add(videoPacket(0, 1200), ms(0));
  history.add(videoPacket(1, 1000), ms(1));
  REQUIRE(history.forPadding(bytes(5000)).has_value());
  CHECK(history.forPadding(bytes(5000))->video.sequence == 0);
  CHECK_FALSE(history.forPadding(bytes(1199)).has_value());
  history.add(videoPacket(2, 1101), ms(2));  // less than 100 B smaller
  CHECK(history.forPadding(bytes(5000))->video.sequence == 2);
}
