#include "src/metrics/call_event.h"

namespace callflow::metrics {

std::string_view name(CallEventKind kind) {
  switch (kind) {
    case CallEventKind::candidate:
      return "candidate";
    case CallEventKind::gathered:
      return "gathered";
    case CallEventKind::relayRefused:
      return "relay-refused";
    case CallEventKind::pair:
      return "pair";
    case CallEventKind::selected:
      return "selected";
    case CallEventKind::lost:
      return "lost";
    case CallEventKind::connected:
      return "connected";
    case CallEventKind::disconnected:
      return "disconnected";
    case CallEventKind::dtls:
      return "dtls";
    case CallEventKind::media:
      return "media";
    case CallEventKind::restart:
      return "restart";
    case CallEventKind::failed:
      return "failed";
    case CallEventKind::freeze:
      return "freeze";
    case CallEventKind::ended:
      return "ended";
    case CallEventKind::noNetwork:
      return "noNetwork";
    case CallEventKind::networkRelaysNotReachable:
      return "networkRelaysNotReachable";
    case CallEventKind::networkReconnect:
      return "networkReconnect";
    case CallEventKind::networkReceiveQuality:
      return "networkReceiveQuality";
    case CallEventKind::networkSendQuality:
      return "networkSendQuality";
  }
  return "";
}

}  // namespace callflow::metrics
