// What a TURN server passes on between clients and peers, and why it drops the rest.
#include "models/turn/allocations.h"

#include <random>

#include "models/turn/channel_data.h"
#include "tests/models/turn_support.h"

using namespace callflow;
using namespace callflow::turn;

namespace {

// A server at which alice has allocated port 50000 for an hour.
struct Fixture {
  explicit Fixture(const Client5& client = kAliceUdp)
      : server(settingsWith(ports)), alice(server, client) {
    REQUIRE(codeOf(alice.allocate(at(0), Duration::s(3600))) == 0);
  }
  Discard discardOf(const Bytes& bytes, TimePoint now) {
    const auto outcome = server.onClient(kAliceUdp, bytes, now);
    CHECK_FALSE(outcome.answer);
    CHECK(outcome.toPeer.has_value() == (outcome.discard == Discard::none));
    return outcome.discard;
  }

  Ports ports;
  Allocations server;
  Asker alice;
};

}  // namespace

TEST_CASE("an indication to send reaches a permitted address, whatever its port") {
  Fixture f;
  CHECK(f.discardOf(sendIndication(kBob, {1, 2, 3}), at(0)) == Discard::noPermission);
  REQUIRE(codeOf(f.alice.permit({kBob}, at(0))) == 0);
  for (const Endpoint& peer : {kBob, kBobElsewhere}) {
    const auto outcome = f.server.onClient(kAliceUdp, sendIndication(peer, {1, 2, 3}), at(1));
    REQUIRE(outcome.toPeer);
    CHECK(outcome.toPeer->port == 50000);
    CHECK(outcome.toPeer->peer == peer);
    CHECK(outcome.toPeer->bytes == Bytes{1, 2, 3});
  }
  CHECK(f.discardOf(sendIndication(kBob, {}), at(1)) == Discard::none);
  CHECK(f.discardOf(sendIndication(kCarol, {1}), at(1)) == Discard::noPermission);
}

TEST_CASE("a permission lasts for 300 s") {
  Fixture f;
  REQUIRE(codeOf(f.alice.permit({kBob}, at(10))) == 0);
  CHECK(f.discardOf(sendIndication(kBob, {1}), at(309.999)) == Discard::none);
  CHECK(f.server.onPeer(50000, kBob, {1}, at(309.999)).discard == Discard::none);
  CHECK(f.discardOf(sendIndication(kBob, {1}), at(310)) == Discard::noPermission);
  CHECK(f.server.onPeer(50000, kBob, {1}, at(310)).discard == Discard::noPermission);
  // What is sent does not prolong it; another request does.
  REQUIRE(codeOf(f.alice.permit({kBob}, at(400))) == 0);
  REQUIRE(codeOf(f.alice.permit({kBob}, at(500))) == 0);
  CHECK(f.discardOf(sendIndication(kBob, {1}), at(799.999)) == Discard::none);
  CHECK(f.discardOf(sendIndication(kBob, {1}), at(800)) == Discard::noPermission);
}

TEST_CASE("what a peer sends comes in a Data indication, or on its channel") {
  Fixture f;
  CHECK(f.server.onPeer(50000, kBob, {7, 8}, at(0)).discard == Discard::noPermission);
  CHECK(f.server.onPeer(50001, kBob, {7, 8}, at(0)).discard == Discard::noAllocation);
  REQUIRE(codeOf(f.alice.permit({kBob}, at(0))) == 0);
  const auto indicated = f.server.onPeer(50000, kBob, {7, 8}, at(0));
  CHECK(indicated.client == kAliceUdp);
  CHECK(indicated.bytes.size() == 40);  // 20 + XOR-PEER-ADDRESS 12 + DATA 4 + 2, padded
  const auto parsed = stun::parse(indicated.bytes);
  REQUIRE(parsed);
  CHECK(parsed->message.messageClass == Class::indication);
  CHECK(parsed->message.method == Method::data);
  CHECK(parsed->message.peers == std::vector{kBob});
  CHECK(parsed->message.data == Bytes{7, 8});
  const auto next = f.server.onPeer(50000, kBob, {7, 8}, at(0));
  CHECK(next.bytes != indicated.bytes);  // another transaction

  REQUIRE(codeOf(f.alice.bind(0x4001, {kBob}, at(1))) == 0);
  const auto onChannel = f.server.onPeer(50000, kBob, {7, 8}, at(1));
  CHECK(onChannel.client == kAliceUdp);
  CHECK(onChannel.bytes == Bytes{0x40, 0x01, 0, 2, 7, 8});
  // Another port of the same address has no channel.
  CHECK(f.server.onPeer(50000, kBobElsewhere, {7, 8}, at(1)).bytes.size() == 40);
}

