// A client at its TURN server: when it sends what, against answers that are made by hand.
#include "models/turn/client.h"

#include <vector>

#include "models/turn/channel_data.h"
#include "tests/models/turn_support.h"

using namespace callflow;
using namespace callflow::turn;

namespace {

constexpr Endpoint kRelayed{kRelayAddress, 50000};

// The server's side of a client, which answers what it is told to.
struct Fixture {
  explicit Fixture(bool reliable = false)
      : client({"alice", "wonderland"}, reliable, [this] { return numbered(1, ++made); }) {}

  // What the client has sent; one request.
  Message asked() {
    sent = client.takeOutgoing();
    REQUIRE(sent.size() == 1);
    const auto parsed = stun::parse(sent.front());
    REQUIRE(parsed);
    return parsed->message;
  }
  Message askedSigned() {
    const Message message = asked();
    CHECK(message.username == "alice");
    CHECK(message.realm == "example.org");
    CHECK(stun::verify(sent.front(), key));
    return message;
  }
  Message answerTo(const Message& request, Class messageClass = Class::success) const {
    Message answer;
    answer.messageClass = messageClass;
    answer.method = request.method;
    answer.transaction = request.transaction;
    return answer;
  }
  void succeed(const Message& request, TimePoint now, std::optional<Duration> lifetime = {}) {
    Message answer = answerTo(request);
    answer.lifetime = lifetime;
    if (request.method == Method::allocate) {
      answer.relayed = kRelayed;
      answer.mapped = stun::Address{kAlice.address, kAlice.port};
    }
    CHECK(client.onMessage(stun::encode(answer, &key, false), now));
  }
  // Signed, as by a server that knows whose request it was.
  void refuse(const Message& request, int code, TimePoint now) {
    Message answer = answerTo(request, Class::error);
    answer.error = stun::ErrorCode{code, ""};
    CHECK(client.onMessage(stun::encode(answer, &key, false), now));
  }
  void challenge(const Message& request, int code, const char* nonce, TimePoint now) {
    Message answer = answerTo(request, Class::error);
    answer.error = stun::ErrorCode{code, ""};
    answer.realm = "example.org";
    answer.nonce = nonce;
    CHECK(client.onMessage(stun::encode(answer, nullptr, false), now));
  }
  // Ready at this time.
  void allocate(TimePoint now, Duration lifetime = Duration::s(600)) {
    client.start(now);
    challenge(asked(), 401, "first", now);
    succeed(askedSigned(), now, lifetime);
    REQUIRE(client.state() == Client::State::ready);
    CHECK(client.takeOutgoing().empty());
  }
  // What leaves at its next timer, which must be this.
  void passTo(TimePoint now) {
    REQUIRE(client.nextTimer() == now);
    client.onTimer(now);
  }

  int made = 0;
  stun::Key key = stun::Key::longTerm("alice", "example.org", "wonderland");
  std::vector<Bytes> sent;
  Client client;
};

// When its requests leave, if nobody answers, until it gives up.
std::vector<TimePoint> sendsUntilFailure(Client& client, TimePoint& failed) {
  std::vector<TimePoint> times{at(0)};
  CHECK(client.takeOutgoing().size() == 1);
  while (const auto next = client.nextTimer()) {
    REQUIRE(times.size() < 100);
    client.onTimer(*next);
    failed = *next;
    if (!client.takeOutgoing().empty()) times.push_back(*next);
  }
  return times;
}

}  // namespace

TEST_CASE("over UDP a request without an answer is sent nine times in 39.75 s") {
  Fixture f;
  f.client.start(at(0));
  CHECK(f.client.state() == Client::State::allocating);
  TimePoint failed;
  const auto times = sendsUntilFailure(f.client, failed);
  CHECK(times == std::vector{at(0), at(0.25), at(0.75), at(1.75), at(3.75), at(7.75), at(15.75),
                             at(23.75), at(31.75)});
  CHECK(failed == at(39.75));
  CHECK(f.client.state() == Client::State::failed);
  CHECK(f.client.error() == 701);
}

TEST_CASE("over TCP a request is sent once and given up after 39.5 s") {
  Fixture f(true);
  f.client.start(at(0));
  TimePoint failed;
  CHECK(sendsUntilFailure(f.client, failed) == std::vector{at(0)});
  CHECK(failed == at(39.5));
  CHECK(f.client.error() == 701);
}

TEST_CASE("a request that is sent again is the same") {
  Fixture f;
  f.client.start(at(0));
  const auto first = f.client.takeOutgoing();
  f.passTo(at(0.25));
  CHECK(f.client.takeOutgoing() == first);
}

