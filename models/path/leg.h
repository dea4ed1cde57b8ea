// One direction of one transport between two sockets: UDP datagrams, or messages on a TCP
// connection.
#pragma once

#include <cstdint>

#include "models/fabric/fabric.h"
#include "models/media/wire.h"
#include "models/path/transit.h"
#include "models/transport/stream.h"
#include "models/wire/dscp.h"

namespace callflow::path {

class TcpConnection;
enum class Closing : std::uint8_t;

struct LegEnds {
  fabric::NodeId from{}, to{};
  fabric::Endpoint source, destination;  // as packets are addressed where the leg begins
  wire::Dscp dscp = {};                  // their mark
};

class Leg {
 public:
  // `sink` is whoever stands at the far end.
  Leg(Transit& transit, const LegEnds& ends, media::Encapsulation framing, FrameSink& sink)
      : transit_(transit), ends_(ends), framing_(framing), sink_(sink) {}

  // A frame has come to its far end; when the last did, if any did.
  void noteArrival(TimePoint now) { lastArrival_ = now; }
  TimePoint lastArrival() const { return lastArrival_; }
  // Of UDP: where the last datagram that came to its far end was from, as seen there.
  void noteSource(fabric::Endpoint seen) { lastSource_ = seen; }
  fabric::Endpoint lastSource() const { return lastSource_; }

  // Of UDP: where the far end is seen from here, once that is known.
  void sendTo(fabric::Endpoint destination) { ends_.destination = destination; }
  // Of TCP: the connection that carries it, from this end of it.
  void use(TcpConnection& connection, transport::End from) {
    connection_ = &connection;
    end_ = from;
  }

  // The frame stands before this leg. It may be gone after this call.
  void send(FrameHandle handle);

  // Whether frames may be sent both ways.
  bool stands() const;
  std::int64_t retransmissions() const;
  // By the full queue before a TCP socket.
  std::int64_t droppedAtSocket() const;
  // Whether its connection was closed, and the frames that were to be sent on it after that.
  Closing closing() const;
  std::int64_t lostToClosing() const;
  // Of TCP: what carries it.
  const TcpConnection* connection() const { return connection_; }

  const LegEnds& ends() const { return ends_; }
  media::Encapsulation framing() const { return framing_; }
  bool overTcp() const { return media::overTcp(framing_); }
  FrameSink& sink() const { return sink_; }

 private:
  void sendDatagram(FrameHandle handle);

  Transit& transit_;
  LegEnds ends_;
  media::Encapsulation framing_;
  FrameSink& sink_;
  TcpConnection* connection_ = nullptr;
  transport::End end_ = transport::End::client;
  TimePoint lastArrival_;
  fabric::Endpoint lastSource_;
};

}  // namespace callflow::path
