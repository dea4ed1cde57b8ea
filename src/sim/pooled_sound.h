// What one hears of all others of a large call, as one stream.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "src/metrics/run_record.h"

namespace callflow::sim {

// Means are weighted by the packets that were sent.
class PooledSound {
 public:
  // `since`: when it was first heard, from where scoring begins.
  void add(const metrics::StreamRecord& stream, Duration since);
  // Measured figures; the rest of the record stays.
  void fill(metrics::StreamRecord& record) const;

 private:
  struct Pool {
    metrics::Values values;
    std::array<double, metrics::kMetricCount> weights{};

    void add(const metrics::Values& of);
  };
  metrics::StreamRecord all_;  // what is no mean
  Pool totals_;
  std::map<std::int64_t, Pool> windows_;  // by their number
  std::map<std::int32_t, std::int64_t> delays_;
};

}  // namespace callflow::sim
