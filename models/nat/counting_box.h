// A box that says how many packets it passed and dropped, and for which reasons.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/fabric/box.h"

namespace callflow::nat {

// How many packets met one fate for one reason.
struct BoxCount {
  bool pass = false;
  std::string reason;  // for people
  std::int64_t packets = 0;
};

class CountingBox : public fabric::Box {
 public:
  // Those that are not 0, in a fixed order. Each packet judged counts once.
  virtual std::vector<BoxCount> counts() const = 0;
};

}  // namespace callflow::nat
