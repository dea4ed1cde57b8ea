// The quantities that callflow computes with. Integers inside, so that equal input gives equal
// bytes on every machine; no interface of callflow takes a bare number for one of these.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace callflow {

// A span of time in whole nanoseconds; may be negative (a difference).
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration ns(std::int64_t value) { return Duration{value}; }
  static constexpr Duration us(std::int64_t value) { return Duration{value * 1'000}; }
  static constexpr Duration ms(std::int64_t value) { return Duration{value * 1'000'000}; }
  static constexpr Duration s(std::int64_t value) { return Duration{value * 1'000'000'000}; }
  // Rounds to the nearest nanosecond. For computed values; literals use the integer makers.
  static constexpr Duration fromSeconds(double seconds) {
    return Duration{static_cast<std::int64_t>(seconds * 1e9 + (seconds < 0 ? -0.5 : 0.5))};
  }
  static constexpr Duration max() { return Duration{std::numeric_limits<std::int64_t>::max()}; }
  constexpr std::int64_t count() const { return ns_; }
  constexpr double seconds() const { return static_cast<double>(ns_) / 1e9; }
  constexpr double milliseconds() const { return static_cast<double>(ns_) / 1e6; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator-() const { return Duration{-ns_}; }
  constexpr Duration& operator+=(Duration o) {
    ns_ += o.ns_;
    return *this;
  }
  constexpr Duration& operator-=(Duration o) {
    ns_ -= o.ns_;
    return *this;
  }
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration{a.ns_ + b.ns_}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration{a.ns_ - b.ns_}; }
  friend constexpr Duration operator*(Duration a, std::int64_t k) { return Duration{a.ns_ * k}; }
  friend constexpr Duration operator*(std::int64_t k, Duration a) { return Duration{a.ns_ * k}; }
  friend constexpr Duration operator/(Duration a, std::int64_t k) { return Duration{a.ns_ / k}; }
  // How many whole times b fits into a; b must not be zero.
  friend constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns_ / b.ns_; }

 private:
  explicit constexpr Duration(std::int64_t value) : ns_(value) {}
  std::int64_t ns_ = 0;
};

// An instant of simulated time, counted from the start of the simulation.
class TimePoint {
 public:
  constexpr TimePoint() = default;
  static constexpr TimePoint at(Duration sinceStart) { return TimePoint{sinceStart}; }
  static constexpr TimePoint max() { return TimePoint{Duration::max()}; }
  constexpr Duration sinceStart() const { return since_; }
  constexpr std::int64_t count() const { return since_.count(); }
  constexpr auto operator<=>(const TimePoint&) const = default;
  constexpr TimePoint& operator+=(Duration d) {
    since_ += d;
    return *this;
  }
  friend constexpr TimePoint operator+(TimePoint t, Duration d) { return TimePoint{t.since_ + d}; }
  friend constexpr TimePoint operator-(TimePoint t, Duration d) { return TimePoint{t.since_ - d}; }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) { return a.since_ - b.since_; }

 private:
  explicit constexpr TimePoint(Duration since) : since_(since) {}
  Duration since_;
};

// An amount of data in whole bytes.
class DataSize {
 public:
  constexpr DataSize() = default;
  static constexpr DataSize bytes(std::int64_t value) { return DataSize{value}; }
  constexpr std::int64_t count() const { return bytes_; }
  constexpr auto operator<=>(const DataSize&) const = default;
  constexpr DataSize& operator+=(DataSize o) {
    bytes_ += o.bytes_;
    return *this;
  }
  friend constexpr DataSize operator+(DataSize a, DataSize b) {
    return DataSize{a.bytes_ + b.bytes_};
  }
  friend constexpr DataSize operator-(DataSize a, DataSize b) {
    return DataSize{a.bytes_ - b.bytes_};
  }
  friend constexpr DataSize operator*(DataSize a, std::int64_t k) { return DataSize{a.bytes_ * k}; }

 private:
  explicit constexpr DataSize(std::int64_t value) : bytes_(value) {}
  std::int64_t bytes_ = 0;
};

// Bits per second, whole. Zero means "no data gets through"; unlimited() serializes in no time.
class DataRate {
 public:
  constexpr DataRate() = default;
  static constexpr DataRate bitsPerSecond(std::int64_t value) { return DataRate{value}; }
  static constexpr DataRate kbps(std::int64_t value) { return DataRate{value * 1'000}; }
  static constexpr DataRate mbps(std::int64_t value) { return DataRate{value * 1'000'000}; }
  static constexpr DataRate unlimited() {
    return DataRate{std::numeric_limits<std::int64_t>::max()};
  }
  constexpr std::int64_t count() const { return bps_; }
  constexpr bool isUnlimited() const { return bps_ == std::numeric_limits<std::int64_t>::max(); }
  constexpr auto operator<=>(const DataRate&) const = default;
  constexpr DataRate& operator+=(DataRate o) {
    bps_ += o.bps_;
    return *this;
  }
  constexpr DataRate& operator-=(DataRate o) {
    bps_ -= o.bps_;
    return *this;
  }
  friend constexpr DataRate operator+(DataRate a, DataRate b) { return DataRate{a.bps_ + b.bps_}; }
  friend constexpr DataRate operator-(DataRate a, DataRate b) { return DataRate{a.bps_ - b.bps_}; }

 private:
  explicit constexpr DataRate(std::int64_t value) : bps_(value) {}
  std::int64_t bps_ = 0;
};

// For products that pass 2^63 on the way to a quotient that does not.
__extension__ typedef __int128 Int128;

// Time to put `size` on a wire of `rate`, rounded up to a nanosecond; zero if the rate is
// unlimited. The rate must not be zero.
constexpr Duration transmissionTime(DataSize size, DataRate rate) {
  if (rate.isUnlimited()) return Duration{};
  // 8e9 * bytes passes 2^63 above 1.15 GB.
  const Int128 bitNs = static_cast<Int128>(size.count()) * 8 * 1'000'000'000;
  return Duration::ns(static_cast<std::int64_t>((bitNs + rate.count() - 1) / rate.count()));
}

// What `rate` carries in `time`, rounded down to a byte.
constexpr DataSize dataIn(DataRate rate, Duration time) {
  const Int128 bitNs = static_cast<Int128>(rate.count()) * time.count();
  return DataSize::bytes(static_cast<std::int64_t>(bitNs / 8'000'000'000));
}

// What so much in so much time, more than none, comes to; rounded down.
constexpr DataRate rateOf(DataSize size, Duration time) {
  const Int128 bitNs = static_cast<Int128>(size.count()) * 8 * 1'000'000'000;
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(bitNs / time.count()));
}

// So many times the rate, which must not be unlimited, rounded to a bit per second.
constexpr DataRate scaled(DataRate rate, double factor) {
  const double product = static_cast<double>(rate.count()) * factor;
  return DataRate::bitsPerSecond(static_cast<std::int64_t>(product + (product < 0 ? -0.5 : 0.5)));
}

// A share of a whole, 0 to 1 unless an interface says otherwise; parts per billion inside.
class Ratio {
 public:
  constexpr Ratio() = default;
  static constexpr Ratio ppb(std::int64_t value) { return Ratio{value}; }
  static constexpr Ratio percent(std::int64_t value) { return Ratio{value * 10'000'000}; }
  static constexpr Ratio fromDouble(double value) {
    return Ratio{static_cast<std::int64_t>(value * 1e9 + (value < 0 ? -0.5 : 0.5))};
  }
  constexpr std::int64_t count() const { return ppb_; }
  constexpr double value() const { return static_cast<double>(ppb_) / 1e9; }
  constexpr double percentValue() const { return static_cast<double>(ppb_) / 1e7; }
  constexpr auto operator<=>(const Ratio&) const = default;

 private:
  explicit constexpr Ratio(std::int64_t value) : ppb_(value) {}
  std::int64_t ppb_ = 0;
};

// What parsing a text gives: the value, or what is wrong with the text as half a sentence
// ("has no unit; write "20 ms""), ready to stand behind a key path in a diagnostic.
template <class T>
struct Parsed {
  std::optional<T> value;
  std::string problem;
};

// "<number>[ ]<unit>". Decimal numbers only (no exponent, no hex, no sign but '-' where the
// quantity may be negative: none here). Refuses what would lose precision below the stored unit.
Parsed<Duration> parseDuration(std::string_view text);  // ns us ms s min h
Parsed<DataSize> parseDataSize(std::string_view text);  // B kB MB GB (powers of 10), KiB MiB
Parsed<DataRate> parseDataRate(std::string_view text);  // bit/s kbit/s Mbit/s Gbit/s, "unlimited"
Parsed<Ratio> parseRatio(std::string_view text);        // "0.5%" or "0.005 ratio"

// The units that a quantity may be written in, in the order in which messages list them; for
// schemas.
std::vector<std::string> durationUnits();
std::vector<std::string> dataSizeUnits();
std::vector<std::string> dataRateUnits();
std::vector<std::string> ratioUnits();

// Text that parses back to the same value, in the largest unit that keeps the number at least 1
// ("20 ms", "1.5 Mbit/s", "0.1%"); times stop at seconds, sizes take the shortest text ("1500 B",
// "64 KiB").
std::string toText(Duration value);
std::string toText(TimePoint value);
std::string toText(DataSize value);
std::string toText(DataRate value);
std::string toText(Ratio value);

}  // namespace callflow
