#include "models/transport/packet_device.h"

#include <ns3/ipv4-l3-protocol.h>
#include <ns3/mac48-address.h>
#include <ns3/node.h>

namespace callflow::transport {

ns3::TypeId PacketDevice::GetTypeId() {
  static const ns3::TypeId kId = ns3::TypeId("callflow::PacketDevice")
                                     .SetParent<ns3::NetDevice>()
                                     .AddConstructor<PacketDevice>();
  return kId;
}

void PacketDevice::deliver(ns3::Ptr<ns3::Packet> packet) {
  receive_(this, packet, ns3::Ipv4L3Protocol::PROT_NUMBER, GetAddress());
}

ns3::Address PacketDevice::GetAddress() const {
  return ns3::Mac48Address("00:00:00:00:00:01");
}

bool PacketDevice::SetMtu(const std::uint16_t mtu) {
  mtu_ = mtu;
  return true;
}

bool PacketDevice::Send(ns3::Ptr<ns3::Packet> packet, const ns3::Address&, std::uint16_t) {
  onSend_(packet);
  return true;
}

bool PacketDevice::SendFrom(ns3::Ptr<ns3::Packet>, const ns3::Address&, const ns3::Address&,
                            std::uint16_t) {
  return false;
}

void PacketDevice::DoDispose() {
  onSend_ = nullptr;
  receive_ = ReceiveCallback();
  node_ = nullptr;
  ns3::NetDevice::DoDispose();
}

}  // namespace callflow::transport
