// Which controller decides on a sender's rate.
#pragma once

#include <cstdint>

namespace callflow::congestion {

enum class Kind : std::uint8_t {
  gcc,     // Google's, of libwebrtc
  nada,    // RFC 8698
  scream,  // RFC 8298
};

}  // namespace callflow::congestion
