// What the delay of packets says of the path's load.
#pragma once

#include <cstdint>

namespace callflow::gcc {

enum class Usage : std::uint8_t {
  normal,     // queues stay as they are
  overusing,  // they grow,
  underusing  // and they empty
};

}  // namespace callflow::gcc
