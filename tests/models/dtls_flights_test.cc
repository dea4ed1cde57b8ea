// The flights of a handshake as bytes: their sizes worked out by hand, their records, their parts.
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "models/dtls/flights.h"
#include "models/dtls/records.h"

using namespace callflow;
using namespace callflow::dtls;
using stun::Bytes;

namespace {

std::vector<Bytes> datagrams(Version version, FlightNumber number, bool postQuantum = false) {
  RecordNumbers numbers;
  return datagramsOf(version, flightOf(version, number, postQuantum),
                     firstSequence(version, number), numbers);
}

std::vector<std::size_t> sizes(Version version, FlightNumber number, bool postQuantum = false) {
  std::vector<std::size_t> out;
  for (const Bytes& bytes : datagrams(version, number, postQuantum)) out.push_back(bytes.size());
  return out;
}

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("the sizes of the flights of DTLS 1.2") {
  // ClientHello: 64, extensions 4 + 5 + 4 + 12 + 6 + 22 + 15 = 68; headers 13 + 12.
  CHECK(sizes(Version::v12, 1) == Sizes{25 + 64 + 68});
  // ServerHello 40 + 4 + 5 + 6 + 9 = 64, Certificate 6 + 281, ServerKeyExchange 4 + 32 + 75,
  // CertificateRequest 3 + 18 + 2, ServerHelloDone; a record each.
  CHECK(sizes(Version::v12, 2) == Sizes{5 * 25 + 64 + 287 + 111 + 23});
  // Certificate, ClientKeyExchange 33, CertificateVerify 75; ChangeCipherSpec 13 + 1; Finished
  // 12 + 12 in a record of 13 + 8 + 16.
  CHECK(sizes(Version::v12, 3) == Sizes{3 * 25 + 287 + 33 + 75 + 14 + 61});
  CHECK(sizes(Version::v12, 4) == Sizes{14 + 61});
}

TEST_CASE("the sizes of the flights of DTLS 1.3") {
  // As of 1.2, and 6 of suites, versions 9, a key share 42, modes 6.
  CHECK(sizes(Version::v13, 1) == Sizes{25 + 132 + 63});
  // ServerHello 40 + 6 + 40 in a record of its own; then in one of 22 more: EncryptedExtensions 11,
  // CertificateRequest 25, Certificate 290, CertificateVerify 75, Finished 32, each with 12.
  CHECK(sizes(Version::v13, 2) == Sizes{25 + 86 + 22 + 5 * 12 + 11 + 25 + 290 + 75 + 32});
  CHECK(sizes(Version::v13, 3) == Sizes{22 + 3 * 12 + 290 + 75 + 32});
  CHECK(sizes(Version::v13, 4) == Sizes{22 + 18});
}

TEST_CASE("a share that is safe from quantum computers parts both hellos") {
  // 2 of a group and 4 + 1216 of its share more: 195 + 1222 = 1417. The first part takes 900 - 25.
  CHECK(sizes(Version::v13, 1, true) == Sizes{900, 25 + 1417 - 875});
  // ServerHello 46 + 8 + 1120 = 1174: 875 and 299; what is left goes into the second datagram.
  CHECK(sizes(Version::v13, 2, true) == Sizes{900, 25 + 299 + 515});
  CHECK(sizes(Version::v13, 3, true) == sizes(Version::v13, 3));
  CHECK(sizes(Version::v12, 1, true) == sizes(Version::v12, 1));
}

TEST_CASE("handshake messages are counted through all flights of an end") {
  CHECK(firstSequence(Version::v12, 1) == 0);
  CHECK(firstSequence(Version::v12, 2) == 0);
  CHECK(firstSequence(Version::v12, 3) == 1);
  CHECK(firstSequence(Version::v12, 4) == 5);
  CHECK(firstSequence(Version::v13, 3) == 1);
  CHECK(firstSequence(Version::v13, 4) == 6);
}

TEST_CASE("the bytes of record and handshake headers") {
  const Bytes hello = datagrams(Version::v12, 1).front();
  CHECK(Bytes(hello.begin(), hello.begin() + 25) ==
        Bytes{22, 0xfe, 0xfd, 0,    0, 0, 0, 0, 0, 0, 0, 0x00, 0x90,  // record: 144
              1,  0,    0,    0x84, 0, 0, 0, 0, 0, 0, 0, 0x84});      // ClientHello of 132
  const Bytes last = datagrams(Version::v12, 4).front();
  CHECK(Bytes(last.begin(), last.begin() + 14) ==
        Bytes{20, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0});
  CHECK(Bytes(last.begin() + 14, last.begin() + 47) ==
        Bytes{22, 0xfe, 0xfd, 0,  1, 0, 0, 0, 0, 0, 0, 0, 48,  // epoch 1, 8 + 24 + 16
              0,  0,    0,    0,  0, 0, 0, 0,                  // nonce
              20, 0,    0,    12, 0, 5, 0, 0, 0, 0, 0, 12});
  const Bytes acknowledgement = datagrams(Version::v13, 4).front();
  // 001 0 1 1 11: two bytes of number, a length, epoch 3.
  CHECK(Bytes(acknowledgement.begin(), acknowledgement.begin() + 5) == Bytes{0x2f, 0, 0, 0, 35});
  CHECK(acknowledgement[5 + 18] == 26);
}

TEST_CASE("numbers of records count on, by epoch") {
  RecordNumbers numbers;
  const auto flight = flightOf(Version::v12, 4, false);
  datagramsOf(Version::v12, flight, 5, numbers);
  const Bytes again = datagramsOf(Version::v12, flight, 5, numbers).front();
  CHECK(again[10] == 1);
  CHECK(again[14 + 10] == 1);
}

TEST_CASE("what a datagram's records say comes back") {
  const auto records = readRecords(datagrams(Version::v12, 3).front());
  REQUIRE(records.size() == 5);
  const std::vector<MessageType> types{MessageType::certificate, MessageType::clientKeyExchange,
                                       MessageType::certificateVerify};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(records[i].epoch == 0);
    REQUIRE(records[i].fragments.size() == 1);
    CHECK(records[i].fragments[0].type == types[i]);
    CHECK(records[i].fragments[0].sequence == 1 + i);
  }
  CHECK(records[3].type == ContentType::changeCipherSpec);
  CHECK(records[4].epoch == 1);
  CHECK(records[4].fragments[0].type == MessageType::finished);

