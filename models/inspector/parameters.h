// What an inspector is given by.
#pragma once

#include "models/fabric/box_kind.h"
#include "models/fabric/parameters.h"
#include "src/units/units.h"

namespace callflow::inspector {

// One direction.
struct Inspection {
  Duration delay;                   // of each packet
  fabric::JitterParameters jitter;  // more of it, which differs from packet to packet
};

struct Inspector {
  Inspection up;    // from inside to outside
  Inspection down;  // from outside to inside
};

inline fabric::BoxRole roleOf(const Inspector&) {
  return {.name = "packet inspector", .guards = true};
}
const config::Table<Inspector>& tableOf(const Inspector*);
std::unique_ptr<fabric::Box> makeBox(const Inspector& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::inspector
