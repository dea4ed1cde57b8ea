#include "models/wire/dscp.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace callflow::wire {
namespace {

// The registry of DSCP values that RFC 2474 section 6 set up.
constexpr std::pair<const char*, std::uint8_t> kNames[] = {
    {"be", 0},    {"le", 1},                                               // RFC 2474, RFC 8622
    {"cs1", 8},   {"cs2", 16},  {"cs3", 24},  {"cs4", 32},  {"cs5", 40},   // RFC 2474
    {"cs6", 48},  {"cs7", 56},  {"af11", 10}, {"af12", 12}, {"af13", 14},  // RFC 2597
    {"af21", 18}, {"af22", 20}, {"af23", 22}, {"af31", 26}, {"af32", 28}, {"af33", 30},
    {"af41", 34}, {"af42", 36}, {"af43", 38}, {"va", 44},   {"ef", 46}};  // RFC 5865, RFC 3246

}  // namespace

std::optional<Dscp> parseDscp(std::string_view text) {
  const auto* const named = std::find_if(std::begin(kNames), std::end(kNames),
                                         [&](const auto& each) { return each.first == text; });
  if (named != std::end(kNames)) return Dscp{named->second};
  std::uint8_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number > kLargestDscp) return {};
  return Dscp{number};
}

std::string toText(Dscp dscp) {
  const auto* const named =
      std::find_if(std::begin(kNames), std::end(kNames),
                   [&](const auto& each) { return each.second == dscp.value; });
  return named != std::end(kNames) ? named->first : std::to_string(dscp.value);
}

}  // namespace callflow::wire
