#include "models/inspector/box.h"

#include <algorithm>

#include "models/fabric/jitter.h"

namespace callflow::inspector {

std::unique_ptr<fabric::Box> makeBox(const Inspector& parameters, const fabric::BoxPlace& place) {
  return std::make_unique<InspectorBox>(parameters, std::string(place.name));
}

InspectorBox::InspectorBox(const Inspector& parameters, const std::string& name)
    : directions_{Direction{parameters.up, name + " up", {}, {}},
                  Direction{parameters.down, name + " down", {}, {}}} {}

fabric::RandomStream& InspectorBox::drawsOf(Direction& direction, std::uint32_t stream) {
  const auto known = direction.draws.find(stream);
  if (known != direction.draws.end()) return known->second;
  const std::string name = "inspector " + direction.name + " " + node_.flowName(stream);
  return direction.draws.emplace(stream, fabric::RandomStream(name)).first->second;
}

fabric::BoxResult InspectorBox::process(fabric::Packet& packet, fabric::Side from, TimePoint now) {
  ++passed_;
  Direction& mine = directions_[from == fabric::Side::inside ? 0 : 1];
  const fabric::JitterParameters& jitter = mine.parameters.jitter;
  fabric::BoxResult result;
  result.hold = mine.parameters.delay;
  if (jitter.mean > Duration{} || jitter.reorder.share > Ratio{})
    result.hold += fabric::drawJitter(jitter, drawsOf(mine, packet.stream));
  if (!jitter.reorder.any()) {
    result.hold = std::max(result.hold, mine.last - now);
    mine.last = now + result.hold;
  }
  return result;
}

std::vector<nat::BoxCount> InspectorBox::counts() const {
  if (passed_ == 0) return {};
  return {{true, "inspected", passed_}};
}

}  // namespace callflow::inspector
