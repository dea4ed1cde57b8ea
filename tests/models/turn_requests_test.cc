// What a TURN server answers: each error, and when its allocations end.
#include "models/turn/allocations.h"

#include "tests/models/turn_support.h"

using namespace callflow;
using namespace callflow::turn;

TEST_CASE("an allocation: challenged, then granted") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  Message request;
  request.method = Method::allocate;
  request.requestedTransport = 17;
  const Message challenge = alice.ask(request, at(0));
  CHECK(codeOf(challenge) == 401);
  CHECK(challenge.realm == "example.org");
  REQUIRE(challenge.nonce);
  CHECK_FALSE(challenge.nonce->empty());
  CHECK(server.size(at(0)) == 0);

  const Message granted = alice.allocate(at(1));
  CHECK(codeOf(granted) == 0);
  CHECK(granted.relayed == Endpoint{kRelayAddress, 50000});
  CHECK(granted.mapped == stun::Address{kAlice.address, kAlice.port});
  CHECK(granted.lifetime == Duration::s(600));
  CHECK(stun::verify(alice.lastAnswer(), alice.key()));
  // 20 + LIFETIME 8 + XOR-RELAYED-ADDRESS 12 + XOR-MAPPED-ADDRESS 12 + MESSAGE-INTEGRITY 24.
  CHECK(alice.lastAnswer().size() == 76);
  CHECK(server.size(at(1)) == 1);
  CHECK(server.relayedPort(kAliceUdp, at(1)) == 50000);
}

TEST_CASE("a TURN server answers Binding requests of anybody") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker stranger(server);
  const Message answer = stranger.ask(Message{}, at(0));
  CHECK(answer.messageClass == Class::success);
  CHECK(answer.mapped == stun::Address{kAlice.address, kAlice.port});
  CHECK(stranger.lastAnswer().size() == 32);
}

TEST_CASE("credentials that are not right are challenged again") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker wrong(server, kAliceUdp, "alice", "looking glass");
  CHECK(codeOf(wrong.allocate(at(0))) == 401);
  Asker stranger(server, kAliceUdp, "bob", "wonderland");
  CHECK(codeOf(stranger.allocate(at(0))) == 401);
  CHECK(server.size(at(0)) == 0);
}

TEST_CASE("a password that is changed holds from the next request on") {
  Ports ports;
  std::string password = "wonderland";
  ServerSettings settings = settingsWith(ports);
  settings.passwordOf = [&password](const std::string&) { return std::optional(password); };
  Allocations server(settings);
  Asker before(server);
  CHECK(codeOf(before.allocate(at(0))) == 0);
  password = "looking glass";
  Asker after(server, kAliceTcp, "alice", "looking glass");
  CHECK(codeOf(after.allocate(at(1))) == 0);
  CHECK(codeOf(before.allocate(at(1))) == 401);
}

TEST_CASE("a signed request without user, realm or nonce is a bad one") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  alice.learnNonce(at(0));
  Message full;
  full.method = Method::allocate;
  full.requestedTransport = 17;
  full = alice.credited(full);
  const stun::Key key = alice.key();
  for (auto missing : {&Message::username, &Message::realm, &Message::nonce}) {
    Message message = full;
    (message.*missing).reset();
    CHECK(codeOf(alice.ask(message, at(0), &key)) == 400);
  }
  CHECK(codeOf(alice.ask(full, at(0), &key)) == 0);
}

TEST_CASE("a nonce is stale at the end of its lifetime, and for others") {
  Ports ports;
  ServerSettings settings = settingsWith(ports);
  settings.nonceLifetime = Duration::s(100);
  Allocations server(settings);
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);  // its nonce is of 0 s
  CHECK(codeOf(alice.refresh(at(99.999999999))) == 0);
  const Message stale = alice.refresh(at(100));
  CHECK(codeOf(stale) == 438);
  CHECK(stale.realm == "example.org");
  REQUIRE(stale.nonce);
  alice.learnNonce(at(100));
  CHECK(codeOf(alice.refresh(at(199))) == 0);
  CHECK(codeOf(alice.refresh(at(200))) == 438);

  // The nonce of one client in the hands of another, and one that is made up.
  Asker thief(server, {kCarol, kListening, wire::Protocol::udp});
  const stun::Key key = thief.key();
  alice.learnNonce(at(200));
  Message message;
  message.method = Method::allocate;
  message.requestedTransport = 17;
  message = alice.credited(message);
  CHECK(codeOf(thief.ask(message, at(200), &key)) == 438);
  message.nonce = "0123456789abcdef0123456789abcdef";
  CHECK(codeOf(thief.ask(message, at(200), &key)) == 438);
  message.nonce = "";
  CHECK(codeOf(thief.ask(message, at(200), &key)) == 438);
}

