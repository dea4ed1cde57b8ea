// A box: a program that judges packets where a link ends.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "models/fabric/packet.h"
#include "src/units/units.h"

namespace callflow::fabric {

enum class Side : std::uint8_t { inside, outside };

struct BoxResult {
  enum class Action : std::uint8_t {
    pass,        // goes on along its route (its source may have been changed)
    translated,  // its destination was changed: the route is looked up again, from the box's node
    drop,
    replaced  // the packet is gone; Box::replacements() go on, each by its destination
  };
  Action action = Action::pass;
  std::uint16_t reason = 0;  // if dropped: the box's own code, to be counted by
  Duration hold{};           // passed or translated: so much later (Box::holds())
};

// Stands at a node and judges each packet that arrives there by a link, whether it goes on or ends
// there.
class Box {
 public:
  virtual ~Box() = default;
  virtual BoxResult process(Packet& packet, Side from, TimePoint now) = 0;
  // What took the packet's place in the last process() that said so. They keep the time that it was
  // sent and what it spent on its way.
  virtual std::span<const Packet> replacements() const { return {}; }
  // Whether it ever holds a packet: then the time counts as waiting at a place of the box's name.
  virtual bool holds() const { return false; }
  // What the reason of a drop means, for people: "denied by rule 3".
  virtual std::string describeReason(std::uint16_t reason) const {
    return "refused for reason " + std::to_string(reason);
  }
};

}  // namespace callflow::fabric
