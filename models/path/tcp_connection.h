// A TCP connection as its two ends use it for frames: two legs, there and back.
#pragma once

#include <cstdint>
#include <memory>

#include "models/path/leg.h"
#include "models/path/transit.h"
#include "models/transport/secured_stream.h"
#include "models/transport/tcp_layer.h"

namespace callflow::path {

// Is told how the setting up of a connection goes on.
class ConnectionWatcher {
 public:
  virtual ~ConnectionWatcher() = default;
  // Media may be sent on it from now on. Once.
  virtual void onStanding(TimePoint now) = 0;
};

// The application between two connections that make one tunnel: an HTTP proxy.
class TunnelKeeper {
 public:
  virtual ~TunnelKeeper() = default;
  // A flight of the handshake has come on `connection`.
  virtual void onFlight(TcpConnection& connection) = 0;
  // The client's end of `connection` is open.
  virtual void onEstablished(TcpConnection& connection) = 0;
};

class TcpConnection : public transport::StreamHandler {
 public:
  struct Setup {
    transport::Tcp tcp;
    transport::Security security = transport::Security::none;
    // The server is an HTTP proxy that is asked to CONNECT; what is protected is so for the far
    // end, not for it.
    bool toProxy = false;
    int challenges = 0;                 // of the proxy, before it hears a CONNECT
    DataSize clientQueue, serverQueue;  // what an application keeps beyond its socket's buffer
    std::uint32_t forthDraws = 0, backDraws = 0;  // fabric::Packet::stream of its segments
  };
  // Carries `forth`, from the client to the server, and `back` from now on.
  TcpConnection(Transit& transit, transport::TcpLayer& layer, Leg& forth, Leg& back,
                const Setup& setup, ConnectionWatcher& watcher);
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  void setKeeper(TunnelKeeper& keeper) { keeper_ = &keeper; }
  // Connects, and starts the handshake.
  void open() { secured_.open(); }
  // Of a proxy, that its own connection stands.
  void answerConnect() { secured_.tunnelReady(); }
  // A proxy has been asked to CONNECT, and has not answered yet.
  bool asksToConnect() const;
  bool isTunnel() const { return secured_.isTunnel(); }
  bool established() const { return secured_.stream().established(); }
  bool stands() const { return secured_.stands(); }

  // A frame that has waited since then; it is sent, held until the handshake is over, or dropped.
  void send(transport::End from, FrameHandle handle, TimePoint since);

  std::int64_t retransmissions(transport::End from) const {
    return secured_.stream().counters(from).retransmissions;
  }
  std::int64_t dropped(transport::End from) const { return secured_.dropped(from); }

  void onEstablished(const transport::Stream& stream) override;
  bool wantsCopies() const override { return transit_.traced(); }
  void onCopy(transport::End from, transport::MessageToken token,
              const transport::Copy& copy) override;
  void onArrival(transport::End at, transport::MessageToken token, fabric::PacketId id,
                 const fabric::Packet& carrier) override;
  void onDelivery(transport::End at, const transport::Delivery& delivery) override;

 private:
  Leg& leg(transport::End from) { return from == transport::End::client ? forth_ : back_; }
  void flightArrived(transport::MessageToken token);
  void tellIfStanding();

  Transit& transit_;
  Leg& forth_;
  Leg& back_;
  transport::SecuredStream secured_;
  ConnectionWatcher* watcher_;  // null once it has been told
  TunnelKeeper* keeper_ = nullptr;
};

}  // namespace callflow::path