TEST_CASE("a client allocates in two round trips") {
  Fixture f;
  f.client.start(at(0));
  const Message first = f.asked();
  CHECK(first.method == Method::allocate);
  CHECK(first.requestedTransport == 17);
  CHECK_FALSE(first.username);
  CHECK(f.sent.front().size() == 28);
  f.challenge(first, 401, "first", at(0.04));
  const Message second = f.askedSigned();
  CHECK(second.nonce == "first");
  CHECK(second.requestedTransport == 17);
  CHECK(second.transaction != first.transaction);
  // Its own time, and no more that of the first.
  CHECK(f.client.nextTimer() == at(0.29));
  f.succeed(second, at(0.08), Duration::s(600));
  CHECK(f.client.state() == Client::State::ready);
  CHECK(f.client.relayed() == kRelayed);
  CHECK(f.client.mapped() == kAlice);
  CHECK(f.client.nextTimer() == at(540.08));
}

TEST_CASE("an allocation is refreshed a minute before its end, a short one at half its life") {
  struct Expected {
    Duration lifetime;
    double refreshedAt;
  };
  for (const Expected& each :
       {Expected{Duration::s(600), 540}, Expected{Duration::s(120), 60},
        Expected{Duration::s(119), 59.5}, Expected{Duration::s(10), 5},
        Expected{Duration::s(3600), 3540}, Expected{Duration::s(7200), 3540}}) {
    Fixture f;
    f.allocate(at(0), each.lifetime);
    f.passTo(at(each.refreshedAt));
    const Message refresh = f.askedSigned();
    CHECK(refresh.method == Method::refresh);
    // The answer's lifetime counts from then on.
    f.succeed(refresh, at(each.refreshedAt + 1), Duration::s(600));
    CHECK(f.client.nextTimer() == at(each.refreshedAt + 541));
  }
}

TEST_CASE("errors of an allocation end the session") {
  for (const int code : {400, 403, 437, 442, 486, 508}) {
    Fixture f;
    f.client.start(at(0));
    f.challenge(f.asked(), 401, "first", at(0));
    f.refuse(f.askedSigned(), code, at(0));
    CHECK(f.client.state() == Client::State::failed);
    CHECK(f.client.error() == code);
    CHECK_FALSE(f.client.nextTimer());
    CHECK(f.client.takeOutgoing().empty());
  }
  // Credentials that do not help.
  Fixture f;
  f.client.start(at(0));
  f.challenge(f.asked(), 401, "first", at(0));
  f.challenge(f.askedSigned(), 401, "second", at(0));
  CHECK(f.client.state() == Client::State::failed);
  CHECK(f.client.error() == 401);
}

TEST_CASE("a client that is sent to another server asks there, and goes nowhere twice") {
  const Endpoint other{Ipv4::of(20, 202, 0, 10), 3478}, third{Ipv4::of(20, 202, 0, 11), 3478};
  const auto sendOn = [](Fixture& f, Endpoint to) {
    Message answer = f.answerTo(f.askedSigned(), Class::error);
    answer.error = stun::ErrorCode{300, "Try Alternate"};
    answer.alternateServer = to;
    CHECK(f.client.onMessage(stun::encode(answer, &f.key, false), at(1)));
  };
  Fixture f;
  f.client.start(at(0));
  f.challenge(f.asked(), 401, "first", at(0));
  sendOn(f, other);
  CHECK(f.client.server() == other);
  CHECK(f.client.state() == Client::State::allocating);
  // Asks with the credentials that it has (RFC 8489 10), which the other does not know.
  f.challenge(f.askedSigned(), 438, "second", at(1));
  sendOn(f, third);
  CHECK(f.client.server() == third);
  sendOn(f, other);
  CHECK(f.client.state() == Client::State::failed);
  CHECK(f.client.error() == 300);

  Fixture tcp(true);
  tcp.client.start(at(0));
  tcp.challenge(tcp.asked(), 401, "first", at(0));
  sendOn(tcp, other);
  // Until there is a connection to it.
  CHECK(tcp.client.state() == Client::State::idle);
  CHECK(tcp.client.takeOutgoing().empty());
  tcp.client.start(at(2));
  tcp.succeed(tcp.askedSigned(), at(2));
  CHECK(tcp.client.state() == Client::State::ready);
}

