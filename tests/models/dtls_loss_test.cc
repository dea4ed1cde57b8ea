// Handshakes over paths that lose datagrams.
#include <random>
#include <set>

#include "models/dtls/handshake.h"
#include "tests/models/dtls_support.h"

using namespace callflow;
using namespace callflow::dtls;

namespace {

// Bytes of handshake messages that are among the first of these datagrams, by message.
std::map<std::uint16_t, std::set<std::size_t>> bytesOf(const std::vector<stun::Bytes>& datagrams,
                                                       std::size_t count) {
  std::map<std::uint16_t, std::set<std::size_t>> have;
  for (std::size_t i = 0; i < count; ++i)
    for (const Record& record : readRecords(datagrams[i]))
      for (const Fragment& fragment : record.fragments)
        for (std::size_t k = 0; k <= fragment.size; ++k)  // an empty message counts as one byte
          have[fragment.sequence].insert(std::min(fragment.offset + k, fragment.length));
  return have;
}

// Whether all of the flights up to this one, of one end, are among them.
bool hasAll(const std::vector<stun::Bytes>& datagrams, std::size_t count, Version version,
            FlightNumber last, bool postQuantum) {
  auto have = bytesOf(datagrams, count);
  for (FlightNumber number = last; number > 0; number -= 2) {
    std::uint16_t sequence = firstSequence(version, number);
    for (const Message& message : flightOf(version, number, postQuantum)) {
      if (message.content != ContentType::handshake) continue;
      if (have[sequence++].size() != message.length + 1) return false;
    }
  }
  return true;
}

void checkConnected(const Pair& pair, Version version, bool postQuantum = false) {
  CHECK(pair.client.connected());
  CHECK(pair.server.connected());
  CHECK_FALSE(pair.client.nextTimer());
  CHECK_FALSE(pair.server.nextTimer());
  // Nobody may send before all that he needs has come.
  CHECK(hasAll(pair.toServer, pair.toServerBefore, version, 3, postQuantum));
  CHECK(hasAll(pair.toClient, pair.toClientBefore, version, version == Version::v12 ? 4 : 2,
               postQuantum));
}

}  // namespace

TEST_CASE("any one datagram of DTLS 1.2 may be lost") {
  struct Expected {
    std::size_t lost;
    std::int64_t server, client;
  };
  // Without loss 75 and 100 ms. All wait 100 ms.
  for (const Expected& each : {
           Expected{0, 175, 200},  // the hello: again at 100
           // Flight 2: the hello comes again at 125, as the server's own time is up.
           Expected{1, 175, 200},
           // Flight 3, sent at 50: flight 2 again at 125 is answered at 150, when the client's own
           // time is up too.
           Expected{2, 175, 200},
           // Flight 4: flight 3 again at 150 is answered at 175.
           Expected{3, 75, 200},
       }) {
    INFO("datagram " << each.lost);
    Pair pair(Version::v12, [&](Role, std::size_t n) { return n == each.lost; });
    pair.start();
    pair.run();
    checkConnected(pair, Version::v12);
    CHECK(pair.serverMaySend == at(each.server));
    CHECK(pair.clientMaySend == at(each.client));
  }
}

TEST_CASE("any one datagram of DTLS 1.3 may be lost") {
  struct Expected {
    std::size_t lost;
    std::int64_t server, client;
  };
  for (const Expected& each : {
           Expected{0, 175, 150}, Expected{1, 175, 150}, Expected{2, 175, 50},
           Expected{3, 75, 50},  // the acknowledgement: media flows already
       }) {
    INFO("datagram " << each.lost);
    Pair pair(Version::v13, [&](Role, std::size_t n) { return n == each.lost; });
    pair.start();
    pair.run();
    checkConnected(pair, Version::v13);
    CHECK(pair.serverMaySend == at(each.server));
    CHECK(pair.clientMaySend == at(each.client));
  }
}

