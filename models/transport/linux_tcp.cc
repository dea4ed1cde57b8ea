#include "models/transport/linux_tcp.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "models/transport/message_tracker.h"
#include "models/transport/segment_bytes.h"
#include "models/transport/tcp_receiver.h"
#include "models/wire/header_sizes.h"

namespace callflow::transport {

namespace {

// RFC 791 and 9293: IP 20, TCP 20; RFC 7323: timestamps 10 and 2 of padding.
constexpr std::int64_t kHeaders = 52;
// RFC 2018: the option's head and padding, and each block.
constexpr std::int64_t kSelectiveHead = 4, kSelectiveBlock = 8;
// A SYN: IP 20, TCP 20, maximum segment size 4, SACK permitted 2, timestamps 10, window scale 3,
// padding 1.
constexpr std::uint16_t kSynSize = 60;

constexpr Duration kFirstSynTimeout = Duration::s(1);  // RFC 6298 2.1

// What a segment costs of the send buffer beside its bytes (struct sk_buff, its shared info and
// the room for headers), and what autotuning plans for a full one
// (net/ipv4/tcp_input.c: tcp_sndbuf_expand()).
constexpr std::int64_t kSegmentOverhead = 1280;
constexpr std::int64_t kPlannedSegment = 2304;
constexpr std::int64_t kLargestBuffer = 4 << 20;  // net.ipv4.tcp_wmem

// What so many blocks take of a segment.
std::int64_t optionBytes(std::int32_t blocks) {
  return blocks > 0 ? kSelectiveHead + kSelectiveBlock * blocks : 0;
}

std::size_t index(End end) {
  return static_cast<std::size_t>(end);
}

// Of a sender's random draws. A relay sends what it got on one connection on another, under the
// same flow: the end tells the two apart, and the port a client's connection to a proxy from the
// proxy's own.
std::string senderName(const std::string& flow, End end, const fabric::Endpoint& server) {
  return "tcp " + flow + (end == End::client ? " client" : " server") + " port " +
         std::to_string(server.port);
}

}  // namespace

class LinuxTcpConnection final : public Stream {
 public:
  LinuxTcpConnection(LinuxTcpLayer& layer, std::uint32_t number, const StreamEnd& client,
                     const StreamEnd& server, const Tcp& parameters, StreamHandler& handler)
      : layer_(layer),
        handler_(handler),
        number_(number),
        parameters_(parameters),
        sides_{Side(*this, End::client, client, server.endpoint, parameters),
               Side(*this, End::server, server, server.endpoint, parameters)},
        wantsCopies_(handler.wantsCopies()) {}

  void open() override {
    // What path MTU discovery (RFC 1191) and the peer's SYN would tell, without the segment that it
    // costs to learn it. Of both ways, as lines have one mtu.
    const Side& client = sides_[index(End::client)];
    const Side& server = sides_[index(End::server)];
    const DataSize mtu = layer_.fabric_.pathMtu(client.place.node, server.place.endpoint.address);
    const std::int64_t segment =
        std::clamp<std::int64_t>(mtu.count() - kHeaders, 1, kMaximumSegment);
    for (Side& side : sides_) side.sender.limitSegment(segment);
    largestSegment_ = segment;
    sendSyn();
  }

  void send(End from, DataSize size, MessageToken token) override {
    Side& side = sides_[index(from)];
    side.tracker.written(token, size, layer_.now());
    if (layer_.captured_) side.contents.written(handler_, from, token, size);
    if (side.connected) {
      side.sender.write(size.count(), layer_.now());
      noteWritten(side);
      schedule(side);
    } else {
      side.early.push_back(size.count());
    }
  }

  bool writable(End from) const override {
    const Side& side = sides_[index(from)];
    if (!side.connected) return false;
    if (parameters_.notSentLowWater && side.sender.unsent() >= parameters_.notSentLowWater->count())
      return false;
    return side.queued() < bufferOf(side);
  }

  DataSize waiting(End from) const override {
    const Side& side = sides_[index(from)];
    std::int64_t early = 0;
    for (const std::int64_t size : side.early) early += size;
    std::int64_t beyond = std::max<std::int64_t>(side.queued() - bufferOf(side), 0);
    if (parameters_.notSentLowWater) {
      beyond = std::max(beyond, side.sender.unsent() - parameters_.notSentLowWater->count());
    }
    return DataSize::bytes(early + std::min(beyond, side.sender.unsent()));
  }

  bool established() const override { return sides_[0].connected && sides_[1].connected; }

  StreamCounters counters(End from) const override {
    const SenderCounters& c = sides_[index(from)].sender.counters();
    return {c.dataSegments, c.retransmissions};
  }

