// What encoders are to make: RFC 8298 4.1.3.
#pragma once

#include <deque>

#include "models/scream/parameters.h"
#include "src/units/units.h"

namespace callflow::scream {

class MediaRate {
 public:
  explicit MediaRate(const Parameters& parameters)
      : parameters_(parameters), target_(parameters.least) {}

  void setBounds(DataRate least, DataRate most);
  void onLoss();
  // What led to the rate of now was too much: TARGET_BITRATE_LAST_MAX.
  void onCongestion() { lastMost_ = target_; }

  // Of the last interval.
  struct Interval {
    DataRate sent, acknowledged, made;  // made: by encoders
    DataSize waiting;                   // at the sender, at its end
    bool increasesFast = true;
    double trend = 0, rememberedTrend = 0;
  };
  void onInterval(const Interval& interval);

  DataRate target() const { return target_; }

 private:
  DataRate median() const;

  Parameters parameters_;
  DataRate target_;
  DataRate lastMost_ = DataRate::bitsPerSecond(1);
  std::deque<DataRate> made_;
};

}  // namespace callflow::scream