TEST_CASE("a stale nonce is replaced at once, whatever was asked") {
  Fixture f;
  f.client.start(at(0));
  f.challenge(f.asked(), 401, "first", at(0));
  f.challenge(f.askedSigned(), 438, "second", at(0));
  Message message = f.askedSigned();
  CHECK(message.nonce == "second");
  f.succeed(message, at(0), Duration::s(600));

  f.client.permit(kBob, at(1));
  f.challenge(f.askedSigned(), 438, "third", at(1));
  message = f.askedSigned();
  CHECK(message.method == Method::createPermission);
  CHECK(message.nonce == "third");
  CHECK(message.peers == std::vector{kBob});
  f.succeed(message, at(1));

  f.client.send(kBob, {1}, true, at(2));
  auto sent = f.client.takeOutgoing();
  REQUIRE(sent.size() == 2);
  f.challenge(stun::parse(sent[0])->message, 438, "fourth", at(2));
  message = f.askedSigned();
  CHECK(message.method == Method::channelBind);
  CHECK(message.channel == 0x4000);
  CHECK(message.nonce == "fourth");
  f.succeed(message, at(2));
  CHECK(f.client.channel(kBob) == 0x4000);

  f.passTo(at(242));
  f.succeed(f.askedSigned(), at(242));
  f.passTo(at(482));
  f.succeed(f.askedSigned(), at(482));
  f.passTo(at(540));
  f.challenge(f.askedSigned(), 438, "fifth", at(540));
  message = f.askedSigned();
  CHECK(message.method == Method::refresh);
  CHECK(message.nonce == "fifth");
  CHECK(f.client.state() == Client::State::ready);
}

TEST_CASE("a permission is asked for at once and every 240 s") {
  Fixture f;
  f.allocate(at(0), Duration::s(3600));
  f.client.permit(kBob, at(10));
  Message message = f.askedSigned();
  CHECK(message.method == Method::createPermission);
  CHECK(message.peers == std::vector{kBob});
  f.succeed(message, at(10));
  f.client.permit(kBob, at(11));  // he has it
  CHECK(f.client.takeOutgoing().empty());
  for (const double time : {250, 490, 730}) {
    f.passTo(at(time));
    message = f.askedSigned();
    CHECK(message.method == Method::createPermission);
    f.succeed(message, at(time));
  }
  CHECK_FALSE(f.client.failed(kBob));
}

TEST_CASE("the first payload asks for a channel, and goes in an indication like checks") {
  Fixture f;
  f.allocate(at(0), Duration::s(3600));
  f.client.permit(kBob, at(0));
  f.succeed(f.askedSigned(), at(0));

  f.client.send(kBob, {1}, false, at(1));  // a check
  Message message = f.asked();
  CHECK(message.messageClass == Class::indication);
  CHECK(message.method == Method::send);
  CHECK(message.peers == std::vector{kBob});
  CHECK(message.data == Bytes{1});
  CHECK_FALSE(f.client.channel(kBob));

  f.client.send(kBob, {2}, true, at(2));
  auto sent = f.client.takeOutgoing();
  REQUIRE(sent.size() == 2);
  const Message binding = stun::parse(sent[0])->message;
  CHECK(binding.method == Method::channelBind);
  CHECK(binding.channel == 0x4000);
  CHECK(stun::parse(sent[1])->message.method == Method::send);
  f.client.send(kBob, {3}, true, at(2.01));  // meanwhile
  CHECK(f.asked().method == Method::send);
  f.succeed(binding, at(2.04));
  CHECK(f.client.channel(kBob) == 0x4000);

  f.client.send(kBob, {4}, true, at(3));
  CHECK(f.client.takeOutgoing() == std::vector<Bytes>{Bytes{0x40, 0, 0, 1, 4}});
  f.client.send(kBob, {5}, false, at(3));  // a check too
  CHECK(f.client.takeOutgoing() == std::vector<Bytes>{Bytes{0x40, 0, 0, 1, 5}});

  // From then on the channel is renewed, and no permission.
  for (const double time : {242, 482, 722}) {
    f.passTo(at(time));
    message = f.askedSigned();
    CHECK(message.method == Method::channelBind);
    CHECK(message.channel == 0x4000);
    f.succeed(message, at(time));
  }
  // The next peer has the next number.
  f.client.send(kCarol, {1}, true, at(723));
  sent = f.client.takeOutgoing();
  REQUIRE(sent.size() == 3);
  CHECK(stun::parse(sent[0])->message.method == Method::createPermission);
  CHECK(stun::parse(sent[1])->message.channel == 0x4001);
}

TEST_CASE("over TCP ChannelData is padded") {
  Fixture f(true);
  f.allocate(at(0));
  f.client.send(kBob, {1}, true, at(0));
  const auto sent = f.client.takeOutgoing();
  REQUIRE(sent.size() == 3);
  f.succeed(stun::parse(sent[1])->message, at(0));
  f.client.send(kBob, {4}, true, at(0));
  CHECK(f.client.takeOutgoing() == std::vector<Bytes>{Bytes{0x40, 0, 0, 1, 4, 0, 0, 0}});
}

