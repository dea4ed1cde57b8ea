// Packets a time, in the fixed point of Linux's BBR.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

#include "src/units/units.h"

namespace callflow::transport {

// A factor in 256ths.
using Gain = std::int64_t;
inline constexpr Gain kGainUnit = 256;

class PacketRate {
 public:
  constexpr PacketRate() = default;
  static constexpr PacketRate of(std::int64_t packets, Duration interval) {
    const std::int64_t steps = std::max<std::int64_t>(interval / Duration::us(1), 1);
    return PacketRate{static_cast<std::int64_t>((static_cast<Int128>(packets) << kShift) / steps)};
  }
  constexpr auto operator<=>(const PacketRate&) const = default;
  constexpr bool known() const { return scaled_ > 0; }

  // Whole packets in a time, rounded down.
  constexpr std::int64_t in(Duration time) const {
    return static_cast<std::int64_t>((static_cast<Int128>(scaled_) * (time / Duration::us(1))) >>
                                     kShift);
  }
  // As many times `gain`, rounded up.
  constexpr std::int64_t inflated(Duration time, Gain gain) const {
    const Int128 product = static_cast<Int128>(scaled_) * (time / Duration::us(1)) * gain;
    return static_cast<std::int64_t>((product / kGainUnit + (Int128{1} << kShift) - 1) >> kShift);
  }
  constexpr PacketRate times(Gain gain) const { return PacketRate{scaled_ * gain / kGainUnit}; }
  constexpr PacketRate apart(PacketRate other) const {
    return PacketRate{std::max(scaled_, other.scaled_) - std::min(scaled_, other.scaled_)};
  }
  constexpr PacketRate mean(PacketRate other) const {
    return PacketRate{(scaled_ + other.scaled_) / 2};
  }
  // Of packets of this size, times `gain`, less the hundredth that BBR stays below what it
  // estimates so that queues stay short (bbr_pacing_margin_percent).
  constexpr DataRate paced(DataSize packet, Gain gain) const {
    const Int128 bytes = static_cast<Int128>(scaled_) * packet.count() * gain / kGainUnit;
    return DataRate::bitsPerSecond(static_cast<std::int64_t>((bytes * 990'000) >> kShift) * 8);
  }

 private:
  static constexpr int kShift = 24;
  explicit constexpr PacketRate(std::int64_t scaled) : scaled_(scaled) {}
  std::int64_t scaled_ = 0;  // packets a microsecond, times 2^24
};

}  // namespace callflow::transport
