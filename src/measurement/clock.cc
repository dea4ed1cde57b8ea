#include "src/measurement/clock.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "src/measurement/words.h"

namespace callflow::measurement {
namespace {

std::optional<Duration> dayOf(std::string_view text) {
  for (const char mark : {'-', '/', '.'}) {
    const std::vector<std::string_view> parts = split(text, mark);
    if (parts.size() != 3) continue;
    std::array<int, 3> numbers{};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto number = wholeNumber(parts[i]);
      if (!number || *number > 9999) return std::nullopt;
      numbers[i] = static_cast<int>(*number);
    }
    auto [year, month, day] = numbers;
    if (mark == '.' || (mark == '/' && parts[0].size() != 4)) {
      std::swap(year, day);  // day, month, year
      if (mark == '/' && month <= 12 && day <= 12) std::swap(month, day);
      if (month > 12) std::swap(month, day);
    }
    if (year < 100) year += 2000;
    // Nanoseconds since 1970 end in 2262; nobody measured before.
    if (year < 1970 || year > 2100 || month > 12 || day > 31) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return Duration::s(24 * 3600) * std::chrono::sys_days(date).time_since_epoch().count();
  }
  return std::nullopt;
}

std::optional<Duration> timeOfDay(std::string_view text) {
  const std::string low = lowered(text);
  const bool afternoon = low.ends_with("pm"), morning = low.ends_with("am");
  const auto end = text.find_first_not_of("0123456789:.");
  const std::vector<std::string_view> parts = split(text.substr(0, end), ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  auto hours = wholeNumber(parts[0]);
  const auto minutes = wholeNumber(parts[1]);
  const auto seconds = parts.size() == 3 ? decimal(parts[2], Duration::s(1)) : Duration();
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > Duration::s(60))
    return std::nullopt;
  if (afternoon && *hours < 12) *hours += 12;
  if (morning && *hours == 12) hours = 0;
  return Duration::s(*hours * 3600 + *minutes * 60) + *seconds;
}

}  // namespace

std::optional<Duration> clockTime(std::string_view text) {
  text = stripped(text);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto gap = text.substr(0, colon).find_last_of(" T");
  if (gap == std::string_view::npos) return timeOfDay(text);
  const auto day = dayOf(stripped(text.substr(0, gap)));
  const auto time = timeOfDay(text.substr(gap + 1));
  if (!day || !time) return std::nullopt;
  return *day + *time;
}

}  // namespace callflow::measurement
