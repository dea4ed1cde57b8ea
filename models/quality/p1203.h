// Two terms of ITU-T P.1203.1 (mode 0) that G.1070 lacks: what a picture loses by being enlarged,
// and by few frames a second.
#pragma once

#include <cstdint>

namespace callflow::quality {

// Of 100, what is lost when a picture of `coded` pixels fills `shown`; none where it is not
// enlarged. Fitted to streaming to television sets and telephones; the term for the bit rate is
// left out, as it hardly falls at the rates of calls.
double upscalingLoss(std::int64_t coded, std::int64_t shown);

// Of 100, what is lost by fewer than 24 frames a second, where `left` of the 100 were left by
// coding and enlarging.
double frameRateLoss(double framesPerSecond, double left);

}  // namespace callflow::quality
