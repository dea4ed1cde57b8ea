#include "models/proxy/http_proxy.h"

#include "models/path/leg.h"
#include "models/proxy/limits.h"

namespace callflow::proxy {

using transport::End;

HttpProxy::HttpProxy(path::Transit& transit, const Proxy& parameters, fabric::LinkId place)
    : FrameSink(transit),
      Processing(transit, parameters.processing, place),
      parameters_(parameters),
      watch_(*this) {}

void HttpProxy::addTunnel(path::TcpConnection& inner, path::TcpConnection& outer) {
  const auto number = static_cast<std::uint32_t>(tunnels_.size());
  tunnels_.push_back({.inner = &inner, .outer = &outer});
  inner.setKeeper(*this, number);
  outer.setKeeper(*this, number);
}

void HttpProxy::onFlight(path::TcpConnection& connection, End at) {
  Tunnel& tunnel = tunnels_[connection.tunnel()];
  if (tunnel.inner == &connection && connection.asksToConnect() && !tunnel.outer->established())
    tunnel.outer->open();
  const End own = tunnel.inner == &connection ? End::server : End::client;
  if (at == own) tunnel.lastByte = transit().now();
}

void HttpProxy::onEstablished(path::TcpConnection& connection) {
  Tunnel& tunnel = tunnels_[connection.tunnel()];
  if (tunnel.outer != &connection) return;
  tunnel.inner->answerConnect();
  tunnel.stood = tunnel.lastByte = transit().now();
  if (parameters_.closesTunnels()) closeInTime(connection.tunnel(), tunnel.stood);
}

void HttpProxy::noteByte(path::FrameHandle handle, TimePoint now) {
  const path::Frame& frame = transit()[handle];
  tunnels_[frame.path->legs[frame.leg]->connection()->tunnel()].lastByte = now;
}

void HttpProxy::closeInTime(std::uint32_t number, TimePoint now) {
  const Tunnel& tunnel = tunnels_[number];
  const TunnelEnd end = tunnelEnd(parameters_, tunnel.stood, tunnel.lastByte);
  if (end.at > now) {
    watch_.lookAt(number, end.at);
    return;
  }
  tunnel.inner->close(End::server, end.why);
  tunnel.outer->close(End::client, end.why);
}

HttpProxy::Watch::Watch(HttpProxy& proxy)
    : proxy_(proxy), lane_(proxy.transit().fabric().simulator().addLane(*this, 0)) {}

void HttpProxy::Watch::lookAt(std::uint32_t tunnel, TimePoint when) {
  proxy_.transit().fabric().simulator().pushOutOfOrder(lane_, when, tunnel);
}

void HttpProxy::Watch::onRecord(std::uint32_t, std::uint32_t tunnel, TimePoint now) {
  proxy_.closeInTime(tunnel, now);
}

}  // namespace callflow::proxy
