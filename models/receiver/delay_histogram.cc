#include "models/receiver/delay_histogram.h"

#include <algorithm>
#include <cmath>

namespace callflow::receiver {

DelayHistogram::Block& DelayHistogram::blockAt(std::int32_t index) {
  // Delays move slowly: the block is mostly the one used last.
  if (lastIndex_ == index) return blocks_[lastUsed_];
  const auto place = std::lower_bound(
      blocks_.begin(), blocks_.end(), index,
      [](const Block& block, std::int32_t wanted) { return block.index < wanted; });
  lastIndex_ = index;
  lastUsed_ = static_cast<std::uint32_t>(place - blocks_.begin());
  if (place == blocks_.end() || place->index != index) {
    Block block;
    block.index = index;
    blocks_.insert(place, block);
  }
  return blocks_[lastUsed_];
}

void DelayHistogram::add(Duration delay) {
  const auto bin = static_cast<std::int32_t>(delay / kBinWidth);
  Bin& counted = blockAt(bin / kBlockSize).bins[static_cast<std::size_t>(bin % kBlockSize)];
  ++counted.count;
  counted.excess += delay - kBinWidth * bin;
  ++count_;
  sum_ += delay;
  max_ = std::max(max_, delay);
}

void DelayHistogram::add(const DelayHistogram& other) {
  for (const Block& block : other.blocks_) {
    Block& mine = blockAt(block.index);
    for (std::size_t slot = 0; slot < kBlockSize; ++slot) {
      mine.bins[slot].count += block.bins[slot].count;
      mine.bins[slot].excess += block.bins[slot].excess;
    }
  }
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

Duration DelayHistogram::percentile(double share) const {
  if (count_ == 0) return {};
  // The millionth keeps 0.07 * 100 = 7.000000000000001 at rank 7.
  const auto rank = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(share * static_cast<double>(count_) - 1e-6)));
  std::int64_t reached = 0;
  for (const Block& block : blocks_) {
    for (std::size_t slot = 0; slot < kBlockSize; ++slot) {
      reached += block.bins[slot].count;
      if (reached < rank) continue;
      const std::int64_t bin =
          std::int64_t{block.index} * kBlockSize + static_cast<std::int64_t>(slot);
      return kBinWidth * bin + block.bins[slot].excess / block.bins[slot].count;
    }
  }
  return max_;
}

std::vector<std::pair<std::int32_t, std::int64_t>> DelayHistogram::bins() const {
  std::vector<std::pair<std::int32_t, std::int64_t>> out;
  for (const Block& block : blocks_) {
    for (std::int32_t slot = 0; slot < kBlockSize; ++slot) {
      const std::int64_t count = block.bins[static_cast<std::size_t>(slot)].count;
      if (count > 0) out.emplace_back(block.index * kBlockSize + slot, count);
    }
  }
  return out;
}

}  // namespace callflow::receiver