TEST_CASE("a channel carries data to its peer for 600 s, and permits him for 300 s") {
  Fixture f;
  const Bytes message{0x40, 0x01, 0, 2, 7, 8};
  CHECK(f.discardOf(message, at(0)) == Discard::noChannel);
  REQUIRE(codeOf(f.alice.bind(0x4001, {kBob}, at(0))) == 0);
  const auto outcome = f.server.onClient(kAliceUdp, message, at(1));
  REQUIRE(outcome.toPeer);
  CHECK(outcome.toPeer->port == 50000);
  CHECK(outcome.toPeer->peer == kBob);
  CHECK(outcome.toPeer->bytes == Bytes{7, 8});

  CHECK(f.server.onPeer(50000, kBob, {1}, at(299.999)).discard == Discard::none);
  CHECK(f.server.onPeer(50000, kBob, {1}, at(300)).discard == Discard::noPermission);
  CHECK(f.discardOf(message, at(599.999)) == Discard::none);
  CHECK(f.discardOf(message, at(600)) == Discard::noChannel);
}

TEST_CASE("over TCP what comes on a channel is padded to whole words") {
  Fixture f(kAliceTcp);
  REQUIRE(codeOf(f.alice.bind(0x4abc, {kBob}, at(0))) == 0);
  CHECK(f.server.onPeer(50000, kBob, {7}, at(0)).bytes == Bytes{0x4a, 0xbc, 0, 1, 7, 0, 0, 0});
  CHECK(f.server.onPeer(50000, kBob, {}, at(0)).bytes == Bytes{0x4a, 0xbc, 0, 0});
  const auto outcome = f.server.onClient(kAliceTcp, {0x4a, 0xbc, 0, 1, 7, 0, 0, 0}, at(0));
  REQUIRE(outcome.toPeer);
  CHECK(outcome.toPeer->bytes == Bytes{7});
}

TEST_CASE("messages of clients that go nowhere") {
  Fixture f;
  REQUIRE(codeOf(f.alice.permit({kBob}, at(0))) == 0);
  CHECK(f.discardOf({}, at(0)) == Discard::malformed);
  CHECK(f.discardOf({0x80, 0, 0, 0}, at(0)) == Discard::malformed);
  CHECK(f.discardOf({0x40, 0, 0, 9, 1}, at(0)) == Discard::malformed);  // shorter than it says
  Message message;
  message.messageClass = Class::indication;
  message.method = Method::send;
  CHECK(f.discardOf(stun::encode(message, nullptr, false), at(0)) == Discard::incomplete);
  message.data = Bytes{1};
  CHECK(f.discardOf(stun::encode(message, nullptr, false), at(0)) == Discard::incomplete);
  message.peers = {kBob, kBobElsewhere};
  CHECK(f.discardOf(stun::encode(message, nullptr, false), at(0)) == Discard::incomplete);
  message.peers = {kBob};
  Bytes bytes = stun::encode(message, nullptr, false);
  CHECK(f.discardOf(bytes, at(0)) == Discard::none);
  for (const int byte : {0x00, 0x1a, 0x00, 0x00}) bytes.push_back(static_cast<std::uint8_t>(byte));
  bytes[3] = static_cast<std::uint8_t>(bytes.size() - 20);
  CHECK(f.discardOf(bytes, at(0)) == Discard::unknownAttribute);
  message.method = Method::data;
  CHECK(f.discardOf(stun::encode(message, nullptr, false), at(0)) == Discard::notForServers);
  message = {};
  message.messageClass = Class::success;
  CHECK(f.discardOf(stun::encode(message, nullptr, false), at(0)) == Discard::notForServers);

  const auto fromCarol = [&](const Bytes& sent) {
    return f.server.onClient({kCarol, kListening, wire::Protocol::udp}, sent, at(0)).discard;
  };
  CHECK(fromCarol(sendIndication(kBob, {1})) == Discard::noAllocation);
  CHECK(fromCarol({0x40, 0, 0, 0}) == Discard::noAllocation);
}

