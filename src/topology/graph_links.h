// What the links are made of that no file describes: of a LAN, the backbone, the Internet. Internal
// to the graph.
#pragma once

#include "src/topology/model.h"

namespace callflow::topology {

// Links on which nothing waits still need a limit; it is never reached.
inline constexpr Duration kNoQueue = Duration::s(1);

inline LinkDirection freeDirection() {
  LinkDirection direction;
  direction.rate = DataRate::unlimited();
  direction.queue = kNoQueue;
  direction.mtu = DataSize::bytes(1500);  // Ethernet
  return direction;
}

inline Link symmetric(const LinkDirection& direction) {
  return {direction, direction};
}

inline Link backboneLink(Duration delay) {
  LinkDirection direction = freeDirection();
  direction.delay = delay;
  return symmetric(direction);
}

inline Link internetLink(const Internet& internet, Duration delay) {
  LinkDirection direction = freeDirection();
  direction.delay = delay;
  direction.jitter = internet.jitter;
  direction.loss = internet.loss;
  direction.dscp = internet.dscp;
  return symmetric(direction);
}

}  // namespace callflow::topology
