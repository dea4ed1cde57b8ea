#include "models/transport/message_tracker.h"

#include <catch2/catch.hpp>

#include <vector>

#include "tests/support/show_units.h"

namespace callflow::transport {
namespace {

TimePoint at(int ms) {
  return TimePoint::at(Duration::ms(ms));
}

struct Recorder {
  std::vector<MessageToken> arrived;
  std::vector<Delivery> delivered;
};

TEST_CASE("a message that crosses at once spends all its time in the network") {
  MessageTracker tracker;
  tracker.written(7, DataSize::bytes(100), at(0));
  CHECK_FALSE(tracker.transmitted({0, 100}, at(0)));
  Recorder seen;
  tracker.arrived({0, 100}, at(0), at(25), [&](MessageToken t) { seen.arrived.push_back(t); });
  tracker.delivered(100, at(25), [&](const Delivery& d) { seen.delivered.push_back(d); });
  REQUIRE(seen.arrived == std::vector<MessageToken>{7});
  REQUIRE(seen.delivered.size() == 1);
  CHECK(seen.delivered[0].firstTransmission == at(0));
  CHECK(seen.delivered[0].copySent == at(0));
  CHECK(seen.delivered[0].arrived == at(25));
  CHECK(seen.delivered[0].delivered == at(25));
  CHECK(seen.delivered[0].copies == 1);
}

TEST_CASE("a lost segment holds back the message behind it") {
  MessageTracker tracker;
  tracker.written(1, DataSize::bytes(100), at(0));
  tracker.written(2, DataSize::bytes(100), at(20));
  tracker.transmitted({0, 100}, at(0));     // lost
  tracker.transmitted({100, 200}, at(20));  // arrives at 45
  Recorder seen;
  const auto arrived = [&](MessageToken t) { seen.arrived.push_back(t); };
  const auto delivered = [&](const Delivery& d) { seen.delivered.push_back(d); };
  tracker.arrived({100, 200}, at(20), at(45), arrived);
  tracker.delivered(0, at(45), delivered);
  CHECK(seen.delivered.empty());
  CHECK(tracker.transmitted({0, 100}, at(90)));  // every byte had been sent before
  tracker.arrived({0, 100}, at(90), at(115), arrived);
  tracker.delivered(200, at(115), delivered);
  REQUIRE(seen.arrived == std::vector<MessageToken>{2, 1});
  REQUIRE(seen.delivered.size() == 2);
  CHECK(seen.delivered[0].token == 1);
  CHECK(seen.delivered[0].firstTransmission == at(0));
  CHECK(seen.delivered[0].copySent == at(90));
  CHECK(seen.delivered[0].copies == 2);
  CHECK(seen.delivered[1].token == 2);
  CHECK(seen.delivered[1].arrived == at(45));
  CHECK(seen.delivered[1].delivered == at(115));  // 70 ms of head-of-line blocking
}

TEST_CASE(
    "writes that leave in one segment arrive together; a message cut in two counts by its last "
    "byte") {
  MessageTracker tracker;
  for (MessageToken token = 0; token < 3; ++token)
    tracker.written(token, DataSize::bytes(100), at(0));
  tracker.transmitted({0, 250}, at(10));
  tracker.transmitted({250, 300}, at(12));
  Recorder seen;
  const auto arrived = [&](MessageToken t) { seen.arrived.push_back(t); };
  tracker.arrived({0, 250}, at(10), at(30), arrived);
  CHECK(seen.arrived == std::vector<MessageToken>{0, 1});
  // A second copy of the same bytes completes nothing.
  tracker.arrived({0, 250}, at(20), at(40), arrived);
  CHECK(seen.arrived == std::vector<MessageToken>{0, 1});
  tracker.arrived({250, 300}, at(12), at(41), arrived);
  CHECK(seen.arrived == std::vector<MessageToken>{0, 1, 2});
  tracker.delivered(300, at(41), [&](const Delivery& d) { seen.delivered.push_back(d); });
  REQUIRE(seen.delivered.size() == 3);
  CHECK(seen.delivered[1].arrived == at(30));
  CHECK(seen.delivered[2].firstTransmission == at(12));
  CHECK(seen.delivered[2].arrived == at(41));
}

TEST_CASE("a segment that holds old and new bytes is not a retransmission") {
  MessageTracker tracker;
  tracker.written(1, DataSize::bytes(100), at(0));
  tracker.written(2, DataSize::bytes(100), at(0));
  CHECK_FALSE(tracker.transmitted({0, 100}, at(0)));
  CHECK_FALSE(tracker.transmitted({0, 200}, at(5)));
  CHECK(tracker.transmitted({100, 200}, at(9)));
}

}  // namespace
}  // namespace callflow::transport
