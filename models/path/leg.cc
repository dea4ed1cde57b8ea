#include "models/path/leg.h"

#include <stdexcept>

#include "models/path/tcp_connection.h"

namespace callflow::path {

void Leg::send(FrameHandle handle) {
  if (overTcp()) {
    if (connection_ == nullptr) throw std::logic_error("media was sent on a leg that is not open");
    connection_->send(end_, handle, transit_.now());
  } else {
    sendDatagram(handle);
  }
}

void Leg::sendDatagram(FrameHandle handle) {
  if (transit_.traced()) transit_.addCrossing(handle);
  const Frame& frame = transit_[handle];
  fabric::Packet packet;
  packet.setHeader({ends_.source, ends_.destination, fabric::Protocol::udp});
  packet.size = static_cast<std::uint16_t>(media::ipSize(framing_, frame.size).count());
  packet.dscp = ends_.dscp.value & wire::kLargestDscp;
  packet.owner = transit_.owner();
  if (frame.flow->media) packet.flags = fabric::packet_flag::kMedia | fabric::packet_flag::kNewData;
  packet.stream = frame.flow->draws;
  packet.sequence = static_cast<std::uint32_t>(frame.sequence);
  packet.payload = handle;
  // Last, because the frame is gone if the packet is dropped at once.
  transit_.fabric().send(ends_.from, packet);
}

bool Leg::stands() const {
  return !overTcp() || (connection_ != nullptr && connection_->stands());
}

std::int64_t Leg::retransmissions() const {
  return connection_ == nullptr ? 0 : connection_->retransmissions(end_);
}

std::int64_t Leg::droppedAtSocket() const {
  return connection_ == nullptr ? 0 : connection_->dropped(end_);
}

Closing Leg::closing() const {
  return connection_ == nullptr ? Closing::no : connection_->closing();
}

std::int64_t Leg::lostToClosing() const {
  return connection_ == nullptr ? 0 : connection_->lostToClosing(end_);
}

}  // namespace callflow::path