TEST_CASE("what peers send comes out of indications and channels") {
  Fixture f;
  f.allocate(at(0));
  Message indication;
  indication.messageClass = Class::indication;
  indication.method = Method::data;
  indication.peers = {kCarol};
  indication.data = Bytes{1, 2};
  CHECK(f.client.onMessage(stun::encode(indication, nullptr, false), at(1)));
  f.client.send(kBob, {1}, true, at(1));
  f.succeed(stun::parse(f.client.takeOutgoing()[1])->message, at(1));
  CHECK(f.client.onMessage({0x40, 0, 0, 1, 3}, at(2)));
  CHECK(f.client.onMessage({0x40, 9, 0, 1, 4}, at(2)));  // of nobody
  const auto received = f.client.takeReceived();
  REQUIRE(received.size() == 2);
  CHECK(received[0].peer == kCarol);
  CHECK(received[0].bytes == Bytes{1, 2});
  CHECK(received[1].peer == kBob);
  CHECK(received[1].bytes == Bytes{3});
  CHECK(f.client.takeReceived().empty());
  CHECK_FALSE(f.client.onMessage({0x80, 0, 0, 0}, at(2)));  // RTP
}

TEST_CASE("a peer that the server refuses is given up, the session is not") {
  Fixture f;
  f.allocate(at(0));
  f.client.permit(kBob, at(1));
  f.refuse(f.askedSigned(), 403, at(1));
  CHECK(f.client.failed(kBob));
  CHECK_FALSE(f.client.failed(kCarol));
  CHECK(f.client.state() == Client::State::ready);
  f.client.send(kBob, {1}, true, at(2));
  CHECK(f.client.takeOutgoing().empty());
  CHECK(f.client.nextTimer() == at(540));
}

TEST_CASE("a permission that nobody answers is given up, and a refresh with the session") {
  Fixture f;
  f.allocate(at(0));
  f.client.permit(kBob, at(1));
  while (*f.client.nextTimer() < at(100)) f.client.onTimer(*f.client.nextTimer());
  CHECK(f.client.takeOutgoing().size() == 9);
  CHECK(f.client.failed(kBob));
  CHECK(f.client.state() == Client::State::ready);

  while (f.client.nextTimer()) {
    REQUIRE(*f.client.nextTimer() <= at(579.75));
    f.client.onTimer(*f.client.nextTimer());
  }
  CHECK(f.client.state() == Client::State::failed);
  CHECK(f.client.error() == 701);
  CHECK(f.client.takeOutgoing().size() == 9);
}

TEST_CASE("answers that are not the server's are as good as none") {
  Fixture f;
  f.client.start(at(0));
  const Message first = f.asked();
  f.challenge(first, 401, "first", at(0));
  const Message second = f.askedSigned();
  Message answer = f.answerTo(second);
  answer.relayed = kRelayed;
  answer.mapped = stun::Address{kAlice.address, kAlice.port};
  answer.lifetime = Duration::s(600);
  const stun::Key other = stun::Key::longTerm("alice", "example.org", "looking glass");
  f.client.onMessage(stun::encode(answer, &other, false), at(0.1));
  f.client.onMessage(stun::encode(answer, nullptr, false), at(0.1));
  Message error = f.answerTo(second, Class::error);
  error.error = stun::ErrorCode{486, ""};
  f.client.onMessage(stun::encode(error, nullptr, false), at(0.1));
  CHECK_FALSE(f.client.onMessage(stun::encode(f.answerTo(first), &f.key, false), at(0.1)));
  answer.method = Method::refresh;
  CHECK_FALSE(f.client.onMessage(stun::encode(answer, &f.key, false), at(0.1)));
  CHECK(f.client.state() == Client::State::allocating);
  CHECK(f.client.nextTimer() == at(0.25));
  f.succeed(second, at(0.2), Duration::s(600));
  CHECK(f.client.state() == Client::State::ready);
}

TEST_CASE("in the end the allocation is given back") {
  Fixture f;
  f.allocate(at(0));
  f.client.permit(kBob, at(1));
  f.succeed(f.askedSigned(), at(1));
  f.client.close(at(100));
  const Message message = f.askedSigned();
  CHECK(message.method == Method::refresh);
  CHECK(message.lifetime == Duration{});
  CHECK_FALSE(f.client.nextTimer());
  // Nothing to give back yet.
  Fixture g;
  g.client.start(at(0));
  CHECK(g.client.takeOutgoing().size() == 1);
  g.client.close(at(0.1));
  CHECK(g.client.takeOutgoing().empty());
  CHECK_FALSE(g.client.nextTimer());
}

TEST_CASE("a session whose connection fails is over at once") {
  Fixture f(true);
  f.allocate(at(0));
  f.client.permit(kBob, at(1));
  f.client.fail();
  CHECK(f.client.state() == Client::State::failed);
  CHECK(f.client.error() == 701);
  CHECK_FALSE(f.client.nextTimer());
}
