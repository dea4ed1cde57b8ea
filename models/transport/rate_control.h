// What a sender has beside its window when its congestion control paces it.
#pragma once

#include "models/transport/bbr.h"
#include "models/transport/pacing.h"
#include "models/transport/rate_sample.h"

namespace callflow::transport {

struct RateControl {
  explicit RateControl(Bbr& control) : bbr(control) {}

  Bbr& bbr;
  RateSampler samples;
  Pacer pacer;
};

}  // namespace callflow::transport