  const auto parts = datagrams(Version::v13, 1, true);
  const auto second = readRecords(parts[1]);
  REQUIRE(second.size() == 1);
  REQUIRE(second[0].fragments.size() == 1);
  CHECK(second[0].fragments[0].length == 1417);
  CHECK(second[0].fragments[0].offset == 875);
  CHECK(second[0].fragments[0].size == 542);

  const auto sealed = readRecords(datagrams(Version::v13, 3).front());
  REQUIRE(sealed.size() == 1);
  CHECK(sealed[0].epoch == 2);
  CHECK(sealed[0].fragments.size() == 3);
  CHECK(readRecords(datagrams(Version::v13, 4).front()).front().type == ContentType::ack);
}

TEST_CASE("bytes that are no records are dropped") {
  CHECK(readRecords(Bytes{}).empty());
  CHECK(readRecords(Bytes{22, 0xfe, 0xfd}).empty());
  Bytes cut = datagrams(Version::v12, 1).front();
  cut.pop_back();
  CHECK(readRecords(cut).empty());
  std::mt19937_64 random(9147);
  for (int i = 0; i < 5'000; ++i) {
    const Version version = random() % 2 ? Version::v12 : Version::v13;
    Bytes bytes = datagrams(version, static_cast<FlightNumber>(1 + random() % 4)).front();
    for (auto changes = random() % 4; changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    if (random() % 2) bytes.resize(random() % (bytes.size() + 1));
    for (const Record& record : readRecords(bytes))
      for (const Fragment& fragment : record.fragments)
        REQUIRE(fragment.offset + fragment.size <= fragment.length);
  }
}
