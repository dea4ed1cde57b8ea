// A packet inspector in the fabric: holds each packet for as long as it is looked at.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/fabric/random.h"
#include "models/inspector/parameters.h"
#include "models/nat/counting_box.h"

namespace callflow::inspector {

class InspectorBox : public nat::CountingBox {
 public:
  // `name` tells its random draws from those of other boxes.
  InspectorBox(const Inspector& parameters, const std::string& name);

  fabric::BoxResult process(fabric::Packet& packet, fabric::Side from, TimePoint now) override;
  void standAt(const fabric::BoxNode& node) override { node_ = node; }
  bool holds() const override { return true; }
  std::vector<nat::BoxCount> counts() const override;

 private:
  struct Direction {
    Inspection parameters;
    std::string name;
    TimePoint last;  // when the last packet leaves that none may overtake
    // By Packet::stream: each flow draws for itself. Looked up only, never walked.
    std::unordered_map<std::uint32_t, fabric::RandomStream> draws;
  };
  fabric::RandomStream& drawsOf(Direction& direction, std::uint32_t stream);

  std::array<Direction, 2> directions_;  // up, down
  fabric::BoxNode node_;
  std::int64_t passed_ = 0;
};

}  // namespace callflow::inspector
