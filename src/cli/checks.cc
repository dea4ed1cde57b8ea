#include "src/cli/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "src/cli/output.h"

namespace callflow::cli {
namespace {

template <class T>
bool within(const std::string& text, T least, T most) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [rest, problem] = std::from_chars(text.data(), end, value);
  return problem == std::errc() && rest == end && value >= least && value <= most;
}

}  // namespace

CLI::Validator oneOf(std::vector<std::string> names) {
  return CLI::Validator(
      [names = std::move(names)](std::string& text) -> std::string {
        if (std::find(names.begin(), names.end(), text) != names.end()) return {};
        return fmt::format("\"{}\" is not one of {}{}", text, fmt::join(names, ", "),
                           didYouMean(text, names));
      },
      "");
}

CLI::Validator wholeNumber(std::int64_t least, std::int64_t most) {
  return CLI::Validator(
      [least, most](std::string& text) -> std::string {
        if (within(text, least, most)) return {};
        return fmt::format("\"{}\" is not a whole number from {} to {}", text, least, most);
      },
      "");
}

CLI::Validator wholeNumber() {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  return CLI::Validator(
      [kMost](std::string& text) -> std::string {
        if (within<std::uint64_t>(text, 0, kMost)) return {};
        return fmt::format("\"{}\" is not a whole number from 0 to {}", text, kMost);
      },
      "");
}

CLI::Validator number() {
  constexpr double kMost = std::numeric_limits<double>::max();
  return CLI::Validator(
      [kMost](std::string& text) -> std::string {
        if (within(text, -kMost, kMost)) return {};
        return fmt::format("\"{}\" is not a number", text);
      },
      "");
}

CLI::Validator numberBetween(double least, double most) {
  return CLI::Validator(
      [least, most](std::string& text) -> std::string {
        if (within(text, least, most)) return {};
        return fmt::format("\"{}\" is not a number from {:g} to {:g}", text, least, most);
      },
      "");
}

}  // namespace callflow::cli
