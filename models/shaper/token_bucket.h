// A token bucket: over any time t it lets through at most rate x t + burst.
#pragma once

#include "models/fabric/parameters.h"
#include "src/units/units.h"

namespace callflow::shaper {

// How deep a bucket of this rate is. A time makes it at least a full packet deep, so that the rate
// can be had at all.
DataSize depthOf(DataRate rate, const fabric::QueueLimit& burst);

// Exact: it counts in units of 1e-9 bit, so that rounding loses nothing. Times given to it must not
// go back.
class TokenBucket {
 public:
  // The bucket is full at the beginning of time. `burst` at most 100 MB.
  TokenBucket(DataRate rate, DataSize burst);

  // The earliest time, not before `now`, at which a packet of this size may go; one that is larger
  // than the burst goes when the bucket is full.
  TimePoint conformsAt(DataSize size, TimePoint now) const;
  // A packet goes now, whether it conforms or not.
  void take(DataSize size, TimePoint now);
  // Another rate and depth from now on. It keeps what it holds, at most its new depth, and what it
  // owes.
  void change(DataRate rate, DataSize burst, TimePoint now);

 private:
  std::int64_t tokensAt(TimePoint now) const;

  std::int64_t rate_;
  std::int64_t full_;    // 1e-9 bit
  std::int64_t tokens_;  // at updated_; negative if more went than conformed
  TimePoint updated_;
};

}  // namespace callflow::shaper
