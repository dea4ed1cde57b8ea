// The random extra delay of a link.
#pragma once

#include <cstdint>

#include "models/fabric/random.h"
#include "src/units/units.h"

namespace callflow::fabric {

enum class JitterDistribution : std::uint8_t { exponential, uniform, half_normal };

struct JitterParameters {
  Duration mean;  // of the extra delay; 0: none
  JitterDistribution distribution = JitterDistribution::exponential;
  bool reorder = false;  // false: a packet never overtakes the one before it

  bool operator==(const JitterParameters&) const = default;
};

// One extra delay, never negative: exponential; uniform over 0 to 2 mean; or |N(0, s)| with s =
// mean sqrt(pi/2). Uses one draw of `random` (two for half-normal).
Duration drawJitter(const JitterParameters& parameters, RandomStream& random);

}  // namespace callflow::fabric
