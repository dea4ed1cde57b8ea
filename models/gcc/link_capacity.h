// What the path carried when it was last too much for it, and how sure that is
// (libwebrtc's link_capacity_estimator.cc).
#pragma once

#include <optional>

#include "src/units/units.h"

namespace callflow::gcc {

class LinkCapacity {
 public:
  // Packets queue while so much is acknowledged.
  void onOveruse(DataRate acknowledged);
  void reset() { estimate_.reset(); }

  bool known() const { return estimate_.has_value(); }
  DataRate estimate() const;  // of one that is known
  // Three deviations from it; unlimited and zero of one that is not known.
  DataRate upper() const;
  DataRate lower() const;

 private:
  double deviation() const;

  std::optional<double> estimate_;  // kbit/s
  double variance_ = 0.4;           // kbit/s, divided by the estimate
};

}  // namespace callflow::gcc
