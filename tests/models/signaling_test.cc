// How far a call's set-up has come, and when who waits for it gives up. The time-outs are those of
// the calling SDKs of Azure Communication Services: 85 s, and 115 s to a telephone.
#include <catch2/catch.hpp>

#include "models/signaling/messages.h"
#include "models/signaling/set_up.h"
#include "tests/support/show_units.h"

namespace callflow::signaling {
namespace {

constexpr TimePoint kStart = TimePoint::at(Duration::s(7));
constexpr Duration kJust = Duration::ns(1);

TimePoint after(Duration wait) {
  return kStart + wait;
}

TEST_CASE("a call to a client is given up after 85 s, and not a nanosecond before") {
  SetUp setUp(kStart, Callee::client);
  setUp.reached(Party::caller);
  CHECK(setUp.deadline() == after(Duration::s(85)));
  CHECK_FALSE(setUp.look(after(Duration::s(85)) - kJust));
  CHECK(setUp.look(after(Duration::s(85))) == Ending{408, 10057});
}

TEST_CASE("a telephone may ring for 115 s") {
  SetUp setUp(kStart, Callee::telephone);
  setUp.reached(Party::caller);
  CHECK(setUp.deadline() == after(Duration::s(115)));
  CHECK_FALSE(setUp.look(after(Duration::s(115)) - kJust));
  CHECK(setUp.look(after(Duration::s(115))) == Ending{408, 10057});
}

TEST_CASE("who never reached its server has had no answer to its request") {
  SetUp setUp(kStart, Callee::client);
  setUp.reached(Party::callee);
  CHECK(setUp.look(after(Duration::s(85))) == Ending{490, 4502});
}

TEST_CASE("a call that stands waits for nothing, however long it lasts") {
  SetUp setUp(kStart, Callee::client);
  setUp.done(Step::answer, after(Duration::s(84)));
  CHECK(setUp.deadline() == after(Duration::s(85)));  // an answer is no path yet
  setUp.done(Step::media, after(Duration::s(85)) - kJust);
  CHECK_FALSE(setUp.deadline());
  CHECK_FALSE(setUp.look(after(Duration::s(85))));
  CHECK_FALSE(setUp.look(after(Duration::s(10000))));
}

TEST_CASE("who does not come back has lost its network if the service has not heard of it either") {
  CHECK(lossOf(true) == Ending{410, 301005});
  CHECK(lossOf(false) == Ending{496, 7});
}

TEST_CASE("a step is over when it is for the first time") {
  SetUp setUp(kStart, Callee::client);
  CHECK_FALSE(setUp.at(Step::answer));
  setUp.done(Step::answer, after(Duration::ms(300)));
  setUp.done(Step::answer, after(Duration::s(30)));  // of a restart of ICE
  CHECK(setUp.at(Step::answer) == after(Duration::ms(300)));
  CHECK_FALSE(setUp.at(Step::media));
}

TEST_CASE("messages fit the window that TCP begins with, so that none waits for a round trip") {
  // RFC 6928: ten segments, of 1448 bytes beside timestamps.
  const DataSize window = DataSize::bytes(std::int64_t{10} * 1448);
  CHECK(sizeOf(Message::invite) + sizeOf(Message::candidate) * 8 < window);
  CHECK(sizeOf(Message::answer) + sizeOf(Message::candidate) * 8 < window);
  CHECK(sizeOf(Message::candidate) < DataSize::bytes(1448));
}

}  // namespace
}  // namespace callflow::signaling
