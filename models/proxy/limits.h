// When an HTTP proxy closes a tunnel.
#pragma once

#include "models/path/tcp_connection.h"
#include "models/proxy/parameters.h"
#include "src/units/units.h"

namespace callflow::proxy {

struct TunnelEnd {
  TimePoint at = TimePoint::max();  // never, as things are
  path::Closing why = path::Closing::no;
};

// Of a tunnel that stands since then, if nothing comes after the last byte: a limit of a time holds
// for all instants before it is over, and not at its end.
TunnelEnd tunnelEnd(const Proxy& limits, TimePoint stood, TimePoint lastByte);

}  // namespace callflow::proxy