TEST_CASE("nothing passes an allocation that has ended") {
  Fixture f;
  f.alice.learnNonce(at(3590));
  REQUIRE(codeOf(f.alice.bind(0x4001, {kBob}, at(3590))) == 0);
  CHECK(f.server.onPeer(50000, kBob, {1}, at(3599.999)).discard == Discard::none);
  CHECK(f.server.onPeer(50000, kBob, {1}, at(3600)).discard == Discard::noAllocation);
  CHECK(f.discardOf({0x40, 0x01, 0, 0}, at(3600)) == Discard::noAllocation);
  CHECK(f.discardOf(sendIndication(kBob, {1}), at(3600)) == Discard::noAllocation);
  CHECK_FALSE(f.server.channel(kAliceUdp, kBob, at(3600)));
}

TEST_CASE("every reason to discard has words of its own") {
  std::set<std::string_view> said;
  for (const Discard each :
       {Discard::none, Discard::noAllocation, Discard::noPermission, Discard::noChannel,
        Discard::malformed, Discard::notForServers, Discard::unknownAttribute, Discard::incomplete})
    said.insert(words(each));
  CHECK(said.size() == 8);
  CHECK(words(Discard::noPermission) == "no permission for the peer's address");
}

TEST_CASE("ChannelData there and back") {
  CHECK(encode(ChannelData{0x4000, {1, 2, 3, 4, 5}}, false) == Bytes{0x40, 0, 0, 5, 1, 2, 3, 4, 5});
  CHECK(encode(ChannelData{0x4fff, {1, 2, 3, 4, 5}}, true) ==
        Bytes{0x4f, 0xff, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0});
  CHECK(encode(ChannelData{0x4000, {1, 2, 3, 4}}, true).size() == 8);
  CHECK_THROWS(encode(ChannelData{0x4000, Bytes(65536, 0)}, false));
  const auto read = parseChannelData({0x4f, 0xff, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0});
  REQUIRE(read);
  CHECK(read->channel == 0x4fff);
  CHECK(read->data == Bytes{1, 2, 3, 4, 5});
  CHECK_FALSE(parseChannelData({0x50, 0, 0, 0}));
  CHECK_FALSE(parseChannelData({0x3f, 0xff, 0, 0}));
  CHECK_FALSE(parseChannelData({0x40, 0, 0}));
  CHECK_FALSE(parseChannelData({0x40, 0, 0, 1}));
}

TEST_CASE("where messages end in a stream") {
  CHECK(messageSize(Bytes{}) == std::size_t{0});
  CHECK(messageSize(Bytes{0x40, 0, 0}) == std::size_t{0});
  CHECK(messageSize(Bytes{0x40, 0, 0, 0}) == std::size_t{4});
  CHECK(messageSize(Bytes{0x40, 0, 0, 5}) == std::size_t{12});
  CHECK(messageSize(Bytes{0x40, 0, 1, 0}) == std::size_t{260});
  CHECK(messageSize(Bytes{0x01, 0x13, 0, 8}) == std::size_t{28});
  CHECK_FALSE(messageSize(Bytes{0x01, 0x13, 0, 7}));
  CHECK_FALSE(messageSize(Bytes{0x50, 0, 0, 0}));
  CHECK_FALSE(messageSize(Bytes{0x80, 0, 0, 0}));
}

TEST_CASE("a TURN server bears any bytes") {
  Fixture f;
  REQUIRE(codeOf(f.alice.bind(0x4001, {kBob}, at(0))) == 0);
  const std::vector<Bytes> good{sendIndication(kBob, {1, 2, 3}),
                                encode(ChannelData{0x4001, {1}}, true),
                                stun::encode(Message{}, nullptr, false)};
  std::mt19937_64 random(8656);
  for (int i = 0; i < 5'000; ++i) {
    Bytes bytes = good[random() % good.size()];
    for (auto changes = random() % 3; changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    bytes.resize(random() % 2 ? bytes.size() : random() % (bytes.size() + 1));
    f.server.onClient(kAliceUdp, bytes, at(1));
  }
  CHECK(f.server.size(at(1)) == 1);
  CHECK(f.server.channel(kAliceUdp, kBob, at(1)) == 0x4001);
}
