#include "models/wifi/categories.h"

namespace callflow::wifi {
namespace {

// User priorities 0 to 7 (802.11-2020 table 10-1).
constexpr std::array kOfPriority = {AccessCategory::bestEffort, AccessCategory::background,
                                    AccessCategory::background, AccessCategory::bestEffort,
                                    AccessCategory::video,      AccessCategory::video,
                                    AccessCategory::voice,      AccessCategory::voice};

// RFC 8325 section 4.3.
AccessCategory recommended(std::uint8_t dscp) {
  switch (dscp) {
    case 56:  // CS7
    case 48:  // CS6
    case 46:  // EF
    case 44:  // VA
      return AccessCategory::voice;
    case 40:  // CS5
    case 38:  // AF4x
    case 36:
    case 34:
    case 32:  // CS4
    case 30:  // AF3x
    case 28:
    case 26:
    case 24:  // CS3
      return AccessCategory::video;
    case 8:  // CS1
    case 1:  // LE (RFC 8622)
      return AccessCategory::background;
    default:
      return AccessCategory::bestEffort;
  }
}

}  // namespace

std::string_view inWords(AccessCategory category) {
  switch (category) {
    case AccessCategory::background:
      return "background";
    case AccessCategory::bestEffort:
      return "best effort";
    case AccessCategory::video:
      return "video";
    case AccessCategory::voice:
      break;
  }
  return "voice";
}

Access accessOf(AccessCategory category, Standard standard) {
  const bool dsss = standard == Standard::b;
  const int cwMin = dsss ? 31 : 15;
  switch (category) {
    case AccessCategory::background:
      return {7, cwMin, 1023, {}};
    case AccessCategory::bestEffort:
      return {3, cwMin, 1023, {}};
    case AccessCategory::video:
      return {2, (cwMin + 1) / 2 - 1, cwMin, Duration::us(dsss ? 6016 : 3008)};
    case AccessCategory::voice:
      break;
  }
  return {2, (cwMin + 1) / 4 - 1, (cwMin + 1) / 2 - 1, Duration::us(dsss ? 3264 : 1504)};
}

Access plainAccess(Standard standard) {
  return {2, standard == Standard::b ? 31 : 15, 1023, {}};
}

AccessCategory categoryOf(wire::Dscp dscp, DscpMap map) {
  return map == DscpMap::rfc8325 ? recommended(dscp.value) : kOfPriority[dscp.value >> 3];
}

}  // namespace callflow::wifi
