#include "models/transport/ns3_tcp.h"

#include <ns3/boolean.h>
#include <ns3/inet-socket-address.h>
#include <ns3/internet-stack-helper.h>
#include <ns3/ipv4-header.h>
#include <ns3/ipv4-interface-address.h>
#include <ns3/ipv4-static-routing-helper.h>
#include <ns3/ipv4-static-routing.h>
#include <ns3/ipv4.h>
#include <ns3/node.h>
#include <ns3/packet.h>
#include <ns3/socket.h>
#include <ns3/tcp-header.h>
#include <ns3/tcp-l4-protocol.h>
#include <ns3/tcp-socket-base.h>
#include <ns3/tcp-socket.h>
#include <ns3/uinteger.h>

#include <array>
#include <deque>
#include <utility>

#include "models/fabric/ns3_time.h"
#include "models/transport/message_tracker.h"
#include "models/transport/packet_device.h"
#include "models/transport/stream_contents.h"

namespace callflow::transport {

namespace {

// Of a socket whose size nobody chose: ns-3's own default. It does not grow.
constexpr DataSize kDefaultBuffer = DataSize::bytes(131072);

// The sockets live on a wire of their own, so their addresses are always the same; the fabric's
// packets carry the real ones, which boxes may rewrite.
constexpr std::array<const char*, 2> kWireAddress = {"10.0.0.1", "10.0.0.2"};
constexpr std::uint16_t kWirePort = 443;

// Ethernet's 1500 bytes less IP 20, TCP 20 and the timestamps option 12 (RFC 7323).
constexpr std::uint32_t kSegmentSize = 1448;

// RFC 9293 3.1: in whole words, in a byte's upper half.
constexpr std::size_t kDataOffsetAt = 12;

// What the timestamps option adds to every segment of a real connection (RFC 7323 3.2, padded).
constexpr std::uint32_t kTimestampsOption = 12;

std::size_t index(End end) {
  return static_cast<std::size_t>(end);
}

// Data bytes of a TCP segment as offsets in the application's stream. ns-3 numbers the SYN 0, so
// data starts at 1. `near` is an offset within 2^31 of the segment, by which the 32-bit sequence
// number is unwrapped.
ByteRange dataBytes(const ns3::Ptr<ns3::Packet>& ipPacket, std::int64_t near) {
  const ns3::Ptr<ns3::Packet> copy = ipPacket->Copy();
  ns3::Ipv4Header ip;
  copy->RemoveHeader(ip);
  ns3::TcpHeader tcp;
  copy->RemoveHeader(tcp);
  const std::uint32_t sequence = tcp.GetSequenceNumber().GetValue() - 1;
  const auto distance = static_cast<std::int32_t>(sequence - static_cast<std::uint32_t>(near));
  const std::int64_t begin = near + distance;
  return {begin, begin + copy->GetSize()};
}

}  // namespace

// Segments on their way through the fabric, found by the handle that their fabric packet carries.
class Ns3TcpLayer::Segments {
 public:
  struct Segment {
    ns3::Ptr<ns3::Packet> packet;
    Ns3TcpStream* stream = nullptr;
    End from = End::client;
    ByteRange bytes;
    TimePoint sent;
  };

  std::uint32_t put(Segment segment) {
    if (free_.empty()) {
      slots_.push_back(std::move(segment));
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    const std::uint32_t handle = free_.back();
    free_.pop_back();
    slots_[handle] = std::move(segment);
    return handle;
  }

  const Segment& at(std::uint32_t handle) const { return slots_[handle]; }

  Segment take(std::uint32_t handle) {
    free_.push_back(handle);
    return std::exchange(slots_[handle], Segment{});
  }

 private:
  std::vector<Segment> slots_;
  std::vector<std::uint32_t> free_;
};

class Ns3TcpStream : public Stream {
 public:
  Ns3TcpStream(Ns3TcpLayer& layer, const StreamEnd& client, const StreamEnd& server,
               const Tcp& parameters, StreamHandler& handler)
      : layer_(layer), handler_(handler) {
    sides_[index(End::client)].place = client;
    sides_[index(End::server)].place = server;
    for (const End end : {End::client, End::server}) makeNode(end, parameters);
    listen();
  }

