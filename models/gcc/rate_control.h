// Additive increase, multiplicative decrease of the rate that packets' delay allows
// (draft-ietf-rmcat-gcc-02 5.5; libwebrtc's aimd_rate_control.cc).
#pragma once

#include <cstdint>
#include <optional>

#include "models/gcc/link_capacity.h"
#include "models/gcc/usage.h"
#include "src/units/units.h"

namespace callflow::gcc {

class RateControl {
 public:
  void start(DataRate rate);
  void setLeast(DataRate rate);
  void setRoundTrip(Duration roundTrip) { roundTrip_ = roundTrip; }

  // Something else has found out what the path carries.
  void set(DataRate rate, TimePoint now);
  // `acknowledged`: what arrives of late, if it is known.
  void update(Usage usage, std::optional<DataRate> acknowledged, TimePoint now);

  // Whether the estimate is one; before that it is only a bound.
  bool known() const { return known_; }
  DataRate estimate() const { return estimate_; }

  // Packets queue: is it time to reduce the rate (once more)?
  bool mayReduce(DataRate acknowledged, TimePoint now) const;

  // Near the path's capacity, in a second.
  DataRate growth() const;

 private:
  enum class State : std::uint8_t { hold, increase, decrease };

  void begin(std::optional<DataRate> acknowledged, TimePoint now);
  void enter(Usage usage, TimePoint now);
  void increase(DataRate acknowledged, TimePoint now);
  void decrease(DataRate acknowledged, TimePoint now);
  Duration sinceChange(TimePoint now) const;
  DataRate atLeast(DataRate rate) const;

  State state_ = State::hold;
  LinkCapacity capacity_;
  DataRate least_ = DataRate::kbps(5);
  // Nothing limits the rate before there is an estimate.
  DataRate estimate_ = DataRate::mbps(30);
  DataRate acknowledged_ = DataRate::mbps(30);  // latest
  bool known_ = false;
  std::optional<TimePoint> firstAcknowledged_, changed_;
  Duration roundTrip_ = Duration::ms(200);
};

}  // namespace callflow::gcc