  const TcpSender& sender(End from) const { return sides_[index(from)].sender; }

  // Whether a segment belongs to the connection where it has come to: a NAT that forgot may bring
  // one to another computer, or let one come from elsewhere. The reset that answers those is not
  // sent.
  bool owns(const LinuxTcpLayer::OnWire& wire, const fabric::Packet& carrier) const {
    const Side& side = sides_[index(other(wire.from))];
    const Side& client = sides_[index(End::client)];
    // A server's endpoint is what clients call it, which a VPN or a NAT before it may translate.
    if (side.end == End::client) return carrier.destination() == client.place.endpoint;
    return mayIntroduce(wire, side) || carrier.source() == client.seenAs;
  }

  void receive(const LinuxTcpLayer::OnWire& wire, fabric::PacketId id,
               const fabric::Packet& carrier, TimePoint now) {
    const End at = other(wire.from);
    Side& side = sides_[index(at)];
    // A server learns where its client is from the SYN: behind a NAT, that is the NAT's address.
    if (at == End::server && mayIntroduce(wire, side))
      sides_[index(End::client)].seenAs = carrier.source();
    if (wire.segment.kind != TcpSegment::Kind::data) {
      handshake(at, wire.segment, now);
      return;
    }
    if (at == End::server && !side.connected) connected(side, wire.segment, now);
    if (!side.connected) return;  // data that overtook the SYN-ACK
    if (!wire.segment.empty()) arrived(at, wire.segment, id, carrier, now);
    const std::int64_t readBefore = side.receiver.next();
    side.receiver.receive(wire.segment, now, side.sender.rto());
    side.sender.acknowledge(wire.segment, now);
    if (side.receiver.mustAcknowledge(now, side.sender.rtt().smoothed())) {
      transmit(side, {side.sender.sentTo(), side.sender.sentTo()}, false);
    }
    schedule(side);
    if (side.blocked && writable(at) && !crowded(side)) {
      side.blocked = false;
      handler_.onWritable(at);
    }
    if (side.receiver.next() > readBefore) {
      sides_[index(wire.from)].tracker.delivered(
          side.receiver.next(), now,
          [&](const Delivery& delivery) { handler_.onDelivery(at, delivery); });
    }
  }

  void writeBytes(const LinuxTcpLayer::OnWire& wire, DataSize size, wire::Bytes& bytes) const {
    SegmentPlace where;
    where.connection = number_;
    where.from = wire.from;
    where.peerSyn = sides_[index(other(wire.from))].synSent;
    where.largestSegment = largestSegment_;
    where.receiveBuffer = parameters_.receiveBuffer;
    writeSegment(wire.segment, where, sides_[index(wire.from)].contents, size, bytes);
  }

  void lose(const LinuxTcpLayer::OnWire& wire, const fabric::Drop& drop) {
    if (wantsCopies_ && !wire.segment.empty()) {
      report(wire.from, wire.segment, {wire.segment.sent, TimePoint::max(), &drop});
    }
  }

  void onTimer(End at, TimePoint now) {
    Side& side = sides_[index(at)];
    if (now != side.scheduled) return;  // a record that an earlier one made superfluous
    side.scheduled = TimePoint::max();
    if (now >= side.synAt) {
      side.synAt = TimePoint::max();
      if (at == End::client) {
        sendSyn();
      } else {
        sendSynAck();
      }
    }
    if (side.receiver.timer() <= now && side.receiver.onTimer(now, side.sender.rto())) {
      transmit(side, {side.sender.sentTo(), side.sender.sentTo()}, false);
    }
    if (side.sender.timer() <= now) side.sender.onTimer(now);
    schedule(side);
  }

 private:
  struct Side;
  static bool mayIntroduce(const LinuxTcpLayer::OnWire& wire, const Side& server) {
    return !server.connected || wire.segment.kind == TcpSegment::Kind::syn;
  }

  struct Side final : SegmentOutput {
    Side(LinuxTcpConnection& owner, End which, const StreamEnd& where,
         const fabric::Endpoint& server, const Tcp& parameters)
        : connection(owner),
          end(which),
          place(where),
          seenAs(where.endpoint),
          sender(parameters, *this,
                 senderName(owner.layer_.fabric_.flowName(where.stream), which, server)),
          receiver(parameters) {}

    void transmit(ByteRange bytes, bool again) override {
      connection.transmit(*this, bytes, again);
    }
    std::int64_t optionBytes() const override {
      return transport::optionBytes(receiver.selectiveBlocks());
    }
    std::int64_t queued() const {
      return sender.writtenTo() - sender.acknowledged() + kSegmentOverhead * sender.packetsOut();
    }