TEST_CASE("attributes that the server does not know are named") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  // A Binding request with DONT-FRAGMENT.
  Bytes bytes = stun::encode(Message{}, nullptr, false);
  for (const int byte : {0x00, 0x1a, 0x00, 0x00}) bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes[3] = 4;
  const Message answer = alice.answerTo(bytes, at(0));
  CHECK(codeOf(answer) == 420);
  CHECK(answer.unknownAttributes == std::vector<std::uint16_t>{0x001a});
}

TEST_CASE("an allocation must be for UDP") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  Message message;
  message.method = Method::allocate;
  CHECK(codeOf(alice.askSigned(message, at(0))) == 400);
  message.requestedTransport = 6;
  CHECK(codeOf(alice.askSigned(message, at(0))) == 442);
}

TEST_CASE("one client has one allocation, and a request that comes twice the same answer") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  alice.learnNonce(at(0));
  Message message;
  message.method = Method::allocate;
  message.requestedTransport = 17;
  message.transaction = numbered(7, 7);
  const Message first = alice.askSigned(message, at(0));
  CHECK(codeOf(first) == 0);
  const Message again = alice.askSigned(message, at(0.25));
  CHECK(again.relayed == first.relayed);
  CHECK(again.lifetime == Duration::s(599));  // whole seconds of 599.75
  CHECK(codeOf(alice.allocate(at(1))) == 437);
  CHECK(server.size(at(1)) == 1);

  // The same endpoint over TCP is another client.
  Asker overTcp(server, kAliceTcp);
  CHECK(codeOf(overTcp.allocate(at(1))) == 0);
  CHECK(server.size(at(1)) == 2);
}

TEST_CASE("what needs an allocation is refused without one") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  CHECK(codeOf(alice.refresh(at(0))) == 437);
  CHECK(codeOf(alice.permit({kBob}, at(0))) == 437);
  CHECK(codeOf(alice.bind(0x4000, {kBob}, at(0))) == 437);
  CHECK(stun::verify(alice.lastAnswer(), alice.key()));
}

TEST_CASE("another user does not touch an allocation") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  Asker mallory(server, kAliceUdp, "mallory", "secret");
  CHECK(codeOf(mallory.refresh(at(1), Duration{})) == 441);
  CHECK(codeOf(mallory.permit({kBob}, at(1))) == 441);
  CHECK(codeOf(mallory.bind(0x4000, {kBob}, at(1))) == 441);
  CHECK(server.size(at(1)) == 1);
}

TEST_CASE("a user has as many allocations as the quota allows, at once") {
  Ports ports;
  ServerSettings settings = settingsWith(ports);
  settings.allocationsPerUser = 2;
  Allocations server(settings);
  const auto from = [&](std::uint16_t port) {
    return Asker(server, {{kAlice.address, port}, kListening, wire::Protocol::udp});
  };
  Asker first = from(1), second = from(2), third = from(3);
  CHECK(codeOf(first.allocate(at(0))) == 0);
  CHECK(codeOf(second.allocate(at(10))) == 0);
  CHECK(codeOf(third.allocate(at(10))) == 486);
  Asker mallory(server, {kCarol, kListening, wire::Protocol::udp}, "mallory", "secret");
  CHECK(codeOf(mallory.allocate(at(10))) == 0);
  // The first ends at 600 s.
  third.learnNonce(at(599));
  CHECK(codeOf(third.allocate(at(599.999))) == 486);
  CHECK(codeOf(third.allocate(at(600))) == 0);
}