  void open() override {
    ns3::Ptr<ns3::Socket> socket = sides_[index(End::client)].socket;
    socket->SetConnectCallback(ns3::MakeCallback(&Ns3TcpStream::onConnected, this),
                               ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
    socket->Connect(ns3::InetSocketAddress(kWireAddress[index(End::server)], kWirePort));
  }

  void send(End from, DataSize size, MessageToken token) override {
    Side& side = sides_[index(from)];
    side.tracker.written(token, size, layer_.now());
    if (layer_.captured_) side.contents.written(handler_, from, token, size);
    side.waiting.push_back(size);
    flush(from);
  }

  bool writable(End from) const override {
    const Side& side = sides_[index(from)];
    return side.connected && side.waiting.empty() && side.socket->GetTxAvailable() > 0;
  }

  DataSize waiting(End from) const override {
    DataSize sum;
    for (const DataSize size : sides_[index(from)].waiting) sum += size;
    return sum;
  }

  bool established() const override { return sides_[0].connected && sides_[1].connected; }
  StreamCounters counters(End from) const override { return sides_[index(from)].counters; }

  // A segment from `segment.from` reached the other end.
  void receive(const Ns3TcpLayer::Segments::Segment& segment, fabric::PacketId id,
               const fabric::Packet& carrier, TimePoint now) {
    const End at = other(segment.from);
    // A server learns where its client is from the SYN: behind a NAT, that is the NAT's address.
    // What comes from elsewhere, or to another computer, does not belong to the connection; the
    // reset that answers it is not sent.
    fabric::Endpoint& client = sides_[index(End::client)].seenAs;
    if (at == End::server && !sides_[index(at)].connected) client = carrier.source();
    if (at == End::server ? carrier.source() != client
                          : carrier.destination() != sides_[index(at)].place.endpoint) {
      lose(segment, {id, carrier, fabric::DropCause::noListener, 0, sides_[index(at)].place.node,
                     fabric::kNoLink, now});
      return;
    }
    reportCopies(segment, Copy{segment.sent, now, nullptr});
    sides_[index(segment.from)].tracker.arrived(
        segment.bytes, segment.sent, now,
        [&](MessageToken token) { handler_.onArrival(at, token, id, carrier); });
    sides_[index(at)].device->deliver(segment.packet);
  }

  // ns-3's own header, of its sockets' wire, with the option that transmit() counts as padding.
  void writeBytes(const Ns3TcpLayer::Segments::Segment& segment, wire::Bytes& bytes) const {
    const ns3::Ptr<ns3::Packet> copy = segment.packet->Copy();
    ns3::Ipv4Header ip;
    copy->RemoveHeader(ip);
    const auto data = static_cast<std::size_t>(segment.bytes.end - segment.bytes.begin);
    std::vector<std::uint8_t> header(copy->GetSize() - data);
    copy->CopyData(header.data(), static_cast<std::uint32_t>(header.size()));
    constexpr std::uint32_t kNoOperation = 1;  // RFC 9293 3.2
    header[kDataOffsetAt] =
        static_cast<std::uint8_t>(header[kDataOffsetAt] + (kTimestampsOption / 4 << 4));
    for (const std::uint8_t byte : header) bytes.u8(byte);
    for (std::uint32_t i = 0; i < kTimestampsOption; ++i) bytes.u8(kNoOperation);
    sides_[index(segment.from)].contents.copy(segment.bytes, bytes);
  }

  // A segment will not reach the other end.
  void lose(const Ns3TcpLayer::Segments::Segment& segment, const fabric::Drop& drop) {
    reportCopies(segment, Copy{segment.sent, TimePoint::max(), &drop});
  }

 private:
  struct Side {
    StreamEnd place;
    fabric::Endpoint seenAs;  // the client's address as the server sees it
    ns3::Ptr<ns3::Node> node;
    ns3::Ptr<PacketDevice> device;
    ns3::Ptr<ns3::Socket> listener;
    ns3::Ptr<ns3::Socket> socket;
    bool connected = false;
    MessageTracker tracker;          // of what this side sends
    StreamContents contents;         // of that, where packets are captured
    std::deque<DataSize> waiting;    // messages that the socket has not taken yet
    std::int64_t bytesRead = 0;      // of what the other side sent
    std::int64_t lastBytesSent = 0;  // for unwrapping sequence numbers
    StreamCounters counters;
  };

  void reportCopies(const Ns3TcpLayer::Segments::Segment& segment, const Copy& copy) {
    if (!handler_.wantsCopies()) return;
    sides_[index(segment.from)].tracker.forEachEndingIn(
        segment.bytes, [&](MessageToken token) { handler_.onCopy(segment.from, token, copy); });
  }

  void makeNode(End end, const Tcp& parameters) {
    Side& side = sides_[index(end)];
    side.node = ns3::CreateObject<ns3::Node>();
    ns3::InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(side.node);
    side.device = ns3::CreateObject<PacketDevice>();
    side.device->setOnSend([this, end](ns3::Ptr<ns3::Packet> packet) { transmit(end, packet); });
    side.node->AddDevice(side.device);
    ns3::Ptr<ns3::Ipv4> ipv4 = side.node->GetObject<ns3::Ipv4>();
    const std::uint32_t interface = ipv4->AddInterface(side.device);
    ipv4->AddAddress(interface,
                     ns3::Ipv4InterfaceAddress(kWireAddress[index(end)], "255.255.255.0"));
    ipv4->SetUp(interface);

    side.socket = side.node->GetObject<ns3::TcpL4Protocol>()->CreateSocket();
    const ns3::Ptr<ns3::Socket>& socket = side.socket;
    // What differs from Linux in ns-3 3.37's defaults; docs/design/transport.md has the table.
    socket->SetAttribute("SegmentSize", ns3::UintegerValue(kSegmentSize));
    socket->SetAttribute("SndBufSize",
                         ns3::UintegerValue(static_cast<std::uint64_t>(
                             parameters.sendBuffer.value_or(kDefaultBuffer).count())));
    socket->SetAttribute("RcvBufSize",
                         ns3::UintegerValue(static_cast<std::uint64_t>(
                             parameters.receiveBuffer.value_or(kDefaultBuffer).count())));
    socket->SetAttribute("InitialCwnd", ns3::UintegerValue(10));
    socket->SetAttribute("DelAckTimeout",
                         ns3::TimeValue(fabric::toNs3(parameters.delayedAckMinimum)));
    socket->SetAttribute("ConnTimeout", ns3::TimeValue(ns3::Seconds(1)));
    socket->SetAttribute("DataRetries", ns3::UintegerValue(15));
    // ns-3 echoes a peer's timestamp only after an acknowledgement that it sent by itself, never
    // one that rode on data (TcpSocketBase::ProcessOptionTimestamp compares with m_highTxAck). With
    // media both ways every one rides, so the echo grows old, the measured round trip with it, and
    // the retransmission timer runs for seconds. Without the option ns-3 times segments itself
    // (Karn's rule); transmit() still counts the option's bytes.
    socket->SetAttribute("Timestamp", ns3::BooleanValue(false));
    socket->SetAttribute("TcpNoDelay", ns3::BooleanValue(parameters.noDelay));
    socket->SetAttribute("MinRto", ns3::TimeValue(fabric::toNs3(parameters.minimumRto)));
  }

  void listen() {
    Side& server = sides_[index(End::server)];
    server.listener = std::exchange(server.socket, nullptr);
    server.listener->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), kWirePort));
    server.listener->Listen();
    server.listener->SetAcceptCallback(
        ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
        ns3::MakeCallback(&Ns3TcpStream::onAccepted, this));
  }

