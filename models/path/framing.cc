// The bytes of frames as legs carry them.
#include "models/path/leg.h"
#include "models/path/tcp_connection.h"
#include "models/path/transit.h"

namespace callflow::path {
namespace {

// RFC 8656 12: channels are bound from this number on. A client of callflow's sends to one peer.
constexpr std::uint32_t kChannel = 0x4000;
// RFC 8489 5 and 14, RFC 8656 18: a Send indication of a client, and its attributes.
constexpr std::uint32_t kSendIndication = 0x0016, kMagicCookie = 0x2112a442;
constexpr std::uint32_t kXorPeerAddress = 0x0012, kData = 0x0013, kIpv4Family = 1;
constexpr std::uint32_t kStunHeader = 20;

void writeFrame(const Frame& frame, wire::Bytes& bytes) {
  const std::size_t begin = bytes.size();
  if (frame.flow->writer != nullptr) frame.flow->writer->writeFrame(frame, bytes);
  bytes.resize(begin + static_cast<std::size_t>(frame.size.count()));
}

}  // namespace

void Transit::writeMessage(FrameHandle handle, media::Encapsulation framing,
                           wire::Bytes& bytes) const {
  using media::Encapsulation;
  const Frame& frame = frames_[handle];
  const auto size = static_cast<std::uint32_t>(frame.size.count());
  const std::size_t begin = bytes.size();
  switch (framing) {
    case Encapsulation::udp:
      break;
    case Encapsulation::turnUdp:
    case Encapsulation::turnTcp:
      bytes.u16(kChannel);
      bytes.u16(size);
      break;
    case Encapsulation::turnUdpIndication: {
      const auto whole =
          static_cast<std::uint32_t>(media::messageSize(framing, frame.size).count());
      const fabric::Endpoint peer = frame.path->legs.back()->ends().destination;
      bytes.u16(kSendIndication);
      bytes.u16(whole - kStunHeader);
      bytes.u32(kMagicCookie);
      bytes.u64(0);
      bytes.u32(static_cast<std::uint32_t>(frame.sequence));
      bytes.u16(kXorPeerAddress);
      bytes.u16(8);
      bytes.u16(kIpv4Family);
      bytes.u16(peer.port ^ (kMagicCookie >> 16));
      bytes.u32(peer.address.value ^ kMagicCookie);
      bytes.u16(kData);
      bytes.u16(size);
      break;
    }
    case Encapsulation::iceTcp:
      bytes.u16(size);
      break;
  }
  writeFrame(frame, bytes);
  // Where the framing pads.
  bytes.resize(begin + static_cast<std::size_t>(media::messageSize(framing, frame.size).count()));
}

void Transit::writePayload(const fabric::Packet& packet, wire::Bytes& bytes) const {
  const Frame& frame = frames_[packet.payload];
  writeMessage(packet.payload, frame.path->legs[frame.leg]->framing(), bytes);
}

void TcpConnection::writeMessage(transport::End from, transport::MessageToken token, DataSize size,
                                 wire::Bytes& bytes) const {
  if (transport::SecuredStream::ownsToken(token)) {
    secured_.writeFlight(token, bytes);
    return;
  }
  // What is encrypted is content that nobody knows.
  if (secured_.writeRecordHeader(size, bytes)) return;
  transit_.writeMessage(token, leg(from).framing(), bytes);
}

}  // namespace callflow::path
