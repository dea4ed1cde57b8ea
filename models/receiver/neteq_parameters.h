// What differs between versions of NetEq, libwebrtc's audio receiver.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::receiver {

// When sound is stretched or shortened.
enum class StretchRule : std::uint8_t {
  bufferLevel,   // the filtered fill of the buffer against limits made of the target
  playoutDelay,  // the relative delay of what is played against the target and the largest recent
                 // relative delay
};

// The constants are those of modules/audio_coding/neteq/delay_manager.cc and decision_logic.cc; the
// defaults are those of branch-heads/7871 (M150).
struct NetEqParameters {
  double quantile = 0.95;        // of relative delays, that the target covers
  double forgetFactor = 0.983;   // weight of the histogram's content at each addition
  double startForgetWeight = 2;  // the n-th addition keeps at most 1 - this/(n + 1)
  Duration resampleInterval = Duration::ms(500);  // the largest delay of each goes into the
                                                  // histogram; zero: the delay of every packet
  bool reorderOptimizer = true;
  double reorderForgetFactor = 0.9993;         // per packet
  Duration perLossPercent = Duration::ms(20);  // delay that one percent less loss is worth
  StretchRule stretch = StretchRule::playoutDelay;
};

}  // namespace callflow::receiver
