// Which packets of sound go on where only the loudest do.
#include <catch2/catch.hpp>

#include "models/conference/gate.h"

using namespace callflow;
using conference::Gate;

TEST_CASE("what goes on has numbers without gaps, and a last one before a pause", "[conference]") {
  Gate gate;
  CHECK(gate.pass(1, false).number == 0);
  CHECK(gate.pass(2, true).number == 1);
  CHECK(gate.pass(2, true).first);
  CHECK(gate.pass(3, true).number == 2);
  CHECK_FALSE(gate.pass(3, true).first);
  CHECK(gate.pass(4, false).number == 3);
  CHECK(gate.pass(4, false).last);
  CHECK(gate.pass(5, false).number == 0);
  CHECK(gate.pass(9, true).number == 7);  // 6 to 9 are decided upon together
  CHECK(gate.pass(6, true).first);
  CHECK(gate.sequenceOf(3) == 4);
  CHECK(gate.sequenceOf(7) == 9);
  CHECK(gate.sequenceOf(8) == 0);
}

TEST_CASE("what was decided upon stays so, however late it comes", "[conference]") {
  Gate gate;
  CHECK(gate.pass(3, true).number == 3);
  CHECK(gate.pass(4, false).number == 4);
  CHECK(gate.pass(1, false).number == 1);
  CHECK(gate.pass(2, false).number == 2);
}
