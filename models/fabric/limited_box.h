// A box that holds traffic to a rate, which may change while the simulation runs.
#pragma once

#include <optional>

#include "models/fabric/parameters.h"
#include "src/units/units.h"

namespace callflow::fabric {

// What changes in one direction; nothing: it stays as it is.
struct LimitChange {
  std::optional<DataRate> rate;
  std::optional<QueueLimit> queue;

  bool any() const { return rate || queue; }
};

class LimitedBox {
 public:
  virtual ~LimitedBox() = default;
  // `up`: from inside to outside. What waits stays, and goes on at the new rate.
  virtual void change(const LimitChange& up, const LimitChange& down, TimePoint now) = 0;
};

}  // namespace callflow::fabric
