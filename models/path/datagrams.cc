#include "models/path/datagrams.h"

#include <algorithm>

#include "models/wire/header_sizes.h"

namespace callflow::path {

namespace {

// For so long it is not asked again whether media from one source is taken.
constexpr Duration kTaken = Duration::ms(100);

}  // namespace

// Tells apart what comes to a socket (RFC 7983).
class Datagrams::Socket : public fabric::Sink {
 public:
  explicit Socket(Datagrams& datagrams) : datagrams_(datagrams) {}

  // Most are media, for which it is to be short: the rest stands apart.
  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) override {
    if (datagrams_.owns(packet)) {
      onBytes(packet, now);
    } else if (media != nullptr && takes(packet, now)) {
      media->onPacket(id, packet, now);
    } else {
      datagrams_.fabric_.disown(id);
    }
  }

  DatagramSink* sink = nullptr;
  FrameSink* media = nullptr;
  std::vector<fabric::Endpoint> admitted;

 private:
  [[gnu::noinline]] void onBytes(const fabric::Packet& packet, TimePoint now) {
    const std::uint32_t index = packet.payload;
    if (sink == nullptr) {
      datagrams_.release(index);
      return;
    }
    // The sink may send others, which moves what waits.
    const Bytes bytes = std::move(datagrams_.waiting_[index].bytes);
    const Sending& sending = datagrams_.waiting_[index].sending;
    const Sender sender{sending.from, sending.source};
    const fabric::Header5 header = packet.header();
    if (header.source != sender.socket) datagrams_.translated_[header.source] = sender;
    datagrams_.release(index);
    sink->onDatagram({header.source, header.destination, bytes, sender.node}, now);
  }

  bool takes(const fabric::Packet& packet, TimePoint now) {
    return (packet.source() == taken_ && now < takenUntil_) || takesNow(packet, now);
  }
  [[gnu::noinline]] bool takesNow(const fabric::Packet& packet, TimePoint now) {
    const fabric::Endpoint from = packet.source();
    const bool known = std::find(admitted.begin(), admitted.end(), from) != admitted.end();
    if (!known && sink != nullptr && !sink->takesMedia(from, packet.destination(), now))
      return false;
    taken_ = from;
    takenUntil_ = now + kTaken;
    return true;
  }

  Datagrams& datagrams_;
  fabric::Endpoint taken_;
  TimePoint takenUntil_;
};

Datagrams::Datagrams(fabric::Fabric& fabric, Directory& directory)
    : fabric_(fabric), directory_(directory), owner_(fabric.addOwner(*this)) {}

Datagrams::~Datagrams() = default;

Datagrams::Socket& Datagrams::socketAt(fabric::NodeId node, std::uint16_t port) {
  std::unique_ptr<Socket>& socket = sockets_[{node, port}];
  if (socket == nullptr) {
    socket = std::make_unique<Socket>(*this);
    fabric_.bind(node, fabric::Protocol::udp, port, socket.get());
  }
  return *socket;
}

void Datagrams::listen(fabric::NodeId node, std::uint16_t port, DatagramSink& sink) {
  socketAt(node, port).sink = &sink;
}

void Datagrams::close(fabric::NodeId node, std::uint16_t port) {
  const auto socket = sockets_.find({node, port});
  if (socket != sockets_.end()) socket->second->sink = nullptr;
}

void Datagrams::setMedia(fabric::NodeId node, std::uint16_t port, FrameSink& sink) {
  socketAt(node, port).media = &sink;
}

void Datagrams::admit(fabric::NodeId node, std::uint16_t port, fabric::Endpoint from) {
  socketAt(node, port).admitted.push_back(from);
}

void Datagrams::send(const Sending& sending, Bytes bytes) {
  if (laid_.insert({sending.from, sending.destination.address, sending.towards}).second)
    directory_.layRoute(sending.from, sending.destination.address, sending.towards);
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(waiting_.size());
    waiting_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  fabric::Packet packet;
  packet.setHeader({sending.source, sending.destination, fabric::Protocol::udp});
  packet.size = static_cast<std::uint16_t>(wire::kIpv4Header.count() + wire::kUdpHeader.count() +
                                           static_cast<std::int64_t>(bytes.size()));
  packet.dscp = sending.dscp.value & wire::kLargestDscp;
  packet.owner = owner_;
  packet.stream = sending.draws;
  packet.payload = index;
  waiting_[index] = {std::move(bytes), sending};
  // Last, because it may be dropped at once.
  fabric_.send(sending.from, packet);
}

std::optional<Datagrams::Sender> Datagrams::senderOf(fabric::Endpoint seen) const {
  const auto sender = translated_.find(seen);
  return sender == translated_.end() ? std::nullopt : std::optional(sender->second);
}

void Datagrams::onDrop(const fabric::Drop& drop) {
  if (lost_) {
    const Waiting& dropped = waiting_[drop.packet.payload];
    lost_(dropped.sending, dropped.bytes, drop);
  }
  release(drop.packet.payload);
}

void Datagrams::writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const {
  for (const std::uint8_t byte : waiting_[packet.payload].bytes) bytes.u8(byte);
}

void Datagrams::release(std::uint32_t index) {
  waiting_[index].bytes.clear();
  free_.push_back(index);
}

}  // namespace callflow::path