  void onConnected(ns3::Ptr<ns3::Socket> socket) {
    attach(End::client, socket);
    handler_.onEstablished(*this);
  }
  void onAccepted(ns3::Ptr<ns3::Socket> socket, const ns3::Address&) {
    attach(End::server, socket);
  }

  void attach(End end, ns3::Ptr<ns3::Socket> socket) {
    Side& side = sides_[index(end)];
    side.socket = socket;
    side.connected = true;
    socket->SetRecvCallback(end == End::client
                                ? ns3::MakeCallback(&Ns3TcpStream::onReadableClient, this)
                                : ns3::MakeCallback(&Ns3TcpStream::onReadableServer, this));
    socket->SetSendCallback(end == End::client
                                ? ns3::MakeCallback(&Ns3TcpStream::onWritableClient, this)
                                : ns3::MakeCallback(&Ns3TcpStream::onWritableServer, this));
    flush(end);
  }

  void onReadableClient(ns3::Ptr<ns3::Socket>) { read(End::client); }
  void onReadableServer(ns3::Ptr<ns3::Socket>) { read(End::server); }
  void onWritableClient(ns3::Ptr<ns3::Socket>, std::uint32_t) { flush(End::client); }
  void onWritableServer(ns3::Ptr<ns3::Socket>, std::uint32_t) { flush(End::server); }

