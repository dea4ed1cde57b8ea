// The bars that a simulated condition must meet, and by how much it does not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "validation/measured.h"

namespace callflow::validation {

// Within `relative` of the measured value or `absolute` (in the column's own unit), whichever is
// more.
struct Bar {
  Column column;
  double relative = 0;
  double absolute = 0;
};

// Those of a row of this kind; none if there are none.
std::vector<Bar> barsFor(const Condition& condition);

struct Verdict {
  Bar bar;
  double measured = 0;
  double half = 0;  // of the measured 95 % interval; NaN with one seed
  double simulated = 0;
  double allowed = 0;  // the largest difference that meets the bar
  bool met = false;
  // The difference in standard errors, these by the scatter of the simulated seeds, of which there
  // are more; NaN with one. Below 3 the few measured seeds may be to blame, beyond it the model is.
  double sigmas = 0;
  // How far beyond the bar, as a multiple of what is allowed: 0.2 is a difference of 1.2 times
  // that. Negative if met.
  double excess() const;
};

// One verdict a bar. A column that has a value on neither side meets its bar, one that has it on
// one side only misses it.
std::vector<Verdict> judge(const Pooled& measured, const Pooled& simulated);

}  // namespace callflow::validation
