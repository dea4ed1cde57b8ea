// The random extra delay of a link.
#pragma once

#include <cstdint>

#include "models/fabric/parameters.h"
#include "models/fabric/random.h"
#include "src/units/units.h"

namespace callflow::fabric {

// One extra delay, never negative: exponential; uniform over 0 to 2 mean; or |N(0, s)| with s =
// mean sqrt(pi/2). Uses one draw of `random` (two for half-normal). With a share that overtakes,
// the others have `by` more, and one draw more says who is spared.
Duration drawJitter(const JitterParameters& parameters, RandomStream& random);

}  // namespace callflow::fabric
