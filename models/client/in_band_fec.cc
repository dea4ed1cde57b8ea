#include "models/client/in_band_fec.h"

#include <algorithm>
#include <cmath>

namespace callflow::client {

void InBandFec::report(std::int64_t lost, std::int64_t expected, Duration since) {
  if (expected <= 0) return;
  const double fraction = static_cast<double>(lost) / static_cast<double>(expected);
  const double keep = loss_ ? std::pow(parameters_.forget, since.seconds() * 1000) : 0;
  loss_ = loss_.value_or(0) * keep + fraction * (1 - keep);
  constexpr double none = 1e-4;  // what is left of a loss long ago
  share_ = *loss_ < none ? 0
                         : std::min(parameters_.most.value(),
                                    parameters_.least.value() + parameters_.perLoss * *loss_);
}

bool InBandFec::next() {
  if (share_ == 0) return false;
  if (!random_) random_.emplace("in-band-fec", draws_);
  return random_->uniform() < share_;
}

}  // namespace callflow::client