TEST_CASE("a server without ports has no capacity, until one is given back") {
  Ports ports(1);
  Allocations server(settingsWith(ports));
  Asker alice(server), other(server, {kCarol, kListening, wire::Protocol::udp});
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  CHECK(codeOf(other.allocate(at(1))) == 508);
  CHECK(codeOf(alice.refresh(at(2), Duration{})) == 0);
  CHECK(codeOf(other.allocate(at(2))) == 0);
  CHECK(server.relayedPort({kCarol, kListening, wire::Protocol::udp}, at(2)) == 50000);
}

TEST_CASE("a server with a quota for all refuses the next, or sends it on by the same transport") {
  Ports ports;
  ServerSettings settings = settingsWith(ports);
  settings.allocations = 1;
  bool alternate = false;
  const Ipv4 there = Ipv4::of(20, 202, 0, 10);
  settings.alternate = [&](wire::Protocol protocol) {
    return alternate && protocol == wire::Protocol::tcp ? std::optional(there) : std::nullopt;
  };
  Allocations server(std::move(settings));
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  Asker udp(server, {kCarol, kListening, wire::Protocol::udp}, "mallory", "secret");
  Asker tcp(server, {kCarol, {kRelayAddress, 443}, wire::Protocol::tcp}, "mallory", "secret");
  CHECK(codeOf(tcp.allocate(at(1))) == 486);
  alternate = true;
  const Message away = tcp.allocate(at(2));
  CHECK(codeOf(away) == 300);
  CHECK(away.alternateServer == Endpoint{there, 443});
  CHECK(stun::verify(tcp.lastAnswer(), tcp.key()));
  CHECK(codeOf(udp.allocate(at(2))) == 486);
  // Nobody before he has proved who he is.
  Asker stranger(server, {kBob, {kRelayAddress, 443}, wire::Protocol::tcp}, "bob", "wonderland");
  CHECK(codeOf(stranger.allocate(at(2))) == 401);
  REQUIRE(codeOf(alice.refresh(at(3), Duration{})) == 0);
  CHECK(codeOf(tcp.allocate(at(3))) == 0);
}

TEST_CASE("an allocation lives for its lifetime, and no longer") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  CHECK(server.size(at(599.999)) == 1);
  CHECK(server.relayedPort(kAliceUdp, at(599.999)));
  CHECK(server.size(at(600)) == 0);
  CHECK_FALSE(server.relayedPort(kAliceUdp, at(600)));
  CHECK(ports.free.count(50000) == 0);  // nobody has come since
  alice.learnNonce(at(600));
  CHECK(ports.free.count(50000) == 1);
  CHECK(codeOf(alice.refresh(at(600))) == 437);
}

TEST_CASE("a refresh begins an allocation's lifetime anew, or ends it") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  const Message renewed = alice.refresh(at(540));
  CHECK(renewed.lifetime == Duration::s(600));
  CHECK(server.size(at(1139.999)) == 1);
  CHECK(server.size(at(1140)) == 0);
  const Message ended = alice.refresh(at(550), Duration{});
  CHECK(codeOf(ended) == 0);
  CHECK(ended.lifetime == Duration{});
  CHECK(server.size(at(550)) == 0);
  CHECK(ports.free.size() == 100);
  CHECK(codeOf(alice.refresh(at(551), Duration{})) == 437);
}

TEST_CASE("a lifetime that is asked for is no less than usual and no more than an hour") {
  struct Expected {
    Duration asked, given;
  };
  for (const Expected& each :
       {Expected{Duration::s(1), Duration::s(600)}, Expected{Duration::s(777), Duration::s(777)},
        Expected{Duration::s(3600), Duration::s(3600)},
        Expected{Duration::s(3601), Duration::s(3600)}}) {
    Ports ports;
    Allocations server(settingsWith(ports));
    Asker alice(server);
    CHECK(alice.allocate(at(0), each.asked).lifetime == each.given);
    CHECK(alice.refresh(at(10), each.asked).lifetime == each.given);
    const TimePoint end = at(10) + each.given;
    CHECK(server.size(end - Duration::ns(1)) == 1);
    CHECK(server.size(end) == 0);
  }
}

