#include "src/results/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace callflow::results {

namespace {

constexpr int kSignificant = 12;
// From here on %g writes an exponent.
constexpr double kWholeAsDigits = 1e12;

// std::to_chars with a precision takes twice as long as without, because it computes all digits.
// The shortest text that means the value is rounded instead, which gives the same: if the two were
// on different sides of a half, that half would be a shorter text. Only where the text ends in that
// half is it not known which way the value lies; then nothing is written and false given back.
bool appendRounded(std::string& out, double value) {
  std::array<char, 40> buffer{};
  char* const begin = buffer.data() + 1;  // room for a carry
  char* end =
      std::to_chars(begin, buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
  char* const from = begin + (value < 0 ? 1 : 0);
  char* first = from;  // the first digit that counts
  while (*first == '0' || *first == '.') ++first;
  char* const point = std::find(from, end, '.');
  if (point == end) return false;
  char* const last = first + kSignificant + (first < point && point < first + kSignificant ? 1 : 0);
  if (last < end) {
    char* cut = last == point ? last + 1 : last;
    if (*cut == '5' && cut + 1 == end) return false;
    const bool up = *cut >= '5';
    end = last;
    if (up) {
      char* digit = end - 1;
      while (digit >= from && (*digit == '9' || *digit == '.')) {
        if (*digit == '9') *digit = '0';
        --digit;
      }
      if (digit < from) return false;  // another digit in front: rare
      ++*digit;
    }
  }
  while (end[-1] == '0') --end;
  if (end[-1] == '.') --end;
  out.append(begin, end);
  return true;
}

}  // namespace

std::string numberText(double value) {
  std::string text;
  appendNumber(text, value);
  return text;
}

void appendNumber(std::string& out, double value) {
  if (std::isnan(value)) return;
  std::array<char, 40> buffer{};
  const double size = std::abs(value);
  if (size < kWholeAsDigits && value == std::trunc(value)) {  // never "-0"
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                   static_cast<std::int64_t>(value));
    out.append(buffer.data(), end.ptr);
    return;
  }
  // Between these %g writes no exponent.
  if (size >= 1e-4 && size < kWholeAsDigits / 10 && appendRounded(out, value)) return;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, kSignificant);
  out.append(buffer.data(), end.ptr);
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
