#include <catch2/catch.hpp>
#include <vector>

#include "models/video_receiver/nack_requester.h"
#include "tests/models/video_receiver_support.h"

using namespace callflow;
using namespace callflow::video_receiver;

namespace {

using Sequences = std::vector<std::int64_t>;

// What a packet that arrives makes the receiver ask for.
Sequences arrival(NackRequester& requester, std::int64_t sequence, double ms,
                  bool repaired = false) {
  Requests requests;
  requester.onPacket(sequence, repaired, at(ms), requests);
  CHECK_FALSE(requests.keyFrame);
  return requests.nack;
}

Sequences look(NackRequester& requester, double ms) {
  Requests requests;
  requester.look(at(ms), requests);
  return requests.nack;
}

}  // namespace

TEST_CASE("What is missing is asked for at once, and again a round trip later, at a look") {
  NackRequester requester(at(0));
  CHECK(arrival(requester, 100, 1).empty());
  CHECK(requester.nextLook() == TimePoint::max());
  CHECK(arrival(requester, 103, 5) == Sequences{101, 102});
  // 100 ms until a round trip is known: 105 ms, and the looks are at 100 and 120 ms.
  CHECK(requester.nextLook() == at(120));
  CHECK(look(requester, 100).empty());
  CHECK(look(requester, 120) == Sequences{101, 102});
  CHECK(requester.nextLook() == at(220));
  requester.onRoundTrip(Duration::ms(35), at(121));
  CHECK(requester.nextLook() == at(160));
  // 105 was missing for less than a round trip at this look.
  CHECK(arrival(requester, 106, 150) == Sequences{104, 105});
  CHECK(look(requester, 160) == Sequences{101, 102});
  CHECK(requester.nextLook() == at(200));
  CHECK(look(requester, 200) == Sequences{101, 102, 104, 105});
}

TEST_CASE("A packet that comes late is not asked for again, and says how often it was") {
  NackRequester requester(at(0));
  Requests requests;
  arrival(requester, 0, 0);
  arrival(requester, 3, 10);
  look(requester, 120);
  CHECK(requester.onPacket(1, true, at(130), requests) == 2);
  CHECK(requester.onPacket(1, true, at(131), requests) == 0);
  CHECK(look(requester, 220) == Sequences{2});
  CHECK(requester.onPacket(2, false, at(230), requests) == 3);
  CHECK(requester.nextLook() == TimePoint::max());
}

TEST_CASE("What parity gave back is not asked for, and tells nothing of what was before it") {
  NackRequester requester(at(0));
  arrival(requester, 0, 0);
  CHECK(arrival(requester, 2, 5, true).empty());
  CHECK(arrival(requester, 4, 10) == Sequences{1, 3});
}

TEST_CASE("A packet is asked for so often and not more") {
  const int tries = GENERATE(1, 10, 100);
  NackRequester requester(at(0), tries);
  arrival(requester, 0, 0);
  int asked = static_cast<int>(arrival(requester, 2, 0).size());
  for (int i = 1; i < 200; ++i) asked += static_cast<int>(look(requester, 100.0 * i).size());
  CHECK(asked == tries);
  CHECK(requester.nextLook() == TimePoint::max());
}

TEST_CASE("A thousand packets are asked for; of more, a key frame") {
  NackRequester requester(at(0));
  Requests requests;
  requester.onPacket(0, false, at(0), requests);
  requester.onPacket(1001, false, at(1), requests);
  CHECK(requests.nack.size() == 1000);
  CHECK(requests.nack.front() == 1);
  CHECK(requests.nack.back() == 1000);
  CHECK_FALSE(requests.keyFrame);
  requests.clear();
  requester.onPacket(1003, false, at(2), requests);
  CHECK(requests.nack.empty());
  CHECK(requests.keyFrame);
  CHECK(requester.nextLook() == TimePoint::max());
}

TEST_CASE("Packets older than ten thousand are given up") {
  NackRequester requester(at(0));
  arrival(requester, 0, 0);
  arrival(requester, 3, 0);
  for (std::int64_t sequence = 4; sequence <= 10'002; ++sequence) arrival(requester, sequence, 1);
  // 1 is 10001 behind, 2 just 10000.
  CHECK(look(requester, 100) == Sequences{2});
}

TEST_CASE("What was before the last continuous frame is of no use") {
  NackRequester requester(at(0));
  arrival(requester, 0, 0);
  arrival(requester, 5, 0);
  requester.clearUpTo(3);
  CHECK(look(requester, 100) == Sequences{3, 4});
}
