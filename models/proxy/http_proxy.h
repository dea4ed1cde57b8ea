// An HTTP proxy: a client asks it to CONNECT (RFC 9110 9.3.6), and it passes on the bytes of the
// two connections that make a tunnel, until it closes them.
#pragma once

#include <cstdint>
#include <vector>

#include "models/path/tcp_connection.h"
#include "models/path/transit.h"
#include "models/proxy/parameters.h"

namespace callflow::proxy {

class HttpProxy : public path::FrameSink, public path::TunnelKeeper, public path::Processing {
 public:
  // `place`: where frames wait while it looks at them (path::Processing).
  HttpProxy(path::Transit& transit, const Proxy& parameters, fabric::LinkId place);

  // What comes by `inner`, a client's, goes out by `outer`, which is opened when the client has
  // asked. Both must outlive the proxy.
  void addTunnel(path::TcpConnection& inner, path::TcpConnection& outer);

  void onFlight(path::TcpConnection& connection, transport::End at) override;
  void onEstablished(path::TcpConnection& connection) override;
  void onFrame(path::FrameHandle handle, TimePoint now) override {
    if (parameters_.idle) noteByte(handle, now);
    transit().advance(handle);
    process(handle, now);
  }

 private:
  struct Tunnel {
    path::TcpConnection* inner = nullptr;
    path::TcpConnection* outer = nullptr;
    TimePoint stood = {};     // when it was answered
    TimePoint lastByte = {};  // that came to the proxy since then, either way
  };
  // Looks after tunnels when one of them may have to be closed.
  class Watch : public fabric::LaneClient {
   public:
    explicit Watch(HttpProxy& proxy);
    void lookAt(std::uint32_t tunnel, TimePoint when);
    void onRecord(std::uint32_t channel, std::uint32_t tunnel, TimePoint now) override;

   private:
    HttpProxy& proxy_;
    fabric::LaneId lane_;
  };

  void onProcessed(path::FrameHandle handle) override { transit().sendOnLeg(handle); }
  void noteByte(path::FrameHandle handle, TimePoint now);
  // Closes the tunnel if its time has come, or else looks at it again when that may be.
  void closeInTime(std::uint32_t tunnel, TimePoint now);

  Proxy parameters_;
  std::vector<Tunnel> tunnels_;
  Watch watch_;
};

}  // namespace callflow::proxy
