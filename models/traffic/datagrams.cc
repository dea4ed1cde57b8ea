#include "models/traffic/datagrams.h"

#include <algorithm>

#include "models/traffic/payloads.h"

namespace callflow::traffic {
namespace {

constexpr std::uint32_t kSend = 0;
constexpr std::uint32_t kKeepOpen = 1;
// RFC 8445 11: at least every 15 s.
constexpr Duration kKeepOpenPeriod = Duration::s(15);
constexpr std::uint16_t kKeepOpenSize = 48;  // a STUN indication of 20 B in UDP and IP

fabric::Packet packetOf(const Ends& ends, std::uint16_t size) {
  fabric::Packet packet;
  packet.setHeader({ends.source, ends.destination, fabric::Protocol::udp});
  packet.size = size;
  packet.owner = ends.owner;
  packet.stream = ends.stream;
  packet.dscp = ends.dscp.value & wire::kLargestDscp;
  return packet;
}

// Up to the time between two packets.
Duration drawPhase(const Constant& parameters, const std::string& name) {
  const double interval = 8 * static_cast<double>(parameters.packetSize.count()) /
                          static_cast<double>(parameters.rate.count());
  return Duration::fromSeconds(interval * fabric::RandomStream(name + " phase").uniform());
}

}  // namespace

Datagrams::Datagrams(fabric::Fabric& fabric, const Ends& ends, const Constant& parameters,
                     const Period& period, const std::string& name)
    : fabric_(fabric),
      ends_(ends),
      parameters_(parameters),
      period_(period),
      random_(name),
      phase_(drawPhase(parameters, name)),
      lane_(fabric.simulator().addLane(*this, kSend)),
      keepOpenLane_(fabric.simulator().addLane(*this, kKeepOpen)) {
  fabric.bind(ends.to, fabric::Protocol::udp, ends.destination.port, this);
}

Datagrams::Datagrams(fabric::Fabric& fabric, const Ends& ends, const OnOff& parameters,
                     const Period& period, const std::string& name)
    : Datagrams(fabric, ends, static_cast<const Constant&>(parameters), period, name) {
  pauses_ = parameters;
}

TimePoint Datagrams::due() const {
  const Int128 bits = Int128{parameters_.packetSize.count()} * 8 * k_;
  return burst_ +
         Duration::ns(static_cast<std::int64_t>(bits * 1'000'000'000 / parameters_.rate.count()));
}

void Datagrams::start() {
  burst_ = fabric_.simulator().now();
  if (!pauses_) burst_ += phase_;
  burstEnd_ = pauses_ ? burst_ + random_.exponential(pauses_->on) : period_.end;
  fabric_.simulator().push(lane_, burst_, 0);
}

void Datagrams::keepOpen(const Ends& back) {
  back_ = back;
  fabric_.simulator().push(keepOpenLane_, fabric_.simulator().now() + kKeepOpenPeriod, 0);
}

void Datagrams::onRecord(std::uint32_t channel, std::uint32_t, TimePoint now) {
  if (now >= period_.end) return;
  if (channel == kKeepOpen) {
    fabric::Packet packet = packetOf(*back_, kKeepOpenSize);
    packet.payload = kKeepsOpen;
    fabric_.send(back_->from, packet);
    fabric_.simulator().push(keepOpenLane_, now + kKeepOpenPeriod, 0);
    return;
  }
  send(now);
}

void Datagrams::send(TimePoint now) {
  fabric::Packet packet =
      packetOf(ends_, static_cast<std::uint16_t>(parameters_.packetSize.count()));
  packet.sequence = sequence_++;
  volume_.sent += parameters_.packetSize;
  ++k_;
  TimePoint next = due();
  while (pauses_ && next >= burstEnd_) {
    burst_ = std::max(next, burstEnd_ + random_.exponential(pauses_->off));
    burstEnd_ = burst_ + random_.exponential(pauses_->on);
    k_ = 0;
    next = burst_;
  }
  if (next < period_.end) fabric_.simulator().push(lane_, std::max(next, now), 0);
  fabric_.send(ends_.from, packet);
}

void Datagrams::onPacket(fabric::PacketId, fabric::Packet& packet, TimePoint now) {
  volume_.received += packet.dataSize();
  volume_.last = now;
}

}  // namespace callflow::traffic
