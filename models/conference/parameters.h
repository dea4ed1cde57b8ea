#pragma once

#include "src/units/units.h"

namespace callflow::conference {

struct MediaProcessor {
  Duration processing;  // from a packet's arrival to its departures
};

}  // namespace callflow::conference
