// What clients and the service say to each other around a call, as bodies of HTTPS requests.
#pragma once

#include <cstdint>

#include "src/units/units.h"

namespace callflow::signaling {

enum class Message : std::uint8_t {
  invite,     // who calls, with an SDP offer (RFC 8829)
  answer,     // with an SDP answer
  candidate,  // one that is trickled (RFC 8838)
  telemetry   // how it went
};

// With what HTTP and the service put around it, before TLS.
DataSize sizeOf(Message message);

}  // namespace callflow::signaling
