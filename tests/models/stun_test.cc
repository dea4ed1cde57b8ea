// STUN messages: their sizes and bytes worked out by hand, what is refused, and there and back.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <stdexcept>

#include "models/stun/message.h"
#include "tests/models/stun_support.h"

using namespace callflow;
using namespace callflow::stun;

namespace {

const Key kKey = Key::shortTerm("a password of 24 letters");

// A connectivity check as libwebrtc sends it, with user names of four letters.
Message check(bool nominating) {
  Message message;
  message.username = "abcd:efgh";
  message.networkInfo = 50;
  message.controlling = 0x0123456789abcdef;
  message.useCandidate = nominating;
  message.priority = 1845501695;
  return message;
}

}  // namespace

TEST_CASE("the sizes of STUN messages") {
  CHECK(encode(Message{}, nullptr, false).size() == 20);
  // 20 + USERNAME 16 + NETWORK-INFO 8 + ICE-CONTROLLING 12 + PRIORITY 8 + integrity 24 +
  // fingerprint 8, and 4 more to nominate.
  CHECK(encode(check(false), &kKey, true).size() == 96);
  CHECK(encode(check(true), &kKey, true).size() == 100);

  Message success;
  success.messageClass = Class::success;
  success.mapped = Address{wire::Ipv4::of(192, 0, 2, 1), 32853};
  CHECK(encode(success, &kKey, true).size() == 64);  // 20 + 12 + 24 + 8
  CHECK(encode(success, nullptr, false).size() == 32);

  Message allocate;
  allocate.method = Method::allocate;
  allocate.requestedTransport = 17;
  CHECK(encode(allocate, nullptr, false).size() == 28);
}

TEST_CASE("the bytes of a STUN message, in order") {
  Message message = check(true);
  message.transaction = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  message.priority = 0x6e0001ff;
  const Bytes expected{0x00, 0x01, 0x00, 0x30, 0x21, 0x12, 0xa4, 0x42,  // Binding, 48 bytes, cookie
                       1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,  //
                       0x00, 0x06, 0x00, 0x09, 'a',  'b',  'c',  'd',  ':',  'e',  'f',  'g',
                       'h',  0,    0,    0,                                                     //
                       0xc0, 0x57, 0x00, 0x04, 0x00, 0x00, 0x00, 0x32,                          //
                       0x80, 0x2a, 0x00, 0x08, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,  //
                       0x00, 0x25, 0x00, 0x00,                                                  //
                       0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff};
  CHECK(encode(message, nullptr, false) == expected);
}

TEST_CASE("the numbers of methods and classes on the wire") {
  struct Expected {
    Class messageClass;
    Method method;
    int type;
  };
  for (const Expected& each : {Expected{Class::request, Method::binding, 0x0001},
                               Expected{Class::indication, Method::binding, 0x0011},
                               Expected{Class::success, Method::binding, 0x0101},
                               Expected{Class::error, Method::binding, 0x0111},
                               Expected{Class::request, Method::allocate, 0x0003},
                               Expected{Class::error, Method::allocate, 0x0113},
                               Expected{Class::success, Method::refresh, 0x0104},
                               Expected{Class::indication, Method::send, 0x0016},
                               Expected{Class::indication, Method::data, 0x0017},
                               Expected{Class::request, Method::createPermission, 0x0008},
                               Expected{Class::error, Method::channelBind, 0x0119}}) {
    Message message;
    message.messageClass = each.messageClass;
    message.method = each.method;
    const Bytes bytes = encode(message, nullptr, false);
    CHECK((bytes[0] << 8 | bytes[1]) == each.type);
    REQUIRE(parse(bytes));
    CHECK(parse(bytes)->message == message);
  }
}

