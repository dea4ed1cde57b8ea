// The test vectors of RFC 5769, as bytes.
#include <catch2/catch.hpp>
#include <string>

#include "models/stun/message.h"

using namespace callflow;
using namespace callflow::stun;

namespace {

Bytes fromHex(const std::string& text) {
  Bytes bytes;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

constexpr TransactionId kTransaction{0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                     0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};
const Key kPassword = Key::shortTerm("VOkJxbRl1RmTxUk/WvJxBt");

// 2.1: a request with short-term credentials.
const Bytes kRequest = fromHex(
    "00010058 2112a442 b7e7a701 bc34d686 fa87dfae"
    "80220010 5354554e 20746573 7420636c 69656e74"
    "00240004 6e0001ff"
    "80290008 932ff9b1 51263b36"
    "00060009 6576746a 3a683676 59202020"
    "00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2"
    "80280004 e57a3bcf");

// 2.2: its response, to an IPv4 client.
const Bytes kResponse = fromHex(
    "0101003c 2112a442 b7e7a701 bc34d686 fa87dfae"
    "8022000b 74657374 20766563 746f7220"
    "00200008 0001a147 e112a643"
    "00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7"
    "80280004 c07d4c96");

// 2.3: the same to an IPv6 client.
const Bytes kResponse6 = fromHex(
    "01010048 2112a442 b7e7a701 bc34d686 fa87dfae"
    "8022000b 74657374 20766563 746f7220"
    "00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9"
    "00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41"
    "80280004 c8fb0b4c");

// 2.4: a request with long-term credentials.
const Bytes kLongTerm = fromHex(
    "00010060 2112a442 78ad3433 c6ad72c0 29da412e"
    "00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000"
    "0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341"
    "0014000b 6578616d 706c652e 6f726700"
    "00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666");

// Names in Katakana, "matrix" in UTF-8.
const std::string kUser =
    "\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9";

// All up to MESSAGE-INTEGRITY, with other bytes where the vector pads with spaces.
Bytes unguarded(Bytes bytes, std::size_t padding) {
  bytes[padding] = 0;
  bytes.resize(bytes.size() - 32);  // 24 of MESSAGE-INTEGRITY, 8 of FINGERPRINT
  return bytes;
}

}  // namespace

TEST_CASE("RFC 5769 2.1: a request with short-term credentials") {
  REQUIRE(kRequest.size() == 108);
  const auto parsed = parse(kRequest);
  REQUIRE(parsed);
  Message expected;
  expected.transaction = kTransaction;
  expected.software = "STUN test client";
  expected.priority = 0x6e0001ff;
  expected.controlled = 0x932ff9b151263b36;
  expected.username = "evtj:h6vY";
  CHECK(parsed->message == expected);
  CHECK(parsed->hasIntegrity);
  CHECK(parsed->hasFingerprint);
  CHECK(parsed->unknown.empty());
  CHECK(verify(kRequest, kPassword));
  CHECK_FALSE(verify(kRequest, Key::shortTerm("VOkJxbRl1RmTxUk/WvJxBT")));
}

TEST_CASE("RFC 5769 2.2: a response to an IPv4 client") {
  REQUIRE(kResponse.size() == 80);
  const auto parsed = parse(kResponse);
  REQUIRE(parsed);
  Message expected;
  expected.messageClass = Class::success;
  expected.transaction = kTransaction;
  expected.software = "test vector";
  expected.mapped = Address{wire::Ipv4::of(192, 0, 2, 1), 32853};
  CHECK(parsed->message == expected);
  CHECK(parsed->hasFingerprint);
  CHECK(verify(kResponse, kPassword));
  // callflow pads with zeros: byte 35, and so all that guards it, differ.
  const Bytes again = encode(expected, &kPassword, true);
  REQUIRE(again.size() == kResponse.size());
  CHECK(unguarded(again, 35) == unguarded(kResponse, 35));
  CHECK(verify(again, kPassword));
}

TEST_CASE("RFC 5769 2.3: a response to an IPv6 client") {
  REQUIRE(kResponse6.size() == 92);
  const auto parsed = parse(kResponse6);
  REQUIRE(parsed);
  Message expected;
  expected.messageClass = Class::success;
  expected.transaction = kTransaction;
  expected.software = "test vector";
  expected.mapped = Address{Ipv6{{0x20, 0x01, 0x0d, 0xb8, 0x12, 0x34, 0x56, 0x78, 0x00, 0x11, 0x22,
                                  0x33, 0x44, 0x55, 0x66, 0x77}},
                            32853};
  CHECK(parsed->message == expected);
  CHECK(parsed->hasFingerprint);
  CHECK(verify(kResponse6, kPassword));
  const Bytes again = encode(expected, &kPassword, true);
  REQUIRE(again.size() == kResponse6.size());
  CHECK(unguarded(again, 35) == unguarded(kResponse6, 35));
}

TEST_CASE("RFC 5769 2.4: a request with long-term credentials") {
  REQUIRE(kLongTerm.size() == 116);
  const auto parsed = parse(kLongTerm);
  REQUIRE(parsed);
  Message expected;
  expected.transaction = {0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72, 0xc0, 0x29, 0xda, 0x41, 0x2e};
  expected.username = kUser;
  expected.nonce = "f//499k954d6OL34oL9FSTvy64sA";
  expected.realm = "example.org";
  CHECK(parsed->message == expected);
  CHECK(parsed->hasIntegrity);
  CHECK_FALSE(parsed->hasFingerprint);
  CHECK(verify(kLongTerm, Key::longTerm(kUser, "example.org", "TheMatrIX")));
  CHECK_FALSE(verify(kLongTerm, Key::longTerm(kUser, "example.com", "TheMatrIX")));
  CHECK_FALSE(verify(kLongTerm, Key::shortTerm("TheMatrIX")));
}

TEST_CASE("what is padded with spaces in RFC 5769 is read with any padding") {
  // Byte 35 pads SOFTWARE. Nothing guards a message without the two last attributes.
  for (const int padding : {0x00, 0x20, 0xff}) {
    Bytes bytes = unguarded(kResponse, 35);
    bytes[3] = static_cast<std::uint8_t>(bytes.size() - 20);
    bytes[35] = static_cast<std::uint8_t>(padding);
    const auto parsed = parse(bytes);
    REQUIRE(parsed);
    CHECK(parsed->message.software == "test vector");
  }
}
