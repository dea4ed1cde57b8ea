// How many packets come between losses, on average: RFC 5348 5.4, to which RFC 8698 4.2 refers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace callflow::nada {

class LossIntervals {
 public:
  // In order of sequence. Losses in a row end one interval.
  void received();
  void lost() { losing_ = true; }

  bool any() const { return closed_ > 0; }  // losses that were followed by a packet
  // Of the last eight that a loss has ended, older ones with less weight. Only if any().
  //   RFC 5348 has the one that lasts count too where that makes the mean longer. The weights sum
  //   to 6, so it would never last MULTILOSS = 7 times the mean, and no loss be forgotten.
  double mean() const;
  std::int64_t sinceLoss() const { return lasting_; }

 private:
  std::int64_t lasting_ = 0;
  std::array<std::int64_t, 8> intervals_{};  // packets, youngest first
  std::size_t closed_ = 0;                   // of them
  bool losing_ = false;
};

}  // namespace callflow::nada
