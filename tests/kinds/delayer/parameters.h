// A toy box for the test of kinds: all that a new box needs is in this folder.
#pragma once

#include "models/fabric/box_kind.h"
#include "src/units/units.h"

namespace callflow::delayer {

// Holds each packet, and refuses what is addressed to port 9 (discard).
struct Delayer {
  Duration time;
};

inline fabric::BoxRole roleOf(const Delayer&) {
  return {.name = "delayer"};
}
const config::Table<Delayer>& tableOf(const Delayer*);
std::unique_ptr<fabric::Box> makeBox(const Delayer& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::delayer
