#include "src/results/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace callflow::results {

std::string numberText(double value) {
  if (std::isnan(value)) return {};
  if (value == 0) return "0";  // never "-0"
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, 12);
  return {buffer.data(), end.ptr};
}

std::string millisecondsText(Duration value) {
  const std::int64_t ns = value.count();
  const std::uint64_t magnitude =
      ns < 0 ? ~static_cast<std::uint64_t>(ns) + 1 : static_cast<std::uint64_t>(ns);
  std::string text = ns < 0 ? "-" : "";
  text += std::to_string(magnitude / 1'000'000);
  std::string fraction = std::to_string(magnitude % 1'000'000);
  if (fraction != "0") {
    fraction.insert(0, 6 - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    text += '.' + fraction;
  }
  return text;
}

std::string millisecondsText(TimePoint value) {
  return value == TimePoint::max() ? std::string{} : millisecondsText(value.sinceStart());
}

std::optional<double> numberFrom(std::string_view text) {
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<long long> integerFrom(std::string_view text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Duration> millisecondsFrom(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = integerFrom(text.substr(0, point));
  if (!whole || *whole < 0 || *whole > std::numeric_limits<std::int64_t>::max() / 1'000'000 - 1) {
    return std::nullopt;
  }
  std::int64_t ns = *whole * 1'000'000;
  if (point != std::string_view::npos) {
    std::string digits{text.substr(point + 1)};
    if (digits.empty() || digits.size() > 6) return std::nullopt;
    digits.resize(6, '0');
    const auto part = integerFrom(digits);
    if (!part || *part < 0) return std::nullopt;
    ns += *part;
  }
  return Duration::ns(negative ? -ns : ns);
}

}  // namespace callflow::results
