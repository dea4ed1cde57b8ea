// A TCP connection as its two ends use it for frames: two legs, there and back.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/path/leg.h"
#include "models/path/transit.h"
#include "models/transport/secured_stream.h"
#include "models/transport/tcp_layer.h"

namespace callflow::path {

// Why a tunnel's connections were closed, if they were.
enum class Closing : std::uint8_t { no, oldAge, idleness };

// Is told how the setting up of a connection goes on.
class ConnectionWatcher {
 public:
  virtual ~ConnectionWatcher() = default;
  // Media may be sent on it from now on. Once.
  virtual void onStanding(TimePoint now) = 0;
  // It has been closed: for good, as nothing opens it again.
  virtual void onClosed(TimePoint now) = 0;
};

// The application between two connections that make one tunnel: an HTTP proxy.
class TunnelKeeper {
 public:
  virtual ~TunnelKeeper() = default;
  // A flight of the handshake has come to this end of `connection`.
  virtual void onFlight(TcpConnection& connection, transport::End at) = 0;
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

  // It is one of the two of a tunnel, which the keeper knows by this number.
  void setKeeper(TunnelKeeper& keeper, std::uint32_t tunnel) {
    keeper_ = &keeper;
    tunnel_ = tunnel;
  }
  std::uint32_t tunnel() const { return tunnel_; }
  // Connects, and starts the handshake.
  void open() { secured_.open(); }
  // Of a proxy, that its own connection stands.
  void answerConnect() { secured_.tunnelReady(); }
  // A proxy has been asked to CONNECT, and has not answered yet.
  bool asksToConnect() const;
  bool isTunnel() const { return secured_.isTunnel(); }
  bool established() const { return secured_.stream().established(); }
  bool stands() const { return closing_ == Closing::no && secured_.stands(); }

  // One end closes it: what is to be sent from there is lost from now on, and from the other end
  // when that has heard of it. What it has written before arrives.
  void close(transport::End by, Closing why);
  Closing closing() const { return closing_; }
  // Frames that an end was to send when it was closed.
  std::int64_t lostToClosing(transport::End from) const {
    return lostToClosing_[static_cast<std::size_t>(from)];
  }

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
  void writeMessage(transport::End from, transport::MessageToken token, DataSize size,
                    wire::Bytes& bytes) const override;
  bool endsStream(transport::MessageToken token) const override {
    return transport::SecuredStream::endsStream(token);
  }
  void onArrival(transport::End at, transport::MessageToken token, fabric::PacketId id,
                 const fabric::Packet& carrier) override;
  void onDelivery(transport::End at, const transport::Delivery& delivery) override;

 private:
  Leg& leg(transport::End from) { return from == transport::End::client ? forth_ : back_; }
  const Leg& leg(transport::End from) const {
    return from == transport::End::client ? forth_ : back_;
  }
  void flightArrived(transport::End at, transport::MessageToken token);
  void loseHeld(transport::End at, const std::vector<transport::SecuredStream::Held>& held);
  void lose(transport::End from, FrameHandle handle);
  void tellIfStanding();

  Transit& transit_;
  Leg& forth_;
  Leg& back_;
  transport::SecuredStream secured_;
  ConnectionWatcher& watcher_;
  bool toldStanding_ = false;
  Closing closing_ = Closing::no;
  std::array<std::int64_t, 2> lostToClosing_{};
  TunnelKeeper* keeper_ = nullptr;
  std::uint32_t tunnel_ = 0;
};

}  // namespace callflow::path
