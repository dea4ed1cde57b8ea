// What happens to a call's connections, as its clients would log it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/units/units.h"

namespace callflow::metrics {

enum class CallEventKind : std::uint8_t {
  candidate,     // has been gathered: "relay 20.202.0.1:50000 by udp"
  gathered,      // all of them
  relayRefused,  // gives no allocation: "486 by 20.202.0.1:3478 udp"
  pair,          // is checked for the first time: "host 10.0.0.2:50000 - srflx 198.51.100.1:50000"
  selected,      // a pair, as above: media takes it
  lost,          // no pair is selected any more
  connected,     // ICE
  disconnected,  // ICE
  dtls,          // is connected
  media,         // begins
  restart,       // of ICE
  failed,        // ICE
  freeze,        // of a picture that it sees, which begins: "video of bob@home, 1.2 s"
  ended,         // the call, for this client, by a code: "410/301005"
  // User Facing Diagnostics of Azure Communication Services, with their values
  noNetwork,                  // "true", "false"
  networkRelaysNotReachable,  // "true", "false"
  networkReconnect,           // "bad", "good"
  networkReceiveQuality,      // "bad", "poor", "good"
  networkSendQuality,         // the same
};
std::string_view name(CallEventKind kind);  // "candidate", "networkReconnect" ...

struct CallEvent {
  Duration at;              // since the beginning of the run
  std::string participant;  // "alice@hq"
  CallEventKind kind{};
  std::string detail;  // as said above; else empty
};

}  // namespace callflow::metrics
