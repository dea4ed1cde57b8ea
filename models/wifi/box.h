// A Wi-Fi network in the fabric: an access point, those who are connected to it (its inside), and
// others who share the air. Keeps packets until they have crossed it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/nat/counting_box.h"
#include "models/wifi/parameters.h"
#include "models/wifi/transmitter.h"

namespace callflow::wifi {

class WifiBox : public nat::CountingBox {
 public:
  // `place` names those who are connected.
  WifiBox(const Wifi& parameters, const fabric::BoxPlace& place);

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;
  void keep(fabric::PacketId id, fabric::Side from, TimePoint now) override;
  void onWake(TimePoint now) override;
  void standAt(const fabric::BoxNode& node) override { node_ = node; }
  bool holds() const override { return true; }
  std::vector<nat::BoxCount> counts() const override;
  std::string describeReason(std::uint16_t reason) const override;
  // Stations use the air from now on. The first packet that is kept sees to it, so that a network
  // on which packets are only tried has nothing to do.
  void start(TimePoint now);
  // IP packets that its stations (who are in no call) have got across until now.
  DataSize carriedForStations() const { return carriedForStations_; }

 private:
  enum class Refusal : std::uint8_t { queueFull, early, tooOld, unanswered };
  static constexpr std::size_t kRefusals = 4;
  // Of one direction and category.
  struct Counts {
    std::int64_t passed = 0;
    std::array<std::int64_t, kRefusals> dropped{};
  };
  // Packets that only take air.
  struct Source {
    std::size_t transmitter = 0, lane = 0;
    DataSize packet;
    Duration interval;  // mean
    TimePoint next;
    fabric::RandomStream draws;
  };
  // What is on the air.
  struct Sending {
    std::vector<std::size_t> who;  // transmitters; several: they collide
    TimePoint ends;                // of the frame
    TimePoint free;                // of the answer, or when it is no longer waited for
    bool answered = false;
    TimePoint limit;  // until when its sender may send more
  };

  std::size_t numberOf(std::size_t owner, AccessCategory category) const {
    return owner * kCategoryCount + static_cast<std::size_t>(category);
  }
  std::size_t accessPoint() const { return rates_.size(); }
  void connect(const std::string& name, DataRate rate);
  void addTransmitters(const std::string& box);
  void addStations(const std::string& box);
  void addSource(std::size_t transmitter, std::size_t lane, DataRate rate, DataSize packet,
                 const std::string& name);

  void enqueue(std::size_t transmitter, std::size_t lane, const shaper::Waiting& packet,
               TimePoint now);
  void noteReady(std::size_t transmitter, TimePoint now);
  void letSourcesSend(TimePoint now);
  void contend(TimePoint now);
  void send(std::size_t transmitter, TimePoint limit, bool first, TimePoint now);
  void collide(const std::vector<std::size_t>& who, TimePoint now);
  void endSending(TimePoint now);
  // A packet of this sender has been received, or given up.
  void conclude(const Frame& frame, const Transmitter& sender, TimePoint now);
  TimePoint sinceOf(const Frame& frame, const Transmitter& sender);
  void dropAll(std::size_t transmitter);
  static Refusal refusalOf(shaper::DropReason reason);
  void refuse(fabric::PacketId id, const Transmitter& sender, Refusal why);
  void schedule();
  std::string inWords(std::size_t way, AccessCategory category) const;
  static std::string inWords(Refusal refusal);

  Wifi parameters_;
  Framing framing_;
  Contention contention_;
  std::unordered_map<std::uint32_t, std::size_t> known_;  // by address: those who are connected
  std::vector<std::string> names_;                        // of all who share the air but the
  std::vector<DataRate> rates_;                           // access point
  std::vector<Transmitter> transmitters_;                 // by numberOf()
  std::vector<std::size_t> active_;                       // those with something to send
  std::vector<Source> sources_;
  TimePoint nextSource_ = TimePoint::max();
  std::optional<Sending> sending_;
  // Who sends on without contending, and when.
  std::optional<std::size_t> goesOn_;
  TimePoint goesOnAt_, goesOnUntil_;
  TimePoint wakes_ = TimePoint::max();
  // From one who is connected to another: since when.
  std::unordered_map<std::uint32_t, TimePoint> turning_;
  fabric::BoxNode node_;
  bool started_ = false;
  shaper::Drops drops_;
  DataSize carriedForStations_;
  Transmitter::Composed composed_;
  std::array<std::array<Counts, kCategoryCount>, 2> counts_;  // up, down
};

}  // namespace callflow::wifi
