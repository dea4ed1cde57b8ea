// UDP packets of one size at a constant rate, perhaps with pauses.
#pragma once

#include <optional>
#include <string>

#include "models/fabric/fabric.h"
#include "models/fabric/random.h"
#include "models/traffic/ends.h"
#include "models/traffic/parameters.h"

namespace callflow::traffic {

// Sends, and counts what arrives. Must outlive the simulation.
class Datagrams : public fabric::LaneClient, public fabric::Sink {
 public:
  // `name` names its random draws.
  Datagrams(fabric::Fabric& fabric, const Ends& ends, const Constant& parameters,
            const Period& period, const std::string& name);
  Datagrams(fabric::Fabric& fabric, const Ends& ends, const OnOff& parameters, const Period& period,
            const std::string& name);

  // Where the far end is seen from here: behind a NAT it is known only when it has sent.
  void sendTo(fabric::Endpoint destination) { ends_.destination = destination; }
  // The far end keeps its NAT's mapping open from now on, every 15 s, by a packet to `source`.
  void keepOpen(const Ends& back);
  // To be called at the beginning of the period.
  void start();
  Volume volume() const { return volume_; }

  void onRecord(std::uint32_t channel, std::uint32_t payload, TimePoint now) override;
  void onPacket(fabric::PacketId id, fabric::Packet& packet, TimePoint now) override;

 private:
  void send(TimePoint now);
  // When packet `k_` of the current burst is due.
  TimePoint due() const;

  fabric::Fabric& fabric_;
  Ends ends_;
  std::optional<Ends> back_;
  Constant parameters_;
  std::optional<OnOff> pauses_;
  Period period_;
  fabric::RandomStream random_;
  Duration phase_;  // flows at a constant rate are not in step with each other
  fabric::LaneId lane_, keepOpenLane_;
  TimePoint burst_, burstEnd_;
  std::int64_t k_ = 0;
  std::uint32_t sequence_ = 0;
  Volume volume_;
};

}  // namespace callflow::traffic