TEST_CASE("any two datagrams may be lost") {
  for (const Version version : {Version::v12, Version::v13})
    for (const bool postQuantum : {false, true})
      for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t j = i; j < 12; ++j) {
          INFO("datagrams " << i << " and " << j);
          const auto loses = [&](Role, std::size_t n) { return n == i || n == j; };
          Pair pair(version, loses, postQuantum);
          pair.start();
          pair.run();
          checkConnected(pair, version, postQuantum && version == Version::v13);
        }
}

TEST_CASE("a path that lets every second datagram of each end through is enough") {
  for (const Version version : {Version::v12, Version::v13})
    for (const std::size_t client : {0u, 1u})
      for (const std::size_t server : {0u, 1u}) {
        std::size_t fromClient = client, fromServer = server;
        Pair pair(version, [&](Role from, std::size_t) {
          return (from == Role::client ? fromClient : fromServer)++ % 2 == 0;
        });
        pair.start();
        pair.run();
        checkConnected(pair, version);
        // Four flights, each answered once in four sends at the latest.
        CHECK(pair.sent.size() <= 16);
      }
}

TEST_CASE("a handshake gets through a path that never loses three of one end in a row") {
  // An exchange takes nine sends at the most, of the thirteen that there are.
  for (const Version version : {Version::v12, Version::v13})
    for (const bool postQuantum : {false, true})
      for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        INFO("seed " << seed);
        std::mt19937_64 random(seed);
        std::size_t inARow[2] = {0, 0};
        const auto loses = [&](Role from, std::size_t) {
          std::size_t& count = inARow[from == Role::client ? 0 : 1];
          const bool lost = count < 2 && random() % 3 != 0;
          count = lost ? count + 1 : 0;
          return lost;
        };
        Pair pair(version, loses, postQuantum);
        pair.start();
        pair.run();
        checkConnected(pair, version, postQuantum && version == Version::v13);
      }
}

TEST_CASE("on a path that loses half of all datagrams few handshakes fail, and say so") {
  int failed = 0;
  for (const Version version : {Version::v12, Version::v13})
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      INFO("seed " << seed);
      std::mt19937_64 random(seed);
      Pair pair(version, [&](Role, std::size_t) { return random() % 2 == 0; });
      pair.start();
      pair.run();
      if (pair.client.failed() || pair.server.failed()) {
        CHECK_FALSE((pair.client.connected() && pair.server.connected()));
        ++failed;
      } else {
        checkConnected(pair, version);
      }
    }
  // Of the last exchange both datagrams are lost thirteen times by (3/4)^13 = 0.024, of the first
  // less often, as the server sends again by itself: 19 to 38 of 800.
  CHECK(failed >= 8);
  CHECK(failed <= 55);
}

TEST_CASE("without a path both ends stay alone") {
  for (const Version version : {Version::v12, Version::v13}) {
    Pair none(version, [](Role, std::size_t) { return true; });
    none.start();
    none.run();
    CHECK(none.client.failed());
    CHECK_FALSE(none.server.failed());
    CHECK_FALSE(none.server.connected());
    CHECK(none.sent.size() == 13);

    Pair oneWay(version, [](Role from, std::size_t) { return from == Role::server; });
    oneWay.start();
    oneWay.run();
    CHECK(oneWay.client.failed());
    CHECK(oneWay.server.failed());
    CHECK_FALSE(oneWay.client.maySend());
    CHECK_FALSE(oneWay.server.maySend());
  }
}

TEST_CASE("a client of 1.3 that is never acknowledged gives up in the end") {
  // Only the first datagram of the server comes through.
  bool first = true;
  Pair pair(Version::v13, [&](Role from, std::size_t) {
    return from == Role::server && !std::exchange(first, false);
  });
  pair.start();
  pair.run(at(1000));
  CHECK(pair.client.maySend());
  CHECK(pair.server.maySend());
  pair.run();
  CHECK(pair.client.failed());
  CHECK_FALSE(pair.client.maySend());
}
