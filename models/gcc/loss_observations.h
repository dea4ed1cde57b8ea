// What receivers have reported of losses, as libwebrtc's loss-based estimate looks at it: packets
// are gathered until they span a quarter of a second of sending, and the last few such stretches
// count, the older the less.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/congestion/feedback.h"

namespace callflow::gcc {

// A stretch of sending. Sizes are in kilobytes, as they go into a likelihood.
struct LossObservation {
  DataRate rate;     // at which it was sent
  double sent = 0;   // all of it,
  double lost = 0;   // and what of it did not come
  double share = 0;  // lost of sent
};

class LossObservations {
 public:
  // Keeps `window` observations, two at least.
  explicit LossObservations(int window);

  // True if the packets have completed an observation. One that was reported lost and then comes
  // is not lost, if both were said within the same observation.
  bool add(const std::vector<congestion::PacketResult>& packets);

  std::int64_t count() const { return count_; }  // ever
  // When the last packet of the newest observation left. Before there is one: when the first packet
  // of all did.
  TimePoint end() const { return end_; }
  // Share of bytes, the newest counting most. One bad observation may be chance: the worst and the
  // best are left out, unless the worst was sent at twice the usual rate, which may be the cause.
  double averageLoss() const { return averageLoss_; }

  // visit(observation, weight), in the order in which libwebrtc sums up, so that ties are decided
  // as it decides them.
  template <class Visit>
  void forEach(Visit visit) const {
    const std::size_t all = kept();
    for (std::size_t place = 0; place < all; ++place) {
      const std::size_t age = newest_ >= place ? newest_ - place : newest_ + all - place;
      visit(ring_[place], weights_[age]);
    }
  }

 private:
  struct Lost {
    std::int64_t sequence;
    DataSize size;
  };

  std::size_t kept() const {
    return count_ < static_cast<std::int64_t>(ring_.size()) ? static_cast<std::size_t>(count_)
                                                            : ring_.size();
  }
  void note(const congestion::PacketResult& result);
  void close(Duration span);
  double computeAverage();
  DataRate medianRate();

  std::vector<LossObservation> ring_;
  std::vector<double> weights_;  // by age
  std::size_t newest_ = 0;
  std::int64_t count_ = 0;
  TimePoint end_;
  bool begun_ = false;
  double averageLoss_ = 0;

  // Of the observation that is being gathered.
  DataSize size_;
  std::vector<Lost> lost_;  // in order of their sequence

  std::vector<DataRate> sorted_;  // kept for its memory
};

}  // namespace callflow::gcc
