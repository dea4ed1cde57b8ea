#include "models/client/profile.h"

#include <array>
#include <cstddef>

namespace callflow::client {
namespace {

// libwebrtc of mid-2020: every packet's relative delay is a sample, and stretching follows the
// filtered buffer level.
constexpr receiver::NetEqParameters kNeteq2020{.quantile = 0.97,
                                               .forgetFactor = 0.9993,
                                               .resampleInterval = Duration{},
                                               .reorderOptimizer = false,
                                               .stretch = receiver::StretchRule::bufferLevel};

constexpr std::array kTable{
    Profile{Version::chrome2020, "libwebrtc of June 2020", kNeteq2020},
    Profile{Version::chrome2024, "libwebrtc M125 (April 2024)", {}},
    Profile{Version::chrome2026, "libwebrtc M150 (June 2026)", {}},
};

constexpr bool inOrder() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].version) != i) return false;
  }
  return true;
}
static_assert(inOrder());

}  // namespace

const Profile& profile(Version version) {
  return kTable[static_cast<std::size_t>(version)];
}

}  // namespace callflow::client
