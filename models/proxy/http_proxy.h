// An HTTP proxy: a client asks it to CONNECT (RFC 9110 9.3.6), and it passes on the bytes of the
// two connections that make a tunnel.
#pragma once

#include <vector>

#include "models/path/tcp_connection.h"
#include "models/path/transit.h"

namespace callflow::proxy {

class HttpProxy : public path::FrameSink, public path::TunnelKeeper {
 public:
  explicit HttpProxy(path::Transit& transit) : FrameSink(transit) {}

  // What comes by `inner`, a client's, goes out by `outer`, which is opened when the client has
  // asked. Both must outlive the proxy.
  void addTunnel(path::TcpConnection& inner, path::TcpConnection& outer);

  void onFlight(path::TcpConnection& connection) override;
  void onEstablished(path::TcpConnection& connection) override;
  // Bytes are passed on as they come: it takes no time that would count.
  void onFrame(path::FrameHandle handle, TimePoint) override {
    transit().advance(handle);
    transit().sendOnLeg(handle);
  }

 private:
  struct Tunnel {
    path::TcpConnection* inner = nullptr;
    path::TcpConnection* outer = nullptr;
  };
  std::vector<Tunnel> tunnels_;
};

}  // namespace callflow::proxy
