// A packet shaper in the fabric: keeps packets until the rate has room for them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/fabric/limited_box.h"
#include "models/nat/counting_box.h"
#include "models/shaper/classes.h"
#include "models/shaper/token_bucket.h"

namespace callflow::shaper {

class ShaperBox : public nat::CountingBox, public fabric::LimitedBox {
 public:
  // `name` tells its random draws from those of other boxes.
  ShaperBox(const Shaper& parameters, const std::string& name);

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;
  void keep(fabric::PacketId id, fabric::Side from, TimePoint now) override;
  void onWake(TimePoint now) override;
  void change(const fabric::LimitChange& up, const fabric::LimitChange& down,
              TimePoint now) override;
  void standAt(const fabric::BoxNode& node) override { node_ = node; }
  bool holds() const override { return true; }
  std::vector<nat::BoxCount> counts() const override;
  std::string describeReason(std::uint16_t reason) const override;

 private:
  static constexpr std::size_t kReasons = 3;
  struct Direction {
    Direction(const Shaping& parameters, const std::string& name);

    Shaping parameters;
    Classes classes;
    TokenBucket bucket;
    TimePoint wakes = TimePoint::max();
    struct Counts {
      std::int64_t passed = 0;
      std::array<std::int64_t, kReasons> dropped{};
    };
    std::vector<Counts> counts;  // by class
  };

  Direction& direction(fabric::Side from) {
    return directions_[from == fabric::Side::inside ? 0 : 1];
  }
  void change(Direction& direction, const fabric::LimitChange& wanted, TimePoint now);
  void sendWhatMayGo(Direction& direction, TimePoint now);
  void police(Direction& direction, std::size_t number, const Waiting& packet, TimePoint now);
  void dropAll(Direction& direction);
  void drop(Direction& direction, const Dropped& dropped);

  std::array<Direction, 2> directions_;  // up, down
  fabric::BoxNode node_;
  Drops drops_;
};

}  // namespace callflow::shaper
