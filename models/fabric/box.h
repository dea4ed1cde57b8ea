// A box: a program that judges packets where a link ends.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "models/fabric/packet.h"
#include "models/wire/address_range.h"
#include "src/units/units.h"

namespace callflow::fabric {

enum class Side : std::uint8_t { inside, outside };

struct BoxResult {
  enum class Action : std::uint8_t {
    pass,        // goes on along its route (its source may have been changed)
    translated,  // its destination was changed: the route is looked up again, from the box's node
    drop,
    replaced,  // the packet is gone; Box::replacements() go on, each by its destination
    kept       // Box::keep() gets it, and it goes on when the box lets it go
  };
  Action action = Action::pass;
  std::uint16_t reason = 0;  // the box's own code for why; drops are counted by it
  std::uint16_t also = 0;    // passed: that of a second policy, where a filter also translates
  Duration hold{};           // passed or translated: so much later (Box::holds())
};

// Why a box passed a packet or dropped it: the same words for all kinds of box.
enum class Cause : std::uint8_t {
  none,            // it says nothing: a shaper, a VPN's client
  rule,            // of a filter, Ground::rule; what passes opens a connection
  byDefault,       // no rule of it matches; what passes opens a connection
  openConnection,  // passed as a part of one
  madeRoom,        // passed, and the table forgot another connection for it
  tableFull,
  notTls,  // dropped by what Ground::rule asks for
  knownMapping,
  newMapping,
  admitted,  // from outside, by a NAT's filtering
  noMapping,
  filtered,
  portsFull,
  hairpin,
  overloaded,  // a VPN's gateway, or what waits in front of its tunnel
  notUp        // a VPN's tunnel
};

struct Ground {
  Cause cause = Cause::none;
  std::uint32_t rule = 0;  // its number, from 0
};

class Fabric;

// What a box that keeps packets can do at its node.
class BoxNode {
 public:
  BoxNode() = default;
  BoxNode(Fabric& fabric, NodeId node) : fabric_(&fabric), node_(node) {}

  // A packet goes on along its route that has waited in the box since `kept`.
  void release(PacketId id, TimePoint kept);
  // Drops a packet that the box has kept, for a reason of the box.
  void drop(PacketId id, std::uint16_t reason);
  // Box::onWake() is called then; once for each call.
  void wakeAt(TimePoint when);
  Packet& packet(PacketId id);
  // What Packet::stream stands for: the name that a flow's random draws follow.
  std::string flowName(std::uint32_t stream) const;

 private:
  Fabric* fabric_ = nullptr;
  NodeId node_ = kNoNode;
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
  // What it said is kept; it must let go of it or drop it at some time, perhaps at once.
  virtual void keep(PacketId id, Side from, TimePoint now) {
    static_cast<void>(id), static_cast<void>(from), static_cast<void>(now);
  }
  virtual void onWake(TimePoint now) { static_cast<void>(now); }
  // Loses what it knows of flows of these protocols; of all, as when it is started anew.
  virtual void forget(wire::RuleProtocol which) { static_cast<void>(which); }
  // Before the first packet, and only to a box that stands in a fabric.
  virtual void standAt(const BoxNode& node) { static_cast<void>(node); }
  // Whether it ever holds or keeps a packet: then the time counts as waiting at a place of the
  // box's name.
  virtual bool holds() const { return false; }
  // What the reason of a drop means, for people: "denied by rule 3".
  virtual std::string describeReason(std::uint16_t reason) const {
    return "refused for reason " + std::to_string(reason);
  }
  // What BoxResult::reason or BoxResult::also of the last process() stands for.
  virtual Ground groundOf(std::uint16_t reason) const {
    static_cast<void>(reason);
    return {};
  }
};

}  // namespace callflow::fabric