TEST_CASE("permissions are asked for one or more peers, and not for forbidden ones") {
  Ports ports;
  ServerSettings settings = settingsWith(ports);
  settings.forbiddenPeers = {{Ipv4::of(127, 0, 0, 0), 8}};
  Allocations server(settings);
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  CHECK(codeOf(alice.permit({}, at(0))) == 400);
  const Endpoint loopback{Ipv4::of(127, 0, 0, 1), 80};
  CHECK(codeOf(alice.permit({kBob, loopback}, at(0))) == 403);
  CHECK(server.onPeer(50000, kBob, {1}, at(0)).discard == Discard::noPermission);
  CHECK(codeOf(alice.bind(0x4000, {loopback}, at(0))) == 403);
  CHECK(codeOf(alice.permit({kBob, kCarol}, at(0))) == 0);
  CHECK(alice.lastAnswer().size() == 44);  // 20 + MESSAGE-INTEGRITY 24
  CHECK(server.onPeer(50000, kBob, {1}, at(0)).client == kAliceUdp);
  CHECK(server.onPeer(50000, kCarol, {1}, at(0)).client == kAliceUdp);
}

TEST_CASE("channels and peers belong together one to one") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server);
  REQUIRE(codeOf(alice.allocate(at(0), Duration::s(3600))) == 0);
  CHECK(codeOf(alice.bind(0x3fff, {kBob}, at(0))) == 400);
  CHECK(codeOf(alice.bind(0x5000, {kBob}, at(0))) == 400);
  CHECK(codeOf(alice.bind(std::nullopt, {kBob}, at(0))) == 400);
  CHECK(codeOf(alice.bind(0x4000, {}, at(0))) == 400);
  CHECK(codeOf(alice.bind(0x4000, {kBob, kCarol}, at(0))) == 400);

  CHECK(codeOf(alice.bind(0x4fff, {kBob}, at(0))) == 0);
  CHECK(codeOf(alice.bind(0x4fff, {kBobElsewhere}, at(1))) == 400);  // the number is taken
  CHECK(codeOf(alice.bind(0x4000, {kBob}, at(1))) == 400);           // so is the peer
  CHECK(codeOf(alice.bind(0x4fff, {kBob}, at(1))) == 0);
  CHECK(codeOf(alice.bind(0x4000, {kBobElsewhere}, at(1))) == 0);
  CHECK(server.channel(kAliceUdp, kBob, at(2)) == 0x4fff);
  CHECK(server.channel(kAliceUdp, kBobElsewhere, at(2)) == 0x4000);
  CHECK(server.peer(kAliceUdp, 0x4000, at(2)) == kBobElsewhere);
  CHECK_FALSE(server.channel(kAliceUdp, kCarol, at(2)));

  // Both end at 601 s, and then the other way round is free.
  alice.learnNonce(at(600));
  CHECK(codeOf(alice.bind(0x4fff, {kBobElsewhere}, at(600.999))) == 400);
  CHECK(codeOf(alice.bind(0x4fff, {kBobElsewhere}, at(601))) == 0);
  CHECK(server.channel(kAliceUdp, kBobElsewhere, at(601)) == 0x4fff);
  CHECK_FALSE(server.channel(kAliceUdp, kBob, at(601)));
  CHECK_FALSE(server.peer(kAliceUdp, 0x4000, at(601)));
}

TEST_CASE("a server that calls itself something does so in each answer") {
  Ports ports;
  ServerSettings settings = settingsWith(ports);
  settings.software = "callflow";
  Allocations server(settings);
  Asker alice(server);
  CHECK(alice.ask(Message{}, at(0)).software == "callflow");
  CHECK(alice.allocate(at(0)).software == "callflow");
  CHECK(alice.allocate(at(0)).software == "callflow");
}

TEST_CASE("a server that dies gives all ports back and knows nobody") {
  Ports ports;
  Allocations server(settingsWith(ports));
  Asker alice(server), overTcp(server, kAliceTcp);
  REQUIRE(codeOf(alice.allocate(at(0))) == 0);
  REQUIRE(codeOf(overTcp.allocate(at(0))) == 0);
  server.onClosed(kAliceTcp);
  CHECK(server.size(at(0)) == 1);
  CHECK(ports.free.size() == 99);
  server.forget();
  CHECK(server.size(at(0)) == 0);
  CHECK(ports.free.size() == 100);
  CHECK(server.onPeer(50000, kBob, {1}, at(0)).discard == Discard::noAllocation);
}