    LinuxTcpConnection& connection;
    End end;
    StreamEnd place;
    fabric::Endpoint seenAs;  // the client's address as the server sees it
    TcpSender sender;
    TcpReceiver receiver;
    MessageTracker tracker;           // of what this side sends
    StreamContents contents;          // of that, where packets are captured
    std::vector<std::int64_t> early;  // messages written before the handshake was over
    bool connected = false;
    bool blocked = false;
    std::int32_t synTries = 0;
    TimePoint synSent = TimePoint::max();
    TimePoint synAt = TimePoint::max();      // when it is sent again
    TimePoint scheduled = TimePoint::max();  // of the earliest record in the timers' lane
  };

  // ---- handshake
  void sendSyn() { sendHandshake(sides_[index(End::client)], TcpSegment::Kind::syn); }
  void sendSynAck() { sendHandshake(sides_[index(End::server)], TcpSegment::Kind::synAck); }

  void sendHandshake(Side& side, TcpSegment::Kind kind) {
    if (side.connected || side.synTries > parameters_.synRetries) return;
    const TimePoint now = layer_.now();
    const KernelTicks ticks(parameters_.tick, parameters_.tickPhase);
    // RFC 6298 5.5: it doubles each time.
    side.synAt = ticks.expiry(now, ticks.ceil(kFirstSynTimeout) << side.synTries);
    if (side.synTries++ == 0) side.synSent = now;
    TcpSegment segment;
    segment.kind = kind;
    segment.sent = now;
    put(side, segment, kSynSize, false);
    schedule(side);
  }

  void handshake(End at, const TcpSegment& segment, TimePoint now) {
    Side& side = sides_[index(at)];
    if (at == End::server) {
      if (!side.connected && (side.synTries == 0 || segment.kind == TcpSegment::Kind::syn)) {
        sendSynAck();
      }
      return;
    }
    if (!side.connected) {
      connected(side, segment, now);
    } else {
      transmit(side, {side.sender.sentTo(), side.sender.sentTo()}, false);  // its ACK was lost
    }
  }

  void connected(Side& side, const TcpSegment&, TimePoint now) {
    side.connected = true;
    side.synAt = TimePoint::max();
    side.sender.established(side.synTries > 1 ? Duration::ns(-1) : now - side.synSent, now);
    if (side.end == End::client && side.early.empty()) {
      transmit(side, {0, 0}, false);
    }
    for (const std::int64_t size : std::exchange(side.early, {})) side.sender.write(size, now);
    noteWritten(side);
    schedule(side);
    if (side.end == End::client) handler_.onEstablished(*this);
  }

  // ---- the send buffer
  std::int64_t bufferOf(const Side& side) const {
    // The kernel doubles what SO_SNDBUF asks for.
    const std::optional<DataSize>& fixed =
        side.end == End::client ? parameters_.sendBuffer : parameters_.serverSendBuffer;
    if (fixed) return 2 * fixed->count();
    const std::int64_t packets = std::max(parameters_.initialWindow, side.sender.window().size);
    const std::int64_t windows = side.sender.rateControl() == nullptr ? 2 : 3;
    return std::min(windows * packets * kPlannedSegment, kLargestBuffer);
  }
  // A blocked writer is woken when a third is free and less than half of what may wait unsent does
  // (sk_stream_is_writable()).
  bool crowded(const Side& side) const {
    if (parameters_.notSentLowWater &&
        2 * side.sender.unsent() >= parameters_.notSentLowWater->count()) {
      return true;
    }
    return bufferOf(side) - side.queued() < side.queued() / 2;
  }
  void noteWritten(Side& side) {
    if (!writable(side.end)) side.blocked = true;
  }

  // ---- the wire
  void transmit(Side& side, ByteRange bytes, bool again) {
    const TimePoint now = layer_.now();
    TcpSegment segment;
    segment.bytes = bytes;
    segment.sent = now;
    side.receiver.acknowledge(segment);
    // What is sent again as it was leaves less room than its options want: they are not counted.
    const std::int64_t size =
        std::min(kHeaders + (bytes.end - bytes.begin) + optionBytes(segment.selective.count),
                 kHeaders + std::max(largestSegment_, bytes.end - bytes.begin));
    if (!segment.empty()) {
      segment.push = bytes.end == side.sender.writtenTo();
      side.receiver.noteSent(now);
      side.tracker.transmitted(bytes, now);
    }
    put(side, segment, static_cast<std::uint16_t>(size), again);
  }

