// A jitter buffer that lives by its receiver's clock and is fed by a sender's, neither of them
// true.
#pragma once

#include <memory>

#include "models/receiver/clock_rate.h"
#include "models/receiver/jitter_buffer.h"

namespace callflow::receiver {

struct MediaClocks {
  ClockRate sender, receiver;
};

// `buffer` sees frames of just `frame` and its own clock; the caller sees true time. Lengths of
// sound are those of the sound, whatever clock plays it.
std::unique_ptr<JitterBuffer> onClocks(std::unique_ptr<JitterBuffer> buffer,
                                       const MediaClocks& clocks, Duration frame);

}  // namespace callflow::receiver
