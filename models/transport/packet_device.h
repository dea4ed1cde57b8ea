// An ns-3 network device whose wire is a function: what the node above it sends goes to `onSend`,
// what comes back is handed up by deliver(). It joins an ns-3 TCP endpoint to the fabric.
#pragma once

#include <ns3/channel.h>
#include <ns3/net-device.h>
#include <ns3/node.h>
#include <ns3/packet.h>

#include <functional>

namespace callflow::transport {

class PacketDevice : public ns3::NetDevice {
 public:
  using OnSend = std::function<void(ns3::Ptr<ns3::Packet>)>;

  static ns3::TypeId GetTypeId();
  void setOnSend(OnSend onSend) { onSend_ = std::move(onSend); }
  // Hands an IPv4 packet to the node.
  void deliver(ns3::Ptr<ns3::Packet> packet);

  void SetIfIndex(const std::uint32_t index) override { index_ = index; }
  std::uint32_t GetIfIndex() const override { return index_; }
  ns3::Ptr<ns3::Channel> GetChannel() const override { return nullptr; }
  void SetAddress(ns3::Address) override {}
  ns3::Address GetAddress() const override;
  bool SetMtu(const std::uint16_t mtu) override;
  std::uint16_t GetMtu() const override { return mtu_; }
  bool IsLinkUp() const override { return true; }
  void AddLinkChangeCallback(ns3::Callback<void>) override {}
  bool IsBroadcast() const override { return false; }
  ns3::Address GetBroadcast() const override { return GetAddress(); }
  bool IsMulticast() const override { return false; }
  ns3::Address GetMulticast(ns3::Ipv4Address) const override { return GetAddress(); }
  ns3::Address GetMulticast(ns3::Ipv6Address) const override { return GetAddress(); }
  bool IsBridge() const override { return false; }
  bool IsPointToPoint() const override { return true; }
  bool Send(ns3::Ptr<ns3::Packet> packet, const ns3::Address& dest,
            std::uint16_t protocol) override;
  bool SendFrom(ns3::Ptr<ns3::Packet> packet, const ns3::Address& source, const ns3::Address& dest,
                std::uint16_t protocol) override;
  ns3::Ptr<ns3::Node> GetNode() const override { return node_; }
  void SetNode(ns3::Ptr<ns3::Node> node) override { node_ = node; }
  bool NeedsArp() const override { return false; }
  void SetReceiveCallback(ReceiveCallback callback) override { receive_ = callback; }
  void SetPromiscReceiveCallback(PromiscReceiveCallback) override {}
  bool SupportsSendFrom() const override { return false; }

 private:
  void DoDispose() override;

  OnSend onSend_;
  ReceiveCallback receive_;
  ns3::Ptr<ns3::Node> node_;
  std::uint32_t index_ = 0;
  std::uint16_t mtu_ = 1500;
};

}  // namespace callflow::transport
