// Streams for tests of the meter: what becomes of each frame is given.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/receiver/stream_meter.h"

namespace callflow::receiver {

inline constexpr Duration frame = Duration::ms(20);
inline constexpr Duration overhead =
    Duration::us(26'500);  // 20 ms of capture and 6.5 ms of look-ahead
inline constexpr DataSize size = DataSize::bytes(118);

inline TimePoint ms(std::int64_t value) {
  return TimePoint::at(Duration::ms(value));
}
inline Approx near(double value) {
  return Approx(value).margin(1e-12).epsilon(0);
}

inline MeterConfig fixedConfig(std::int64_t delayMs = 40) {
  MeterConfig config;
  config.bitrate = DataRate::kbps(32);
  config.frame = frame;
  config.buffer = FixedBuffer{frame, Duration::ms(delayMs)};
  return config;
}

inline MeterConfig adaptiveConfig() {
  MeterConfig config = fixedConfig();
  config.buffer = AdaptiveBuffer{};
  return config;
}

inline MeterConfig neteqConfig(std::uint64_t draws = 1) {
  MeterConfig config = fixedConfig();
  NetEqBuffer neteq;
  neteq.draws = draws;
  config.buffer = neteq;
  return config;
}

inline DelayParts propagation(Duration delay) {
  DelayParts parts;
  parts[DelayCause::propagation] = delay;
  return parts;
}

inline constexpr Duration never = Duration::max();
inline constexpr Duration stuck = Duration::max() - Duration::ns(1);  // still on its way at the end

inline std::vector<Duration> constant(std::size_t frames, Duration delay) {
  return std::vector<Duration>(frames, delay);
}

// Runs frames 0, 1, ... sent every 20 ms (`period`); fates[k] is the delay of frame k, or never, or
// stuck. The simulation ends at `end`, if that is given: what would come later is on its way then.
StreamReport run(const MeterConfig& config, const std::vector<Duration>& fates,
                 std::optional<TimePoint> end = std::nullopt, Duration period = frame);

}  // namespace callflow::receiver
