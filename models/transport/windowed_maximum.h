// The largest value of late, by three samples (Nichols; Linux lib/win_minmax.c): the best of the
// window, the best of what came after it, and the best after that.
#pragma once

#include <array>
#include <cstdint>

namespace callflow::transport {

template <class Value>
class WindowedMaximum {
 public:
  // `window`: how many steps of `when` a value counts.
  explicit WindowedMaximum(std::int64_t window) : window_(window) {}

  const Value& get() const { return best_[0].value; }

  // `when` never falls.
  void add(std::int64_t when, const Value& value) {
    const Sample sample{when, value};
    if (value >= best_[0].value || when - best_[2].when > window_) {
      best_ = {sample, sample, sample};
      return;
    }
    if (value >= best_[1].value) {
      best_[1] = best_[2] = sample;
    } else if (value >= best_[2].value) {
      best_[2] = sample;
    }
    age(sample);
  }

 private:
  struct Sample {
    std::int64_t when = 0;
    Value value{};
  };

  void age(const Sample& sample) {
    const std::int64_t since = sample.when - best_[0].when;
    if (since > window_) {
      // The best is too old; the runners-up move up, the second too if it is as old.
      for (int i = 0; i < 2 && sample.when - best_[0].when > window_; ++i) {
        best_ = {best_[1], best_[2], sample};
      }
    } else if (best_[1].when == best_[0].when && since > window_ / 4) {
      best_[1] = best_[2] = sample;  // no runner-up in a quarter of the window
    } else if (best_[2].when == best_[1].when && since > window_ / 2) {
      best_[2] = sample;
    }
  }

  std::int64_t window_;
  std::array<Sample, 3> best_{};
};

}  // namespace callflow::transport
