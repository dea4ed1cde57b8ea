// How much of a stream comes in, by temporal layer.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "models/conference/layer_allocation.h"
#include "src/units/units.h"

namespace callflow::conference {

class LayerMeter {
 public:
  void add(int temporal, DataSize size, TimePoint now);
  // Of the last second: of each temporal layer and those below it. Zero if nothing has come for
  // half of that.
  std::array<DataRate, kMostTemporal> rates(TimePoint now);

 private:
  struct Arrival {
    TimePoint at;
    DataSize size;
    int temporal = 0;
  };
  void forget(TimePoint now);

  std::deque<Arrival> recent_;
  std::array<DataSize, kMostTemporal> sums_{};
};

}  // namespace callflow::conference
