// Three simulations of one condition, and what is held against the measurement. By hand.
#include "validation/ice_typical.h"

#include <catch2/catch.hpp>
#include <limits>

namespace callflow::validation {
namespace {

TEST_CASE("what most simulations say is typical, with the median of its times") {
  const double never = std::numeric_limits<double>::infinity();
  IceFigures a, b, c;
  a.local = b.local = "srflx";
  c.local = "relay";
  a.remote = c.remote = "host";
  b.remote = "prflx";  // three pairs, once each: the first in order
  c.relay = "udp";
  a.iceConnected = 300;
  b.iceConnected = 100;
  c.iceConnected = 120;
  a.failed = 15'000;  // one of three
  a.silence = never;
  b.silence = never;
  c.silence = 3.2;
  a.states = {{6.0, "disconnected"}, {6.5, "connected"}};
  b.states = {{5.8, "disconnected"}};
  c.states = {{6.2, "disconnected"}, {6.3, "connected"}};
  const IceFigures typical = typicalOf({a, b, c});
  CHECK(typical.local == "relay");
  CHECK(typical.remote == "host");
  CHECK(typical.relay == "udp");
  CHECK(typical.iceConnected == 120);
  CHECK_FALSE(typical.failed.has_value());
  CHECK_FALSE(typical.firstMedia.has_value());
  CHECK(typical.silence == never);
  // Of the two that came back, the lower of their times.
  const std::vector<std::pair<double, std::string>> states = {{6.0, "disconnected"},
                                                              {6.3, "connected"}};
  CHECK(typical.states == states);
}

TEST_CASE("one simulation is its own typical") {
  IceFigures one;
  one.local = "host";
  one.gathered = 154;
  one.states = {{6.0, "disconnected"}};
  const IceFigures typical = typicalOf({one});
  CHECK(typical.local == "host");
  CHECK(typical.gathered == 154);
  CHECK(typical.states == one.states);
}

}  // namespace
}  // namespace callflow::validation
