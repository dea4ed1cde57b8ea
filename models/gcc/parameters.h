// How the Google congestion control of a sender is set.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::gcc {

// Whose: libwebrtc as it was in Chrome of that year.
enum class Version : std::uint8_t {
  chrome2020,  // loss by the 2 % and 10 % of RTCP reports, a Bayesian mean of what arrives
  chrome2024,  // loss by likelihood (LossBasedBweV2), what arrives by the last second
  chrome2026   // the same, which gives up less where much is lost
};

// The defaults are libwebrtc's.
struct Parameters {
  Version version = Version::chrome2026;
  DataRate start = DataRate::kbps(300);   // api/transport/bitrate_settings.h
  DataRate least = DataRate::kbps(5);     // bwe_defines.h; no target is below 5 kbit/s
  DataRate most = DataRate::unlimited();  // then probes end at 5 Mbit/s
  // Every five seconds while little is sent, to know what more could be sent; libwebrtc does so for
  // applications that ask for it, such as those that share a screen.
  bool probesWhileLimited = false;
};

}  // namespace callflow::gcc
