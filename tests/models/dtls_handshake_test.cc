// Who sends what when in a handshake of DTLS, and who may send media from when on; by hand.
#include "models/dtls/handshake.h"

#include "tests/models/dtls_support.h"

using namespace callflow;
using namespace callflow::dtls;

namespace {

constexpr Role kClient = Role::client, kServer = Role::server;

// When a client sends its hello, if nobody answers.
std::vector<TimePoint> helloTimes(Duration roundTrip) {
  Handshake client(kClient, Version::v12);
  client.start(roundTrip, at(0));
  std::vector<TimePoint> times;
  TimePoint now = at(0);
  for (;;) {
    for (const stun::Bytes& bytes : client.takeOutgoing()) {
      CHECK(bytes.size() == 157);
      times.push_back(now);
    }
    const auto next = client.nextTimer();
    if (!next) break;
    now = *next;
    client.onTimer(now);
  }
  CHECK(client.failed());
  CHECK_FALSE(client.maySend());
  times.push_back(now);  // when it gives up
  return times;
}

}  // namespace

TEST_CASE("DTLS 1.2 takes two round trips") {
  Pair pair(Version::v12);
  pair.start();
  pair.run();
  CHECK(pair.sent == std::vector<Sent>{{kClient, at(0), 157},
                                       {kServer, at(25), 610},
                                       {kClient, at(50), 545},
                                       {kServer, at(75), 75}});
  CHECK(pair.serverMaySend == at(75));
  CHECK(pair.clientMaySend == at(100));
  CHECK_FALSE(pair.client.nextTimer());
  CHECK_FALSE(pair.server.nextTimer());
}

TEST_CASE("DTLS 1.3 takes one round trip") {
  Pair pair(Version::v13);
  pair.start();
  pair.run();
  CHECK(pair.sent == std::vector<Sent>{{kClient, at(0), 220},
                                       {kServer, at(25), 626},
                                       {kClient, at(50), 455},
                                       {kServer, at(75), 40}});
  CHECK(pair.clientMaySend == at(50));
  CHECK(pair.serverMaySend == at(75));
  CHECK_FALSE(pair.client.nextTimer());
  CHECK_FALSE(pair.server.nextTimer());
}

TEST_CASE("DTLS 1.3 with a share that is safe from quantum computers takes two datagrams each") {
  Pair pair(Version::v13, {}, true);
  pair.start();
  pair.run();
  CHECK(pair.sent == std::vector<Sent>{{kClient, at(0), 900},
                                       {kClient, at(0), 567},
                                       {kServer, at(25), 900},
                                       {kServer, at(25), 839},
                                       {kClient, at(50), 455},
                                       {kServer, at(75), 40}});
  CHECK(pair.clientMaySend == at(50));
  CHECK(pair.serverMaySend == at(75));
}

TEST_CASE("a server answers with such a share only who offers one") {
  Handshake client(kClient, Version::v13, false), server(kServer, Version::v13, true);
  client.start(Duration::ms(50), at(0));
  server.start(Duration::ms(50), at(0));
  for (const auto& bytes : client.takeOutgoing()) server.onDatagram(bytes, at(1));
  const auto answer = server.takeOutgoing();
  REQUIRE(answer.size() == 1);
  CHECK(answer[0].size() == 626);
}

TEST_CASE("an unanswered flight is sent again after twice the round trip, doubling") {
  // 100 ms, then 200 and so on up to 60 s, of which there is one more: twelve times again.
  CHECK(helloTimes(Duration::ms(50)) ==
        std::vector{at(0), at(100), at(300), at(700), at(1500), at(3100), at(6300), at(12700),
                    at(25500), at(51100), at(102300), at(162300), at(222300), at(282300)});
}

TEST_CASE("the first wait is no shorter than 50 ms and no longer than 3 s") {
  CHECK(helloTimes(Duration::ms(1))[1] == at(50));
  CHECK(helloTimes(Duration::ms(25))[1] == at(50));
  CHECK(helloTimes(Duration::ms(26))[1] == at(52));
  CHECK(helloTimes(Duration::ms(1500))[1] == at(3000));
  const auto slow = helloTimes(Duration::s(10));
  CHECK(slow[1] == at(3000));
  CHECK(slow[2] == at(9000));
}

TEST_CASE("a server keeps a hello that comes before its path stands") {
  for (const bool postQuantum : {false, true}) {
    Handshake client(kClient, Version::v13, postQuantum),
        server(kServer, Version::v13, postQuantum);
    client.start(Duration::ms(50), at(0));
    for (const auto& bytes : client.takeOutgoing()) server.onDatagram(bytes, at(25));
    CHECK_FALSE(server.started());
    CHECK(server.takeOutgoing().empty());
    server.start(Duration::ms(50), at(40));
    CHECK(server.started());
    CHECK(server.takeOutgoing().size() == (postQuantum ? 2 : 1));
    CHECK(server.nextTimer() == at(140));
  }
}

TEST_CASE("a server without a hello waits and sends nothing") {
  Handshake server(kServer, Version::v12);
  server.start(Duration::ms(50), at(0));
  CHECK_FALSE(server.nextTimer());
  server.onTimer(at(1000));
  CHECK(server.takeOutgoing().empty());
}

