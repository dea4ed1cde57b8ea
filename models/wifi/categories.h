// WMM's four access categories: who waits how long before sending (IEEE 802.11-2020 10.2.3.2, table
// 9-155), and which packets belong to which.
#pragma once

#include <array>
#include <string_view>

#include "models/wifi/parameters.h"
#include "models/wire/dscp.h"

namespace callflow::wifi {

inline constexpr std::size_t kCategoryCount = 4;
inline constexpr std::array kCategories = {AccessCategory::background, AccessCategory::bestEffort,
                                           AccessCategory::video, AccessCategory::voice};
std::string_view inWords(AccessCategory category);  // "best effort"

struct Access {
  int aifsn = 0;               // slots after SIFS that the air must be free
  int cwMin = 0, cwMax = 0;    // backoff is drawn from 0 to these, in slots
  Duration transmissionLimit;  // for so long frames may follow one another; zero: one frame
};
Access accessOf(AccessCategory category, Standard standard);
// Of a network without WMM, where all are alike (DCF).
Access plainAccess(Standard standard);

// How marks lead to user priorities, which categories stand for.
AccessCategory categoryOf(wire::Dscp dscp, DscpMap map);

}  // namespace callflow::wifi
