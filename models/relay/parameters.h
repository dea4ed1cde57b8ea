#pragma once

#include "src/units/units.h"

namespace callflow::relay {

struct Relay {
  Duration processing;  // from a packet's arrival to its departure
};

}  // namespace callflow::relay
