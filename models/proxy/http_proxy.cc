#include "models/proxy/http_proxy.h"

namespace callflow::proxy {

void HttpProxy::addTunnel(path::TcpConnection& inner, path::TcpConnection& outer) {
  tunnels_.push_back({&inner, &outer});
  inner.setKeeper(*this);
  outer.setKeeper(*this);
}

void HttpProxy::onFlight(path::TcpConnection& connection) {
  for (const Tunnel& tunnel : tunnels_) {
    if (tunnel.inner == &connection && connection.asksToConnect() && !tunnel.outer->established())
      tunnel.outer->open();
  }
}

void HttpProxy::onEstablished(path::TcpConnection& connection) {
  for (const Tunnel& tunnel : tunnels_) {
    if (tunnel.outer == &connection) tunnel.inner->answerConnect();
  }
}

}  // namespace callflow::proxy