  void put(Side& side, const TcpSegment& segment, std::uint16_t size, bool again) {
    const Side& peer = sides_[index(other(side.end))];
    fabric::Packet out;
    out.setHeader({side.place.endpoint, side.end == End::client ? peer.place.endpoint : peer.seenAs,
                   fabric::Protocol::tcp});
    out.size = size;
    if (!segment.empty()) {
      out.flags |= fabric::packet_flag::kMedia;
      if (!again) out.flags |= fabric::packet_flag::kNewData;
    }
    out.owner = layer_.owner_;
    out.stream = side.place.stream;
    out.dscp = side.place.dscp.value & wire::kLargestDscp;
    out.plain = side.place.plain;
    out.sequence = static_cast<std::uint32_t>(segment.bytes.begin);
    out.payload = layer_.put({segment, number_, side.end}) | layer_.tag_;
    layer_.fabric_.send(side.place.node, out);
  }

  void arrived(End at, const TcpSegment& segment, fabric::PacketId id,
               const fabric::Packet& carrier, TimePoint now) {
    if (wantsCopies_) report(other(at), segment, {segment.sent, now, nullptr});
    sides_[index(other(at))].tracker.arrived(
        segment.bytes, segment.sent, now,
        [&](MessageToken token) { handler_.onArrival(at, token, id, carrier); });
  }

  void report(End from, const TcpSegment& segment, const Copy& copy) {
    sides_[index(from)].tracker.forEachEndingIn(
        segment.bytes, [&](MessageToken token) { handler_.onCopy(from, token, copy); });
  }

  void schedule(Side& side) {
    const TimePoint next = std::min({side.sender.timer(), side.receiver.timer(), side.synAt});
    if (next >= side.scheduled) return;  // the record that waits will look again
    side.scheduled = next;
    layer_.fabric_.simulator().pushOutOfOrder(layer_.timers_, next,
                                              number_ * 2 + static_cast<std::uint32_t>(side.end));
  }

  LinuxTcpLayer& layer_;
  StreamHandler& handler_;
  std::uint32_t number_;
  Tcp parameters_;
  std::array<Side, 2> sides_;
  std::int64_t largestSegment_ = kMaximumSegment;
  bool wantsCopies_;
};

LinuxTcpLayer::LinuxTcpLayer(fabric::Fabric& fabric, fabric::Sink& sink, std::uint32_t tag)
    : fabric_(fabric),
      sink_(sink),
      tag_(tag),
      owner_(fabric.addOwner(*this)),
      timers_(fabric.simulator().addLane(*this, 0)) {}
LinuxTcpLayer::~LinuxTcpLayer() = default;

Stream& LinuxTcpLayer::connect(const StreamEnd& client, const StreamEnd& server,
                               const Tcp& parameters, StreamHandler& handler) {
  fabric_.bind(client.node, fabric::Protocol::tcp, client.endpoint.port, &sink_);
  connections_.push_back(std::make_unique<LinuxTcpConnection>(
      *this, static_cast<std::uint32_t>(connections_.size()), client, server, parameters, handler));
  return *connections_.back();
}

const TcpSender& LinuxTcpLayer::sender(const Stream& stream, End from) {
  return dynamic_cast<const LinuxTcpConnection&>(stream).sender(from);
}

std::uint32_t LinuxTcpLayer::put(const OnWire& segment) {
  if (freeWire_.empty()) {
    wire_.push_back(segment);
    return static_cast<std::uint32_t>(wire_.size() - 1);
  }
  const std::uint32_t handle = freeWire_.back();
  freeWire_.pop_back();
  wire_[handle] = segment;
  return handle;
}

LinuxTcpLayer::OnWire LinuxTcpLayer::take(std::uint32_t handle) {
  freeWire_.push_back(handle);
  return wire_[handle];
}

void LinuxTcpLayer::onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) {
  const std::uint32_t handle = packet.payload & ~tag_;
  LinuxTcpConnection& connection = *connections_[wire_[handle].connection];
  if (!connection.owns(wire_[handle], packet)) {
    fabric_.disown(id);
    return;
  }
  connection.receive(take(handle), id, packet, now);
}

void LinuxTcpLayer::onDrop(const fabric::Drop& drop) {
  const OnWire wire = take(drop.packet.payload & ~tag_);
  connections_[wire.connection]->lose(wire, drop);
}

void LinuxTcpLayer::writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const {
  const OnWire& wire = wire_[packet.payload & ~tag_];
  connections_[wire.connection]->writeBytes(wire, packet.dataSize() - wire::kIpv4Header, bytes);
}

void LinuxTcpLayer::onRecord(std::uint32_t, std::uint32_t payload, TimePoint now) {
  connections_[payload / 2]->onTimer(payload % 2 == 0 ? End::client : End::server, now);
}

}  // namespace callflow::transport
