// The loss that a sender protects itself against: the worst of the last ten seconds. libwebrtc's
// VCMLossProtectionLogic.
#pragma once

#include <array>
#include <cstddef>

#include "src/units/units.h"

namespace callflow::fec {

class LossFilter {
 public:
  // What a receiver reports; tells what to protect against from now on.
  Ratio onReport(Ratio loss, TimePoint now);

 private:
  static constexpr std::size_t kBins = 10;
  struct Bin {
    Ratio worst;
    TimePoint at;  // when it was closed
  };

  std::array<Bin, kBins> bins_;  // a ring
  std::size_t newest_ = 0;
  std::size_t count_ = 0;
  Ratio worst_;  // since then
};

}  // namespace callflow::fec
