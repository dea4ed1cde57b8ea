// The clock by which a client captures and plays sound: when within a frame's time its frames
// begin, and how far its second is off.
#pragma once

#include <string_view>

#include "models/receiver/clock_rate.h"
#include "src/units/units.h"

namespace callflow::client {

struct Clock {
  Duration phase;  // from 0, less than a frame
  receiver::ClockRate rate;
};

// Drawn from the random stream "clock of <who>": the phase evenly over the frame, the rate evenly
// from -50 to 50 ppm, what common quartz oscillators are specified to. In whole ppm, so that timers
// of equal period share a lane (models/fabric/timers.h).
Clock drawClock(std::string_view who, Duration frame);

}  // namespace callflow::client
