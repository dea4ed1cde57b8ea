// Counts delays in bins of 0.1 ms, in memory that grows with their spread and not with their
// number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "src/units/units.h"

namespace callflow::receiver {

class DelayHistogram {
 public:
  static constexpr Duration kBinWidth = Duration::us(100);

  // `delay` must not be negative.
  void add(Duration delay);
  std::int64_t count() const { return count_; }
  // Nearest rank: the mean of the values in the first bin at which at least `share` of all is
  // reached. Exact where the bin holds equal values, else within the bin's 0.1 ms. Zero of nothing.
  Duration percentile(double share) const;
  Duration max() const { return max_; }
  Duration sum() const { return sum_; }
  // Adds all that another has counted.
  void add(const DelayHistogram& other);
  // (bin, count) ascending, bins with a count only.
  std::vector<std::pair<std::int32_t, std::int64_t>> bins() const;

 private:
  static constexpr std::int32_t kBlockSize = 16;
  struct Bin {
    Duration excess;  // sum over the bin's values of what they are above its lower edge
    std::int64_t count = 0;
  };
  struct Block {
    std::array<Bin, kBlockSize> bins{};
    std::int32_t index = 0;  // bins index * kBlockSize and following
  };
  Block& blockAt(std::int32_t index);

  std::vector<Block> blocks_;  // ascending
  std::int32_t lastIndex_ = -1;
  std::uint32_t lastUsed_ = 0;
  std::int64_t count_ = 0;
  Duration sum_;
  Duration max_;
};

}  // namespace callflow::receiver