TEST_CASE("a flight that comes again is answered again") {
  for (const Version version : {Version::v12, Version::v13}) {
    Handshake client(kClient, version), server(kServer, version);
    client.start(Duration::ms(50), at(0));
    server.start(Duration::ms(50), at(0));
    const auto first = client.takeOutgoing();
    server.onDatagram(first[0], at(25));
    const auto second = server.takeOutgoing();
    REQUIRE(second.size() == 1);
    server.onDatagram(first[0], at(30));
    const auto secondAgain = server.takeOutgoing();
    REQUIRE(secondAgain.size() == 1);
    CHECK(secondAgain[0].size() == second[0].size());
    CHECK(secondAgain[0] != second[0]);  // its records have new numbers
    CHECK(server.nextTimer() == at(130));

    client.onDatagram(second[0], at(50));
    const auto third = client.takeOutgoing();
    REQUIRE(third.size() == 1);
    client.onDatagram(secondAgain[0], at(55));
    CHECK(client.takeOutgoing().size() == 1);
    CHECK(client.nextTimer() == at(155));

    server.onDatagram(third[0], at(75));
    CHECK(server.maySend());
    CHECK(server.takeOutgoing().size() == 1);
    CHECK_FALSE(server.nextTimer());
    server.onDatagram(third[0], at(80));
    const auto fourth = server.takeOutgoing();
    REQUIRE(fourth.size() == 1);
    CHECK_FALSE(server.nextTimer());

    client.onDatagram(fourth[0], at(100));
    CHECK(client.maySend());
    CHECK_FALSE(client.nextTimer());
    client.onDatagram(fourth[0], at(101));
    client.onDatagram(second[0], at(102));
    CHECK(client.takeOutgoing().empty());
  }
}

TEST_CASE("the client of 1.3 sends its last flight again until it is acknowledged") {
  Handshake client(kClient, Version::v13), server(kServer, Version::v13);
  client.start(Duration::ms(50), at(0));
  server.start(Duration::ms(50), at(0));
  server.onDatagram(client.takeOutgoing()[0], at(25));
  client.onDatagram(server.takeOutgoing()[0], at(50));
  CHECK(client.takeOutgoing().size() == 1);
  CHECK(client.maySend());
  REQUIRE(client.nextTimer() == at(150));
  client.onTimer(at(150));
  const auto again = client.takeOutgoing();
  REQUIRE(again.size() == 1);
  CHECK(client.nextTimer() == at(350));
  server.onDatagram(again[0], at(175));
  client.onDatagram(server.takeOutgoing()[0], at(200));
  CHECK_FALSE(client.nextTimer());
  CHECK(client.connected());
}

TEST_CASE("in 1.2 half a flight does not stop the timer, in 1.3 it acknowledges") {
  // A server's flight of two datagrams, of which one comes.
  Handshake client(kClient, Version::v13, true), server(kServer, Version::v13, true);
  client.start(Duration::ms(50), at(0));
  server.start(Duration::ms(50), at(0));
  const auto hello = client.takeOutgoing();
  server.onDatagram(hello[1], at(25));  // in any order
  CHECK(server.takeOutgoing().empty());
  server.onDatagram(hello[0], at(25));
  const auto second = server.takeOutgoing();
  REQUIRE(second.size() == 2);
  client.onDatagram(second[0], at(50));
  CHECK_FALSE(client.nextTimer());
  CHECK_FALSE(client.connected());
  // The server sends all again.
  server.onTimer(at(125));
  const auto again = server.takeOutgoing();
  REQUIRE(again.size() == 2);
  client.onDatagram(again[1], at(150));
  CHECK(client.connected());
}

TEST_CASE("what is encrypted cannot be read before its keys are there") {
  Handshake client(kClient, Version::v13, true), server(kServer, Version::v13, true);
  client.start(Duration::ms(50), at(0));
  server.start(Duration::ms(50), at(0));
  for (const auto& bytes : client.takeOutgoing()) server.onDatagram(bytes, at(25));
  const auto second = server.takeOutgoing();
  // The second datagram has the rest of the ServerHello, and what its keys protect.
  client.onDatagram(second[1], at(50));
  client.onDatagram(second[0], at(50));
  CHECK_FALSE(client.connected());
  client.onDatagram(second[1], at(51));
  CHECK(client.connected());
}

TEST_CASE("strange bytes change nothing") {
  for (const Version version : {Version::v12, Version::v13}) {
    Handshake server(kServer, version);
    server.start(Duration::ms(50), at(0));
    server.onDatagram({}, at(1));
    server.onDatagram({22, 0xfe, 0xfd}, at(1));
    server.onDatagram({0x80, 1, 2, 3}, at(1));
    // A ServerHello is not for servers, and a Finished comes too early.
    for (const FlightNumber number : {2, 3, 4}) {
      RecordNumbers numbers;
      for (const auto& bytes : datagramsOf(version, flightOf(version, number, false),
                                           firstSequence(version, number), numbers))
        server.onDatagram(bytes, at(1));
    }
    CHECK(server.takeOutgoing().empty());
    CHECK_FALSE(server.connected());
  }
}
