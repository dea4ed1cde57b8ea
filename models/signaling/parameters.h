// How what clients say to each other before a call, and in it, gets from one to the other.
#pragma once

#include <cstdint>

namespace callflow::signaling {

enum class Carriage : std::uint8_t {
  ideal,  // takes no time on the network, and always arrives
  https   // TLS over TCP 443, to the server nearest to each client
};

}  // namespace callflow::signaling
