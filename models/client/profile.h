// What named versions of a client do, where versions differ. One row a version; users choose it by
// the key `profile:` of a call.
#pragma once

#include <string_view>

#include "models/client/in_band_fec.h"
#include "models/client/parameters.h"
#include "models/receiver/neteq_parameters.h"

namespace callflow::client {

struct Profile {
  Version version{};
  std::string_view source;  // which release the row's values were read from
  receiver::NetEqParameters neteq;
  // Of a synthetic signal, measured of Chromium 156 (validation/data/chromium_calls.csv: audio_fec
  // of 2,500 packets, UDP): 7 to 24 % of the packets at 1 % loss, 3 to 25 % at 3 %, 26 to 38 % at
  // 5 %; none without loss.
  InBandFecParameters fec{.syntheticLeast = Ratio::percent(10),
                          .syntheticPerLoss = 3.8,
                          .syntheticMost = Ratio::percent(50)};
};

const Profile& profile(Version version);

}  // namespace callflow::client
