// A histogram that forgets: every addition takes weight from what was there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace callflow::receiver {

// libwebrtc, modules/audio_coding/neteq/histogram.cc: 100 buckets whose weights add up to 1. An
// addition multiplies all weights by the forget factor f and adds 1 - f to one bucket; at the n-th
// addition f is at most 1 - startWeight/(n + 1), so that the first ones count in full. Weights are
// kept without the common factor, which makes an addition O(1).
class ForgettingHistogram {
 public:
  static constexpr std::size_t kBuckets = 100;

  ForgettingHistogram(double forgetFactor, double startWeight)
      : forgetFactor_(forgetFactor), startWeight_(startWeight) {}

  void add(std::size_t bucket);  // beyond the last bucket: ignored
  bool empty() const { return additions_ == 0; }
  double share(std::size_t bucket) const { return weights_[bucket] * scale_; }
  // No bucket above has any weight.
  std::size_t highest() const { return highest_; }
  // The first bucket beyond which at most 1 - probability of the weight lies.
  std::size_t quantile(double probability) const;

 private:
  double scale_ = 1;
  std::int64_t additions_ = 0;
  std::size_t highest_ = 0;
  double forgetFactor_, startWeight_;
  std::array<double, kBuckets> weights_{};  // of which scale_ times is meant
};

}  // namespace callflow::receiver