TEST_CASE("the attributes of TURN as bytes") {
  Message message;
  message.messageClass = Class::error;
  message.method = Method::channelBind;
  message.error = ErrorCode{438, "Stale"};
  message.unknownAttributes = {0x001a, 0x0022, 0x7fff};
  message.channel = 0x4abc;
  message.lifetime = Duration::s(600);
  message.peers = {{wire::Ipv4::of(192, 0, 2, 1), 32853}};
  const Bytes expected{0x00, 0x09, 0x00, 0x09, 0,    0,    4,    38,   'S',  't',  'a',  'l',
                       'e',  0,    0,    0,                                                  //
                       0x00, 0x0a, 0x00, 0x06, 0x00, 0x1a, 0x00, 0x22, 0x7f, 0xff, 0,    0,  //
                       0x00, 0x0c, 0x00, 0x04, 0x4a, 0xbc, 0,    0,                          //
                       0x00, 0x0d, 0x00, 0x04, 0,    0,    0x02, 0x58,                       //
                       0x00, 0x12, 0x00, 0x08, 0,    1,    0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
  const Bytes bytes = encode(message, nullptr, false);
  CHECK(Bytes(bytes.begin() + 20, bytes.end()) == expected);
}

TEST_CASE("where a client is sent stands as it is") {
  Message message;
  message.messageClass = Class::error;
  message.method = Method::allocate;
  message.error = ErrorCode{300, ""};
  message.alternateServer = wire::Endpoint{wire::Ipv4::of(192, 0, 2, 1), 3478};
  const Bytes expected{0x00, 0x09, 0x00, 0x04, 0, 0,    3,    0,  //
                       0x80, 0x23, 0x00, 0x08, 0, 0x01, 0x0d, 0x96, 192, 0, 2, 1};
  const Bytes bytes = encode(message, nullptr, false);
  CHECK(Bytes(bytes.begin() + 20, bytes.end()) == expected);
  REQUIRE(parse(bytes));
  CHECK(parse(bytes)->message == message);
}

TEST_CASE("attributes that must be known and are not are listed, others are skipped") {
  Bytes bytes = encode(Message{}, nullptr, false);
  // EVEN-PORT, something optional, RESERVATION-TOKEN.
  for (const int byte : {0x00, 0x18, 0x00, 0x01, 0x80, 0,    0, 0, 0x80, 0x70, 0x00, 0x02, 1, 2,
                         0,    0,    0x00, 0x22, 0x00, 0x08, 1, 2, 3,    4,    5,    6,    7, 8})
    bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes[3] = 28;
  const auto parsed = parse(bytes);
  REQUIRE(parsed);
  CHECK(parsed->unknown == std::vector<std::uint16_t>{0x0018, 0x0022});
  CHECK(parsed->message == Message{});
}

TEST_CASE("of an attribute that stands twice the first counts, but for peers") {
  Message message;
  message.method = Method::createPermission;
  message.priority = 1;
  message.peers = {{wire::Ipv4::of(192, 0, 2, 1), 1}, {wire::Ipv4::of(192, 0, 2, 2), 2}};
  Bytes bytes = encode(message, nullptr, false);
  for (const int byte : {0x00, 0x24, 0x00, 0x04, 0, 0, 0, 2})
    bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes[3] = static_cast<std::uint8_t>(bytes.size() - 20);
  REQUIRE(parse(bytes));
  CHECK(parse(bytes)->message == message);
}

TEST_CASE("what follows the message integrity does not count") {
  Bytes bytes = encode(Message{}, &kKey, false);
  for (const int byte : {0x00, 0x24, 0x00, 0x04, 0, 0, 0, 2})
    bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes[3] = static_cast<std::uint8_t>(bytes.size() - 20);
  const auto parsed = parse(bytes);
  REQUIRE(parsed);
  CHECK_FALSE(parsed->message.priority);
  CHECK(verify(bytes, kKey));
}

TEST_CASE("a code is that of its own message and key, whatever was asked before") {
  // Of one transaction and one size.
  const Key other = Key::shortTerm("another password");
  Message message;
  message.priority = 1;
  const Bytes one = encode(message, &kKey, false), others = encode(message, &other, false);
  message.priority = 2;
  const Bytes two = encode(message, &kKey, false);
  Bytes mixed = two;  // the second with the first one's code
  std::copy(one.end() - 20, one.end(), mixed.end() - 20);
  for (int round = 0; round < 2; ++round) {
    CHECK(verify(one, kKey));
    CHECK_FALSE(verify(mixed, kKey));
    CHECK(verify(two, kKey));
    CHECK_FALSE(verify(one, other));
    CHECK(verify(others, other));
    CHECK_FALSE(verify(others, kKey));
  }
}

TEST_CASE("bytes that are no STUN message") {
  const Bytes good = encode(check(true), &kKey, true);
  const auto with = [&](std::size_t place, int value) {
    Bytes bytes = good;
    bytes[place] = static_cast<std::uint8_t>(value);
    return bytes;
  };
  REQUIRE(parse(good));
  CHECK_FALSE(parse(Bytes{}));
  CHECK_FALSE(parse(Bytes(good.begin(), good.begin() + 19)));
  CHECK_FALSE(parse(Bytes(good.begin(), good.end() - 4)));
  CHECK_FALSE(parse(with(0, 0x40)));  // ChannelData
  CHECK_FALSE(parse(with(0, 0x80)));  // RTP
  CHECK_FALSE(parse(with(4, 0x20)));  // the cookie
  CHECK_FALSE(parse(with(99, good[99] ^ 1)));
  CHECK_FALSE(verify(with(4, 0x20), kKey));
  CHECK_FALSE(verify(Bytes{}, kKey));
  CHECK_FALSE(verify(encode(check(true), nullptr, true), kKey));
}

TEST_CASE("attributes whose size or content cannot be") {
  struct Wrong {
    const char* what;
    std::vector<int> attribute;
  };
  for (const Wrong& wrong :
       {Wrong{"longer than the message", {0x80, 0x22, 0x00, 0x05, 1, 2, 3, 4}},
        Wrong{"PRIORITY of 3", {0x00, 0x24, 0x00, 0x03, 1, 2, 3, 0}},
        Wrong{"ICE-CONTROLLED of 4", {0x80, 0x29, 0x00, 0x04, 1, 2, 3, 4}},
        Wrong{"USE-CANDIDATE of 4", {0x00, 0x25, 0x00, 0x04, 1, 2, 3, 4}},
        Wrong{"MESSAGE-INTEGRITY of 4", {0x00, 0x08, 0x00, 0x04, 1, 2, 3, 4}},
        Wrong{"family 3", {0x00, 0x20, 0x00, 0x08, 0, 3, 1, 2, 1, 2, 3, 4}},
        Wrong{"IPv6 of 4", {0x00, 0x20, 0x00, 0x08, 0, 2, 1, 2, 1, 2, 3, 4}},
        Wrong{"error 299", {0x00, 0x09, 0x00, 0x04, 0, 0, 2, 99}},
        Wrong{"error 4100", {0x00, 0x09, 0x00, 0x04, 0, 0, 4, 100}},
        Wrong{"error without a code", {0x00, 0x09, 0x00, 0x02, 0, 0, 0, 0}},
        Wrong{"odd UNKNOWN-ATTRIBUTES", {0x00, 0x0a, 0x00, 0x03, 0, 1, 0, 0}}}) {
    INFO(wrong.what);
    Bytes bytes = encode(Message{}, nullptr, false);
    for (const int byte : wrong.attribute) bytes.push_back(static_cast<std::uint8_t>(byte));
    bytes[3] = static_cast<std::uint8_t>(bytes.size() - 20);
    CHECK_FALSE(parse(bytes));
  }
}

TEST_CASE("methods that are not sent so are no messages") {
  const auto typed = [](int type) {
    Bytes bytes = encode(Message{}, nullptr, false);
    bytes[0] = static_cast<std::uint8_t>(type >> 8);
    bytes[1] = static_cast<std::uint8_t>(type);
    return parse(bytes).has_value();
  };
  CHECK(typed(0x0016));
  CHECK_FALSE(typed(0x0006));  // a request to send
  CHECK_FALSE(typed(0x0013));  // an indication to allocate
  CHECK_FALSE(typed(0x000a));  // Connect, of RFC 6062
  CHECK_FALSE(typed(0x0200));  // libwebrtc's ping
}

TEST_CASE("what no STUN message can say is refused") {
  Message message;
  message.data = Bytes(65536 - 8, 0);  // 65532 with its header: the last that fits
  CHECK(encode(message, nullptr, false).size() == 20 + 65532);
  CHECK_THROWS_AS(encode(message, &kKey, false), std::length_error);
  message.data = Bytes(65536, 0);
  CHECK_THROWS_AS(encode(message, nullptr, false), std::length_error);
  message.data.reset();
  message.error = ErrorCode{200, ""};
  CHECK_THROWS_AS(encode(message, nullptr, false), std::invalid_argument);
  message.error.reset();
  message.lifetime = Duration::s(std::int64_t{1} << 32);
  CHECK_THROWS_AS(encode(message, nullptr, false), std::invalid_argument);
  message.lifetime = Duration::s((std::int64_t{1} << 32) - 1);
  CHECK(parse(encode(message, nullptr, false))->message.lifetime == message.lifetime);
}

TEST_CASE("random messages come back as they were") {
  std::mt19937_64 random(8489);
  for (int i = 0; i < 10'000; ++i) {
    const Message message = randomMessage(random);
    const bool guarded = chance(random), printed = chance(random);
    const Bytes bytes = encode(message, guarded ? &kKey : nullptr, printed);
    const auto parsed = parse(bytes);
    REQUIRE(parsed);
    REQUIRE(parsed->message == message);
    REQUIRE(parsed->hasIntegrity == guarded);
    REQUIRE(parsed->hasFingerprint == printed);
    REQUIRE(parsed->unknown.empty());
    REQUIRE(verify(bytes, kKey) == guarded);
    REQUIRE(bytes.size() % 4 == 0);
  }
}
