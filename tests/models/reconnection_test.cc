// When a client restarts ICE, and when it gives up.
#include "models/client/reconnection.h"

#include <catch2/catch.hpp>

#include "tests/support/show_units.h"

namespace callflow::client {
namespace {

using Act = Reconnection::Act;
using ice::State;

TimePoint at(int seconds) {
  return TimePoint::at(Duration::s(seconds));
}

}  // namespace

TEST_CASE("a client that is disconnected restarts once, and again when that has failed") {
  Reconnection client(true, true);
  CHECK(client.onState(State::connected, at(1)) == Act::nothing);
  CHECK(client.limit() == std::nullopt);
  CHECK(client.onState(State::disconnected, at(10)) == Act::restart);
  CHECK(client.onState(State::checking, at(10)) == Act::nothing);
  CHECK(client.onState(State::disconnected, at(12)) == Act::nothing);  // that one is under way
  CHECK(client.onState(State::failed, at(25)) == Act::restart);
  CHECK(client.onState(State::connected, at(26)) == Act::nothing);
  CHECK(client.limit() == std::nullopt);
  CHECK(client.onState(State::disconnected, at(40)) == Act::restart);
}

TEST_CASE("a client gives up 120 s after it was lost, whatever it has tried") {
  Reconnection client(true, true);
  client.onState(State::connected, at(1));
  client.onState(State::disconnected, at(10));
  CHECK(client.limit() == at(130));
  CHECK_FALSE(client.over(at(129)));
  CHECK(client.onState(State::failed, at(129)) == Act::restart);
  CHECK(client.over(at(130)));
  CHECK(client.onState(State::failed, at(131)) == Act::end);
}

TEST_CASE("who does not restart ends when it has failed, and so does who was never connected") {
  Reconnection without(false, false);
  without.onState(State::connected, at(1));
  CHECK(without.onState(State::disconnected, at(10)) == Act::nothing);
  CHECK(without.onState(State::failed, at(25)) == Act::end);
  Reconnection never(true, true);
  CHECK(never.onState(State::checking, at(1)) == Act::nothing);
  CHECK(never.onState(State::failed, at(16)) == Act::end);
}

}  // namespace callflow::client
