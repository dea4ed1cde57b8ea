#include "models/proxy/limits.h"

namespace callflow::proxy {

TunnelEnd tunnelEnd(const Proxy& limits, TimePoint stood, TimePoint lastByte) {
  TunnelEnd end;
  if (limits.longest) end = {stood + *limits.longest, path::Closing::oldAge};
  if (limits.idle && lastByte + *limits.idle < end.at)
    end = {lastByte + *limits.idle, path::Closing::idleness};
  return end;
}

}  // namespace callflow::proxy
