// Who sends over ns-3's Wi-Fi, and who counts what came: packets of calls and of others.
#pragma once

#include <ns3/event-id.h>
#include <ns3/random-variable-stream.h>
#include <ns3/simulator.h>
#include <ns3/socket.h>
#include <ns3/udp-socket-factory.h>
#include <ns3/wifi-mac-queue.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "validation/ns3_wifi.h"

namespace callflow::validation::ns3wifi {

inline constexpr double kTrafficStart = 1.0;  // by then every station has associated
inline constexpr double kMeasureStart = kTrafficStart + 2.0;
inline constexpr double kDrain =
    0.6;  // traffic goes on, and the last audio packets arrive or expire
inline constexpr double kAudioPeriod = 0.020;
inline constexpr std::uint16_t kOtherPort = 9;
inline constexpr std::uint16_t kFirstAudioPort = 5000;

inline double now() {
  return ns3::Simulator::Now().GetSeconds();
}

class Sender {
 public:
  Sender(ns3::Ptr<ns3::Node> from, ns3::Ipv4Address to, std::uint16_t port, std::uint8_t priority,
         int dscp)
      : socket_(ns3::Socket::CreateSocket(from, ns3::UdpSocketFactory::GetTypeId())) {
    tos_.SetTos(static_cast<std::uint8_t>(dscp << 2));
    socket_->Bind();
    socket_->Connect(ns3::InetSocketAddress(to, port));
    socket_->SetPriority(priority);
  }

  // The DSCP goes on each packet: set on the socket it would replace the priority.
  void send(ns3::Ptr<ns3::Packet> packet) const {
    packet->AddPacketTag(tos_);
    socket_->Send(packet);
  }

 private:
  ns3::Ptr<ns3::Socket> socket_;
  ns3::SocketIpTosTag tos_;
};

template <typename Receiver>
ns3::Ptr<ns3::Socket> listenOn(ns3::Ptr<ns3::Node> node, std::uint16_t port, Receiver* receiver) {
  auto socket = ns3::Socket::CreateSocket(node, ns3::UdpSocketFactory::GetTypeId());
  socket->Bind(ns3::InetSocketAddress(ns3::Ipv4Address::GetAny(), port));
  socket->SetRecvCallback(ns3::MakeCallback(&Receiver::receive, receiver));
  return socket;
}

// One direction of a call.
class AudioFlow {
 public:
  AudioFlow(Sender sender, ns3::Ptr<ns3::Node> to, std::uint16_t port, const WifiPoint& point)
      : sender_(std::move(sender)),
        socket_(listenOn(to, port, this)),
        payload_(static_cast<std::size_t>(point.audioPayload)),
        measureEnd_(kMeasureStart + point.seconds) {}

  // A packet at a random time of each 20 ms: flows that met once would meet again and again else.
  void start(std::int64_t stream) {
    within_ = ns3::CreateObject<ns3::UniformRandomVariable>();
    within_->SetStream(stream);
    scheduleNext();
  }

  void receive(ns3::Ptr<ns3::Socket> socket) {
    while (const auto packet = socket->Recv()) {
      std::uint32_t number = 0;
      std::uint8_t start[sizeof number];
      packet->CopyData(start, sizeof start);
      std::memcpy(&number, start, sizeof number);
      if (measured(sentAt_.at(number))) delays_.push_back(now() - sentAt_.at(number));
    }
  }

  long sent() const {
    return std::count_if(sentAt_.begin(), sentAt_.end(), [this](double t) { return measured(t); });
  }

  const std::vector<double>& delays() const { return delays_; }

 private:
  bool measured(double sentAt) const { return sentAt >= kMeasureStart && sentAt < measureEnd_; }

  void send() {
    const auto number = static_cast<std::uint32_t>(sentAt_.size());
    std::memcpy(payload_.data(), &number, sizeof number);
    sentAt_.push_back(now());
    const auto size = static_cast<std::uint32_t>(payload_.size());
    sender_.send(ns3::Create<ns3::Packet>(payload_.data(), size));
    scheduleNext();
  }

  void scheduleNext() {
    const double begin = kTrafficStart + kAudioPeriod * static_cast<double>(sentAt_.size());
    const double when = begin + within_->GetValue(0.0, kAudioPeriod);
    ns3::Simulator::Schedule(ns3::Seconds(when - now()), &AudioFlow::send, this);
  }

  ns3::Ptr<ns3::UniformRandomVariable> within_;
  Sender sender_;
  ns3::Ptr<ns3::Socket> socket_;
  std::vector<std::uint8_t> payload_;
  double measureEnd_;
  std::vector<double> sentAt_;  // by packet number
  std::vector<double> delays_;
};

class Contender {
 public:
  Contender(Sender sender, const WifiPoint& point, std::int64_t stream)
      : sender_(std::move(sender)),
        payload_(static_cast<std::uint32_t>(point.otherPayload)),
        gap_(ns3::CreateObject<ns3::ExponentialRandomVariable>()) {
    gap_->SetStream(stream);
    if (point.otherRate > 0) meanGap_ = 8.0 * point.otherPayload / point.otherRate;
  }

  // Packets at random times.
  void startPoisson() {
    ns3::Simulator::Schedule(ns3::Seconds(kTrafficStart + gap()), &Contender::sendNext, this);
  }

  // Keeps the MAC's queue at a length, from a time within the first 20 ms.
  void startSaturated(ns3::Ptr<ns3::WifiMacQueue> queue, std::uint32_t length, double phase) {
    queue_ = queue;
    length_ = length;
    queue_->TraceConnectWithoutContext("PacketsInQueue",
                                       ns3::MakeCallback(&Contender::queueChanged, this));
    ns3::Simulator::Schedule(ns3::Seconds(kTrafficStart + phase), &Contender::refill, this);
  }

 private:
  double gap() const { return gap_->GetValue(meanGap_, 0.0); }

  void sendNext() {
    sender_.send(ns3::Create<ns3::Packet>(payload_));
    ns3::Simulator::Schedule(ns3::Seconds(gap()), &Contender::sendNext, this);
  }

  // Refilled by an event of its own, as the queue is being changed now.
  void queueChanged(std::uint32_t before, std::uint32_t after) {
    if (after >= before || after >= length_ || refill_.IsRunning()) return;
    if (now() >= kTrafficStart) refill_ = ns3::Simulator::ScheduleNow(&Contender::refill, this);
  }

  void refill() {
    for (auto held = queue_->QueueBase::GetNPackets(); held < length_; ++held) {
      sender_.send(ns3::Create<ns3::Packet>(payload_));
    }
  }

  Sender sender_;
  std::uint32_t payload_;
  ns3::Ptr<ns3::ExponentialRandomVariable> gap_;
  double meanGap_ = 0;
  ns3::Ptr<ns3::WifiMacQueue> queue_;
  std::uint32_t length_ = 0;
  ns3::EventId refill_;
};

// Counts what the contenders got through.
class ContenderSink {
 public:
  ContenderSink(ns3::Ptr<ns3::Node> ap, double measureEnd)
      : measureEnd_(measureEnd), socket_(listenOn(ap, kOtherPort, this)) {}

  void receive(ns3::Ptr<ns3::Socket> socket) {
    while (const auto packet = socket->Recv()) {
      if (now() >= kMeasureStart && now() < measureEnd_) bytes_ += packet->GetSize();
    }
  }

  double throughput() const { return 8.0 * bytes_ / (measureEnd_ - kMeasureStart); }

 private:
  double measureEnd_;
  double bytes_ = 0;
  ns3::Ptr<ns3::Socket> socket_;
};

}  // namespace callflow::validation::ns3wifi
