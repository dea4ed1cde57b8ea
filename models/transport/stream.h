// A byte stream between two endpoints of the fabric, carrying framed media messages both ways.
// What a TCP model must offer; ns3_tcp.h is the first one behind it.
#pragma once

#include <cstdint>

#include "models/fabric/fabric.h"
#include "models/fabric/packet.h"
#include "models/wire/bytes.h"
#include "models/wire/dscp.h"
#include "src/units/units.h"

namespace callflow::transport {

// The end that opens the connection is the client's.
enum class End : std::uint8_t { client, server };
constexpr End other(End end) {
  return end == End::client ? End::server : End::client;
}

// Where an end stands: the fabric's node and the address it uses there.
struct StreamEnd {
  fabric::NodeId node{};
  fabric::Endpoint endpoint;
  std::uint32_t stream = 0;  // of the packets that it sends (fabric::Packet::stream)
  wire::Dscp dscp = {};      // and their mark
  bool plain = false;        // what it sends does not look like TLS
};

// The caller's handle of a message, given back on arrival and on delivery.
using MessageToken = std::uint32_t;

// When one message crossed the stream. The parts add up to `delivered - written` exactly:
//   written .. firstTransmission    waiting for the window or in the send buffer
//   firstTransmission .. copySent   the earlier copies were lost
//   copySent .. arrived             crossing the network (the carrier packet knows by which causes)
//   arrived .. delivered            waiting for earlier bytes: head-of-line blocking
struct Delivery {
  MessageToken token = 0;
  TimePoint written;
  TimePoint firstTransmission;
  TimePoint copySent;  // of the copy whose arrival completed the message
  TimePoint arrived;
  TimePoint delivered;
  std::int32_t copies = 0;  // transmissions of the message's last byte
};

struct StreamCounters {
  std::int64_t dataSegments = 0;     // first copies
  std::int64_t retransmissions = 0;  // segments whose bytes had all been sent before
};

// What became of one transmission of a message's last byte.
struct Copy {
  TimePoint sent;
  TimePoint arrived = TimePoint::max();  // never, if lost
  const fabric::Drop* drop = nullptr;    // null, if it arrived
};

class Stream;

class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  // The client's end of the connection is open.
  virtual void onEstablished(const Stream& stream) { static_cast<void>(stream); }
  // Whether onCopy() is wanted: it costs a search for each segment.
  virtual bool wantsCopies() const { return false; }
  // A copy of a message that is not delivered yet has arrived or is lost; `from` is the sending
  // end.
  virtual void onCopy(End from, MessageToken token, const Copy& copy) {
    static_cast<void>(from), static_cast<void>(token), static_cast<void>(copy);
  }
  // `carrier` has brought the last missing byte of the message to the receiving end `at`.
  virtual void onArrival(End at, MessageToken token, fabric::PacketId id,
                         const fabric::Packet& carrier) = 0;
  // The message leaves the stream, in order, at `at`.
  virtual void onDelivery(End at, const Delivery& delivery) = 0;
  // Where packets are captured: what is in a message, when it is sent. What is left out at the end
  // is content that nobody knows.
  virtual void writeMessage(End from, MessageToken token, DataSize size, wire::Bytes& bytes) const {
    static_cast<void>(from), static_cast<void>(token), static_cast<void>(size),
        static_cast<void>(bytes);
  }
  // Whether a message is no byte but the end of the stream, which takes a number as one does.
  virtual bool endsStream(MessageToken token) const {
    static_cast<void>(token);
    return false;
  }
  // The socket takes data again after writable() was false.
  virtual void onWritable(End from) { static_cast<void>(from); }
};

class Stream {
 public:
  virtual ~Stream() = default;
  // Starts the handshake now. To be called once, from within the simulation.
  virtual void open() = 0;
  // Queues a message of `size` bytes, framing included. Never refuses: what the socket does not
  // take waits in an unbounded queue, and what waits is visible as send wait. Before the handshake
  // is over everything waits.
  virtual void send(End from, DataSize size, MessageToken token) = 0;
  // Whether the socket would take a message now. What is sent all the same waits, unbounded, as if
  // the application kept it.
  virtual bool writable(End from) const = 0;
  // How much of what was sent the socket has not taken yet.
  virtual DataSize waiting(End from) const = 0;
  virtual bool established() const = 0;
  virtual StreamCounters counters(End from) const = 0;
};

}  // namespace callflow::transport
