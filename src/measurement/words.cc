#include "src/measurement/words.h"

#include <algorithm>
#include <limits>

namespace callflow::measurement {
namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::string_view kBlank = " \t\r";

}  // namespace

std::string_view stripped(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.push_back(stripped(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string lowered(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

int columnIn(std::string_view text, std::string_view part) {
  const auto at = static_cast<std::size_t>(part.data() - text.data());
  const auto lineEnd = text.substr(0, at).rfind('\n');
  return static_cast<int>(lineEnd == std::string_view::npos ? at : at - lineEnd - 1) + 1;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string shown;
  for (const char c : text.substr(0, kMost)) {
    const auto code = static_cast<unsigned char>(c);
    shown += code < 0x20 || code > 0x7e ? '?' : c;
  }
  return "\"" + shown + (text.size() > kMost ? "...\"" : "\"");
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
  constexpr std::size_t kMostDigits = 18;  // below 2^63
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && isDigit(text[digits]); ++digits) {
    if (digits == kMostDigits) return std::nullopt;
    value = value * 10 + (text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  return value;
}

std::string_view leadingNumber(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789.");
  return text.substr(0, end);
}

std::optional<Duration> decimal(std::string_view text, Duration unit) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view part =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && part.empty())) return std::nullopt;
  for (const std::string_view digits : {whole, part}) {
    for (const char c : digits) {
      if (!isDigit(c)) return std::nullopt;
    }
  }
  const auto count = wholeNumber(whole);
  if (!count) return std::nullopt;
  Int128 value = static_cast<Int128>(*count) * unit.count();
  Int128 numerator = 0, denominator = 1;
  for (const char c : part.substr(0, 15)) {  // a quadrillionth of any unit is below a nanosecond
    numerator = numerator * 10 + (c - '0');
    denominator *= 10;
  }
  value += (numerator * unit.count() + denominator / 2) / denominator;
  if (value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return Duration::ns(static_cast<std::int64_t>(value));
}

std::string plain(std::string_view text) {
  constexpr std::string_view kUtf8 = "\xef\xbb\xbf", kLittle = "\xff\xfe", kBig = "\xfe\xff";
  if (text.starts_with(kUtf8)) return std::string(text.substr(kUtf8.size()));
  const bool little = text.starts_with(kLittle);
  if (!little && !text.starts_with(kBig)) return std::string(text);
  std::string bytes;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    const char low = text[little ? i : i + 1], high = text[little ? i + 1 : i];
    bytes += high == 0 ? low : '?';
  }
  return bytes;
}

Duration times(Duration span, std::int64_t count) {
  constexpr std::int64_t kMost = Duration::s(30LL * 365 * 24 * 3600).count();
  const Int128 product = static_cast<Int128>(span.count()) * count;
  return Duration::ns(static_cast<std::int64_t>(std::clamp<Int128>(product, -kMost, kMost)));
}

}  // namespace callflow::measurement