  void flush(End from) {
    Side& side = sides_[index(from)];
    if (!side.connected) return;
    const bool blocked = !side.waiting.empty();
    while (!side.waiting.empty() && side.socket->GetTxAvailable() >= side.waiting.front().count()) {
      const auto size = static_cast<std::uint32_t>(side.waiting.front().count());
      // Taken off first: Send() may call back into flush().
      side.waiting.pop_front();
      side.socket->Send(ns3::Create<ns3::Packet>(size));
    }
    if (blocked && writable(from)) handler_.onWritable(from);
  }

  void read(End at) {
    Side& side = sides_[index(at)];
    while (const ns3::Ptr<ns3::Packet> data = side.socket->Recv()) {
      if (data->GetSize() == 0) break;
      side.bytesRead += data->GetSize();
    }
    sides_[index(other(at))].tracker.delivered(
        side.bytesRead, layer_.now(),
        [&](const Delivery& delivery) { handler_.onDelivery(at, delivery); });
  }

  void transmit(End from, const ns3::Ptr<ns3::Packet>& packet) {
    Side& side = sides_[index(from)];
    const TimePoint now = layer_.now();
    const ByteRange bytes = dataBytes(packet, side.lastBytesSent);
    const bool hasData = bytes.end > bytes.begin;
    bool again = false;
    if (hasData) {
      side.lastBytesSent = bytes.end;
      again = side.tracker.transmitted(bytes, now);
      ++(again ? side.counters.retransmissions : side.counters.dataSegments);
    }
    const Side& peer = sides_[index(other(from))];
    fabric::Packet out;
    out.setHeader({side.place.endpoint, from == End::client ? peer.place.endpoint : peer.seenAs,
                   fabric::Protocol::tcp});
    out.size = static_cast<std::uint16_t>(packet->GetSize() + kTimestampsOption);
    if (hasData) out.flags |= fabric::packet_flag::kMedia;
    if (hasData && !again) out.flags |= fabric::packet_flag::kNewData;
    out.owner = layer_.owner_;
    out.stream = side.place.stream;
    out.dscp = side.place.dscp.value & wire::kLargestDscp;
    out.plain = side.place.plain;
    out.sequence = static_cast<std::uint32_t>(bytes.begin);
    out.payload = layer_.segments_->put({packet, this, from, bytes, now}) | layer_.tag_;
    layer_.fabric_.send(side.place.node, out);
  }

  Ns3TcpLayer& layer_;
  StreamHandler& handler_;
  std::array<Side, 2> sides_;
};

Ns3TcpLayer::Ns3TcpLayer(fabric::Fabric& fabric, fabric::Sink& sink, std::uint32_t tag)
    : fabric_(fabric),
      sink_(sink),
      tag_(tag),
      owner_(fabric.addOwner(*this)),
      segments_(std::make_unique<Segments>()) {}
Ns3TcpLayer::~Ns3TcpLayer() = default;

Stream& Ns3TcpLayer::connect(const StreamEnd& client, const StreamEnd& server,
                             const Tcp& parameters, StreamHandler& handler) {
  fabric_.bind(client.node, fabric::Protocol::tcp, client.endpoint.port, &sink_);
  streams_.push_back(std::make_unique<Ns3TcpStream>(*this, client, server, parameters, handler));
  return *streams_.back();
}

void Ns3TcpLayer::onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) {
  const Segments::Segment segment = segments_->take(packet.payload & ~tag_);
  segment.stream->receive(segment, id, packet, now);
}

void Ns3TcpLayer::writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const {
  const Segments::Segment& segment = segments_->at(packet.payload & ~tag_);
  segment.stream->writeBytes(segment, bytes);
}

void Ns3TcpLayer::onDrop(const fabric::Drop& drop) {
  const Segments::Segment segment = segments_->take(drop.packet.payload & ~tag_);
  segment.stream->lose(segment, drop);
}

}  // namespace callflow::transport
