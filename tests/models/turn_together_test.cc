// Client and server of TURN with a network between them that delays and loses.
#include <algorithm>
#include <map>
#include <random>

#include "models/turn/allocations.h"
#include "models/turn/client.h"
#include "tests/models/turn_support.h"

using namespace callflow;
using namespace callflow::turn;

namespace {

// Messages take 20 ms each way; each is lost with this probability.
class World {
 public:
  World(double loss, std::uint64_t seed)
      : server(settingsWith(ports_)),
        client({"alice", "wonderland"}, false, [this] { return numbered(1, ++made_); }),
        loss_(loss),
        random_(seed) {}

  void runTo(TimePoint end) {
    for (;;) {
      send();
      TimePoint next = client.nextTimer().value_or(TimePoint::max());
      if (!onTheirWay_.empty()) next = std::min(next, onTheirWay_.begin()->first);
      if (next > end) break;
      now = next;
      if (!onTheirWay_.empty() && onTheirWay_.begin()->first == now) {
        const Letter letter = onTheirWay_.extract(onTheirWay_.begin()).mapped();
        deliver(letter);
      } else {
        client.onTimer(now);
      }
    }
    now = end;
  }
  void fromPeer(Endpoint peer, const Bytes& data) {
    const auto outcome = server.onPeer(client.relayed().port, peer, data, now);
    if (outcome.client) post({false, outcome.bytes});
  }

  TimePoint now;
  Allocations server;
  Client client;
  int toPeers = 0;
  std::vector<Discard> discarded;

 private:
  struct Letter {
    bool toServer;
    Bytes bytes;
  };
  void send() {
    for (Bytes& bytes : client.takeOutgoing()) post({true, std::move(bytes)});
  }
  void post(Letter letter) {
    if (std::uniform_real_distribution<>()(random_) >= loss_)
      onTheirWay_.emplace(now + Duration::ms(20), std::move(letter));
  }
  void deliver(const Letter& letter) {
    if (!letter.toServer) {
      client.onMessage(letter.bytes, now);
      return;
    }
    auto outcome = server.onClient(kAliceUdp, letter.bytes, now);
    if (outcome.answer) post({false, *outcome.answer});
    if (outcome.toPeer) ++toPeers;
    if (outcome.discard != Discard::none) discarded.push_back(outcome.discard);
  }

  Ports ports_;
  int made_ = 0;
  double loss_;
  std::mt19937_64 random_;
  std::multimap<TimePoint, Letter> onTheirWay_;
};

}  // namespace

TEST_CASE("an allocation takes two round trips, a permission one more") {
  World world(0, 1);
  world.client.start(at(0));
  world.runTo(at(0.079));
  CHECK(world.client.state() == Client::State::allocating);
  world.runTo(at(0.08));
  CHECK(world.client.state() == Client::State::ready);
  world.client.permit(kBob, world.now);
  world.client.send(kBob, {1}, false, world.now);
  world.runTo(at(0.2));
  CHECK(world.toPeers == 1);  // the permission is there just before
  world.fromPeer(kBob, {2});
  world.runTo(at(0.3));
  REQUIRE(world.client.takeReceived().size() == 1);
}

TEST_CASE("allocation, permissions and channels stand for three hours") {
  World world(0, 2);
  world.client.start(at(0));
  world.runTo(at(1));
  world.client.permit(kCarol, world.now);
  world.client.send(kBob, {1}, true, world.now);
  for (int second = 2; second <= 3 * 3600; second += 2) {
    world.runTo(at(second));
    REQUIRE(world.client.state() == Client::State::ready);
    world.fromPeer(kBob, {1});
    world.fromPeer(kCarol, {2});
    world.client.send(kBob, {3}, true, world.now);
    world.client.send(kCarol, {4}, false, world.now);
  }
  world.runTo(at(3 * 3600 + 1));
  CHECK(world.discarded.empty());
  CHECK(world.client.takeReceived().size() == 2 * 5400);
  CHECK(world.toPeers == 1 + 2 * 5400);
  CHECK(world.client.channel(kBob) == 0x4000);
  CHECK(world.server.channel(kAliceUdp, kBob, world.now) == 0x4000);
  CHECK_FALSE(world.client.channel(kCarol));
}

TEST_CASE("a session that ends gives its allocation back, but with a stale nonce") {
  World fresh(0, 3);
  fresh.client.start(at(0));
  fresh.runTo(at(599));
  fresh.client.close(fresh.now);
  fresh.runTo(at(599.1));
  CHECK(fresh.server.size(fresh.now) == 0);

  // Nobody waits for the 438: the allocation ends by itself, 600 s after its refresh at 540.08 s
  // came in at 540.1 s.
  World stale(0, 4);
  stale.client.start(at(0));
  stale.runTo(at(700));
  stale.client.close(stale.now);
  stale.runTo(at(1140));
  CHECK(stale.server.size(stale.now) == 1);
  stale.runTo(at(1140.1));
  CHECK(stale.server.size(stale.now) == 0);
}

TEST_CASE("a network that loses every third message does not end an allocation") {
  // Nine sends of which four in nine are answered: all are lost 5 times in 1000.
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(1.0 / 3, seed);
    world.client.start(at(0));
    for (int minute = 1; minute <= 60; ++minute) {
      world.runTo(at(60 * minute));
      if (world.client.state() == Client::State::ready) CHECK(world.server.size(world.now) == 1);
    }
    if (world.client.state() != Client::State::ready) ++lost;
  }
  // 20 times about nine requests.
  CHECK(lost <= 4);
}
