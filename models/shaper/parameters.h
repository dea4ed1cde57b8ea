// What a packet shaper is given by.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/fabric/box_kind.h"
#include "models/fabric/parameters.h"
#include "models/wire/address_range.h"
#include "models/wire/dscp.h"
#include "src/units/units.h"

namespace callflow::shaper {

// What becomes of a packet that the rate has no room for.
enum class Excess : std::uint8_t { queue, drop };
// How packets of one class wait, and which of them are dropped.
enum class Discipline : std::uint8_t { fifo, codel, fqCodel, pie };

// Traffic that is treated alike. A packet belongs to the first class that it matches, or to the
// last.
struct TrafficClass {
  std::vector<wire::Dscp> dscp;  // one of these; empty: any
  wire::RuleProtocol protocol = wire::RuleProtocol::any;
  std::vector<wire::PortRange> ports;  // source or destination is one of these; empty: any
  bool strict = false;                 // before all classes below it, up to its ceiling
  Ratio share;                         // weight among the classes that are not strict, over 0
  Ratio ceiling;                       // of the rate; over 0, at most 1
  std::optional<wire::Dscp> mark;      // what its packets leave with
};

// One direction.
struct Shaping {
  DataRate rate = DataRate::unlimited();
  // Depth of the token bucket, also as what the rate lets through in a time.
  fabric::QueueLimit burst = DataSize::bytes(3000);
  Excess excess = Excess::queue;
  Discipline discipline = Discipline::fifo;
  std::optional<fabric::QueueLimit> queue;  // of each class; absent: as the discipline is shipped
  std::optional<Duration> target;           // of codel, fq-codel and pie; absent: their own
  std::vector<TrafficClass> classes;        // none: all traffic is one class
};

struct Shaper {
  Shaping up;    // from inside to outside
  Shaping down;  // from outside to inside
};

inline fabric::BoxRole roleOf(const Shaper&) {
  return {.name = "packet shaper"};
}
const config::Table<Shaper>& tableOf(const Shaper*);
std::unique_ptr<fabric::Box> makeBox(const Shaper& parameters, const fabric::BoxPlace& place);

}  // namespace callflow::shaper
